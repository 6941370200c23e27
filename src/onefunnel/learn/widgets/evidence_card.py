"""Six questions to a number: what the playbook's card says to each, and the grade that the answers add up to."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration

QUESTIONS = {  # what to ask of a number → how the card's answer is found
    "who_says": "Who says so, and can they stay neutral?",
    "who_was_asked": "Who was asked or counted, and how many?",
    "base": "A percentage of what?",
    "compared_with": "Compared with what?",
    "year": "From when is it?",
    "checkable": "Can I check it?",
}
GRADES = {  # what each grade allows
    "A": "act on it",
    "B": "plan with it",
    "C": "a hint, no more",
    "D": "do not quote it",
}
FIRST = "b2b_lead_ignored"
FIRST_ANSWERED = ("base",)  # the first card is filled in, as the worked example


def grade(answered: set[str]) -> str:
    """Grade of a number by which of the six questions have a good answer.

    All six: A. Five: B. Three or four: C. Fewer: D. Without a comparison it is never better than C, because nobody can
    then tell what would have happened anyway.
    """
    count = len(answered & set(QUESTIONS))
    earned = "A" if count == 6 else "B" if count == 5 else "C" if count >= 3 else "D"
    return max(earned, "C") if "compared_with" not in answered else earned


class EvidenceCard(Exploration):
    """Choose a claim, read its card, switch on each question that has a good answer, and compare the grades."""

    def __init__(self, world: Any) -> None:
        super().__init__("Six questions to a number")
        self.cards = {card.id: card for card in world.playbook.evidence}
        self.claim = w.Dropdown(
            options=[(f"{card.figure}: {card.claim}", name) for name, card in self.cards.items()],
            value=FIRST,
            description="The number",
            tooltip="The number whose card you read",
            style={"description_width": "initial"},
            layout=w.Layout(width="auto", max_width="680px"),
        )
        self.switches = {
            name: w.Checkbox(value=name in FIRST_ANSWERED, description=text, indent=False)
            for name, text in QUESTIONS.items()
        }
        lead = w.HTML("<p>Read the table. Switch on each question that has a <b>good</b> answer there.</p>")
        self.claim.observe(self._another, "value")
        for switch in self.switches.values():
            switch.observe(self.redraw, "value")
        self.fill(self.claim, lead, *self.switches.values())

    def _another(self, _change: object) -> None:
        for switch in self.switches.values():
            switch.unobserve(self.redraw, "value")
            switch.value = False
            switch.observe(self.redraw, "value")
        self.redraw()

    def answered(self) -> set[str]:
        """Return the questions that are switched on."""
        return {name for name, switch in self.switches.items() if switch.value}

    def draw(self) -> tuple[str, str, str]:
        """Return both grades in a sentence, no picture, and the card as a table."""
        card, answered = self.cards[self.claim.value], self.answered()
        yours = grade(answered)
        finding = f"{len(answered)} of 6 questions have a good answer: grade {yours}, {GRADES[yours]}."
        if answered or card.id != FIRST:
            finding += f" Our card says {card.grade}, {GRADES[card.grade]}."
        said = {name: getattr(card, name) for name in QUESTIONS}
        said |= {"year": str(card.year or "Nobody says."), "checkable": _checkable(card.checkable)}
        rows = [[QUESTIONS[name], said[name], "yes" if name in answered else "no"] for name in QUESTIONS]
        rows.append([f"Why our card says {card.grade}", card.reason, ""])
        if card.say_instead:
            rows.append(["What we can say instead", card.say_instead, ""])
        return finding, "", figure.table(card.claim, ["Ask", "What the card says", "Good answer?"], rows)


def _checkable(answer: str) -> str:
    return {
        "yes": "Yes, the data or the method are published.",
        "partly": "Partly: we know who published it, but not how they counted.",
        "no": "No. The original is not to be found.",
    }[answer]
