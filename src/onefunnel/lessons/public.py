"""What anybody may read of a lesson: its prose, and its questions as they are asked.

Whatever goes out is named here, field by field; nothing is copied whole and then cut. So a key, a hint, a worked row,
an example answer, a variant or a solution of code cannot slip out with a new field. Choices come in alphabetical
order, because authors write the right one first, or the best five in their order. A test's questions never go out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from onefunnel.lessons.items_chosen import SLOT, BestWorst, Claim, Hotspot, Match, Order, Sort, TwoTier
from onefunnel.lessons.items_computed import FreeText, Number, Predict, Target, Tiles
from onefunnel.lessons.items_decided import Allocate, Rules
from onefunnel.lessons.lesson import Ask, Lesson
from onefunnel.lessons.specs import Slider

if TYPE_CHECKING:
    from onefunnel.playbook import Playbook

UNITS = {
    "percent": "per cent",
    "eur": "euros",
    "eur_per_day": "euros a day",
    "days": "days",
    "hours": "hours",
    "minutes": "minutes",
    "ratio": "times",
    "cases": "cases",
}
Lists = list[tuple[str, list[str]]]  # (heading, choices)


def parts(lesson: Lesson, playbook: Playbook) -> list[dict[str, Any]]:
    """Return the lesson from top to bottom; each part has a `kind`.

    prose {text: Markdown} · exploration {name, about} · written {points} ·
    question {id, title, prompt: Markdown, lists: [[heading, [choice]]], how, points, stretch, code}.
    """
    if lesson.front is None or lesson.front.kind != "lesson":
        return []
    return list(_parts(lesson, playbook))


def _parts(lesson: Lesson, playbook: Playbook) -> Iterator[dict[str, Any]]:
    from onefunnel.learn.widgets import WIDGETS  # here, because drawing libraries take a second to import

    for cell in lesson.cells:
        name = cell.tag("ask")
        if cell.tag("written") is not None:
            yield {"kind": "written", "points": lesson.written[cell.tag("written") or ""].points}
        elif cell.kind == "markdown" and cell.text.strip():
            yield {"kind": "prose", "text": cell.text.strip()}
        elif cell.tag("widget") is not None:
            yield {"kind": "exploration", "name": cell.tag("widget"), "about": WIDGETS[cell.tag("widget") or ""]}
        elif name is not None:
            yield _question(name, lesson, playbook)


def _question(name: str, lesson: Lesson, playbook: Playbook) -> dict[str, Any]:
    ask, check = lesson.asks[name], lesson.checks.get(name)
    lists, how = ASKED[type(ask.model)](ask, playbook)
    return {
        "kind": "question",
        "id": name,
        "title": ask.model.title,
        "prompt": ask.model.prompt,
        "lists": lists,
        "how": how,
        "points": check.points if check else 0,
        "stretch": ask.model.stretch,
        "code": name in lesson.answers,
    }


# --- one function a type: (lists of choices, how it is answered) ---------------------------------------------------


def _predict(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    how = "A guess, without points. The end of the lesson puts it beside the result."
    if model.slider:
        return [], f"{_range(model.slider)} {how}"
    return [("Choose one", [option.text for option in model.options])], how  # nothing is keyed, so the order stays


def _number(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    return [], f"Answer with one number{_measured(model.unit)}."


def _tiles(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    return [
        ("Tiles", _mixed(model.tokens, "label"))
    ], f"Build the formula from tiles, + − × ÷ and brackets. The result is a number{_measured(model.unit)}."


def _target(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    return [], f"{_range(model.slider)} Beside it you read: {model.outcome.label.lower()}."


def _two_tier(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    return [(part.prompt, _mixed(part.options)) for part in model.parts], "Points only for all parts together."


def _claim(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    prompts = {part.id: part.prompt for part in model.parts}
    sentence = SLOT.sub(lambda gap: f"[{prompts[gap[1]]}]", model.sentence)
    return [(part.prompt, _mixed(part.options)) for part in model.parts], f"Fill the gaps of the sentence: “{sentence}”"


def _order(ask: Ask, playbook: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    rows = [step.name for step in playbook.steps] if model.rows_from else [row.text for row in model.rows]
    return [("To put in order", _sorted(rows))], "Give each its place."


def _match(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    return [
        *_rows(model.rows),
        ("Choices", _mixed(model.options)),
    ], "Give each row its choice. Some choices are left over."


def _sort(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    return [*_rows(model.rows), ("Groups", _mixed(model.options))], "Give each row its group."


def _hotspot(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    how = f"Pick exactly {model.choose}." if model.choose else "Pick all that fit."
    if model.options is None:
        whose = "your own accounts and deals" if model.options_from.on == "book" else "the company's tables"
        return [], f"{how} The choices come from {whose}."
    return [("Choices", _mixed(model.options))], how


def _best_worst(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    return [("Five answers", _mixed(model.options))], "Pick the best and the worst."


def _rules(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    how = f"Build a rule of at most {model.max_rows} conditions. It is judged on outlets that you have not seen."
    return [("What a condition may look at", _mixed(model.columns))], how


def _allocate(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    how = f"Share out {model.total:,.0f} {_unit(model.unit)}, all of it. You are judged by what your plan brings."
    return _rows(model.rows), how


def _text(ask: Ask, _: Playbook) -> tuple[Lists, str]:
    model: Any = ask.model
    compare = " Afterwards you compare it with a weak and a strong answer." if model.exemplars else ""
    return [], f"Answer in your own words, at most {model.max_words}.{compare}"


ASKED: dict[type, Callable[[Ask, Any], tuple[Lists, str]]] = {
    Predict: _predict,
    Number: _number,
    Tiles: _tiles,
    Target: _target,
    TwoTier: _two_tier,
    Claim: _claim,
    Order: _order,
    Match: _match,
    Sort: _sort,
    Hotspot: _hotspot,
    BestWorst: _best_worst,
    Rules: _rules,
    Allocate: _allocate,
    FreeText: _text,
}


def _rows(rows: Iterable[Any] | None) -> Lists:
    """The rows, unless they are computed for each learner."""
    return [("Rows", _mixed(rows))] if rows else []


def _mixed(options: Iterable[Any], field: str = "text") -> list[str]:
    return _sorted(getattr(option, field) for option in options)


def _sorted(texts: Iterable[str]) -> list[str]:
    """Alphabetical, numbers by their size: an order that knows nothing of the key."""
    return sorted(
        texts,
        key=lambda text: [
            (not part.isdigit(), int(part) if part.isdigit() else 0, part.lower())
            for part in re.split(r"(\d+)", text)
            if part
        ],
    )


def _range(slider: Slider) -> str:
    return f"Move the slider, from {slider.min:g} to {slider.max:g} {_unit(slider.unit)}".rstrip() + "."


def _unit(unit: str) -> str:
    return UNITS.get(unit, "")


def _measured(unit: str) -> str:
    return f", in {UNITS[unit]}" if unit in UNITS else ""
