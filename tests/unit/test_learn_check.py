"""The check: what it shows, raises and returns; hints in three steps; fresh versions; what is noted."""

import json

import pytest
from ipywidgets import Button
from learn_world import sealed, world

from onefunnel.learn.answers import Answers
from onefunnel.learn.ask import Ask, Context
from onefunnel.learn.check import FRESH, Check, Partial
from onefunnel.learn.errors import Miss, NotYet, Stop
from onefunnel.learn.items import Items
from onefunnel.learn.session import Session
from onefunnel.learn.show import as_html, say


@pytest.fixture(autouse=True)
def _learning(monkeypatch):
    """Start as a learner."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)


@pytest.fixture
def session(tmp_path):
    """A lesson with all small items, opened by ana."""
    names = ["P1", "P2", "N1", "T1", "W1", "O1", "M1", "H1", "G1", "B1", "R1", "A1", "X1"]
    items = Items("demo", "Demo", {name: sealed(name) for name in names})
    return Session(items, world(), Answers.load(tmp_path, "ana"))


def keep(session, name, answer):
    session.answers.keep(session.current(name)[0], answer)


def missed(check, *args):
    with pytest.raises(Miss) as error:
        check(*args)
    return str(error.value)


def attempts(tmp_path):
    path = tmp_path / "attempts.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def test_right_shows_a_line_and_returns_nothing(session, capsys):
    """The closing text with the learner's own number; nothing on stderr."""
    keep(session, "N1", {"text": "37.5 %"})
    assert Check(session)("N1") is None
    out, err = capsys.readouterr()
    assert out == "✔ Right. You win 37.5 %.\n" and err == ""


def test_without_an_answer_it_is_not_yet(session, tmp_path):
    """Not a miss, not an attempt."""
    with pytest.raises(NotYet, match="Not yet: type a number"):
        Check(session)("N1", None)
    with pytest.raises(NotYet):
        Check(session)("T1", ...)
    assert attempts(tmp_path) == [] and session.answers.entry(session.items["N1"]).misses == 0


def test_every_error_shows_as_one_clean_line(session):
    """IPython takes the line from `_render_traceback_`; it is never empty."""
    for error in (Miss("because"), NotYet(""), Stop("")):
        assert len(error._render_traceback_()) == 1 and error._render_traceback_()[0].strip()
    assert Miss("because")._render_traceback_() == ["Not right: because"]


def test_an_unknown_question_stops_with_near_matches(session):
    """An author's slip is told in one line."""
    with pytest.raises(Stop, match="no question 'N9'"):
        Check(session)("N9")


def test_partial_is_a_number_for_nbgrader_and_a_reason_for_people(session):
    """3 of 5 pairs: 0.2 of 4 points."""
    keep(session, "O1", {"position": {"c": 1, "b": 2, "a": 3, "d": 4}})
    partial = Check(session)("O1")
    assert isinstance(partial, Partial) and repr(partial) == "0.8" and float(repr(partial)) == pytest.approx(0.8)
    assert "0.8 of 4 points" in partial._repr_html_() and "3 of 5 pairs" in partial._repr_html_()


def test_points_are_read_with_one_decimal_and_recorded_as_they_are():
    """2.48 of 4 is recorded; people read about 2.5. What is partly right never reads as nothing or as everything."""
    assert repr(Partial(2.4761904, 4, "")) == "2.48" and "about 2.5 of 4 points" in Partial(2.4761904, 4, "").mark
    assert [Partial(points, 4, "").mark for points in (1.5, 3.98, 0.02)] == [
        "Partly right: 1.5 of 4 points.",
        "Partly right: about 3.9 of 4 points.",
        "Partly right: about 0.1 of 4 points.",
    ]


def test_bold_is_shown_or_taken_out_but_never_as_stars(session, capsys):
    """Authors write **bold**; HTML shows it, plain lines lose the stars, and everything else stays escaped text."""
    assert as_html("**38 %** & <b>", "Right.") == (
        '<p role="status"><strong>Right.</strong> <strong>38 %</strong> &amp; &lt;b&gt;</p>'
    )
    say("**38 %** went on.", mark="Right.")
    assert capsys.readouterr().out == "Right. 38 % went on.\n"


def test_partial_escapes_its_reason():
    """A reason is text, not HTML."""
    assert "<script>" not in Partial(1, 4, "<script>")._repr_html_()


def test_hints_come_in_three_steps_and_then_the_whole_solution(session, capsys):
    """Reason; then the worked example's row; then the full solution on T00, whose numbers are 1 + 1 = 2."""
    check = Check(session)
    keep(session, "T1", {"formula": ["with_row"]})
    first = missed(check, "T1")
    assert first == "Not right: You left out deals that jumped over this step."
    assert missed(check, "T1") == first, "the same answer again is no second miss"
    keep(session, "T1", {"formula": ["rows"]})
    second = missed(check, "T1")
    assert "You counted rows" in second and "In the worked example: On T00 one deal skipped" in second
    keep(session, "T1", {"formula": ["deals"]})
    third = missed(check, "T1")
    assert third.endswith("On the sample territory T00: deals with a row + deals that skipped it = 1 + 1 = 2.")
    assert session.answers.entry(session.items["T1"]).misses == 3


def test_choices_get_a_fresh_version_after_two_misses(session):
    """The answer is cleared and the other key holds; the miss count starts again."""
    check = Check(session)
    keep(session, "W1", {"parts": {"where": "early", "why": "share"}})
    assert FRESH not in missed(check, "W1")
    keep(session, "W1", {"parts": {"where": "never", "why": "share"}})
    assert FRESH in missed(check, "W1")
    item, entry = session.current("W1")
    assert (item.variant, entry.answer, entry.misses) == (1, None, 0)
    with pytest.raises(NotYet):
        check("W1")
    keep(session, "W1", {"parts": {"where": "never", "why": "most"}})
    assert check("W1") is None


def test_an_old_widget_cannot_answer_the_fresh_version(session, monkeypatch):
    """Its cell must be run again first."""
    import onefunnel.learn.widgets as widgets

    kept, draw = {}, widgets.item_widget
    monkeypatch.setattr(
        widgets,
        "item_widget",
        lambda item, answer, keep, context: (kept.update(keep=keep), draw(item, answer, keep, context))[1],
    )
    Ask(session)("W1")
    kept["keep"]({"parts": {"where": "early", "why": "share"}})
    missed(Check(session), "W1")
    kept["keep"]({"parts": {"where": "never", "why": "share"}})
    missed(Check(session), "W1")
    with pytest.raises(Exception, match="Run this cell again"):
        kept["keep"]({"parts": {"where": "late", "why": "share"}})


def misses(session, name, *answers):
    """What is said at each of several misses."""
    said = []
    for answer in answers:
        keep(session, name, answer)
        said.append(missed(Check(session), name))
    return said


def test_help_never_prints_the_answer_that_is_still_asked(session):
    """Five off forty is 14.3 % on T00 too, as no table is used: without a fresh version no hint may say it."""
    assert not any("14.3" in text for text in misses(session, "G1", *({"value": v} for v in (5, 6, 7, 8))))


def test_the_missed_version_is_solved_when_a_fresh_one_follows(session):
    """At the third miss the first version is solved; the fresh one (4 off 20: 25 %) is not, however often missed."""
    arguments = {"discount": 0.04, "contribution": 0.20}
    fresh = {"prompt": "Four off.", "value": {"metric": "break_even_volume", "arguments": arguments}}
    items = Items("demo", "Demo", {"G1": sealed("G1", variants=[fresh])})
    session = Session(items, session.world, session.answers)
    first = misses(session, "G1", *({"value": v} for v in (5, 6, 7)))
    assert "14.3" not in first[0] + first[1]
    assert f"The whole solution: the answer is 14.3 %.\n{FRESH}" in first[2]
    assert session.current("G1")[0].prompt == "Four off."
    assert not any("25.0" in text for text in misses(session, "G1", *({"value": v} for v in (5, 6, 7, 8))))
    keep(session, "G1", {"value": 25})
    assert Check(session)("G1") is None


def test_how_sure_is_kept_and_noted_with_the_attempt(session):
    """Said below the answer, it stands in answers.json and in the log of the next try; it changes no points."""
    drawn = Ask(session).question("W1").children[1]
    drawn.sure.value = "fairly"
    keep(session, "W1", {"parts": {"where": "late", "why": "share"}})
    assert session.current("W1")[1].sure == "fairly" and "fairly sure" in drawn.status.value
    assert Check(session)("W1") is None
    (line,) = (session.answers.folder / "attempts.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["sure"] == "fairly" and json.loads(line)["passed"] is True


def test_how_sure_is_not_asked_where_nothing_is_right_or_wrong(session):
    """A prediction and a written answer have no such line; an impossible word in the file counts as none."""
    assert not hasattr(Ask(session).question("P1").children[1], "sure")
    keep(session, "W1", {"parts": {"where": "late", "why": "share"}})
    path = session.answers.folder / "answers.json"
    path.write_text(path.read_text("utf-8").replace('"type"', '"sure": "very", "type"'), "utf-8")
    assert Answers.load(path.parent, session.answers.learner).entry(session.items["W1"]).sure is None


def test_decisions_are_tried_on_the_own_book_while_they_are_made(session):
    """The rule shows what it picks here (three won deals) beside today's; the plan what it brings beside today's."""
    rule = Ask(session).question("R1").children[1]
    rule.rows[0].column.value = "value_eur"
    rule.rows[0].number_box.value = 60
    assert "Your rule: Value at least €60" in rule.effect.value and ">3<" in rule.effect.value
    assert "Today&#x27;s rule: Value at least €10" in rule.effect.value and ">10<" in rule.effect.value
    plan = Ask(session).question("A1").children[1]
    plan.rows["north"].value, plan.rows["south"].value = 40, 60
    plan.button.click()
    assert "Brings €120.0; today&#x27;s plan €0.0." in plan.status.value
    assert session.current("A1")[1].answer == {"plan": {"north": 40.0, "south": 60.0, "west": 0.0}}
    partly = Check(session)("A1")
    assert partly == 2 and "The choice costs €60.0." in partly.reason


def test_the_button_under_a_question_checks_it_like_the_check_cell(session):
    """Nothing chosen: not yet. Two wrong answers: the hint, then a fresh version that can be answered at once."""
    box = Ask(session).question("W1")
    prompt, drawn, button, said = box.children
    assert button.description == "Check my answer" and "Not yet" in (button.click(), said.value)[1]

    choose(drawn, where="early", why="share")
    button.click()
    assert "Not right" in said.value and box.children == (prompt, drawn, button, said)
    choose(drawn, where="never", why="share")
    assert "Before your change:" in said.value
    assert "You took the largest loss" in said.value, "the hint is read while the answer is mended"
    button.click()
    assert "fresh version of this question now stands above" in said.value
    assert box.children[0] is prompt and box.children[2:] == (button, said), "the verdict stands there once"
    assert prompt.outputs[0]["data"]["text/markdown"] == "**Most or lowest**\n\nA fresh one."

    choose(box.children[1], where="never", why="most")
    button.click()
    assert "✔ Right." in said.value
    choose(box.children[1], where="late")
    assert said.value == "", "what is judged is no longer what is kept"


def choose(drawn, **parts):
    """Choose as a learner does, in the widget."""
    for part, option in parts.items():
        drawn.groups[part].value = option


def test_the_missed_version_is_told_when_a_fresh_one_comes(session):
    """Late, a share was right; the fresh one's key (never, the most) is not told, and nothing at the first miss."""
    first, second = misses(
        session, "W1", *({"parts": {"where": where, "why": "share"}} for where in ("early", "never"))
    )
    assert "What was right" not in first
    assert "What was right: Where do most stop? Late; Why? A share." in second
    assert "Never" not in second and "The most" not in second


def test_what_is_still_right_in_the_fresh_version_is_not_told(session):
    """Why keeps its right reason in the fresh version: only where was right before is told."""
    fresh = {"prompt": "A fresh one.", "solution": {"where": "never", "why": "share"}}
    session = Session(Items("demo", "Demo", {"W1": sealed("W1", variants=[fresh])}), session.world, session.answers)
    said = misses(session, "W1", *({"parts": {"where": where, "why": "most"}} for where in ("early", "never")))
    assert "What was right: Where do most stop? Late." in said[1] and "A share" not in said[1]


def test_rows_that_do_not_fit_are_named_from_the_second_miss(session, monkeypatch):
    """By their label, never with what fits; never at the first miss, never while grading."""
    keep(session, "M1", {"rows": {"mql": "call", "reach": "call"}})
    first = Check(session)("M1").reason
    assert first == "1 of 2 rows fit. What guessing would bring is taken off the points."
    keep(session, "M1", {"rows": {"mql": "seen", "reach": "seen"}})
    second = Check(session)("M1").reason
    assert "Not right yet: “MQL”." in second and "Reach" not in second and "Worth a call" not in second
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert Check(session)("M1").reason == first


def test_check_keeps_what_stands_in_the_controls_first(session):
    """A slider that was moved is kept and judged as it stands, not as it was kept before; 14.3 is right."""
    keep(session, "G1", {"value": 10})
    _, drawn, button, said = Ask(session).question("G1").children
    drawn.pair.value = 14.3
    assert "Changed, not kept yet" in drawn.status.value
    button.click()
    assert "✔ Right." in said.value and session.current("G1")[1].answer == {"value": 14.3}


def test_what_cannot_be_kept_is_not_judged(session, tmp_path):
    """A plan that does not add up, an emptied formula, a folder that cannot be written to: said, no try noted."""
    keep(session, "A1", {"plan": {"north": 0, "south": 100, "west": 0}})
    _, drawn, button, said = Ask(session).question("A1").children
    drawn.rows["south"].value = 60
    button.click()
    assert "still to be placed" in said.value and "Nothing was judged." in said.value

    keep(session, "T1", {"formula": ["rows"]})
    _, drawn, button, said = Ask(session).question("T1").children
    drawn.clear.click()
    button.click()
    assert "Changed, not kept yet." in said.value and "Nothing was judged." in said.value

    _, drawn, button, said = Ask(session).question("W1").children
    session.answers.folder = tmp_path / "nowhere"
    choose(drawn, where="late", why="share")
    button.click()
    assert "Not kept." in said.value and "Nothing was judged." in said.value
    session.answers.folder = tmp_path
    button.click()
    assert "✔ Right." in said.value, "once the folder can be written to, the same press keeps it"
    assert [one["item"] for one in attempts(tmp_path)] == ["demo/W1"]


def test_a_question_for_those_who_want_more_is_checked_like_any_other(session):
    """No points, but it is right or wrong: a button says which, and the question says that it is not counted."""
    session = Session(
        Items("demo", "Demo", {"H1": sealed("H1", stretch=True, points=0)}), session.world, session.answers
    )
    prompt, drawn, button, said = Ask(session).question("H1").children
    assert "no points" in prompt.outputs[0]["data"]["text/markdown"] and drawn.next_step() == "Now check it."
    keep(session, "H1", {"picked": ["a1"]})
    button.click()
    assert "<strong>Partly right.</strong>" in said.value
    keep(session, "H1", {"picked": ["a1", "a2"]})
    button.click()
    assert "✔ Right." in said.value


def test_a_question_without_points_has_no_check_button(session):
    """A prediction is neither right nor wrong, so there is nothing to check."""
    assert [child for child in Ask(session).question("P1").children if isinstance(child, Button)] == []


def test_attempts_note_each_changed_answer_once(session, tmp_path):
    """Time, question, passed or which hint; a check run twice on the same answer is one attempt."""
    check = Check(session)
    missed(check, "N1", 0.3)
    missed(check, "N1", 0.3)
    check("N1", 0.375)
    assert [(a["item"], a["passed"], a["hint"]) for a in attempts(tmp_path)] == [
        ("demo/N1", False, "open_in_denominator"),
        ("demo/N1", True, None),
    ]


def test_while_grading_nothing_is_written_and_the_reason_stands_alone(session, tmp_path, monkeypatch):
    """No attempts, no misses, no fresh version, no second hint."""
    keep(session, "W1", {"parts": {"where": "early", "why": "share"}})
    before = (tmp_path / "answers.json").read_bytes()
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    for _ in range(4):
        assert missed(Check(session), "W1") == "Not right: You took the largest loss for the lowest rate."
    assert (tmp_path / "answers.json").read_bytes() == before and attempts(tmp_path) == []


def test_a_read_only_folder_does_not_hinder_checking(session, tmp_path, monkeypatch):
    """A miss that cannot be saved is still told."""
    session.answers.folder = tmp_path / "nowhere"
    assert "open ones" in missed(Check(session), "N1", 0.3)


def test_hidden_runs_a_function_on_the_other_book(session, capsys):
    """A table of constants is right here and found out there; the right function says nothing; tiles hold as well."""
    check = Check(session)

    def reached(stage_history, steps, step):
        later = list(steps)[list(steps).index(step) :]
        return stage_history[stage_history.step_id.isin(later)].opp_id.nunique()

    learnt = {"trial": 3, "proposal": 2}
    assert check("T1", lambda h, s, step: learnt[step]) is None
    with pytest.raises(Miss, match="another territory's book"):
        check.hidden("T1", lambda h, s, step: learnt[step])
    capsys.readouterr()
    assert check.hidden("T1", reached) is None and capsys.readouterr().out == ""
    with pytest.raises(NotYet):
        check.hidden("T1", lambda h, s, step: None)
    keep(session, "T1", {"formula": ["with_row", "+", "skipped"]})
    assert check.hidden("T1", lambda h, s, step: None) is None


def test_hidden_on_a_line_looks_at_the_own_book(session):
    """A single number belongs to one book; it cannot be asked of another."""
    assert Check(session).hidden("N1", 0.375) is None
    with pytest.raises(Miss):
        Check(session).hidden("N1", 0.3)


def test_lookback_shows_the_prediction_beside_the_result(session, capsys):
    """Kept or not, the result stands there; 3 of 8."""
    ask = Ask(session)
    ask.lookback("P1")
    assert "you skipped the prediction" in capsys.readouterr().out
    keep(session, "P1", {"choice": "few"})
    ask.lookback("P1")
    out = capsys.readouterr().out
    assert "**You predicted:** About two" in out and "In your book it is **37.5 %**." in out


@pytest.mark.parametrize(
    ("name", "answer", "text"),
    [
        ("P1", {"choice": "some"}, "About four"),
        ("P2", {"value": 12.5}, "12.5 %"),
        ("N1", {"text": " 37,5 % "}, "37,5 %"),
        ("T1", {"formula": ["with_row", "+", "skipped"]}, "deals with a row + deals that skipped it = 3"),
        ("T1", {"formula": ["with_row", "+"]}, "deals with a row +"),
        ("W1", {"parts": {"where": "late"}}, "Where do most stop? Late\nWhy? –"),
        ("O1", {"position": {"b": 1, "a": 2}}, "1. B\n2. A"),
        ("M1", {"rows": {"mql": "call"}}, "MQL → Worth a call\nReach → –"),
        ("H1", {"picked": ["a2", "a1"]}, "Account 1, Account 2"),
        ("G1", {"value": 14.3}, "14.3 %"),
        ("B1", {"best": "ask", "worst": "give"}, "Best: Ask\nWorst: Give"),
        ("X1", {"text": "Ask.", "self": {"0": 2}}, "Ask.\nOwn review. Names the number: 2 of 3"),
        ("N1", None, "none yet"),
        ("H1", {"picked": ["zzz"]}, "none that can be read"),
    ],
)
def test_while_grading_ask_writes_the_answer_for_people(session, monkeypatch, capsys, name, answer, text):
    """Question and answer as plain text, whatever the type."""
    if answer is not None:
        keep(session, name, answer)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    Ask(session)(name)
    out = capsys.readouterr().out
    assert session.items[name].prompt in out and out.endswith(f"Your answer: {text}\n")


def test_what_a_widget_may_ask(session):
    """Options and rows in a stable mixed order, tiles by label, the slider's outcome: +14.29 % keeps the money."""
    place = session.world
    mixed = Context(session.items["B1"], place).options()
    assert mixed == Context(session.items["B1"], place).options()
    assert sorted(mixed) == sorted((o["id"], o["text"]) for o in session.items["B1"].spec["options"])
    assert Context(session.items["H1"], place).options()[0] == ("a1", "Account 1"), "places stay where they are"
    assert Context(session.items["T1"], place).tokens()[1] == ("skipped", "deals that skipped it")
    assert Context(session.items["G1"], place).value_text(100 / 7) == "Money left: 0.0 %"
    assert Context(session.items["G1"], place).value_text(0) == "Money left: −12.5 %"
    assert "not defined" in Context(session.items["G1"], place).value_text(float("nan"))
    assert Context(session.items["N1"], place).unit_text() == "%"
    assert [row for row, _ in sorted(Context(session.items["O1"], place).rows())] == list("abcd")
