"""Every rule of the check: a small fault in a copy of the real playbook gives its file, its line and the mend."""

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from onefunnel.cli import main
from onefunnel.home import Home, home
from onefunnel.playbook import Finding, PlaybookError, load
from onefunnel.playbook.check import check
from onefunnel.playbook.loading import examine, read_all


@dataclass
class Copy:
    """A copy of the real playbook that a test breaks on purpose."""

    folder: Path

    def edit(self, file: str, old: str, new: str, after: str = "") -> int:
        """Replace the first `old` that stands after `after`; return the line of the replacement."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        start = text.index(old, text.index(after) if after else 0)
        path.write_text(text[:start] + new + text[start + len(old) :], encoding="utf-8", newline="\n")
        return text.count("\n", 0, start) + 1

    def errors(self) -> list[Finding]:
        """What load() would refuse."""
        return examine(read_all(self.folder))[1]

    def only_error(self) -> Finding:
        """The one error; a fault must not set off others."""
        errors = self.errors()
        assert len(errors) == 1, "\n".join(map(str, errors))
        return errors[0]


@pytest.fixture
def playbook(tmp_path) -> Copy:
    """A fresh copy."""
    return Copy(shutil.copytree(home().playbooks, tmp_path / "playbooks"))


ACCEPTED = "id: accepted"
ONE = "accountable: {function: sales, role: development_rep}"


def test_two_accountable_functions(playbook):
    """The message of the design, word for word, on the line where the two stand."""
    two = "accountable: [{function: sales, role: development_rep}, {function: marketing, role: lead_manager}]"
    line = playbook.edit("funnel.yml", ONE, two)
    assert str(playbook.only_error()) == (
        f'playbooks/funnel.yml:{line} step "accepted": two accountable functions (sales, marketing). Keep exactly one.'
    )


def test_two_accountable_roles_of_one_function(playbook):
    """Two roles of one function are two as well."""
    two = "accountable: [{function: sales, role: development_rep}, {function: sales, role: territory_rep}]"
    playbook.edit("funnel.yml", ONE, two)
    assert playbook.only_error().message == (
        "two accountable roles (development_rep, territory_rep). Keep exactly one."
    )


def test_a_list_of_one_accountable_is_fine(playbook):
    """A list is read; one in it is exactly one."""
    playbook.edit("funnel.yml", ONE, "accountable: [{function: sales, role: development_rep}]")
    assert load(playbook.folder).step("accepted").accountable.role == "development_rep"


@pytest.mark.parametrize("nobody", ["accountable: []", "# nobody"])
def test_nobody_accountable(playbook, nobody):
    """An empty list and a missing line say the same thing."""
    playbook.edit("funnel.yml", ONE, nobody)
    error = playbook.only_error()
    assert error.where == 'step "accepted"'
    assert error.message == "nobody is accountable. Name exactly one function and one role."


def test_accountable_role_of_another_function(playbook):
    """The role must belong to the function."""
    line = playbook.edit("funnel.yml", ONE, "accountable: {function: sales, role: lead_manager}")
    error = playbook.only_error()
    assert (error.file, error.line, error.where) == ("playbooks/funnel.yml", line, 'step "accepted"')
    assert error.message == (
        'role "lead_manager" belongs to marketing, but sales is accountable. '
        "Name a role of sales, or make marketing accountable."
    )


def test_role_claims_a_step_of_another(playbook):
    """Who owns a step stands in funnel.yml; a role's page cannot say otherwise."""
    line = playbook.edit("roles.yml", "- the rota, Friday afternoons", "- trial\n      - the rota, Friday afternoons")
    error = playbook.only_error()
    assert (error.file, error.line, error.where) == ("playbooks/roles.yml", line, 'role "development_manager"')
    assert error.message == (
        'funnel.yml gives step "trial" to "trial_lead". '
        'Delete it here, or make "development_manager" accountable there.'
    )


UNKNOWN = [
    ("funnel.yml", "role: trial_lead", "role: trial_led", "role", "trial_led", "trial_lead"),
    ("funnel.yml", "consulted: [lead_manager]", "consulted: [lead_manger]", "role", "lead_manger", "lead_manager"),
    ("funnel.yml", "phase: keep", "phase: keeps", "phase", "keeps", "keep"),
    ("funnel.yml", "function: service", "function: servce", "function", "servce", "service"),
    ("funnel.yml", "duplicate_share, origin_return,", "duplicate_share, orign_return,", "metric", "orign_return",
     "origin_return"),
    ("funnel.yml", "sources: [b2b_lead_ignored]", "sources: [b2b_leads_ignored]", "evidence", "b2b_leads_ignored",
     "b2b_lead_ignored"),
    ("metrics.yml", "owner: lead_manager", "owner: led_manager", "role", "led_manager", "lead_manager"),
    ("roles.yml", "metrics: [origin_return,", "metrics: [origin_retrun,", "metric", "origin_retrun", "origin_return"),
    ("glossary.yml", "see_also: [sal, sql]", "see_also: [sal, sqll]", "term", "sqll", "sql"),
    ("glossary.yml", "step: marketing_qualified", "step: market_qualified", "step", "market_qualified",
     "marketing_qualified"),
    ("evidence.yml", "cited_in: [hanlon]", "cited_in: [hanlan]", "article", "hanlan", "hanlon"),
    ("ideas.yml", "source: schinagl", "source: shinagl", "article", "shinagl", "schinagl"),
    ("skills.yml", "cluster: money", "cluster: mony", "cluster", "mony", "money"),
    ("company.yml", "tell: executive_sponsor", "tell: executive_sponser", "role", "executive_sponser",
     "executive_sponsor"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "kind", "wrong", "right"), UNKNOWN)
def test_unknown_id(playbook, file, old, new, kind, wrong, right):
    """An id that nobody has is an error on its line, with the id that was probably meant."""
    line = playbook.edit(file, old, new)
    error = playbook.only_error()
    assert (error.file, error.line) == (f"playbooks/{file}", line)
    assert error.message == f'unknown {kind} "{wrong}". Did you mean "{right}"?'


def test_unknown_id_without_a_near_one(playbook):
    """Where nothing is near, the message says where to look."""
    playbook.edit("funnel.yml", "role: trial_lead", "role: xyz")
    assert playbook.only_error().message == 'unknown role "xyz". roles.yml has the ones that exist.'


def test_unknown_play(playbook):
    """Plays are files in plays/."""
    playbook.edit("mix.yml", "    plays: [", "    plays: [daily_stand_up, ")
    assert playbook.only_error().message.startswith('unknown play "daily_stand_up".')


DUPLICATES = [
    ("funnel.yml", "id: accepted", "id: qualified", 'id "qualified" is already used in line'),
    ("roles.yml", "id: field_marketer", "id: demand_manager", 'id "demand_manager" is already used in line'),
    ("ideas.yml", "slug: the-blame-game", "slug: three-missed-points", 'slug "three-missed-points" is already used'),
    ("company.yml", "id: too_small", "id: wrong_person", 'reason "wrong_person" stands here twice. Keep one.'),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), DUPLICATES)
def test_duplicate_id(playbook, file, old, new, message):
    """An id stands once in its list."""
    playbook.edit(file, old, new)
    assert any(one.message.startswith(message) for one in playbook.errors())


WORDS = [
    ("name: Sell-out", "name: SELL-IN"),
    ("aliases: [deal]", "aliases: [Forecast]"),
    ("abbreviation: NRR", "abbreviation: mql"),
]


@pytest.mark.parametrize(("old", "new"), WORDS)
def test_duplicate_word_in_the_glossary(playbook, old, new):
    """Names, aliases and abbreviations are one list, whatever the case of their letters."""
    line = playbook.edit("glossary.yml", old, new)
    errors = playbook.errors()
    assert len(errors) == 1
    assert "is already defined in line" in errors[0].message and "Merge the two entries." in errors[0].message
    assert errors[0].file == "playbooks/glossary.yml"
    assert line in (errors[0].line, int(errors[0].message.split("line ")[1].split(".")[0]))


FIELDS = [
    ("funnel.yml", "buyer_does: Orders.", "buyer_dose: Orders.", 'field "buyer_dose". Did you mean "buyer_does"?'),
    ("funnel.yml", "buyer_does: Orders.", "buyer_does: 12", 'field "buyer_does" must be text. Put it in quotes.'),
    ("funnel.yml", "phase: keep", "phase: Keep it", 'field "phase" is "Keep it". Use small letters, digits and _'),
    ("funnel.yml", "unit: quarter", "unit: quarters", 'Did you mean "quarter"?'),
    ("funnel.yml", "crm_probability: 0.10", "crm_probability: ten", "must be a number, with a point for decimals."),
    ("company.yml", 'opens: "09:00"', 'opens: "nine"', 'Write a time in quotes: "09:00".'),
    ("company.yml", 'closes: "17:00"', 'closes: "08:00"', "the business day closes before it opens."),
    ("company.yml", "fictional: true", "fictional: perhaps", 'field "fictional" must be true or false.'),
    ("company.yml", "review_by: 2027-03-31", "review_by: soon", "Write a date as 2027-06-30."),
    ("company.yml", 'name: Keep, meaning: "The buyer uses what we sold, and stays or goes."',
     "name: Keep, meaning: The buyer uses what we sold, and stays or goes.", "put the whole text in quotes."),
    ("evidence.yml", "grade: D", "grade: E", "must be 'A', 'B', 'C' or 'D'."),
    ("metrics.yml", "unit: percent", "unit: percents", 'Did you mean "percent"?'),
    ("ideas.yml", "number: 94", "number: ninety-four", 'field "number" must be a whole number.'),
    ("ideas.yml", "$schema: schema/ideas.schema.json", "$schema: schema/skills.schema.json",
     'the first line must be "$schema: schema/ideas.schema.json". Correct it.'),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), FIELDS)
def test_fields_in_plain_words(playbook, file, old, new, message):
    """What a person typed wrongly is named in words that need no knowledge of the program."""
    line = playbook.edit(file, old, new)
    found = [one for one in playbook.errors() if message in one.message]
    assert found, "\n".join(map(str, playbook.errors()))
    assert found[0].file == f"playbooks/{file}" and found[0].line == line
    assert "pydantic" not in str(found[0]) and "Input should" not in str(found[0])


def test_missing_field_says_what_belongs_there(playbook):
    """A missing field is named with its description, at the entry that lacks it."""
    line = playbook.edit("funnel.yml", "    entry: The contract is signed.\n", "", after="id: won")
    entry_line = 1 + (playbook.folder / "funnel.yml").read_text(encoding="utf-8").splitlines().index("  - id: won")
    error = playbook.only_error()
    assert error.where == 'step "won"' and error.line == entry_line < line
    assert error.message.startswith('field "entry" is missing. Add it: what must be true to enter.')


def test_missing_schema_line(playbook):
    """Each file begins with its schema."""
    playbook.edit("skills.yml", "$schema: schema/skills.schema.json\n", "")
    error = playbook.only_error()
    assert error.file == "playbooks/skills.yml" and error.message.startswith('field "$schema" is missing.')


BROKEN = [
    ("buyer_does: Orders.", "buyer_does: Orders: now", "Put the whole text in quotes."),
    ("    buyer_does: Orders.", "\tbuyer_does: Orders.", "Indent with spaces."),
    ("buyer_does: Orders.", 'buyer_does: "Orders', "this is not readable YAML"),
]


@pytest.mark.parametrize(("old", "new", "mend"), BROKEN)
def test_broken_yaml(playbook, old, new, mend):
    """A file that is no YAML gives one finding with line and mend, and no noise about its ids elsewhere."""
    line = playbook.edit("funnel.yml", old, new)
    error = playbook.only_error()
    assert error.file == "playbooks/funnel.yml" and mend in error.message
    assert error.line >= line


def test_key_twice(playbook):
    """YAML would keep the last of two equal keys without a word."""
    line = playbook.edit("funnel.yml", "buyer_does: Orders.", "buyer_does: Orders.\n    name: Sold")
    error = playbook.only_error()
    assert error.line == line + 1 and error.message.startswith('"name" stands here a second time.')


def test_not_utf8(playbook):
    """A file saved in another encoding gives its line and says how to save it."""
    path = playbook.folder / "roles.yml"
    raw = path.read_bytes()
    line = raw[: raw.index(b"customers")].count(b"\n") + 1
    path.write_bytes(raw.replace(b"customers", b"custo\xa0mers", 1))
    error = playbook.errors()[0]
    assert (error.file, error.line) == ("playbooks/roles.yml", line)
    assert "Save the file again with the encoding UTF-8." in error.message


def test_file_with_a_byte_order_mark_loads(playbook):
    """Notepad on Windows puts a mark at the beginning of a file; that is no error."""
    path = playbook.folder / "skills.yml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert playbook.errors() == []


@pytest.mark.parametrize("text", ["", "just words\n", "- a\n- list\n"])
def test_empty_or_odd_file(playbook, text):
    """A file without its fields is an error, not a crash."""
    (playbook.folder / "skills.yml").write_text(text, encoding="utf-8")
    assert any(one.file == "playbooks/skills.yml" for one in playbook.errors())


def test_missing_ideas(playbook):
    """Each number from 1 to 94 has an entry."""
    path = playbook.folder / "ideas.yml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  - number: 42"), text.index("  - number: 43")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert playbook.only_error().message == "idea 42 missing. Add an entry for each."


CALLABLES = [
    ("compute", "onefunnel.metrics.pipeline.win_rate\n", "onefunnel.metrics.pipeline.win_rat\n", 'mean "win_rate"?'),
    ("compute", "onefunnel.metrics.pipeline.win_rate\n", "onefunnel.metrics.nothing.win_rate\n", "there is no module"),
    ("compute", "onefunnel.metrics.pipeline.win_rate\n", "os.path.join\n", "Name a function by its full path"),
]


@pytest.mark.parametrize(("field", "old", "new", "message"), CALLABLES)
def test_metric_function_must_import(playbook, field, old, new, message):
    """A formula that does not exist, or lies outside the metrics, is an error at its line."""
    line = playbook.edit("metrics.yml", f"{field}: {old}", f"{field}: {new}")
    error = playbook.only_error()
    assert (error.file, error.line, error.where) == ("playbooks/metrics.yml", line, 'metric "win_rate"')
    assert message in error.message


def test_trap_function_must_import(playbook):
    """So is a wrong formula that does not exist."""
    line = playbook.edit("metrics.yml", "pipeline_traps.divides_by_leads", "pipeline_traps.divides_by_lead")
    errors = [one for one in playbook.errors() if one.line == line]
    assert len(errors) == 1 and "divides_by_lead" in errors[0].message


def test_metric_function_must_be_callable(playbook):
    """A module's constant is no formula."""
    playbook.edit("metrics.yml", "onefunnel.metrics.pipeline.win_rate\n", "onefunnel.metrics.pipeline.__name__\n")
    assert "Name a function" in playbook.only_error().message


def test_metric_arguments_must_fit(playbook):
    """Arguments that the function does not take are found before anybody computes."""
    playbook.edit("metrics.yml", "from_step: ", "from_stage: ")
    errors = playbook.errors()
    assert errors and all("it does not take these inputs and arguments" in one.message for one in errors)


def test_all_errors_at_once(playbook):
    """One run shows the faults of all files, models and references alike."""
    playbook.edit("funnel.yml", "buyer_does: Orders.", "buyer_dose: Orders.")
    playbook.edit("funnel.yml", "role: trial_lead", "role: trial_led")
    playbook.edit("glossary.yml", "name: Sell-out", "name: Sell-in")
    playbook.edit("evidence.yml", "grade: D", "grade: E")
    with pytest.raises(PlaybookError) as caught:
        load(playbook.folder)
    text = str(caught.value)
    assert text.startswith("the playbook has 5 errors:")
    for part in ("buyer_dose", '"buyer_does" is missing', "trial_led", "Sell-", "grade"):
        assert part in text


# ------------------------------------------------------------------------------------- plays, links, review dates

PLAY = """---
id: launch_gate
name: Launch gate
summary: One meeting before a launch.
when: A product has a date.
owner: product_marketer
cadence: Before each launch
minutes: 45
ideas: [14, 77]
review_by: 2027-06-30
---

1. Both functions say go or no-go.
"""


def test_play_is_read(playbook):
    """A play's front matter becomes part of the playbook; README.md is no play."""
    (playbook.folder / "plays" / "launch_gate.md").write_text(PLAY, encoding="utf-8")
    assert load(playbook.folder).play("launch_gate").owner == "product_marketer"


PLAYS = [
    ("owner: product_marketer\n", "", 'field "owner" is missing. Add it: the one role'),
    (
        "owner: product_marketer",
        "owner: product_maker",
        'unknown role "product_maker". Did you mean "product_marketer"?',
    ),
    ("id: launch_gate", "id: gate", 'the id is "gate" but the file is launch_gate.md. Make them the same.'),
    ("ideas: [14, 77]", "ideas: [14, 95]", "there is no idea 95. Ideas are numbered 1 to 94."),
    ("ideas:", "measure: {metric: win_rat, reads: x}\nideas:", 'unknown metric "win_rat". Did you mean "win_rate"?'),
    ("---\nid", "id", "a play begins with its front matter between two lines of ---."),
]


@pytest.mark.parametrize(("old", "new", "message"), PLAYS)
def test_play_rules(playbook, old, new, message):
    """A play has an owner who exists, its file's name, ideas that exist, and front matter."""
    (playbook.folder / "plays" / "launch_gate.md").write_text(PLAY.replace(old, new, 1), encoding="utf-8")
    error = playbook.only_error()
    assert error.file == "playbooks/plays/launch_gate.md" and error.line >= 1
    assert message in error.message


def test_line_of_a_play(playbook):
    """Lines are those of the file, front matter's first line included."""
    text = PLAY.replace("owner: product_marketer", "owner: product_maker")
    (playbook.folder / "plays" / "launch_gate.md").write_text(text, encoding="utf-8")
    assert playbook.only_error().line == text.splitlines().index("owner: product_maker") + 1


@pytest.fixture
def kit(playbook) -> Home:
    """A kit around the copied playbook: the real lessons and tables, and one page."""
    root = playbook.folder.parent
    shutil.copytree(home().notebooks, root / "notebooks")
    (root / "datasets").mkdir()
    shutil.copy(home().datasets / "datapackage.json", root / "datasets")
    (root / "site" / "pages").mkdir(parents=True)
    (root / "site" / "pages" / "how.md").write_text("# How\n", encoding="utf-8")
    return Home(root)


def errors_of(kit: Home, **more) -> list[Finding]:
    """The errors of a whole check."""
    return [one for one in check(kit.playbooks, kit=kit, today=date(2026, 6, 1), **more) if one.level == "error"]


GOOD = [
    "lesson:stages", "exercise:stages/E3", "exercise:stages/W1", "widget:stages/funnel_by_cohort", "table:leads",
    "column:leads.origin", "metric:win_rate", "step:trial", "role:brand_manager", "term:mql", "evidence:aberdeen_32",
    "skill:win_rate", "page:metrics.win_rate", "page:glossary", "page:how",
    "play:launch_gate", "part:price", "decision:price_floor", "page:mix.price",
]  # fmt: skip


def test_links_that_resolve(playbook, kit):
    """Every form of link that has its goal is fine."""
    playbook.edit("ideas.yml", "links: [lesson:start-here]", f"links: [{', '.join(GOOD)}]", after="three-missed-points")
    assert errors_of(kit) == []


BAD = [
    ("lesson:stage", 'there is no lesson "stage". Did you mean "stages"?'),
    ("exercise:stages/E9", 'lesson "stages" has no exercise "E9".'),
    ("widget:stages/funnel_by_cohorts", 'Did you mean "funnel_by_cohort"?'),
    ("table:lead", 'there is no table "lead". Did you mean "leads"?'),
    ("column:leads.orign", 'table "leads" has no column "orign". Did you mean "origin"?'),
    ("metric:win_rates", 'unknown metric "win_rates". Did you mean "win_rate"?'),
    ("term:mqll", 'unknown term "mqll". Did you mean "mql"?'),
    ("page:metrics.winrate", 'no page "winrate" in metrics. Did you mean "win_rate"?'),
    ("part:prise", 'unknown part "prise". Did you mean "price"?'),
    ("page:hows", 'there is no page "hows". Did you mean "how"?'),
    ("lessons:stages", 'Did you mean "lesson:stages"?'),
    ("stages", "has no form that is known."),
]


@pytest.mark.parametrize(("link", "message"), BAD)
def test_links_that_lead_nowhere(playbook, kit, link, message):
    """A link that does not resolve is an error on its line, with the near match."""
    line = playbook.edit("ideas.yml", "links: [lesson:start-here]", f"links: [lesson:start-here, {link}]")
    errors = errors_of(kit)
    assert len(errors) == 1, errors
    assert (errors[0].file, errors[0].line) == ("playbooks/ideas.yml", line)
    assert errors[0].where.startswith("idea ")
    assert f'link "{link}"' in errors[0].message and message in errors[0].message


def test_metric_asks_for_a_table_that_is_not_there(playbook, kit):
    """A metric's inputs are tables of the data package, or what the playbook supplies."""
    line = playbook.edit("metrics.yml", "inputs: [opportunities]", "inputs: [oportunities]")
    errors = errors_of(kit)
    assert [(one.line, one.message) for one in errors] == [
        (line, 'unknown input "oportunities". Did you mean "opportunities"?')
    ]


def test_without_lessons_their_links_are_not_judged(playbook, kit):
    """A wheel carries no lesson sources: links to lessons are neither right nor wrong there."""
    shutil.rmtree(kit.notebooks)
    assert errors_of(kit) == []


@pytest.mark.parametrize("links", ["[]", "[term:sell_in]"])
def test_an_idea_that_nothing_teaches(playbook, kit, links):
    """No link at all, or only one to a word: an error at the idea's entry, with what may teach it."""
    links_line = playbook.edit("ideas.yml", "links: [lesson:start-here]", f"links: {links}")
    (found,) = errors_of(kit)
    assert links_line - 4 <= found.line <= links_line
    assert "2" in found.where and "Nothing teaches this idea." in found.message


@pytest.mark.parametrize("file", ["funnel.yml", "evidence.yml"])
def test_review_date_in_the_past(playbook, kit, file):
    """A past review date is a warning every day, and an error for a release."""
    line = playbook.edit(file, "review_by: 2027", "review_by: 2025")
    for release, level in ((False, "warning"), (True, "error")):
        found = [
            o for o in check(kit.playbooks, kit=kit, today=date(2026, 6, 1), release=release) if "review" in o.message
        ]
        assert [(one.line, one.level) for one in found] == [(line, level)]
        assert found[0].message.endswith("Read it again, mend it, and set a new review_by.")


# ------------------------------------------------------------------------------------- the verb


def test_verb_reports_as_json(playbook, capsys):
    """`check --json` prints one object with errors, warnings, lessons and ideas, and exits 1 on an error."""
    line = playbook.edit("funnel.yml", "role: trial_lead", "role: trial_led")
    assert main(["check", "--json", "--playbooks", str(playbook.folder)]) == 1
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"errors", "warnings", "lessons", "ideas"}
    expected = f'playbooks/funnel.yml:{line} step "trial": unknown role "trial_led". Did you mean "trial_lead"?'
    assert expected in report["errors"]
    assert report["ideas"]["total"] == 94


def test_verb_prints_faults_and_what_to_do_next(playbook, capsys):
    """Without --json the same stands in plain lines, with counts and the next step."""
    playbook.edit("funnel.yml", "role: trial_lead", "role: trial_led")
    assert main(["check", "--playbooks", str(playbook.folder)]) == 1
    text = capsys.readouterr().out
    assert "error    playbooks/funnel.yml:" in text
    assert "Mend the errors above, then run the check again." in text


def test_verb_writes_schemas(playbook, capsys):
    """`check --write-schemas` writes what is stale and says so."""
    (playbook.folder / "schema" / "roles.schema.json").unlink()
    assert main(["check", "--write-schemas", "--playbooks", str(playbook.folder)]) == 0
    assert capsys.readouterr().out == "wrote playbooks/schema/roles.schema.json\n"
    assert (playbook.folder / "schema" / "roles.schema.json").is_file()


def test_verb_with_a_wrong_folder(tmp_path, capsys):
    """A folder that does not exist is one plain sentence."""
    assert main(["check", "--playbooks", str(tmp_path / "nowhere")]) == 1
    assert "there is no such folder" in capsys.readouterr().err
