"""Writing the pages: nothing is rewritten needlessly, nothing stale stays, nothing unknown passes."""

import shutil
from dataclasses import replace

import pytest

from onefunnel.errors import Problem
from onefunnel.home import home
from onefunnel.publish import text, tree, write_pages
from onefunnel.publish.page import Page
from onefunnel.publish.write import collect, navigation, open_edition, render


@pytest.fixture(scope="module")
def edition():
    """The kit's own edition, without its lessons (they are tested with the whole site)."""
    return replace(open_edition(), lessons=())


def test_a_second_run_writes_nothing(tmp_path):
    """Writing the same pages twice changes no file, so a live preview stays still."""
    first = write_pages(tmp_path / "pages")
    second = write_pages(tmp_path / "pages")
    assert len(first.changes.written) > 40
    assert second.changes == ((), ())


def test_stale_pages_go_and_foreign_files_stay(tmp_path):
    """A page nothing asks for any more is deleted with its empty folder; .gitkeep and other people's files stay."""
    (tmp_path / ".gitkeep").touch()
    (tmp_path / "notes.md").write_text("mine", encoding="utf-8")
    tree.sync({"a.md": b"a", "old/b.md": b"b"}, tmp_path)
    changes = tree.sync({"a.md": b"A"}, tmp_path)
    assert changes == (("a.md",), ("old/b.md",))
    assert not (tmp_path / "old").exists()
    assert (tmp_path / ".gitkeep").exists() and (tmp_path / "notes.md").read_text(encoding="utf-8") == "mine"


def test_a_renamed_metric_takes_its_page_along(tmp_path, edition):
    """When a metric leaves the truth, its page leaves the folder."""
    pages = render(edition, collect(edition))
    tree.sync({path: source.encode() for path, source in pages.items()}, tmp_path)
    kept = {path: source for path, source in pages.items() if path != "metrics/win_rate.md"}
    assert tree.sync({path: source.encode() for path, source in kept.items()}, tmp_path).deleted == (
        "metrics/win_rate.md",
    )


def test_every_page_stands_in_the_navigation_once(edition):
    """The navigation holds each page exactly once, and the steps in the funnel's order."""

    def paths(nav):
        for entry in nav:
            if isinstance(entry, str):
                yield entry
            else:
                for value in entry.values():
                    yield from paths(value) if isinstance(value, list) else [value]

    pages = collect(edition)
    found = list(paths(navigation(edition, pages)))
    assert sorted(found) == sorted(page.path for page in pages)
    steps = [
        path for path in found if path.startswith("steps/") and path.split("/")[1][:-3] in edition.playbook.step_ids
    ]
    assert steps == [f"steps/{step_id}.md" for step_id in edition.playbook.step_ids]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("fine\n\n{{ company.nam }}", "site/pages/x.md:7: the token {{ company.nam }} stands for nothing"),
        ("{{ step.trail.name }}", 'no step "trail". Did you mean "trial"?'),
        ("[x](site:metrics/win_rat)", "the link site:metrics/win_rat leads nowhere. Did you mean metrics/win_rate?"),
        ("{{ page.metrics.nothing }}", "leads nowhere"),
    ],
)
def test_an_unknown_token_or_link_is_an_error_with_its_place(edition, body, said):
    """A hand-written page with a typing mistake stops the build and says where and what was probably meant."""
    page = Page("x.md", "X", body, from_line=5, written_in="site/pages/x.md")
    with pytest.raises(Problem) as problem:
        render(edition, [*collect(edition), page])
    assert said in str(problem.value)


def test_a_hand_written_page_without_a_title_is_refused(tmp_path):
    """The message names the file and shows what to write."""
    from onefunnel.publish.pages.hand_written import read

    (tmp_path / "x.md").write_text("# Hello\n", encoding="utf-8")
    with pytest.raises(Problem, match=r"site/pages/x\.md:1 has no title"):
        read(tmp_path / "x.md", "x.md")


def test_two_pages_of_one_path_are_refused(tmp_path, edition):
    """A hand-written page cannot silently take the place of a written one."""
    (tmp_path / "glossary.md").write_text("---\ntitle: Mine\n---\nx\n", encoding="utf-8")
    with pytest.raises(Problem, match=r"two pages are called glossary\.md"):
        collect(replace(edition, hand_written=tmp_path))


def test_plain_text_shows_exactly_its_characters():
    """What people type into YAML is no Markdown and no HTML by accident."""
    assert text.plain("n < 30 | a*b [x]") == "n &lt; 30 \\| a\\*b \\[x\\]"


def test_relative_paths():
    """A link leads from any depth to any depth."""
    assert text.relative("metrics/win_rate.md", "steps/trial.md") == "../metrics/win_rate.md"
    assert text.relative("steps/won.md", "steps/trial.md") == "won.md"
    assert text.relative("index.md", "steps/trial.md") == "../index.md"
    assert text.relative("steps/won.md", "index.md") == "steps/won.md"


def test_another_company_leaves_no_trace_of_the_first(tmp_path):
    """Renamed company, step and owner: the pages follow, and no page says an old name any more."""
    playbooks = tmp_path / "playbooks"
    shutil.copytree(home().playbooks, playbooks)
    company = playbooks / "company.yml"
    company.write_text(
        company.read_text(encoding="utf-8").replace("Altamar Coffee", "Northwind Desk"), encoding="utf-8"
    )
    funnel = playbooks / "funnel.yml"
    source = funnel.read_text(encoding="utf-8")
    assert source.count("name: Trial and tasting\n") == 1
    source = source.replace("name: Trial and tasting\n", "name: Supervised pilot\n")
    source = source.replace(
        "accountable: {function: marketing, role: demand_manager}",
        "accountable: {function: marketing, role: field_marketer}",
    )
    funnel.write_text(source, encoding="utf-8")
    written = write_pages(tmp_path / "pages", playbooks=playbooks, data=home().datasets)
    pages = {
        path: (tmp_path / "pages" / path).read_text(encoding="utf-8")
        for path in written.changes.written
        if path.endswith(".md")
    }
    assert written.site_name == "Northwind Desk"
    assert not [path for path, page in pages.items() if "Altamar" in page]
    assert not [path for path, page in pages.items() if "Trial and tasting" in page and path != "lessons.md"]
    assert "# Supervised pilot" in pages["steps/trial.md"]
    assert "Supervised pilot" in pages["steps/index.md"] and "Supervised pilot" in pages["index.md"]
    assert "**[Field marketer](../roles/field_marketer.md)**" in pages["steps/aware.md"]
    assert "The step [Aware](../steps/aware.md)" in pages["roles/field_marketer.md"]
    assert "The step [Aware](../steps/aware.md)" not in pages["roles/demand_manager.md"]


def test_other_tables_change_the_figures(tmp_path):
    """With every won deal turned into a lost one, the win rate's page says 0 %."""
    import csv

    data = tmp_path / "tables"
    shutil.copytree(home().datasets, data, ignore=shutil.ignore_patterns("generator", "__pycache__", "*.py"))
    path = data / "opportunities.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["outcome"] == "won":
            row["outcome"], row["lost_reason"] = "lost", "price"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    write_pages(tmp_path / "pages", data=data)
    page = (tmp_path / "pages" / "metrics" / "win_rate.md").read_text(encoding="utf-8")
    assert 'data-value="0.0">0\u00a0%</p>' in page


def test_a_folder_that_holds_something_else_is_refused(tmp_path):
    """The site never replaces a folder that is not a site."""
    from onefunnel.publish.site import build_site

    (tmp_path / "thesis.docx").touch()
    with pytest.raises(Problem, match="holds something else than a site"):
        build_site(tmp_path)
    assert (tmp_path / "thesis.docx").exists()


def test_lessons_are_read_again_only_when_something_changed(tmp_path, monkeypatch):
    """The lessons' records are kept; an edited lesson is read anew, and a broken file of records does no harm."""
    from onefunnel.home import Home
    from onefunnel.lessons import catalogue

    kit = Home(tmp_path)
    shutil.copytree(home().notebooks / "start", kit.notebooks / "start")
    shutil.copytree(home().playbooks, kit.playbooks)
    kit.datasets.mkdir()
    shutil.copy(home().datasets / "datapackage.json", kit.datasets)
    reads = []
    read = catalogue.fitting
    monkeypatch.setattr(catalogue, "fitting", lambda *given: reads.append(given) or read(*given))

    def titles():
        return [lesson["title"] for lesson in open_edition(kit.playbooks, home().datasets, kit).lessons]

    first = titles()
    assert titles() == first and len(reads) == 1
    lesson = kit.notebooks / "start" / "start-here.md"
    text = lesson.read_text(encoding="utf-8")
    lesson.write_text(text.replace(f"title: {first[0]}\n", "title: Quite new\n", 1), encoding="utf-8")
    assert titles() == ["Quite new", *first[1:]] and len(reads) == 2
    (kit.build / "figures" / "lessons.json").write_text("{", encoding="utf-8")
    assert titles() == ["Quite new", *first[1:]] and len(reads) == 3
