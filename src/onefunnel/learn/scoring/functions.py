"""A short function that the learner wrote: called with plain tables, compared as plain values."""

from __future__ import annotations

import contextlib
import io
import traceback
import types
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from onefunnel.learn.scoring.plain import NotPlain, plain, same
from onefunnel.learn.scoring.verdict import Verdict, right, unanswered, wrong
from onefunnel.learn.world import Call

if TYPE_CHECKING:
    from onefunnel.learn.items import Item
    from onefunnel.learn.world import World


class Broke(NamedTuple):
    """What stopped a learner's function, in plain words."""

    why: str
    unfinished: bool = False


def function(item: Item, code: object, world: World) -> Verdict:
    """Compare a learner's function with the right one on every call that the item lists (on the learner's book)."""
    name, value = item.spec["function"]["name"], item.spec["value"]
    if not callable(code):
        return unanswered(f'hand over the function itself, without brackets: check("{item.id}", {name}).')
    where, truth = value.get("on"), world.call(value)
    calls = [
        Call(truth.compute, call.get("inputs") or (), call.get("arguments") or {})
        for call in item.spec["function"]["calls"]
    ]
    given = [run(code, world.inputs(call.inputs, where), dict(call.arguments)) for call in calls]
    broke = next((result for result in given if isinstance(result, Broke)), None)
    if broke:
        return unanswered(broke.why) if broke.unfinished else Verdict("wrong", 0.0, None, broke.why)
    if all(result is None for result in given):
        return unanswered(f"{name} gives nothing back yet. End it with a line that begins with “return”.")
    expected = [plain(world.run(call, where)) for call in calls]
    slack = 0.0 if item.unit == "count" else 0.5 * 10.0**-item.decimals / (100 if item.unit == "percent" else 1)
    if _all_same(given, expected, slack):
        return right(item, world.show(item, world.number(item)))
    if item.unit == "percent" and _all_same([_hundredth(result) for result in given], expected, slack):
        return unanswered("the digits are right, but a share is asked for: give 0.5, not 50.")
    shown = _misconception(item, given, calls, where, world, slack)
    first = next(i for i, pair in enumerate(zip(given, expected, strict=True)) if not same(*pair, slack))
    called = ", ".join(f"{key}={value!r}" for key, value in calls[first].arguments.items())
    return wrong(item, shown, world, f"{name}({called}) gives {_short(given[first])}, which does not fit the tables.")


def run(code: Callable[..., Any], positional: Sequence[Any], named: dict[str, Any]) -> Any:
    """Call a learner's function and return its plain result, or what stopped it.

    Nothing it warns of or writes to stderr gets out: nbgrader gives no points for a check cell with any stderr.
    """
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            return plain(code(*positional, **named))
    except NotPlain as problem:
        return Broke(f"your function should give plain values (a number, a list, a table), but {problem}.")
    except NotImplementedError:
        return Broke("the function is not written yet.", unfinished=True)
    except KeyboardInterrupt:
        raise  # the stop button, or the grader's time limit
    except BaseException as error:  # also SystemExit: nothing a learner's function raises may end the check
        return Broke(_told(code, error))


def _told(code: object, error: BaseException) -> str:
    """Name the error's type, its text and the learner's line, without trusting either object."""
    kind, text = "an error", ""
    with contextlib.suppress(Exception):
        kind = str(type(error).__name__)
        text = " ".join(str(error).split())[:160]
    file = code.__code__.co_filename if type(code) is types.FunctionType else None
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == file]
    where = f" in line {lines[-1]} of its cell" if lines else ""
    meaning = _MEANINGS.get(kind, "")
    return f"your function stopped{where} with {kind}{': ' + text if text else ''}.{meaning}"


def _misconception(
    item: Item, given: list, calls: list[Call], where: str | None, world: World, slack: float
) -> str | None:
    """Return the named wrong way that gives the same on every call."""
    for name, known in world.wrong_calls(item).items():
        alike = [
            call._replace(compute=known.compute, arguments={**known.arguments, **call.arguments}) for call in calls
        ]
        try:
            theirs = [plain(world.run(call, where)) for call in alike]
        except TypeError:  # this wrong way takes other arguments; only the tiles can show it
            continue
        if _all_same(given, theirs, slack):
            return name
    return None


def _all_same(given: list, expected: list, slack: float) -> bool:
    return all(same(mine, theirs, slack) for mine, theirs in zip(given, expected, strict=True))


def _hundredth(value: Any) -> Any:
    return value / 100 if type(value) in (int, float) else value


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    text = repr(value) if type(value) in (int, float, str, bool) else f"{type(value).__name__.lower()} of values"
    return text if len(text) <= 60 else text[:57] + "…"


_MEANINGS = {
    "KeyError": " It asks for a name that is not there: compare it with the column names.",
    "NameError": " It uses a name that nothing has been given yet: check the spelling.",
    "TypeError": " It was called with other inputs than it takes, or mixes kinds of values.",
    "RecursionError": " It calls itself without end.",
    "ZeroDivisionError": " Something is divided by zero.",
    "SystemExit": " Leave exit() and quit() out.",
}
