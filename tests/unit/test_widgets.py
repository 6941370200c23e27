"""Every question's widget keeps its answer, restores it, and can be used without a mouse or eyes."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import ipywidgets as w
import pytest

from onefunnel.errors import Problem
from onefunnel.learn.widgets import item_widget

FIXTURE = Path(__file__).parents[1] / "fixtures" / "widget_questions.py"
CONTROLS = (w.Text, w.Textarea, w.Dropdown, w.RadioButtons, w.Checkbox, w.FloatSlider, w.BoundedFloatText, w.Button)

spec = importlib.util.spec_from_file_location("widget_questions", FIXTURE)
questions = importlib.util.module_from_spec(spec)
spec.loader.exec_module(questions)

ANSWERS = {
    "P1": {"choice": "some"},
    "P2": {"value": 12.5},
    "N1": {"text": "26,4 %"},
    "T1": {"formula": ["accepted", "÷", "mql"]},
    "W1": {"parts": {"where": "early", "why": "count"}},
    "O1": {"position": {"proposal": 2, "trial": 1, "won": 3}},
    "M1": {"rows": {"tom": "known", "mql": "call"}},
    "H1": {"picked": ["a1", "a3"]},
    "G1": {"value": 14.3},
    "B1": {"best": "ask", "worst": "give"},
    "S1": {"rows": {"believe": "opinion", "lot": "effect", "both": "opinion"}},
    "C1": {"parts": {"gap": "points", "does": "yes"}},
    "H2": {"picked": ["d1", "d2", "d4"]},
    "H3": {"picked": ["o2"]},
    "K1": {"rows": {"rate": "can", "clock": "new"}},
    "R1": {
        "rules": [
            {"column": "kind", "test": "one_of", "value": ["cafe", "salon"]},
            {"column": "cases", "test": "at_most", "value": 9.0},
        ]
    },
    "A1": {"plan": {"north": 20.0, "south": 80.0}},
    "X1": {"text": "On Monday I ask Ana.", "self": {"0": 3, "1": 2}},
}


def draw(name, answer=None, keep=None):
    """Draw one question; what it keeps is appended to `kept`."""
    kept = []
    widget = item_widget(questions.item(name), answer, keep or kept.append, questions.Context(name))
    return widget, kept


def controls(widget):
    """The controls of a widget in reading order."""
    found = []
    for child in getattr(widget, "children", ()):
        found += [child] if isinstance(child, CONTROLS) else controls(child)
    return found


def press(widget, label):
    """Press the button with that label."""
    next(c for c in controls(widget) if isinstance(c, w.Button) and c.description == label).click()


def status(widget):
    """What the status line says."""
    return widget.status.value


def give(name, widget):
    """Answer a question as a learner would, control by control, as `ANSWERS` says."""
    answer, all_controls = ANSWERS[name], controls(widget)
    if name == "P1":
        all_controls[0].value = answer["choice"]
    elif name in ("P2", "G1"):
        all_controls[0].value = answer["value"]
        press(widget, "Keep this answer")
    elif name == "N1":
        all_controls[0].value = answer["text"]
    elif name == "T1":
        for label in ("accepted by sales", "÷", "marketing qualified"):
            press(widget, label)
    elif name == "W1":
        for group, option in zip(all_controls, answer["parts"].values(), strict=True):
            group.value = option
    elif name == "O1":
        for row, place in zip(all_controls, (2, 1, 3), strict=True):
            row.value = str(place)
    elif name in ("M1", "S1", "K1"):
        for row, option in zip(all_controls, answer["rows"].values(), strict=True):
            row.value = option
    elif name == "C1":
        for gap, option in zip(all_controls, answer["parts"].values(), strict=True):
            gap.value = option
    elif name == "H3":
        all_controls[0].value = answer["picked"][0]
    elif name == "H2":
        for place in (0, 1, 3):
            all_controls[place].value = True
    elif name == "R1":
        widget.rows[0].column.value = "kind"
        for option in ("cafe", "salon"):
            widget.rows[0].boxes[option].value = True
        widget.rows[1].column.value = "cases"
        widget.rows[1].test.value = "at_most"
        widget.rows[1].number_box.value = 9
    elif name == "A1":
        all_controls[0].value, all_controls[2].value = 20, 80
        press(widget, "Keep this answer")
    elif name == "H1":
        all_controls[0].value = all_controls[2].value = True
    elif name == "B1":
        all_controls[0].value, all_controls[1].value = answer["best"], answer["worst"]
    elif name == "X1":
        all_controls[0].value = answer["text"]
        press(widget, "Keep this answer")
        for row, level in zip(controls(widget)[2:], (3, 2), strict=True):
            row.value = str(level)


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_kept_has_the_contracts_shape(name):
    """Answering a question keeps exactly the JSON that scoring reads, and the status line says so."""
    widget, kept = draw(name)
    assert kept == [], "drawing a question must not answer it"
    give(name, widget)
    assert kept[-1] == ANSWERS[name]
    assert "Kept at" in status(widget) and 'role="status"' in status(widget)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_kept_answer_is_restored_without_being_kept_again(name):
    """Running the cell again shows the kept answer; giving the same answer over it leads to the same controls."""
    restored, kept = draw(name, ANSWERS[name])
    assert kept == []
    assert "Kept" in status(restored)
    fresh, _ = draw(name)
    give(name, fresh)
    values = [[getattr(c, "value", None) for c in controls(x)] for x in (restored, fresh)]
    assert values[0] == values[1]


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize(
    "junk",
    [
        {},
        {"choice": "gone", "value": "many", "text": 7, "formula": ["gone", 3, None], "parts": {"where": "gone"}},
        {"position": {"trial": 99, "won": True}, "rows": {"tom": "gone"}, "picked": ["gone"], "best": "gone"},
        {"value": float("nan"), "parts": [], "rows": 1, "position": "x", "picked": {}, "self": {"0": 9}},
        {"rules": [{"column": ["kind"], "value": {}}, 7], "plan": {"north": "all", "south": float("inf")}},
        {"rows": {"tom": ["a list"]}, "choice": {"a": 1}, "best": ["x"], "self": [1], "formula": "won"},
    ],
)
def test_a_damaged_kept_answer_draws_an_open_question(name, junk):
    """A kept file of an older lesson, or one edited by hand, never breaks the drawing and answers nothing."""
    widget, kept = draw(name, junk)
    assert kept == []
    assert "Kept" not in status(widget)


def test_a_matrix_says_how_many_rows_are_open():
    """Half a matrix is kept, and the line says what is missing."""
    widget, kept = draw("K1")
    controls(widget)[1].value = "can"
    assert kept == [{"rows": {"clock": "can"}}] and "1 of 2 rows still open" in status(widget)


def test_exactly_one_is_chosen_by_radio_buttons():
    """Where one is asked for nobody can tick two: one named group, and a new choice takes the place of the old."""
    widget, kept = draw("H3")
    (group,) = controls(widget)
    assert isinstance(group, w.RadioButtons) and group.description
    group.value = "o1"
    group.value = "o4"
    assert kept == [{"picked": ["o1"]}, {"picked": ["o4"]}]


@pytest.mark.parametrize("name", ["P2", "G1"])
def test_the_start_of_a_slider_is_no_answer(name):
    """Only the button keeps a slider's value: neither its start nor moving it does."""
    widget, kept = draw(name)
    slider = controls(widget)[0]
    slider.value = 20
    assert kept == []
    assert "not kept yet" in status(widget)
    press(widget, "Keep this answer")
    assert kept == [{"value": 20.0}]
    slider.value = 21
    assert len(kept) == 1
    assert "The answer you kept before still counts" in status(widget)


def test_the_start_of_a_slider_can_be_kept_on_purpose():
    """Whoever agrees with the start presses the button and has answered."""
    widget, kept = draw("G1")
    press(widget, "Keep this answer")
    assert kept == [{"value": 5.0}]


@pytest.mark.parametrize("name", ["P2", "G1"])
def test_slider_and_number_box_show_the_same(name):
    """Sliding moves the number, typing moves the slider; binary remainders are rounded to the step."""
    widget, kept = draw(name)
    slider, box = controls(widget)[:2]
    slider.value = 14.299999999
    assert box.value == 14.3
    box.value = 7.5
    assert slider.value == 7.5
    press(widget, "Keep this answer")
    assert kept == [{"value": 7.5}]


def test_a_target_says_live_what_comes_of_it_as_plain_text():
    """The outcome follows the slider, and its text is escaped."""
    widget, _ = draw("G1")
    controls(widget)[0].value = 12
    assert "Profit: 120 &lt;€&gt;" in widget.outcome.value


def test_text_that_was_changed_after_keeping_says_so():
    """The kept text stays the answer until the button is pressed again; going back to it needs no keeping."""
    widget, kept = draw("X1", {"text": "One."})
    widget.box.value = "One. Two."
    assert "not kept yet" in status(widget) and kept == []
    widget.box.value = "One."
    assert "not kept yet" not in status(widget)


def test_words_are_counted_live_against_the_limit():
    """The limit of twelve words is counted while typing, and one too many is said in words."""
    widget, _ = draw("X1")
    widget.box.value = "one two  three\nfour"
    assert "4 of 12 words" in widget.count.value
    widget.box.value = "word " * 13
    assert "13 of 12 words: 1 too many" in widget.count.value


def test_exemplars_and_self_rating_appear_only_after_the_own_answer():
    """Nobody reads the model answers before writing their own."""
    widget, kept = draw("X1")
    assert widget.review.children == ()
    press(widget, "Keep this answer")
    assert kept == [] and widget.review.children == (), "an empty answer is none"
    widget.box.value = "I call Ana."
    press(widget, "Keep this answer")
    shown = " ".join(child.value for child in widget.review.children if isinstance(child, w.HTML))
    assert "Level 3 of 3" in shown and "five leads" in shown
    scale = [text for text, level in next(iter(widget.ratings.values())).options if level]
    assert f"Level {scale[3]}" in shown, "the examples stand on the scale on which the own answer is rated"
    assert kept == [{"text": "I call Ana.", "self": {}}]


def test_exactly_so_many_ticks_are_counted():
    """Two of three are kept as unfinished, four as too many, three as done."""
    widget, kept = draw("H2")
    boxes = controls(widget)
    boxes[0].value = boxes[1].value = True
    assert "2 of 3 ticked. Tick 1 more." in status(widget) and kept[-1] == {"picked": ["d1", "d2"]}
    boxes[2].value = boxes[3].value = True
    assert "4 of 3 ticked. Take 1 away" in status(widget)
    boxes[0].value = False
    assert "3 of 3 ticked. Now check it." in status(widget)


def test_a_claim_is_read_as_a_sentence_while_it_grows():
    """Open gaps are lines; the sentence is plain text, so nothing of it is run as markup."""
    widget, _ = draw("C1")
    assert "The gap is ____, and that ____ show" in widget.sentence.value and "&lt;really&gt;" in widget.sentence.value
    controls(widget)[0].value = "points"
    assert "The gap is 27 points, and that ____ show" in widget.sentence.value
    assert "1 of 2 gaps still open" in status(widget)


def test_a_rule_shows_what_it_picks_beside_todays_rule():
    """Today's rule stands in the table from the start; an unfinished row is named, a whole rule is read in words."""
    widget, kept = draw("R1")
    assert (
        "Today&#x27;s rule: Cases a month at least 12" in widget.effect.value and "Your rule" not in widget.effect.value
    )
    widget.rows[0].column.value = "kind"
    assert "Row 1 (Kind of outlet) is open: tick at least one." in status(widget)
    widget.rows[0].boxes["cafe"].value = True
    assert "Your rule: Kind of outlet is Café" in widget.effect.value and "12.0 %" in widget.effect.value
    widget.rows[0].column.value = "cases"
    assert kept[-1] == {"rules": [{"column": "cases", "test": "at_least", "value": 0.0}]}
    widget.rows[0].column.value = ""
    assert "still counts" in status(widget) and len(kept) == 3


def test_a_plan_that_does_not_add_up_is_not_kept():
    """What is left to place is counted live; the button keeps only what fits, and then says what it brings."""
    widget, kept = draw("A1")
    controls(widget)[0].value = 20
    assert "60 of 100 € placed: 40 still to place." in widget.sum.value
    press(widget, "Keep this answer")
    assert kept == [] and "Not kept. €40 is still to be placed." in status(widget)
    controls(widget)[2].value = 80
    press(widget, "Keep this answer")
    assert kept == [ANSWERS["A1"]] and "Brings €120; today&#x27;s plan €100." in status(widget)


def test_order_names_a_place_that_is_given_twice():
    """Two rows on one place are kept and flagged in words, by their texts."""
    widget, kept = draw("O1")
    rows = controls(widget)
    rows[0].value = rows[1].value = "1"
    assert kept[-1] == {"position": {"proposal": 1, "trial": 1}}
    assert "Place 1 is given 2 times: “Proposal”, “Site survey and tasting”." in status(widget)
    assert "1 of 3 rows still open" in status(widget)


def test_best_and_worst_may_not_be_the_same():
    """The same action twice is said at once."""
    widget, _ = draw("B1")
    best, worst = controls(widget)
    best.value = worst.value = "walk"
    assert "same action as best and as worst" in status(widget)


def test_tiles_are_undone_cleared_and_read_aloud():
    """The formula stands as text and in words; undo takes the last part, clear all; an empty one is not kept."""
    widget, kept = draw("T1")
    for label in ("accepted by sales", "÷", "("):
        press(widget, label)
    assert "accepted by sales ÷ (" in widget.shown.value
    assert "accepted by sales divided by open bracket" in status(widget)
    press(widget, "Undo last")
    assert kept[-1] == {"formula": ["accepted", "÷"]}
    count = len(kept)
    press(widget, "Clear")
    assert len(kept) == count
    assert "still counts" in status(widget)


def test_tiles_never_say_whether_the_formula_is_right():
    """A right and a wrong formula get the same words but for the formula itself."""
    said = []
    for first, last in (("accepted by sales", "marketing qualified"), ("all leads", "marketing qualified")):
        widget, _ = draw("T1")
        for label in (first, "÷", last):
            press(widget, label)
        said.append(status(widget).split(". ", 1)[1].replace(first, "FIRST"))
    assert said[0] == said[1]


@pytest.mark.parametrize("name", ANSWERS)
def test_every_control_has_a_name_of_its_own(name):
    """No control without a label; no two with the same one; the number box beside a slider is named after it."""
    widget, _ = draw(name, ANSWERS[name])
    names = []
    for control in controls(widget):
        assert control.description.strip(), f"{control!r} has no visible label"
        named_by_tooltip = {"of-named", "of-typed"} & set(control._dom_classes)
        assert control.tooltip, f"{control.description} has no tooltip"
        names.append(control.tooltip if named_by_tooltip else control.description)
    assert len(set(names)) == len(names)
    assert not any(len(text) == 1 and not text.isalnum() for text in names), "a sign is no name"


@pytest.mark.parametrize("name", ANSWERS)
def test_the_tab_key_follows_the_reading_order(name):
    """Controls stand in the page in the order of reading: nothing sets its own place in the order of the Tab key."""
    widget, _ = draw(name, ANSWERS[name])
    assert all(control.tabbable is None for control in controls(widget))
    order = [type(control).__name__ for control in controls(widget)]
    expected = {
        "P2": ["FloatSlider", "BoundedFloatText", "Button"],
        "G1": ["FloatSlider", "BoundedFloatText", "Button"],
        "X1": ["Textarea", "Button", "Dropdown", "Dropdown"],
        "R1": ["Dropdown", *["Checkbox"] * 3, "Dropdown", "Dropdown", "BoundedFloatText"],
        "A1": [*["FloatSlider", "BoundedFloatText"] * 2, "Button"],
        "T1": ["Button"] * 12,
    }
    assert order == expected.get(name, order)
    below = [child for child in widget.children if child is widget.status or child is getattr(widget, "review", None)]
    assert below[0] is widget.status, "the status line stands under the controls, before what keeping brings up"


def test_a_full_disk_is_said_where_the_learner_looks():
    """A Problem while keeping stands in the status line, escaped, and the question can be answered again."""

    def refuse(_answer):
        raise Problem("answers.json cannot be written: <read-only>.")

    widget, _ = draw("N1", keep=refuse)
    controls(widget)[0].value = "5"
    assert "Not kept. answers.json cannot be written: &lt;read-only&gt;." in status(widget)
    text, _ = draw("X1", keep=refuse)
    text.box.value = "One."
    press(text, "Keep this answer")
    assert text.review.children == () and text.kept == ""


def test_an_unknown_question_type_names_the_known_ones():
    """A lesson with a type from the future fails with a sentence, not a KeyError."""
    item = questions.Item("sample", "Z9", {"type": "essay"})
    with pytest.raises(Problem, match=r'sample/Z9: there is no question type "essay"\. Known: predict'):
        item_widget(item, None, print, None)
