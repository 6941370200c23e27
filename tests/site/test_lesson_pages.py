"""The lessons as pages to read: all that a reader needs, and nothing that gives an answer away."""

import re

import pytest
import yaml

from onefunnel.home import home

SOURCES = sorted(home().notebooks.glob("*/*.md"))
CELL = re.compile(r"^```\{code-cell\}\n(?:---\n(?P<header>.*?)\n---\n)?(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
HIDDEN = re.compile(r"### BEGIN (?:SOLUTION|HIDDEN TESTS)\n(.*?)### END", re.DOTALL)
TOKEN = re.compile(r"\{\{.*?\}\}|\{[a-z_]*\}")
SECRET_FIELDS = ("hint", "hints", "worked", "after", "reveal", "why", "exemplars", "rubric", "solution", "wrong_rows")
FEWEST_WORDS, FEWEST_LETTERS = 5, 24  # shorter pieces are everyday words that a page may say by itself


def flat(text):
    """Words only, one space between, so that quotes, emphasis and line breaks do not hide a match."""
    return " ".join(re.findall(r"\w+", text.lower()))


def texts(value):
    """Every text below a piece of YAML."""
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(one)


def secrets(source):
    """Yield every sentence, or line of code, of one lesson that only somebody who answered may read."""
    raw = source.read_text(encoding="utf-8")
    for cell in CELL.finditer(raw):
        header = yaml.safe_load(cell["header"]) if cell["header"] else {}
        for found in (_keyed(header.get("item") or {}), texts(header.get("solution"))):
            for text in found:
                yield from pieces(re.split(r"(?<=[.!?:])\s+", text))
        for code in HIDDEN.findall(cell["code"]):
            yield from pieces(code.splitlines())


def _keyed(item, inside=False):
    """The texts of an item's secret fields, wherever they stand; a variant is secret as a whole."""
    for name, value in item.items() if isinstance(item, dict) else ():
        if inside or name in SECRET_FIELDS or name == "variants":
            yield from texts(value)
        elif isinstance(value, dict):
            yield from _keyed(value)
        elif isinstance(value, list):
            for one in value:
                yield from _keyed(one)


def pieces(parts):
    """The parts between tokens that are long enough to be nobody else's words."""
    for part in parts:
        for piece in TOKEN.split(part):
            words = flat(piece)
            if len(words.split()) >= FEWEST_WORDS and len(words) >= FEWEST_LETTERS:
                yield words


def said_openly():
    """What the playbook, the hand-written pages, the lessons' prose and their first questions say to everybody."""
    found = []
    for path in [*home().playbooks.rglob("*.yml"), *home().playbooks.rglob("*.md"), *home().site.rglob("*.md")]:
        found.append(path.read_text(encoding="utf-8"))
    for source in SOURCES:
        raw = source.read_text(encoding="utf-8")
        found.append(CELL.sub("\n", raw))
        for cell in CELL.finditer(raw):
            header = yaml.safe_load(cell["header"]) if cell["header"] else {}
            found += _asked(header.get("item") or {})
    return f" {flat(TOKEN.sub(' ', ' | '.join(found)))} "


def _asked(item):
    """What a question shows before it is answered: these fields, outside the secret ones."""
    for name, value in item.items() if isinstance(item, dict) else ():
        if name in SECRET_FIELDS or name == "variants":
            continue
        if isinstance(value, str):
            yield value if name in ("text", "label", "prompt", "title", "sentence") else ""
        for one in value if isinstance(value, list) else [value]:
            yield from _asked(one)


def leaks(pages, hidden):
    """Return (page, secret) for each secret that stands on a page. `pages` maps a name to flattened text."""
    by_start = {}
    for secret in hidden:
        by_start.setdefault(tuple(secret.split()[:FEWEST_WORDS]), []).append(secret.split())
    found = []
    for name, text in pages.items():
        words = text.split()
        for place, start in enumerate(zip(*(words[skip:] for skip in range(FEWEST_WORDS)), strict=False)):
            for secret in by_start.get(start, ()):
                if words[place : place + len(secret)] == secret:
                    found.append((name, " ".join(secret)))
    return found


@pytest.fixture(scope="module")
def hidden():
    """All secrets of all lessons, without what everybody may read elsewhere."""
    openly = said_openly()
    found = {secret for source in SOURCES for secret in secrets(source)}
    kept = {secret for secret in found if f" {secret} " not in openly}
    assert len(kept) > 500 and len(kept) > 0.8 * len(found), "the filter must not eat the secrets"
    return kept


@pytest.fixture(scope="module")
def published(site):
    """Every text file of the built site, flattened twice: as it stands, and without its markup."""
    pages = {}
    for path in site.rglob("*"):
        if path.suffix in (".html", ".json", ".js", ".csv", ".xml", ".svg", ".txt"):
            raw = path.read_text(encoding="utf-8")
            name = path.relative_to(site).as_posix()
            if "assets/javascripts" in name and name.count("/") > 2:
                continue  # the theme's own code
            pages[name] = f" {flat(raw)} "
            pages[f"{name} as text"] = f" {flat(re.sub(r'<[^>]*>', '', raw.replace('&amp;', '&')))} "
    return pages


def test_no_answer_hint_or_solution_stands_anywhere_in_the_site(published, hidden):
    """Searched in every page, index, template and script: no key, hint, worked row, reveal, example answer, variant,
    solution of code or hidden check of any lesson."""
    assert leaks(published, hidden) == []


def test_the_search_for_answers_would_find_one(published, hidden):
    """The same search, over pages into which one secret was put between other words and markup, finds it."""
    secret = max(hidden, key=len)
    planted = {**published, "lessons/planted.html": f" before {secret} after "}
    found = leaks(planted, hidden)  # shorter secrets may stand inside it
    assert ("lessons/planted.html", secret) in found
    assert {page for page, _ in found} == {"lessons/planted.html"}
    assert any(source.stem == "stages" for source in SOURCES)
    known = flat("So the discount starts before the value is seen.")  # a hint of `stages`, copied by hand
    assert known in hidden
    code = flat("late_enough = list(steps)[list(steps).index(step) :]")  # and a line of its solution
    assert code in hidden


def test_choices_come_in_an_order_that_knows_nothing_of_the_key(soups):
    """Every list of choices is in alphabetical order (numbers by size), but for the unscored guess."""
    seen = 0
    for name, soup in soups.items():
        for question in soup.select(".of-question") if name.startswith("lessons/") else ():
            title = question.select_one(".of-question__title span")
            if title is None or title.get_text().startswith("P"):
                continue
            for block in question.select("ul.of-choices"):
                shown = [item.get_text().strip() for item in block.find_all("li")]
                by_size = [
                    [
                        (0, int(part), "") if part.isdigit() else (1, 0, part.lower())
                        for part in re.split(r"(\d+)", one)
                        if part
                    ]
                    for one in shown
                ]
                assert by_size == sorted(by_size), f"{name}: {shown}"
                seen += 1
    assert seen > 80


def test_each_lesson_is_a_page_with_its_questions_and_its_way_on(soups):
    """Title, question and every objective, each question by its id and title, and links to steps and metrics.

    What a test asks is read in the test, and nowhere else.
    """
    for source in SOURCES:
        raw = source.read_text(encoding="utf-8")
        front = yaml.safe_load(raw.split("---\n")[1])
        soup = soups[f"lessons/{front['slug']}.html"]
        words = flat(soup.find("article").get_text(" "))
        assert soup.find("h1").get_text().rstrip("¶").strip() == front["title"]
        for said in (front["question"], *front["objectives"]):
            assert flat(said) in words
        links = {link["href"].split("#")[0] for link in soup.find("article").find_all("a", href=True)}
        for kind in ("metrics", "steps"):
            assert {f"../{kind}/{one}.html" for one in front.get(kind, ())} <= links
        asked = [tag.get_text() for tag in soup.select(".of-question__title span")]
        is_lesson = front.get("kind", "lesson") == "lesson"
        assert asked == (re.findall(r"tags: \[ask:(\w+)", raw) if is_lesson else [])


def test_the_pages_that_a_lesson_teaches_lead_to_it(soups):
    """From a metric's and a step's page one click leads to the lesson on it."""
    for page in ("metrics/stage_conversion.html", "steps/accepted.html"):
        assert soups[page].find("a", href="../lessons/stages.html") is not None


def test_a_lesson_keeps_its_questions_when_it_is_a_test(playbook):
    """A test's questions are exam questions: its record has no parts at all."""
    from dataclasses import replace

    from onefunnel.lessons import public
    from onefunnel.lessons.build import read_all

    lesson = read_all(["stages"], playbook=playbook)[0][0]
    assert len(public.parts(lesson, playbook)) > 10
    as_test = replace(lesson, front=lesson.front.model_copy(update={"kind": "test"}))
    assert public.parts(as_test, playbook) == []


@pytest.fixture(scope="module")
def playbook():
    """The kit's own truth."""
    from onefunnel.playbook import load

    return load()
