"""`check("E3", e3)`: says whether an answer is right, and if not, why not.

It returns nothing when all is right (nbgrader: full points), raises Miss or NotYet (no points), or returns a Partial,
whose number nbgrader reads as the points. It writes nothing to stderr, which would cost the points.
For a learner in a notebook it draws a line instead, which goes when the answer above it is changed or judged anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import types
from dataclasses import replace
from typing import Any

from onefunnel.errors import Problem
from onefunnel.learn.answers import Entry
from onefunnel.learn.errors import Miss, NotYet
from onefunnel.learn.hints import advice, patience
from onefunnel.learn.identity import grading
from onefunnel.learn.items import Item
from onefunnel.learn.reading import reading_only
from onefunnel.learn.scoring import Verdict, score
from onefunnel.learn.scoring.plain import NotPlain, plain
from onefunnel.learn.session import Event, Session, one_line
from onefunnel.learn.show import as_html, live, say, unmarked

FRESH = "There is a fresh version of this question: run its cell above again, then answer it."
FRESH_ABOVE = "A fresh version of this question now stands above."
RIGHT = "✔ Right."


class Partial(float):
    """Some of the points. Its repr is the number alone, for nbgrader; a page shows the reason with it."""

    def __new__(cls, points: float, most: float, reason: str) -> Partial:
        """Make `points` out of `most`, with the reason for the rest."""
        made = super().__new__(cls, round(points, 2))
        made.mark = f"Partly right: {_rounded(float(made), most)} of {most:g} points." if most else "Partly right."
        made.reason = reason
        return made

    def __repr__(self) -> str:
        """Return the number alone."""
        return f"{float(self):g}"

    def _repr_html_(self) -> str:
        return as_html(self.reason, self.mark)


class Said:
    """The line of a page that says how an answer was judged, as long as that holds."""

    def __init__(self) -> None:
        import ipywidgets as widgets

        self.line: Any = widgets.HTML()
        self.line.add_class("of-verdict")
        self._once_changed = ""

    def tell(self, item: Item, verdict: Verdict, message: str) -> None:
        """Say how the answer was judged."""
        message = message.replace(FRESH, FRESH_ABOVE)
        self.line.value = in_words(item, verdict, message)
        has_hint = verdict.status in ("wrong", "partial")
        self._once_changed = as_html(message, "Before your change:") if has_hint else ""

    def refuse(self, why: str) -> None:
        """Say why nothing was judged."""
        self.line.value, self._once_changed = as_html(f"{why} Nothing was judged.", "Not yet:"), ""

    def heard(self, event: Event) -> None:
        """Keep only the hint once the answer is changed; say nothing once somebody else has judged it."""
        if event == "judged":
            self._once_changed = ""
        self.line.value = self._once_changed


class Check:
    """Checks the answers of one lesson."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @one_line
    def __call__(self, item_id: str, code: object = None) -> Partial | None:
        """Check one question: the answer its widget kept, or `code` (number or function) where there is a code way."""
        reason = reading_only(self._session.current(item_id)[0], self._session.world)
        if reason:
            say(f"{reason} So nobody loses a point here.", mark="✔ Counted as done.")
            return None
        if self._session.is_test and grading() != "autograde":
            return self._only_whether_answered(item_id)
        if live():
            return self._draw(item_id, code)
        item, verdict, message = attempt(self._session, item_id, code)
        if verdict.status == "right":
            say(message, mark=RIGHT)
            return None
        if verdict.status == "partial":
            return Partial(verdict.share * item.points, item.points, message)
        raise (NotYet if verdict.status == "unanswered" else Miss)(unmarked(message)) from None

    def _draw(self, item_id: str, code: object) -> None:
        """Say how it stands in a line that never contradicts the question above; nothing where nothing is answered."""
        from IPython.display import display

        said = Said()
        item, verdict, message = attempt(self._session, item_id, code)
        if verdict.status != "unanswered" or _handed_over(code):
            said.tell(item, verdict, message)
        self._session.judged(item_id, by="check")
        self._session.follow(item_id, "check", said.heard)
        display(said.line)

    def _only_whether_answered(self, item_id: str) -> None:
        """Tell the Validate button whether a test's question is answered, and nothing else.

        Where the learner just runs the cells nothing is said: “not yet” would still stand there once they answered.
        """
        if not grading():
            return
        item, entry = self._session.current(item_id)
        verdict = score(item, entry.answer, self._session.world)
        if verdict.status == "unanswered":
            raise NotYet(unmarked(verdict.message)) from None
        say("Your answer is kept. The end of the test says where you stand.")

    @one_line
    def hidden(self, item_id: str, code: object = None) -> None:
        """Check a function (or formula) on another territory's book; says nothing when it holds there too."""
        item, entry = self._session.current(item_id)
        if reading_only(item, self._session.world):
            return
        elsewhere = "function" in item.spec  # a single number belongs to one book and cannot be right on another
        world = self._session.world.swapped() if elsewhere else self._session.world
        verdict = score(item, entry.answer, world, code)
        if verdict.status == "unanswered":
            raise NotYet(verdict.message) from None
        if verdict.status != "right":
            raise Miss(f"on another territory's book: {verdict.message}") from None


def attempt(session: Session, item_id: str, code: object = None) -> tuple[Item, Verdict, str]:
    """Judge one question as it stands and say what the learner is to read; outside grading this counts as a try."""
    item, entry = session.current(item_id)
    verdict = score(item, entry.answer, session.world, code)
    message = verdict.message if grading() else _learn(session, item, entry, verdict, code)
    return item, verdict, message


def in_words(item: Item, verdict: Verdict, message: str) -> str:
    """Return what a check says, as HTML, for places that draw it themselves (a widget's check button)."""
    if verdict.status == "partial":
        return Partial(verdict.share * item.points, item.points, message)._repr_html_()
    mark = {"right": RIGHT, "wrong": "Not right.", "unanswered": "Not yet:"}[verdict.status]
    return as_html(message, mark)


def _learn(session: Session, item: Item, entry: Entry, verdict: Verdict, code: object) -> str:
    """Note the attempt, count the miss, choose the hint, and move on to a fresh version where it is time."""
    if verdict.status == "unanswered":
        return verdict.message
    mark = fingerprint(entry.answer, code)
    first_time, passed = mark != entry.checked, verdict.status == "right"
    misses = entry.misses + (first_time and not passed)
    if first_time:
        session.answers.log(item, passed, verdict.misconception)
    after, fresh = replace(entry, misses=misses, checked=mark), None
    if verdict.status == "wrong" and misses >= patience(item) and item.variant + 1 < item.versions:
        fresh = item.current(item.variant + 1)
        after = Entry(item.type, variant=fresh.variant, checked=mark)
    text = verdict.message if passed else advice(item, verdict, max(misses, 1), session.world, fresh)
    if fresh:
        text = f"{text}\n{FRESH}"
    if after != entry:
        with contextlib.suppress(Problem):  # a folder that cannot be written to does not hinder checking
            session.answers.put(item, after)
    return text


def _rounded(points: float, most: float) -> str:
    """Write some of the points with one decimal: never none, never all of them."""
    shown = min(max(round(points, 1), 0.1), most - 0.1)
    return f"{shown:g}" if abs(shown - points) < 1e-9 else f"about {shown:g}"


def fingerprint(answer: object, code: object) -> str:
    """Return a short text that is the same only for the same answer: a check run twice is one attempt."""
    said = json.dumps(answer, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(f"{said}/{_written(code)}".encode("utf-8", "replace")).hexdigest()[:16]


def _handed_over(code: object) -> bool:
    """Tell whether somebody wrote code: not the empty value or the function without a line of an untouched cell."""
    if type(code) is types.FunctionType:
        return bool(code.__code__.co_names) or any(not isinstance(c, str | None) for c in code.__code__.co_consts)
    return code is not None and code is not ...


def _written(code: object) -> str:
    if code is None or code is ...:
        return ""
    if type(code) is types.FunctionType:
        return _steps(code.__code__)
    try:
        return repr(plain(code))
    except NotPlain:
        return type(code).__name__


def _steps(code: types.CodeType) -> str:
    consts = [_steps(const) if isinstance(const, types.CodeType) else repr(const) for const in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {consts}"
