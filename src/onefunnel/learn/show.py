"""Putting results on the page: as HTML in a notebook, as text anywhere else. All texts are escaped here."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from onefunnel.learn import numbers, tiles
from onefunnel.learn.identity import grading
from onefunnel.learn.scoring import outcomes
from onefunnel.learn.scoring.choices import options, rows

if TYPE_CHECKING:
    from onefunnel.learn.items import Item
    from onefunnel.learn.world import World

_BOLD = re.compile(r"\*\*(.+?)\*\*")
LONGEST = 6_000  # characters of a written answer that are drawn


def say(text: str, mark: str = "", markdown: bool = False) -> None:
    """Show a text: `mark` ("✔ Right.") in bold before it. Outside IPython it is printed."""
    from IPython import get_ipython
    from IPython.display import display

    plain = f"{mark} {text}".strip() if markdown else f"{mark} {unmarked(text)}".strip()
    if get_ipython() is None:
        print(plain)
    elif markdown:
        display({"text/markdown": plain, "text/plain": plain}, raw=True)
    else:
        display({"text/html": as_html(text, mark), "text/plain": plain}, raw=True)


def live() -> bool:
    """Tell whether somebody learns in a notebook: what a cell draws there can still change."""
    from IPython import get_ipython

    return get_ipython() is not None and not grading()


def markdown(text: str) -> dict[str, Any]:
    """Return Markdown as one output of an Output widget."""
    return {"output_type": "display_data", "data": {"text/markdown": text, "text/plain": text}, "metadata": {}}


def first_guess(item_id: str) -> str:
    """Return the HTML that stands where something waits for a prediction."""
    return as_html(f"Make your prediction ({item_id}) at the top; then it opens here.", "First guess, then look.")


def as_html(text: str, mark: str = "") -> str:
    """Return one paragraph of HTML, safe to show whatever the text is; of Markdown only **bold** is known."""
    bold = f"<strong>{html.escape(mark)}</strong> " if mark else ""
    body = _BOLD.sub(r"<strong>\1</strong>", html.escape(text)).replace("\n", "<br>")
    return f'<p role="status">{bold}{body}</p>'


def unmarked(text: str) -> str:
    """Return a text without the marks of **bold**, for places that show plain text only."""
    return _BOLD.sub(r"\1", text)


def literal(text: str) -> str:
    """Return a text on one line that Markdown shows as it stands: no link, picture, heading or table comes of it."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]()<>|#!~&$" else sign for sign in " ".join(text.split()))


def as_text(item: Item, answer: Mapping[str, Any] | None, world: World) -> str:
    """Write an answer so that a person who grades can read it; "none yet" without one. Never raises."""
    if not answer:
        return "none yet"
    return _WRITERS[item.type](item, answer, world) or "none that can be read"


def _predict(item: Item, answer: Mapping[str, Any], world: World) -> str:
    return _slider(item, answer, world) if "slider" in item.spec else _pick(answer.get("choice"), options(item, world))


def _slider(item: Item, answer: Mapping[str, Any], world: World) -> str:
    slider = item.spec.get("slider") or {}
    value = numbers.as_float(answer.get("value")) / item.slider_scale
    return numbers.show(value, slider.get("unit", item.unit)) if math.isfinite(value) else ""


def _number(item: Item, answer: Mapping[str, Any], world: World) -> str:
    return _text_of(answer.get("text"), 80)


def _tiles(item: Item, answer: Mapping[str, Any], world: World) -> str:
    formula = answer.get("formula")
    labels = {token["id"]: token["label"] for token in item.spec["tokens"]}
    known = [tile for tile in formula if isinstance(tile, str)][: tiles.LONGEST] if isinstance(formula, list) else []
    spelled = tiles.spell([tile[:40] for tile in known], labels)
    try:
        value = tiles.evaluate(tiles.parse(known, list(labels)), world.token_values(item))
    except tiles.Broken:
        return spelled
    return f"{spelled} = {world.show(item, value)}"


def _two_tier(item: Item, answer: Mapping[str, Any], world: World) -> str:
    said = _table(answer.get("parts"))
    picks = [
        (part["prompt"], _pick(said.get(part["id"]), options(item, world, part["id"]))) for part in item.spec["parts"]
    ]
    return "\n".join(f"{prompt} {pick or '–'}" for prompt, pick in picks) if any(pick for _, pick in picks) else ""


def _claim(item: Item, answer: Mapping[str, Any], world: World) -> str:
    said = _table(answer.get("parts"))
    picks = {part["id"]: _pick(said.get(part["id"]), options(item, world, part["id"])) for part in item.spec["parts"]}
    return sentence(item, picks) if any(picks.values()) else ""


def sentence(item: Item, picks: Mapping[str, str]) -> str:
    """Return a claim's sentence with what was chosen in its gaps; an open gap is a line."""
    text = str(item.spec["sentence"])
    for gap, words in picks.items():
        text = text.replace(f"{{{gap}}}", words or "____")
    return text


def _order(item: Item, answer: Mapping[str, Any], world: World) -> str:
    said = _table(answer.get("position"))
    placed = [(said[row], text) for row, text in rows(item, world) if type(said.get(row)) is int]
    return "\n".join(f"{str(place)[:6]}. {text}" for place, text in sorted(placed))


def _match(item: Item, answer: Mapping[str, Any], world: World) -> str:
    said, offered = _table(answer.get("rows")), options(item, world)
    picks = [(text, _pick(said.get(row), offered)) for row, text in rows(item, world)]
    return "\n".join(f"{text} → {pick or '–'}" for text, pick in picks) if any(pick for _, pick in picks) else ""


def _hotspot(item: Item, answer: Mapping[str, Any], world: World) -> str:
    picked = answer.get("picked")
    return ", ".join(text for option, text in options(item, world) if isinstance(picked, list) and option in picked)


def _rules(item: Item, answer: Mapping[str, Any], world: World) -> str:
    try:
        return outcomes.rule_in_words(item, outcomes.read_rule(item, answer.get("rules")))
    except outcomes.Unfinished as problem:
        return f"not finished: {problem}"


def _allocate(item: Item, answer: Mapping[str, Any], world: World) -> str:
    said = _table(answer.get("plan"))
    amounts = {place.text: numbers.as_float(said.get(place.id)) for place in outcomes.places(item, world)}
    return "\n".join(
        f"{text}: {numbers.show(amount, item.unit)}" for text, amount in amounts.items() if math.isfinite(amount)
    )


def _best_worst(item: Item, answer: Mapping[str, Any], world: World) -> str:
    offered = options(item, world)
    best, worst = _pick(answer.get("best"), offered), _pick(answer.get("worst"), offered)
    return f"Best: {best or '–'}\nWorst: {worst or '–'}" if best or worst else ""


def _free(item: Item, answer: Mapping[str, Any], world: World) -> str:
    marks = _table(answer.get("self"))
    rated = ((row, marks.get(str(place))) for place, row in enumerate(item.spec.get("rubric") or ()))
    review = [f"{row}: {mark} of 3" for row, mark in rated if type(mark) is int and 0 <= mark <= 3]
    said = _text_of(answer.get("text"), LONGEST)
    return "\n".join([said, *(["Own review. " + "; ".join(review)] if said and review else [])])


def _pick(said: object, offered: list[tuple[str, str]]) -> str:
    return next((text for option, text in offered if option == said), "")


def _table(said: object) -> Mapping[str, Any]:
    return said if isinstance(said, Mapping) else {}


def _text_of(said: object, longest: int) -> str:
    if not isinstance(said, str):
        return ""
    return said.strip() if len(said) <= longest else said[:longest].strip() + " … (cut)"


_WRITERS = {
    "predict": _predict,
    "number": _number,
    "tiles": _tiles,
    "two_tier": _two_tier,
    "order": _order,
    "claim": _claim,
    "match": _match,
    "sort": _match,
    "matrix": _match,
    "hotspot": _hotspot,
    "target": _slider,
    "best_worst": _best_worst,
    "rules": _rules,
    "allocate": _allocate,
    "text": _free,
}
