"""What CRMs call stages, origins, reasons and kinds of purchase, and the step or id of ours that each means.

A label means something only if it is here, in the playbook's `crm` strings, or in the user's own file: letter case and
blanks apart, exactly. A near match is proposed in the reason, never applied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from onefunnel.data.importing.words import fold, near, shown
from onefunnel.data.schema import DataError

WON = "won"
CLOSED = ("lost", "no_decision")
_MOST_PROPOSALS = 500

_STAGES = {
    "qualified": "qualification; qualified; prospecting; needs analysis; value proposition; id. decision makers; "
    "appointment scheduled; appointmentscheduled; qualified to buy; qualifiedtobuy; lead in; contact made; discovery; "
    "qualifizierung; bedarfsanalyse; prospektion",
    "trial": "site survey and trial; trial; pilot; proof of concept; evaluation; demo; demo scheduled; demo made; "
    "perception analysis; presentation scheduled; presentationscheduled; test; teststellung",
    "proposal": "proposal; proposal/price quote; proposal made; proposal sent; quote; quote sent; "
    "decision maker bought-in; decisionmakerboughtin; angebot; angebot/preisangebot",
    "decision": "decision; negotiation; negotiation/review; negotiations started; contract sent; contractsent; "
    "verhandlung; verhandlung/überprüfung",
    "won": "closed won; closedwon; won; gewonnen; geschlossen und gewonnen; geschlossen/gewonnen; ganado",
    "lost": "closed lost; closedlost; lost; verloren; geschlossen und verloren; geschlossen/verloren; perdido",
    "no_decision": "no decision; closed no decision; closed - no decision; keine entscheidung",
}
_ORIGINS = {
    "advertising": "advertisement; advertising; paid search; paid social; paid_search; paid_social; banner ads; "
    "google ads; online ads; werbung; anzeige",
    "email": "email; e-mail; email marketing; email_marketing; newsletter",
    "event": "event; trade show; seminar; seminar / conference; conference; webinar; messe; veranstaltung",
    "promotion": "promotion; special offer; aktion",
    "direct_mail": "direct mail; direct_mail; mailing",
    "telemarketing": "telemarketing; phone inquiry; telefon",
    "referral": "referral; employee referral; external referral; customer referral; partner referral; partner; "
    "word of mouth; empfehlung",
    "bought_list": "purchased list; bought list; list; adressliste",
    "sales_prospecting": "sales prospecting; prospecting; outbound; cold call; kaltakquise",
    "unknown": "unknown; other; unbekannt; sonstige",
}
_LOST_REASONS = {
    "price": "price; too expensive; preis; zu teuer",
    "product_gap": "product gap; missing feature; missing features; product",
    "timing": "timing; bad timing; not now; no budget / lost funding",
    "competitor_relation": "lost to competitor; competitor; competition; wettbewerb",
    "change_too_hard": "change too hard",
    "lost_contact": "lost contact; no response; unresponsive; ghosted",
    "no_decision": "no decision; no decision / non-responsive; keine entscheidung",
}
_REJECT_REASONS = {
    "wrong_person": "wrong person; not a decision maker",
    "too_small": "too small",
    "outside_area": "outside area; out of territory",
    "existing_customer": "existing customer",
    "duplicate": "duplicate",
    "no_consent": "no consent; opted out",
    "competitor": "competitor",
}
_TYPES = {
    "new_business": "new business; new customer; newbusiness; new; neukunde; neugeschäft",
    "rebuy": "rebuy; renewal; existing business; existingbusiness; existing customer; existing customer - upgrade; "
    "existing customer - replacement; existing customer - downgrade; upsell; cross-sell; bestandskunde",
}


def _spread(table: Mapping[str, str]) -> dict[str, str]:
    words = {fold(word): ours for ours, text in table.items() for word in text.split(";")}
    return words | {fold(ours): ours for ours in table}


@dataclass
class Vocabulary:
    """Folded label → our id. `steps` are the opportunity's steps in order."""

    steps: tuple[str, ...]
    stages: dict[str, str]
    probability: dict[str, float]
    origins: dict[str, str] = field(default_factory=lambda: _spread(_ORIGINS))
    lost_reasons: dict[str, str] = field(default_factory=lambda: _spread(_LOST_REASONS))
    reject_reasons: dict[str, str] = field(default_factory=lambda: _spread(_REJECT_REASONS))
    types: dict[str, str] = field(default_factory=lambda: _spread(_TYPES))
    proposed: int = 0

    def stage(self, labels: pd.Series) -> pd.Series:
        """Our step, lost or no_decision for each label; "" for one that is unknown."""
        return look_up(labels, self.stages, self._step)

    def _step(self, label: str) -> str:
        folded = fold(label)
        if folded in self.stages:
            return self.stages[folded]
        return self.stages.get(re.sub(r"\s*\([^()]*\)$", "", folded), "")  # "Contract sent (Sales pipeline)"

    def unknown_stage(self, label: str) -> str:
        """Why a row with this stage is set aside."""
        if not label:
            return "has no stage"
        self.proposed += 1  # a column of free text holds thousands; comparing each would take minutes
        guess = near(label, self.stages) if self.proposed <= _MOST_PROPOSALS else None
        proposal = f'; did you mean "{guess}" ({self.stages[guess]})? Say so with --stages' if guess else ""
        return f"unknown stage {shown(label)}{proposal}"


def vocabulary(playbooks: Path | None = None, own_stages: Mapping[str, str] | None = None) -> Vocabulary:
    """The playbook's `crm` strings first, common names after them, the user's own above both."""
    from onefunnel.playbook import load

    book = load(playbooks)
    stages: dict[str, str] = {}
    steps = []
    for step in book.steps:
        labels = [label.partition(": ")[2] for label in step.crm if label.startswith("Opportunity: ")]
        if labels:
            steps.append(step.id)
            stages |= {fold(word): step.id for word in (*labels, step.id, step.name)}
    if WON not in steps:
        raise DataError(
            f'The playbook\'s funnel.yml has no step with the id "{WON}" and a line such as "Opportunity: Closed won" '
            "under crm. Give that id to the step in which the buyer signs; its name is yours to choose."
        )
    targets = {*steps, *CLOSED}
    common = {word: step for word, step in _spread(_STAGES).items() if step in targets}
    own = {fold(label): step for label, step in (own_stages or {}).items()}
    return Vocabulary(tuple(steps), common | stages | own, dict(book.crm_probability))


def look_up(labels: pd.Series, known: Mapping[str, str], find: Callable[[str], str] | None = None) -> pd.Series:
    """Each label's id, "" where it has none; each different label is looked up once."""
    lookup = find or (lambda label: known.get(fold(label), ""))
    codes, unique = pd.factorize(labels.to_numpy(dtype=object))
    found = pd.Series([lookup(label) for label in unique], dtype=object)
    return pd.Series(found.to_numpy()[codes] if len(unique) else [], index=labels.index, dtype=object)


def strangers(labels: pd.Series, ids: pd.Series, known: Mapping[str, str], shown_most: int = 5) -> str:
    """The labels that have no id, most frequent first, with near matches; "" when there is none."""
    counts = labels[(ids == "") & (labels != "")].value_counts()
    named: Iterable[str] = (
        f"{shown(label)} × {count}" + (f' (did you mean "{guess}"?)' if (guess := near(label, known)) else "")
        for label, count in counts.head(shown_most).items()
    )
    more = f" and {len(counts) - shown_most} more" if len(counts) > shown_most else ""
    return ", ".join(named) + more if len(counts) else ""
