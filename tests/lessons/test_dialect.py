"""Mistakes in a lesson's source: each is named with its line and its mend, and all are named at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from onefunnel.lessons import checks
from onefunnel.lessons.findings import errors
from onefunnel.lessons.lesson import load

FIXTURES = Path(__file__).parent.parent / "fixtures" / "lessons" / "every-kind"


@pytest.fixture
def findings(tmp_path, truth, tables):
    """Read a fixture lesson with changes [(old, new), …]; return (findings, the changed text)."""

    def of(slug, *changes):
        text = (FIXTURES / f"{slug}.md").read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) >= 1, f"the fixture has no {old!r}"
            text = text.replace(old, new, 1)
        path = tmp_path / "every-kind" / f"{slug}.md"
        shutil.copytree(FIXTURES, path.parent, dirs_exist_ok=True)  # a retest reads its test beside it
        path.write_text(text, encoding="utf-8", newline="\n")
        lesson, found = load(path, truth)
        if not errors(found):
            found += checks.check(lesson, truth, tuple(tables.names))
        return errors(found), text

    return of


def line_of(text, needle):
    """The line, counted from 1, on which the needle first stands."""
    return text[: text.index(needle)].count("\n") + 1


@pytest.mark.parametrize("slug", ["choices", "computing", "deciding", "before", "after"])
def test_the_fixtures_are_right(findings, slug):
    """Unchanged, a lesson with every cell kind and item type has no mistake."""
    assert findings(slug)[0] == []


# (lesson, what stands there, what stands there instead, what is on the line that must be named, words of the message)
MISTAKES = [
    # front matter
    (
        "choices",
        "objectives:\n  - Choose in every way that a lesson offers.\n",
        "",
        "title:",
        'field "objectives" is missing',
    ),
    ("choices", "minutes: 10", "minutes: 36", "minutes: 36", "one sitting is at most 35 minutes"),
    ("choices", "minutes: 10", "sittings: 2\nminutes: 71", "minutes: 71", "one sitting is at most 35 minutes"),
    ("choices", "minutes: 10", "sittings: 3\nminutes: 90", "sittings: 3", "less than or equal to 2"),
    ("choices", "audience: both", "audience: everybody", "audience: everybody", "must be 'both', 'seller'"),
    ("choices", "question: Which", "qestion: Which", "qestion:", 'Did you mean "question"?'),
    ("choices", "skills: [funnel_step,", "skills: [funnel_stop,", "skills:", 'Did you mean "funnel_step"?'),
    ("choices", "tables: [leads,", "tables: [leeds,", "tables:", 'Did you mean "leads"?'),
    ("choices", "metrics: [win_rate]", "metrics: [win_rat]", "metrics:", 'Did you mean "win_rate"?'),
    ("choices", "steps: [trial,", "steps: [trail,", "steps:", 'Did you mean "trial"?'),
    ("choices", "ideas: [10, 17]", "ideas: [10, 170]", "ideas:", 'no idea "170"'),
    ("choices", "slug: choices", "slug: choice", "slug: choice", 'the path says "choices"'),
    ("choices", "  offer_first: Sends", "  offer_fist: Sends", "offer_fist: Sends", "no item recognises"),
    # headers, tags and tokens
    ("choices", "tags: [setup]", "tags: [setpu]", "tags: [setpu]", 'Did you mean "setup"?'),
    ("choices", "tags: [ask:E1]\nitem:", "tags: [ask:E1]\nitme:", "itme:", 'Did you mean "item"?'),
    ("choices", "tags: [ask:E1]", "tags: [ask:first]", "ask:first", "write an id such as"),
    (
        "choices",
        "story about {{ step.trial.name }}",
        "story about {{ step.trail.name }}",
        "step.trail",
        'Did you mean "trial"?',
    ),
    (
        "choices",
        "of 100 decided deals does {{ company.name }}",
        "does {{ company.nme }}",
        "company.nme",
        'Did you mean "name"?',
    ),
    ("computing", "{{ page.metrics.pocket_price }}", "{{ page.metrics.pocket_prise }}", "pocket_prise", "Did you mean"),
    (
        "choices",
        "  prompt: What does each word mean?",
        "  prompt: What: does it mean?",
        "What: does",
        "Put the whole text in quotes",
    ),
    ("choices", "  title: Words\n", "  title: Words\n  title: Terms\n", "title: Terms", "second time"),
    # shapes of items
    (
        "choices",
        "  prompt: What does each word mean?",
        "  promt: What does each word mean?",
        "promt:",
        'Did you mean "prompt"?',
    ),
    ("choices", "  type: match", "  type: matching", "type: matching", 'Did you mean "match"?'),
    (
        "choices",
        "solution: {lead: hand, deal: amount}",
        "solution: {lead: hand}",
        "solution: {lead: hand}",
        'row "deal" has no option',
    ),
    (
        "choices",
        "solution: {lead: hand, deal: amount}",
        "solution: {lead: hands, deal: amount}",
        "hands",
        'Did you mean "hand"?',
    ),
    (
        "choices",
        "solution: {order: [one, [two, pair], ten]}",
        "solution: {order: [one, two, ten]}",
        "order: [one, two",
        "stands 0 times",
    ),
    ("choices", "[visit, call, mail, wait, cut]}", "[visit, call, mail, wait]}", "ranking:", "each of the five once"),
    (
        "choices",
        "  rows_from: steps",
        "  rows_from: steps\n  rows: [{id: a, text: A}, {id: b, text: B}, {id: c, text: C}]",
        "tags: [ask:E2]",
        "Keep exactly one",
    ),
    ("choices", "solution: {why: base}\n---", "---", "type: two_tier", 'part "why" has neither'),
    (
        "choices",
        "solution: {where: b, why: base}",
        "solution: {where: c, why: base}",
        "where: c",
        'option "c" is not there',
    ),
    (
        "computing",
        'formula: [with_row, "+", skipped]',
        'formula: [with_raw, "+", skipped]',
        "with_raw",
        'Did you mean "with_row"?',
    ),
    ("computing", "slider: {min: 0, max: 30", "slider: {min: 50, max: 30", "min: 50", "cannot move"),
    # what is computed
    (
        "computing",
        "value: {metric: pocket_price, on: book}\n  wrong",
        "value: {metric: pocket_prise, on: book}\n  wrong",
        "pocket_prise",
        "Did you mean",
    ),
    (
        "computing",
        "wrong: [invoice_is_pocket]",
        "wrong: [invoice_is_poket]",
        "invoice_is_poket",
        'Did you mean "invoice_is_pocket"?',
    ),
    (
        "computing",
        "onefunnel.metrics.mix.leaking_accounts",
        "onefunnel.metrics.mix.leaking_account",
        "leaking_account,",
        'Did you mean "leaking_accounts"?',
    ),
    (
        "computing",
        "mix.leaking_accounts, inputs: [orders]",
        "mix.leaking_accounts, inputs: [order]",
        "inputs: [order]",
        'Did you mean "orders"?',
    ),
    (
        "computing",
        "mix.leaking_accounts, inputs: [orders]",
        "mix.leaking_accounts, inputs: []",
        "inputs: []",
        "missing a required argument",
    ),
    (
        "computing",
        "compute: onefunnel.metrics.mix.leaking_accounts",
        "compute: os.system",
        "os.system",
        "onefunnel.metrics",
    ),
    # hints
    (
        "choices",
        "  hints: {lead_is_deal: You took a raised hand for an amount. Nobody has named a price yet.}\n",
        "",
        "wrong_rows: [{row: lead",
        "add hints",
    ),
    ("choices", "hints: {rate_for_count:", "hints: {rate_for_cont:", "misconception: rate_for_count", "has no hint"),
    # the whole
    ("choices", "tags: [check:E1, points:3,", "tags: [check:E1,", "tags: [check:E1", "names no points"),
    ("choices", ', skill:funnel_step]\n---\ncheck("E1")', ']\n---\ncheck("E1")', "tags: [check:E1", "names no skill"),
    (
        "choices",
        'skill:funnel_step]\n---\ncheck("E1")',
        'skill:win_rate]\n---\ncheck("E1")',
        "check:E1",
        "not in the front matter",
    ),
    (
        "choices",
        'tags: [check:E1, points:3, skill:funnel_step]\n---\ncheck("E1")',
        "tags: []\n---\n1",
        "tags: [ask:E1]",
        "has no check",
    ),
    ("choices", 'tags: [lookback:P1]\n---\nask.lookback("P1")', "tags: []\n---\n1", "tags: [ask:P1]", "looks back"),
    ("choices", "{{ lesson.key_points }}", "Two points.", "tags: [ask:M1]", "key_points"),
    ("choices", "({{ lesson.playbook }})", "(nowhere)", "tags: [ask:M1]", "lesson.playbook"),
    (
        "choices",
        'tags: [widget:funnel_by_cohort]\n---\nexplore("funnel_by_cohort")',
        'tags: [widget:funnel]\n---\nexplore("funnel")',
        "tags: [widget:funnel]",
        "no such exploration",
    ),
    ("choices", "## A story about", "word " * 900 + "\n\n## A story about", "---", "words of prose; at most 900"),
    # code
    ("choices", 'open_lesson("choices")', 'open_lesson("stages")', "from onefunnel.learn", "does not open this lesson"),
    ("choices", '---\nask("E1")', '---\nask("E2")', 'ask("E2")', 'exactly ask("E1")'),
    ("choices", '---\ncheck("E1")', "---\nassert True", "assert True", "visible part must be"),
    ("computing", '---\ncheck("E1", e1)', '---\ncheck("E1")', 'check("E1")', "does not look at the answer"),
    ("computing", "e1 = None\n", "", "# Pocket", "Write `e1 = None`"),
    (
        "computing",
        "### END SOLUTION\n```\n\n```{code-cell}\n---\ntags: [check:E1",
        "```\n\n```{code-cell}\n---\ntags: [check:E1",
        "# Pocket",
        "exactly one solution",
    ),
    (
        "computing",
        '### BEGIN HIDDEN TESTS\ncheck.hidden("E2", reached)\n### END HIDDEN TESTS\n',
        "",
        'check("E2"',
        "a constant would pass",
    ),
    ("computing", "book.orders.head(3)", "book.orders.head(3", "book.orders.head(3", "is not Python"),
    ("computing", "    name: reached\n", "    name: reach\n", "def reached", "item needs `function:"),
    # decisions, sorts and claims
    ("deciding", "rows:\n    - {id: believe", "rowz:\n    - {id: believe", "rowz:", 'Did you mean "rows"?'),
    ("deciding", "together: association,", "together: effect,", "solution: {believe", 'belongs to "association"'),
    ("deciding", "lot: effect}", "lot: efect}", "solution: {believe", 'Did you mean "effect"'),
    ("deciding", "The gap is {gap}.", "The gap is {gab}.", "type: claim", "gaps gab, does, why"),
    (
        "deciding",
        ", {id: never, text: can never}, {id: always, text: must always}",
        "",
        "type: claim",
        "only 32 sentences",
    ),
    ("deciding", "choose: 2", "choose: 3", "solution: {pick", "names 2 picks, and `choose` says 3"),
    ("deciding", "choose: 2", "choose: 4", "type: hotspot", "fewer than there are options"),
    ("deciding", "full: 2.5", "full: 0.5", "type: rules", "must be more than `none`"),
    ("deciding", "rule: [{column: employees", "rule: [{column: staff", "solution: {rule", 'column "staff"'),
    ("deciding", "at_most, value: 50", "one_of, value: [a]", "solution: {rule", "Write at_least or at_most"),
    (
        "deciding",
        "{column: employees, test: at_least, value: 200}",
        "{column: segment, test: is, value: C}",
        "solution: {rule",
        '"C" is not there',
    ),
    ("deciding", "solution: {rule: [", "solution: {ruler: [", "solution: {ruler", "rules need `solution: {rule:"),
    ("deciding", "metrics.rules.how_many", "metrics.rules.howmany", "metrics.rules.howmany", "howmany"),
    ("deciding", "arguments: {columns: [segment]}", "arguments: {}", "segment_only: {compute", "missing a required"),
    ("deciding", "start: 80, max: 90", "start: 80, min: 120", "type: allocate", "the rows hold 120 to"),
    ("deciding", "unit: minutes", "unit: percent", "title: An hour and a half", "Use eur, minutes"),
    ("deciding", "visits: 40, notes: 25}}", "visits: 40, notes: 20}}", "solution: {plan", "adds to 85, and the total"),
    (
        "deciding",
        "{north: 80, south: 20, west: 0}",
        "{north: 80, south: 20}",
        "type: allocate",
        'row "west" has no amount',
    ),
    ("deciding", "{plan: {meeting: 25", "{plans: {meeting: 25", "solution: {plans", "allocate needs `best:"),
    # tests
    (
        "before",
        "tags: [end]\n---\nask.end()",
        "tags: []\n---\n1",
        "tags: []",
        "ends with one code cell tagged `end`",
    ),
    ("before", "\nask.end()", "\nask.finish()", "ask.finish()", "must be exactly ask.end()"),
    ("before", "tags: [ask:T2]", "tags: [ask:E2]", "tags: [ask:E2]", "does not fit a test"),
    ("before", "  variants:\n    - prompt: Four", "  after: |\n    - prompt: Four", "tags: [ask:T2]", "has 1 forms"),
    ("before", "kind: test", "kind: retest", "title:", "needs `items_of"),
    ("before", "tags: [ask:S1]", "tags: [ask:T9]", "tags: [ask:T9]", "does not fit type matrix"),
    ("before", "tags: [ask:S1]", "tags: [ask:P1]", "tags: [ask:P1]", "does not fit a test"),
    (
        "after",
        "rows_from: skills",
        "rows_from: skills\n  rows: [{id: a, text: A}]",
        "tags: [ask:S1]",
        "Keep exactly one",
    ),
    (
        "choices",
        "tables: [leads, stage_history]\n",
        "",
        "title:",
        "a lesson needs at least one of",
    ),
    ("after", "items_of: before", "items_of: befor", "items_of: befor", "there is no befor.md beside this file"),
    ("computing", "type: hotspot\n", "type: hotspot\n  recall: true\n", "recall: true", "needs a graded question with"),
]


@pytest.mark.parametrize(("slug", "old", "new", "named", "words"), MISTAKES, ids=lambda value: str(value)[:30])
def test_a_mistake_is_named_with_its_line(findings, slug, old, new, named, words):
    """Each mistake is an error on the line where it stands (or where its thing begins), with the mend."""
    found, text = findings(slug, (old, new))
    fitting = [one for one in found if words.lower() in str(one).lower()]
    assert fitting, "\n".join(map(str, found)) or "nothing was found"
    lines = [one.line for one in fitting]
    wanted = line_of(text, named)
    assert any(abs(line - wanted) <= 3 for line in lines), f"named {lines}, expected about {wanted}"
    assert all(one.file == f"{Path(one.file).parts[0]}/every-kind/{slug}.md" for one in found)


def test_two_sittings_may_take_twice_as_long(findings):
    """Two sittings of 35 minutes are 70, wherever in the front matter they stand."""
    for both in ("sittings: 2\nminutes: 70", "minutes: 70\nsittings: 2"):
        assert findings("choices", ("minutes: 10", both))[0] == []


def test_all_mistakes_at_once(findings):
    """An author sees every mistake of one kind of reading in one go, not one a build."""
    found, _ = findings(
        "choices",
        ("title: Every kind of choice\n", ""),
        ("{{ step.trial.name }}", "{{ step.nothing.name }}"),
        ("type: match", "type: mtach"),
        ("tags: [setup]", "tags: [sutep]"),
    )
    assert len({one.line for one in found}) >= 4


def test_words_like_off_and_no_are_words(findings):
    """An option may be called off, on, yes or no: YAML's old truth words are only words here."""
    found, _ = findings(
        "choices",
        ("{id: bill, text: A paid bill}", "{id: off, text: Eight per cent off}, {id: no, text: No}"),
    )
    assert found == []


def test_a_token_in_quotes_keeps_single_braces(truth):
    """`{value}` is for the learner's own number and passes through; `{{ … }}` is replaced."""
    from onefunnel.lessons.tokens import Tokens

    tokens = Tokens(truth, {"title": "T"})
    assert tokens.replace("{{ company.name }}: {value}", lambda *_: None) == f"{truth.company.name}: {{value}}"


def test_a_token_leads_to_a_page_of_the_mix(truth):
    """A lesson may send its reader to a part of the mix; a part that nobody has is unknown."""
    from onefunnel.lessons.tokens import Tokens, UnknownToken

    tokens = Tokens(truth, {"title": "T"})
    assert tokens.value("page.mix.price").endswith("/mix/price.html")
    with pytest.raises(UnknownToken, match="Did you mean"):
        tokens.value("page.mix.prise")
