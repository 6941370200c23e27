"""Another company from end to end: its own playbook, its own CRM's export, and nothing left of the sample company."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from onefunnel.data import load as load_tables
from onefunnel.data import validate
from onefunnel.data.importing import import_files
from onefunnel.home import home
from onefunnel.metrics import catalogue
from onefunnel.playbook import load as load_playbook
from onefunnel.publish.site import build_site

FIXTURE = Path(__file__).parents[1] / "fixtures" / "second_company"
STAGES = ("Scoping", "Security review", "Closed Won")


def export(folder: Path) -> list[Path]:
    """A Salesforce export of 60 deals: 30 won, 20 lost, 10 open in scoping; without leads, campaigns or spend."""
    deals, moves = [], []
    for number in range(60):
        deal, month = f"006{number:03d}", number % 6 + 1
        won, lost = number < 30, 30 <= number < 50
        stage = "Closed Won" if won else "Closed Lost" if lost else "Scoping"
        closed = f"2025-{month + 2:02d}-20"
        deals.append(
            [deal, f"Books of firm {number}", f"001{number:03d}", f"Firm {number}", f"2025-{month:02d}-03",
             stage, str(won or lost).lower(), str(won).lower(), closed, 900 + 10 * number]
        )  # fmt: skip
        moves.append([deal, "Scoping", f"2025-{month:02d}-03"])
        if won or number % 2:  # every won deal and every second of the others was reviewed; open ones only stand there
            moves += [[deal, "Security review", f"2025-{month + 1:02d}-01"]] if stage != "Scoping" else []
        if won:
            moves.append([deal, "Closed Won", closed])
    return [
        write(folder / "opportunities.csv", ["Id", "Name", "AccountId", "Account.Name", "CreatedDate", "StageName",
              "IsClosed", "IsWon", "CloseDate", "Amount"], deals),
        write(folder / "history.csv", ["OpportunityId", "StageName", "CreatedDate"], moves),
    ]  # fmt: skip


def write(path: Path, header: list[str], rows: list[list]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """The second company's folder: playbooks beside the tables that its company.yml names."""
    folder = tmp_path_factory.mktemp("ledgerline")
    shutil.copytree(FIXTURE / "playbooks", folder / "playbooks")
    ideas = yaml.safe_load((home().root / "playbooks" / "ideas.yml").read_text(encoding="utf-8"))
    for idea in ideas["ideas"]:  # the ideas are the course's; what they link to is the other company's
        idea["links"] = []
    (folder / "playbooks" / "ideas.yml").write_text(yaml.safe_dump(ideas, allow_unicode=True), encoding="utf-8")
    import_files("salesforce", export(folder), folder / "tables", playbooks=folder / "playbooks")
    return folder


def test_every_metric_gives_its_number_or_says_what_it_needs(company):
    """Counted by hand from the export: 30 of 50 won, 40 reviewed, open deals since June or earlier; no campaigns."""
    assert validate(company / "tables") == []
    playbook, tables = load_playbook(company / "playbooks"), load_tables(company / "tables").company()
    assert catalogue.value("win_rate", tables, playbook) == pytest.approx(0.6)
    assert catalogue.value("deals_reached", tables, playbook) == 30 + 10
    said = catalogue.reason("origin_return", tables, playbook)
    assert said == "This number needs leads, campaigns. Your tables do not hold them."


@pytest.fixture(scope="module")
def site(company):
    """The second company's site, built strictly."""
    return build_site(company / "site", playbooks=company / "playbooks")


def words(path: Path) -> str:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").get_text(" ")


def test_no_page_speaks_of_the_sample_company(site):
    """Neither in words nor in markup, and no lesson on steps that this company does not have is listed."""
    for path in [*site.rglob("*.html"), *site.rglob("*.json")]:
        assert not re.search("altamar|coffee", path.read_text(encoding="utf-8"), re.IGNORECASE), path
    assert "There is no lesson here yet." in words(site / "lessons.html")
    assert not (site / "sample-company.html").exists()


def test_the_other_company_has_its_own_mix_decisions_plays_and_check(site):
    """What it wrote into mix.yml, roles.yml, maturity.yml and plays/ stands on its pages, with its own figures."""
    names = ("mix/index", "mix/product", "roles/decisions", "tools/maturity", "plays/index", "status")
    said = {name: words(site / f"{name}.html").replace("\u00a0", " ") for name in names}
    assert "Subscription fee" in said["mix/index"]
    assert "60 %" in said["mix/product"] and "not in these tables" in said["mix/product"]
    assert "Length of a trial" in said["roles/decisions"] and "no limit" in said["roles/decisions"]
    assert "Who sees that a trial does not begin?" in said["tools/maturity"]
    assert "Exit call" in said["plays/index"]
    assert "no first meeting, no file to fill in, no measure, no lesson" in said["status"]
    links = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser").select(".of-ask a")
    assert [link["href"] for link in links] == [
        "https://example.com/ledgerline/ask",
        "https://example.com/ledgerline/playbook",
    ]


def test_without_mix_and_check_there_are_no_such_pages(company, tmp_path):
    """A company that has not written them yet gets a whole site: no empty page, no link to one."""
    shutil.copytree(company / "playbooks", tmp_path / "playbooks")
    shutil.copytree(company / "tables", tmp_path / "tables")
    for name in ("mix.yml", "maturity.yml"):
        (tmp_path / "playbooks" / name).unlink()
    roles = tmp_path / "playbooks" / "roles.yml"
    roles.write_text(roles.read_text(encoding="utf-8").partition("decisions:")[0], encoding="utf-8")
    shutil.rmtree(tmp_path / "playbooks" / "plays")
    built = build_site(tmp_path / "site", playbooks=tmp_path / "playbooks")
    assert not [
        name for name in ("mix", "plays", "tools/maturity.html", "roles/decisions.html") if (built / name).exists()
    ]


def test_pages_without_a_figure_say_why(site):
    """The page of a number that the tables cannot give, and the calculator, name what they need."""
    assert "This number needs leads, campaigns. Your tables do not hold them." in words(
        site / "metrics" / "origin_return.html"
    )
    assert "This number needs leads." in words(site / "tools" / "funnel.html")
    assert "60 %" in words(site / "metrics" / "win_rate.html").replace("\u00a0", " ")
    assert "not in these tables" in words(site / "metrics" / "index.html")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("waterfall", "This number needs orders."),
        ("revenue-tree", "This number needs route_orders."),
        ("total-price", "This number needs orders."),
        ("share-to-route", "This number needs outlets, route_orders."),
        ("micromarkets", "This number needs micromarkets."),
        ("return-by-origin", "This number"),
        ("short-and-long", "This number needs media_weekly, brand_tracker."),
        ("shared-pay", "This number needs pay_trial."),
    ],
)
def test_a_calculator_without_its_tables_says_so(site, page, said):
    """No form with made-up numbers, but what it would answer and what it needs."""
    text = words(site / "tools" / f"{page}.html")
    assert said in text
    assert "Change something" not in text


def test_a_calculator_that_needs_no_tables_works(site):
    """The rule for roles starts at the rule's own limit or the company's own deals; its form is there."""
    soup = BeautifulSoup((site / "tools" / "role-clarity.html").read_text(encoding="utf-8"), "html.parser")
    assert soup.select_one("form#of-role_clarity [name=cycle]")["value"]
