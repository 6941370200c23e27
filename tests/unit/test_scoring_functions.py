"""The code twin of tiles: a function called with plain tables. Broken or cheating functions never end the check."""

import contextlib
import io
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from learn_world import item, world

from onefunnel.learn.scoring import score
from onefunnel.learn.scoring.plain import NotPlain, plain, same

WORLD = world()


def verdict(code, answer=None, where=WORLD):
    return score(item("T1"), answer, where, code)


def reached(stage_history, steps, step):
    later = list(steps)[list(steps).index(step) :]
    return stage_history[stage_history.step_id.isin(later)].opp_id.nunique()


def by_row(stage_history, steps, step):
    return int(stage_history.loc[stage_history.step_id == step, "opp_id"].nunique())


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 1

    def __float__(self):
        return 3.0


class SlyInt(int):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 1


def test_the_right_function_is_right_on_both_books():
    """It is computed from the tables it is given, so it holds on the second book too."""
    assert verdict(reached).status == "right"
    assert verdict(reached, where=WORLD.swapped()).status == "right"
    assert verdict(lambda *a, **k: np.int64(reached(*a, **k))).status == "right"


def test_a_named_mistake_is_recognised():
    """Counting only rows of the step itself is the playbook's `skips_dropped`."""
    found = verdict(by_row)
    assert (found.status, found.misconception) == ("wrong", "skips_dropped")
    assert found.message == "You left out deals that jumped over this step."


def test_constants_fail_on_another_call_or_book():
    """3 is right for the trial, not for the proposal (2); a table by step is right here, wrong on the second book."""
    assert verdict(lambda h, s, step: 3).status == "wrong"
    learnt = {"trial": 3, "proposal": 2}
    assert verdict(lambda h, s, step: learnt[step]).status == "right"
    assert verdict(lambda h, s, step: learnt[step], where=WORLD.swapped()).status == "wrong"


def test_the_message_shows_the_learners_number_never_the_right_one():
    """A wrong function is told what it gives."""
    message = verdict(lambda h, s, step: 77).message
    assert "reached(step='trial') gives 77" in message and "3" not in message


def test_no_object_is_trusted_to_compare_itself():
    """Objects that equal everything are not plain values."""
    for sly in (AlwaysEqual(), SlyInt(3), [AlwaysEqual()], {"a": AlwaysEqual()}):
        found = verdict(lambda h, s, step, sly=sly: sly)
        assert found.status == "wrong" and "plain values" in found.message


def test_an_exception_names_its_kind_and_line():
    """A stop inside the function is told in plain words, with the line of the learner's cell."""
    source = "def reached(stage_history, steps, step):\n    x = 1\n    return stage_history['nothing']\n"
    cell = {}
    exec(compile(source, "<cell>", "exec"), cell)
    found = verdict(cell["reached"])
    assert found.status == "wrong"
    assert "line 3 of its cell with KeyError" in found.message and "column names" in found.message


def endless(stage_history, steps, step):
    return endless(stage_history, steps, step)


class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no text for you")


def stop(error):
    def function(stage_history, steps, step):
        raise error

    return function


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (endless, "RecursionError"),
        (stop(SystemExit(0)), "exit()"),
        (stop(ZeroDivisionError("division by zero")), "ZeroDivisionError: division by zero"),
        (stop(Mute()), "Mute"),
        (stop(MemoryError()), "MemoryError"),
        (lambda: 3, "TypeError"),
    ],
)
def test_whatever_a_function_raises_is_a_plain_miss(code, said):
    """Endless recursion, exit(), errors without a text: one sentence each."""
    found = verdict(code)
    assert found.status == "wrong" and said in found.message


def test_the_stop_button_still_stops():
    """An interrupt (or the grader's time limit) goes through."""
    with pytest.raises(KeyboardInterrupt):
        verdict(stop(KeyboardInterrupt()))


def test_an_unfinished_function_is_unanswered():
    """The stub, a NotImplementedError and a call instead of a function are no miss."""
    assert verdict(lambda h, s, step: None).status == "unanswered"
    assert verdict(stop(NotImplementedError())).status == "unanswered"
    assert 'check("T1", reached)' in verdict(3).message and verdict(3).status == "unanswered"


def test_nothing_reaches_stderr():
    """Warnings and stderr of the learner's function cost points in nbgrader, so they are kept inside."""

    def noisy(stage_history, steps, step):
        warnings.warn("old pandas", stacklevel=1)
        print("debug", file=sys.stderr)
        print("fine")
        return reached(stage_history, steps, step)

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stderr(err), contextlib.redirect_stdout(out):
        assert verdict(noisy).status == "right"
    assert err.getvalue() == "" and "fine" in out.getvalue()


def test_a_function_that_changes_its_tables_changes_nothing_else():
    """Each call gets copies."""

    def destroys(stage_history, steps, step):
        count = reached(stage_history, steps, step)
        stage_history.drop(stage_history.index, inplace=True)
        return count

    assert verdict(destroys).status == "right"
    assert len(WORLD.book["stage_history"]) == 10


def test_tiles_or_code_either_is_enough():
    """Right tiles carry wrong code and the other way round; wrong tiles do not hide the code's own sentence."""
    good, bad = {"formula": ["with_row", "+", "skipped"]}, {"formula": ["rows"]}
    assert verdict(by_row, good).status == "right"
    assert verdict(reached, bad).status == "right"
    assert verdict(by_row, bad).misconception == "skips_dropped"
    assert verdict(lambda h, s, step: None, bad).misconception == "counts_twice"


# --- plain values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mine", "right", "alike"),
    [
        (0.3334, 1 / 3, True),
        (0.34, 1 / 3, False),
        (3, 3, True),
        (4, 3, False),
        (3.0, 3, True),
        (float("nan"), float("nan"), True),
        (0, float("nan"), False),
        (float("inf"), 1.0, False),
        (True, 1, False),
        ("a", "a", True),
        ("A", "a", False),
        ([1, 2], (1, 2), True),
        ([2, 1], [1, 2], False),
        ([2, 1, 1], {1, 2}, True),
        ({1, 3}, {1, 2}, False),
        (5, {5}, False),
        (pd.Series([1.0, 2.0], ["a", "b"]), pd.Series([2.0, 1.0], ["b", "a"]), True),
        (pd.Series([2.0, 1.0], ["a", "b"]), pd.Series([2.0, 1.0], ["b", "a"]), False),
        ({"a": 1.0, "b": 2.0}, pd.Series([2.0, 1.0], ["b", "a"]), True),
        ([1.0, 2.0], pd.Series([1.0, 2.0], ["a", "b"]), True),
        (np.array([1, 2]), [1, 2], True),
        (pd.Series(["x", None]).isna(), [False, True], True),
        (pd.DataFrame({"b": [2], "a": [1]}), pd.DataFrame({"a": [1], "b": [2]}), True),
        (pd.DataFrame({"a": [1]}), pd.DataFrame({"a": [1, 2]}), False),
        (pd.Timestamp("2026-01-01"), pd.Timestamp("2026-01-01").date(), True),
        (pd.Categorical(["x"]), ["x"], True),
        (None, 3, False),
        (10**400, 3, False),
    ],
)
def test_plain_values_compare_as_a_person_would(mine, right, alike):
    """Numbers within the tolerance, labels by name, sets without order; never a type that only claims to be equal."""
    assert same(plain(mine), plain(right)) is alike


@pytest.mark.parametrize("strange", [object(), AlwaysEqual(), print, [[[[[[[[1]]]]]]]], range(10**9), 1j])
def test_what_is_no_plain_value_is_refused(strange):
    """Objects, functions, deep nests, endless ranges."""
    with pytest.raises(NotPlain):
        plain(strange)
