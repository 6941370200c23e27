"""The funnel as one picture: every step a link, and its owner another, phase by phase.

Drawn twice as plain SVG (phases side by side for a wide screen, one under another for a phone); the style sheet
shows one. Links are ordinary SVG links, so keyboard, screen reader and print need no script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onefunnel.publish.text import attribute, capital

WIDE = 1180
NARROW = 328
_GAP = 20
_HEAD = 44
_CARD = 84
_ARROW = 34


@dataclass(frozen=True)
class Card:
    """One step on the map. `goes_on` is the share that reaches the next step, in words, or empty."""

    number: int
    step_id: str
    name: str
    owner: str
    owner_id: str
    function_id: str
    function: str
    goes_on: str = ""


@dataclass(frozen=True)
class Phase:
    """One column of the map."""

    name: str
    cards: Sequence[Card]


def draw(phases: Sequence[Phase], label: str) -> str:
    """Return the HTML of the map in both shapes. The hidden one is hidden for everybody, screen readers included."""
    return (
        f'<div class="of-map of-only-wide">{_wide(phases, label)}</div>\n'
        f'<div class="of-map of-only-narrow">{_narrow(phases, label)}</div>'
    )


def _wide(phases: Sequence[Phase], label: str) -> str:
    width = (WIDE - _GAP * (len(phases) - 1)) / len(phases)
    deepest = max(len(phase.cards) for phase in phases)
    parts = []
    for column, phase in enumerate(phases):
        x = column * (width + _GAP)
        parts.append(_banner(x, width, phase.name, arrow=column < len(phases) - 1))
        for row, card in enumerate(phase.cards):
            y = _HEAD + 16 + row * (_CARD + _ARROW)
            parts.append(_card(card, x, y, width - 8))
            if row < len(phase.cards) - 1:
                parts.append(_arrow(x + 22, y + _CARD))
            if card.goes_on:
                parts.append(_share(x + 48, y + _CARD, card.goes_on))
    height = _HEAD + 16 + deepest * (_CARD + _ARROW)
    return _svg(WIDE, height, label, parts)


def _narrow(phases: Sequence[Phase], label: str) -> str:
    parts, y = [], 0.0
    flat = [card for phase in phases for card in phase.cards]
    for phase in phases:
        parts.append(
            f'<text x="0" y="{y + 24:.0f}" class="of-map__phase of-map__phase--narrow">{attribute(phase.name)}</text>'
        )
        y += 38
        for card in phase.cards:
            parts.append(_card(card, 0, y, NARROW))
            y += _CARD
            if card is not flat[-1]:
                parts += [_arrow(22, y), _share(48, y, card.goes_on)]
                y += _ARROW
        y += 8
    return _svg(NARROW, y, label, parts)


def _svg(width: float, height: float, label: str, parts: Sequence[str]) -> str:
    box = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    return f'<svg {box} role="group" aria-label="{attribute(label)}">{"".join(parts)}</svg>'


def _banner(x: float, width: float, name: str, arrow: bool) -> str:
    """A phase's head: a flag that points to the next phase."""
    tip = 14 if arrow else 0
    shape = f"M{x:.1f} 0H{x + width - 8:.1f}l{tip} {_HEAD / 2}l{-tip} {_HEAD / 2}H{x:.1f}Z"
    return (
        f'<path d="{shape}" class="of-map__banner" fill="#2f241e"/>'
        f'<text x="{x + 16:.1f}" y="28" class="of-map__phase" fill="#fff">{attribute(name)}</text>'
    )


def _card(card: Card, x: float, y: float, width: float) -> str:
    words = attribute(f"Step {card.number}, {card.name}. Accountable: {card.owner}, {card.function}.")
    name, owner = attribute(_fit(card.name, width - 66, 17)), attribute(_fit(card.owner, width - 60, 14))
    kind = f"of-map__step of-map__step--{card.function_id}"
    place = f'x="{x:.1f}" y="{y:.1f}"'
    room = min(width - 56, 16 + 8 * len(card.owner))  # the owner's link is as wide as its words, and 24 px high
    return (
        f'<a href="site:steps/{card.step_id}" aria-label="{words}" class="{kind}">'
        f'<rect {place} width="{width:.1f}" height="{_CARD}" rx="6" class="of-map__card" fill="#fff" stroke="#cfc4b6"/>'
        f'<rect {place} width="6" height="{_CARD}" rx="3" class="of-map__stripe"/>'
        f'<text x="{x + 22:.1f}" y="{y + 29:.1f}" class="of-map__number">{card.number}</text>'
        f'<text x="{x + 48:.1f}" y="{y + 29:.1f}" class="of-map__name">{name}</text>'
        f'<text x="{x + 48:.1f}" y="{y + 74:.1f}" class="of-map__function">{attribute(card.function)}</text>'
        "</a>"
        f'<a href="site:roles/{card.owner_id}" aria-label="{attribute(card.owner)}" class="of-map__who">'
        f'<rect x="{x + 42:.1f}" y="{y + 36:.1f}" width="{room:.1f}" height="24" rx="4" fill="none" '
        'class="of-map__who-box"/>'
        f'<text x="{x + 48:.1f}" y="{y + 53:.1f}" class="of-map__owner">{owner}</text>'
        "</a>"
    )


def _arrow(x: float, y: float) -> str:
    path = f"M{x:.1f} {y + 5:.1f}v20m-5 -6l5 6l5 -6"
    return f'<path d="{path}" class="of-map__arrow" fill="none" stroke="#8c8279"/>'


def _share(x: float, y: float, words: str) -> str:
    """The share that goes on from a step, where the tables know it."""
    return f'<text x="{x:.1f}" y="{y + 22:.1f}" class="of-map__share">{attribute(words)}</text>' if words else ""


def _fit(words: str, room: float, size: float) -> str:
    """Shorten words that would run out of the card; the full words stand in the link's name."""
    most = int(room / (size * 0.5))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def phases_of(cards: Mapping[str, Sequence[Card]], names: Mapping[str, str]) -> list[Phase]:
    """Return the phases in the company's order, without the empty ones."""
    return [Phase(capital(name), cards[phase_id]) for phase_id, name in names.items() if cards.get(phase_id)]
