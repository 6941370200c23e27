"""What the built site holds: every page there is, every link, every figure, computed from the truth and the tables."""

import csv
import math
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from onefunnel.home import home


def truth(name):
    """The raw YAML of one playbook file, read without the code under test."""
    return yaml.safe_load((home().playbooks / f"{name}.yml").read_text(encoding="utf-8"))


def rows(name):
    """The raw rows of one table, read without the code under test."""
    with (home().datasets / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("file", "entries", "folder"),
    [("funnel", "steps", "steps"), ("metrics", "metrics", "metrics"), ("roles", "roles", "roles")],
)
def test_every_step_metric_and_role_has_a_page_that_names_it(soups, file, entries, folder):
    """Each entry of the truth has its page, and its heading is the entry's name."""
    for entry in truth(file)[entries]:
        heading = soups[f"{folder}/{entry['id']}.html"].find("h1").get_text().rstrip("¶").strip()
        assert heading.lower() == entry["name"].lower()


def test_every_internal_link_and_anchor_resolves(site, soups):
    """Each href and src leads to a file of the site, and each anchor to an element of that page."""
    broken = []
    for name, soup in soups.items():
        if name == "404.html":  # its links are absolute, as a server needs them
            continue
        for element in soup.find_all(["a", "link", "script", "img", "use"]):
            address = element.get("href") or element.get("src")
            if not address or urlsplit(address).scheme:
                continue
            parts = urlsplit(address)
            target = (site / name).parent / unquote(parts.path) if parts.path else site / name
            target = target.resolve()
            if not target.is_file():
                broken.append(f"{name}: {address}")
            elif parts.fragment and target.suffix == ".html":
                page = soups[target.relative_to(site.resolve()).as_posix()]
                if page.find(id=parts.fragment) is None and not parts.fragment.startswith("__"):
                    broken.append(f"{name}: {address} (no such anchor)")
    assert not broken


def test_every_place_that_search_lists_exists(site, soups):
    """Each result leads to a page of the site and to a heading on it."""
    import json

    listed = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    assert len(listed) > 500
    for entry in listed:
        page, _, anchor = entry["location"].partition("#")
        assert page in soups, entry["location"]
        assert not anchor or soups[page].find(id=anchor) is not None, entry["location"]


def test_every_id_is_given_once_a_page(soups):
    """Two elements of one id would catch one another's links and scripts."""
    for name, soup in soups.items():
        ids = [element["id"] for element in soup.find_all(id=True)]
        assert sorted(ids) == sorted(set(ids)), name


def test_no_page_asks_for_anything_outside(soups):
    """No script, style sheet, image or font comes from another machine."""
    for name, soup in soups.items():
        for element in soup.find_all(["script", "link", "img", "iframe", "source"]):
            address = element.get("src") or element.get("href") or ""
            if element.name == "link" and "canonical" in (element.get("rel") or []):
                continue
            assert not address.startswith(("http:", "https:", "//")), f"{name}: {address}"


def test_no_token_or_unresolved_link_is_left_on_a_page(soups):
    """Nobody reads {{ … }}, site:… or an attribute list that Markdown did not take."""
    for name, soup in soups.items():
        code = {id(piece) for dead in soup.find_all(["script", "style"]) for piece in dead.find_all(string=True)}
        text = "".join(piece for piece in soup.find_all(string=True) if id(piece) not in code)
        for mark in ("{{", "}}", "site:", "{:", "{ .", "](", "None."):
            if mark == "None." and name in ("status.html",):
                continue
            assert mark not in text, f"{name}: {mark}"


def test_every_figure_has_words_for_those_who_do_not_see_it(soups):
    """Each chart has alternative text, a title that states a finding with a number, and a table with the same rows."""
    found = 0
    for name, soup in soups.items():
        for figure in soup.select("figure.of-figure"):
            found += 1
            for svg in figure.find_all("svg"):
                assert svg["role"] == "img" and len(svg["aria-label"]) > 40, name
            assert any(letter.isdigit() for letter in figure.select_one(".of-figure__title").get_text()), name
            assert len(figure.select("tbody tr")) >= 1, name
    assert found >= len(truth("metrics")["metrics"]) * 0.8


def test_every_image_of_the_map_is_a_link_with_a_name(soups):
    """Both shapes of the map link to every step in order, and each step to its owner; links say what they lead to."""
    steps = truth("funnel")["steps"]
    roles = {role["id"]: role["name"] for role in truth("roles")["roles"]}
    for shape in soups["steps/index.html"].select(".of-map"):
        links = shape.select("a.of-map__step")
        assert [link["href"].removesuffix(".html") for link in links] == [step["id"] for step in steps]
        for link in links:
            assert link["aria-label"].startswith("Step ") and "Accountable: " in link["aria-label"]
        owners = [step["accountable"]["role"] for step in steps]
        found = shape.select("a.of-map__who")
        assert [link["href"] for link in found] == [f"../roles/{owner}.html" for owner in owners]
        assert [link["aria-label"].lower() for link in found] == [roles[owner].lower() for owner in owners]
        assert len(shape.find_all("a")) == 2 * len(steps)


def test_a_step_page_names_exactly_one_accountable_and_its_service_level(soups):
    """The step page shows the one accountable role of funnel.yml, and each promise with its clock."""
    roles = {role["id"]: role["name"] for role in truth("roles")["roles"]}
    for step in truth("funnel")["steps"]:
        soup = soups[f"steps/{step['id']}.html"]
        owner = soup.select(".of-owner strong")
        assert len(owner) == 1
        assert owner[0].get_text().lower() == roles[step["accountable"]["role"]].lower()
        text = " ".join(soup.find("article").get_text().split()).lower()
        for promise in step["service"]:
            assert " ".join(promise["what"].split()).rstrip(".").lower() in text
            assert " ".join(promise["clock_starts"].split()).rstrip(".").lower() in text


def test_the_win_rate_on_its_page_is_the_one_counted_by_hand(soups):
    """Counted from the CSV alone: won ÷ (won + lost + no decision), without the demonstration territory."""
    deals = [row for row in rows("opportunities") if row["territory_id"] != "T00"]
    won = sum(row["outcome"] == "won" for row in deals)
    decided = won + sum(row["outcome"] in ("lost", "no_decision") for row in deals)
    shown = soups["metrics/win_rate.html"].select_one(".of-answer__number")
    assert math.isclose(float(shown["data-value"]), won / decided)
    assert shown.get_text().replace("\u00a0", " ") == f"{won / decided * 100:.1f} %"


def test_the_pocket_price_on_its_page_is_the_one_added_up_by_hand(soups):
    """Added up from the CSV alone: list price less all that is given away, as a share of list."""
    ours = {row["account_id"] for row in rows("accounts") if row["territory_id"] != "T00"}
    given = ["on_invoice_eur", "volume_bonus_eur", "free_goods_eur", "terms_eur", "freight_eur"]
    given += ["marketing_support_eur", "service_eur"]
    listed = pocket = 0.0
    for row in rows("orders"):
        if row["account_id"] in ours:
            listed += float(row["list_eur"])
            pocket += float(row["list_eur"]) - sum(float(row[column]) for column in given)
    shown = soups["metrics/pocket_price.html"].select_one(".of-answer__number")
    assert math.isclose(float(shown["data-value"]), pocket / listed, rel_tol=1e-9)


def test_each_trap_stands_beside_the_right_figure_with_its_reason(soups):
    """The win rate's page shows what "open deals in the base" would have said, and why it is wrong."""
    metric = next(one for one in truth("metrics")["metrics"] if one["id"] == "win_rate")
    deals = [row for row in rows("opportunities") if row["territory_id"] != "T00"]
    wrong = sum(row["outcome"] == "won" for row in deals) / len(deals)
    text = " ".join(soups["metrics/win_rate.html"].find("article").get_text().split()).replace("\u00a0", " ")
    assert f"{wrong * 100:.1f} %" in text
    for trap in metric["traps"]:
        assert trap["name"] in text
        assert " ".join(trap["why"].split()) in text


def test_the_glossary_shows_both_languages_and_explains_words_on_other_pages(soups):
    """Every word is there with its anchor; MQL has its meaning as a tooltip where it stands on a page."""
    for term in truth("glossary")["terms"]:
        assert soups["glossary.html"].find(id=term["id"]) is not None
    both = [term for term in truth("glossary")["terms"] if term.get("marketing_says") and term.get("sales_hears")]
    assert len(soups["glossary.html"].select(".of-say--sales")) == len(both) > 0
    explained = {abbr.get_text(): abbr["title"] for soup in soups.values() for abbr in soup.select("abbr[title]")}
    known = {
        term["abbreviation"]: term["definition"] for term in truth("glossary")["terms"] if term.get("abbreviation")
    }
    shown = [word for word in known if word in explained]
    assert shown
    for word in shown:
        assert explained[word] == " ".join(known[word].split())


def test_every_evidence_card_shows_its_grade(soups):
    """Each card of evidence.yml is on the page with its grade."""
    for card in truth("evidence")["evidence"]:
        block = soups["evidence.html"].find(id=card["id"]).find_parent(class_="of-evidence")
        assert f"Grade {card['grade']}" in block.get_text()


def test_the_role_paths_of_the_home_page_lead_somewhere(soups):
    """Four ways in, each with at least three links (that they resolve is tested for all links)."""
    cards = soups["index.html"].select(".of-card")
    names = [card.find("h3").get_text().rstrip("¶").strip() for card in cards]
    assert names == ["I sell", "I market", "I lead", "I onboard people"]
    assert all(len(card.select("li a")) >= 3 for card in cards)


def test_the_search_index_is_there_for_a_server_and_for_a_folder(site):
    """The same index stands as JSON and as a script, and it knows the word “tasting”."""
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert "tasting" in index.lower()
    assert (site / "search" / "search_index.js").read_text(encoding="utf-8") == f"var __index = {index}"


def test_the_first_page_is_light(site, soups):
    """What the home page loads before anybody searches stays under 150 kB when compressed."""
    import gzip

    soup = soups["index.html"]
    files = [site / "index.html"]
    files += [site / link["href"] for link in soup.find_all("link", rel=["stylesheet", "icon"])]
    files += [site / script["src"] for script in soup.find_all("script", src=True)]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < 150_000


def words(soup):
    """The words of a page's article on one line, with plain spaces."""
    return " ".join(soup.find("article").get_text(" ").split()).replace("\u00a0", " ")


def test_each_part_of_the_mix_shows_its_figures_as_their_own_pages_do(soups):
    """A figure on a page of the mix is the one of its metric's page; the overview links to every part."""
    for part in truth("mix")["parts"]:
        text = words(soups[f"mix/{part['id']}.html"])
        assert part["question"] in text
        for figure in part["figures"]:
            shown = soups[f"metrics/{figure['metric']}.html"].select_one(".of-answer__number").get_text()
            assert shown.replace("\u00a0", " ") in text, (part["id"], figure["metric"])
        links = {link["href"] for link in soups["mix/index.html"].select("article a[href]")}
        assert f"{part['id']}.html" in links


def test_metrics_and_plays_name_their_part_of_the_mix(soups):
    """From a metric, and from a play, a link leads to each part of the mix that it belongs to."""
    for part in truth("mix")["parts"]:
        pages = [f"metrics/{one['metric']}.html" for one in part["figures"]]
        pages += [f"plays/{play}.html" for play in part["plays"]]
        for page in pages:
            assert soups[page].select_one(f'article a[href="../mix/{part["id"]}.html"]'), page


def test_decision_rights_say_who_decides_and_the_role_says_it_too(soups):
    """Each decision has its place with question and rule, and stands on the page of every role that takes it."""
    text = words(soups["roles/decisions.html"])
    for one in truth("roles")["decisions"]:
        assert one["question"] in text and " ".join(one["rule"].split()) in text
        for role in [*one["decides"], *([one["tie"]] if "tie" in one else [])]:
            assert soups[f"roles/{role}.html"].select_one(f'article a[href="decisions.html#{one["id"]}"]'), role


def test_a_step_page_shows_its_plays_and_its_words_in_other_lines(soups):
    """Plays are those whose front matter names the step; the words of the other lines stand there too."""
    plays = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
             for path in home().playbooks.glob("plays/*.md") if path.stem != "README"}  # fmt: skip
    overview = words(soups["steps/index.html"])
    for step in truth("funnel")["steps"]:
        soup = soups[f"steps/{step['id']}.html"]
        shown = {link["href"] for link in soup.select('article a[href^="../plays/"]')}
        wanted = {f"../plays/{name}.html" for name, front in plays.items() if step["id"] in front.get("steps", [])}
        assert shown == wanted and wanted, step["id"]
        for line in step["in_lines"]:
            assert line["means"] in words(soup) and line["means"] in overview


def test_every_page_has_a_way_to_ask_and_to_suggest(soups):
    """The last line of each page links to the two addresses of company.yml; the second one knows the page."""
    links = truth("company")["links"]
    for name, soup in soups.items():
        if name == "404.html":
            continue
        ask, suggest = (link["href"] for link in soup.select(".of-ask a"))
        assert ask == links["ask"]
        assert suggest.startswith(links["suggest"].split("{")[0])
    assert soups["steps/trial.html"].select(".of-ask a")[1]["href"].endswith("page=steps%2Ftrial")


def test_the_status_page_lists_every_review_with_its_day(soups):
    """Each play, file and evidence card with a review date is on the page, in the row of its day."""
    rows = {}
    for row in soups["status.html"].select("tr:has(time)"):
        rows.setdefault(row.find("time")["datetime"], []).append(row)
    for path in home().playbooks.glob("plays/*.md"):
        if path.stem != "README":
            front = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
            links = [link["href"] for row in rows[str(front["review_by"])] for link in row.select("a")]
            assert f"plays/{path.stem}.html" in links
    for path in home().playbooks.glob("*.yml"):
        day = yaml.safe_load(path.read_text(encoding="utf-8")).get("review_by")
        assert day is None or any(path.name in row.get_text() for row in rows[str(day)]), path.name
    cards = [str(card["review_by"]) for card in truth("evidence")["evidence"] if card.get("review_by")]
    for day in set(cards):
        assert any(f"{cards.count(day)} card" in row.get_text() for row in rows[day])


def test_the_maturity_check_can_be_worked_by_hand(soups):
    """Without a script the page has every sentence, the play for each of them, and how the level is found."""
    soup, check = soups["tools/maturity.html"], truth("maturity")
    table = soup.select_one("#of-maturity-plays table")
    for row, topic in zip(table.select("tbody tr"), check["topics"], strict=True):
        links = [link["href"] for link in row.select("a")]
        assert links == [f"../plays/{answer['play']}.html" for answer in topic["answers"]]
        fields = soup.select(f'input[type=radio][name="{topic["id"]}"]')
        assert [field["value"] for field in fields] == ["0", "1", "2", "3"]
        told = [field.parent.get_text().strip() for field in fields]
        assert told == [answer["is"] for answer in topic["answers"]]
    assert "more than half of the topics have reached" in words(soup)


def test_plays_roles_and_the_mix_have_tags(soups):
    """The tags page lists them by phase and by function."""
    text = soups["tags.html"]
    for address in ("plays/launch_gate.html", "roles/trial_lead.html", "mix/price.html", "steps/trial.html"):
        assert text.select_one(f'article a[href="{address}"]'), address


def test_the_metric_catalogue_can_be_taken_along(site, soups):
    """The CSV has one row a metric, with owner, cadence, both languages and pay; the page links to it."""
    roles = {role["id"]: role["name"] for role in truth("roles")["roles"]}
    with (site / "metrics" / "catalogue.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    for row, metric in zip(found, truth("metrics")["metrics"], strict=True):
        assert (row["Metric"], row["Owner"], row["Looked at"]) == (
            metric["name"], roles[metric["owner"]], metric["cadence"]
        )  # fmt: skip
        assert row["To sales"] == " ".join(metric["say"]["sales"].split())
        assert row["May drive pay"] == ("yes" if metric["drives_pay"]["allowed"] else "no")
    assert soups["metrics/index.html"].select_one('article a[download][href="catalogue.csv"]')
