"""The same pages built by Zensical, for the day on which the other builder ends."""

import pytest
from bs4 import BeautifulSoup

from onefunnel.home import home
from onefunnel.playbook import load
from onefunnel.publish.site import build_site


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The kit's site, built by Zensical in strict mode from pages in a folder of their own."""
    to = tmp_path_factory.mktemp("zensical") / "site"
    return build_site(to, playbooks=home().playbooks, data=home().datasets, builder="zensical")


def test_every_step_metric_play_role_and_lesson_has_its_page(site):
    """Each page is there under the same address, headed by the name of its entry."""
    playbook = load()
    entries = [("steps", playbook.steps), ("metrics", playbook.metrics), ("plays", playbook.plays)]
    for folder, found in [*entries, ("roles", playbook.roles)]:
        assert found
        for entry in found:
            soup = BeautifulSoup((site / folder / f"{entry.id}.html").read_text(encoding="utf-8"), "html.parser")
            assert soup.find("h1").get_text().rstrip("¶").strip().lower() == entry.name.lower()
            assert playbook.company.name in soup.find("title").get_text()
    lessons = {path.stem for path in home().notebooks.glob("*/*.md")}
    assert {path.stem for path in (site / "lessons").glob("*.html")} == lessons


def test_links_figures_and_the_map_survive(site):
    """A figure has its number, the map its links to files that exist, and the play its file to download."""
    soup = BeautifulSoup((site / "steps" / "index.html").read_text(encoding="utf-8"), "html.parser")
    links = [link["href"] for link in soup.select(".of-map a")]
    assert len(links) == 2 * 2 * len(load().steps)
    assert all((site / "steps" / link).is_file() for link in links)
    assert (
        "%"
        in BeautifulSoup((site / "metrics" / "win_rate.html").read_text(encoding="utf-8"), "html.parser")
        .select_one(".of-answer__number")
        .get_text()
    )
    assert (site / "plays" / "launch_gate.xlsx").is_file()


def test_nothing_is_fetched_from_outside(site):
    """No script, style or picture of a page comes from another machine."""
    for path in site.rglob("*.html"):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for element in soup.find_all(["script", "link", "img", "iframe"]):
            address = element.get("src") or element.get("href") or ""
            assert not address.startswith(("http:", "https:", "//")), f"{path.name}: {address}"
