"""Decision rights: who decides what, where both functions are touched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from onefunnel.publish.page import Edition, Page
from onefunnel.publish.text import box, capital, facts, lead, plain, sentence, table

if TYPE_CHECKING:
    from onefunnel.playbook.funnel import Decision

ABOUT = "Who decides what, where both functions are touched."


def pages(edition: Edition) -> Iterator[Page]:
    """Yield the one page; nothing for a company that has not written down its decisions."""
    decisions = edition.playbook.decisions
    if not decisions:
        return
    rows = [
        (f"[{plain(one.name)}](#{one.id})", _who(edition, one), sentence(plain(one.when)), _limit(one))
        for one in decisions
    ]
    parts = [
        lead("A decision without an owner is taken twice, or not at all. Each one here has one, and says what happens "
             "if there is no answer."),
        table(["Decision", "Who decides", "When", "Within"], rows),
        *(_card(edition, one) for one in decisions),
    ]  # fmt: skip
    yield Page("roles/decisions.md", "Decision rights", "\n\n".join(parts), ABOUT, hide=("toc",))


def of_role(edition: Edition, role_id: str) -> list[str]:
    """Return what a role has to do with each decision, as Markdown lines: decides, breaks the tie, is heard."""
    lines = []
    for one in edition.playbook.decisions:
        link = f"[{plain(one.name)}](site:roles/decisions#{one.id})"
        if role_id in one.decides:
            others = [edition.role(other) for other in one.decides if other != role_id]
            lines.append(link + (f", together with {' and '.join(others)}" if others else ""))
        elif role_id == one.tie:
            lines.append(f"{link}, if the others do not agree")
    return lines


def _who(edition: Edition, one: Decision) -> str:
    return " and ".join(edition.role(role) for role in one.decides) + (" together" if len(one.decides) > 1 else "")


def _limit(one: Decision) -> str:
    return one.within.words if one.within else "no limit"


def _card(edition: Edition, one: Decision) -> str:
    rows = [("Decides", _who(edition, one))]
    if one.tie:
        rows.append(("If they do not agree", edition.role(one.tie)))
    for name, roles in (("Is heard before", one.asks), ("Is told after", one.tells)):
        if roles:
            rows.append((name, ", ".join(edition.role(role) for role in roles)))
    rows.append(("When", sentence(plain(one.when))))
    rows.append(("Within", _limit(one)))
    if one.metrics:
        numbers = (edition.playbook.metric(metric) for metric in one.metrics)
        told = [f"{edition.metric(metric)} ({edition.figure(metric)})" for metric in numbers]
        rows.append(("Numbers on the table", ", ".join(told)))
    if one.plays:
        rows.append(("Play", ", ".join(edition.play(play) for play in one.plays)))
    return box(
        "of-evidence",
        f"## {plain(capital(one.name))} {{: #{one.id} }}",
        f"**{plain(one.question)}** {sentence(plain(one.rule))}",
        facts(rows),
    )
