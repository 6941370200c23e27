"""Reads a target description while it is written: which of the six facts are there, which words say nothing."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration
from onefunnel.metrics import brief


class BriefReader(Exploration):
    """A text box that starts with a sample brief; the table below follows it."""

    def __init__(self, world: Any) -> None:
        super().__init__("Could a seller find this outlet?")
        self.text = w.Textarea(
            value=" ".join(brief.SAMPLE.values()),
            description="Brief",
            tooltip="Paste or write a target description",
            continuous_update=False,
            layout=w.Layout(width="auto", height="120px"),
        )
        self.text.observe(self.redraw, "value")
        self.fill(self.text)

    def draw(self) -> tuple[str, str, str]:
        """Return the finding, no picture, and one row a fact."""
        missing, empty = brief.missing_facts(self.text.value), brief.empty_words(self.text.value)
        finding = f"{len(brief.FACTS) - len(missing)} of {len(brief.FACTS)} facts are there."
        if empty:
            finding += f" Nobody can look up: {', '.join(empty)}."
        rows = [[name, "not found" if fact in missing else "found"] for fact, (name, _) in brief.FACTS.items()]
        return finding, "", figure.table("The six facts of an optimal candidate", ["Fact", "In the brief"], rows)
