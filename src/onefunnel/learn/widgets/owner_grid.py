"""Who answers for each step: the company before the playbook, to be mended. Nobody or two shows at once."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
from matplotlib.patches import Rectangle

from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.explore import Exploration, choice
from onefunnel.metrics.ownership import BEFORE, FUNCTIONS

ANSWERS = {  # what can be chosen, and the functions it stands for
    "nobody": (),
    **{function: (function,) for function in FUNCTIONS},
    "marketing and sales": ("marketing", "sales"),
}


class OwnerGrid(Exploration):
    """One step at a time gets its accountable; the grid shows all twelve."""

    def __init__(self, world: Any) -> None:
        super().__init__("Who answers for each step? The company as it was, before the playbook")
        self.names = {step.id: step.name for step in world.playbook.steps}
        self.accountable = {step: BEFORE[step].accountable for step in self.names}
        self.step = w.Dropdown(
            options=[(name, step) for step, name in self.names.items()],
            description="Step",
            tooltip="The step to change",
            style={"description_width": "initial"},
            layout=w.Layout(width="auto", max_width="420px"),
        )
        self.answer = choice("Who answers for it", [(text, text) for text in ANSWERS])
        self.answer.value = self._text(self.step.value)
        self.marks = w.Checkbox(
            description="Mark the steps that need mending",
            tooltip="Mark the steps that need mending",
            indent=False,
            layout=w.Layout(width="auto"),
        )
        reset = w.Button(description="Back to how it was", tooltip="Set every step back to how it was")
        self.step.observe(self._chosen, "value")
        self.answer.observe(self._answered, "value")
        self.marks.observe(self.redraw, "value")
        reset.on_click(lambda _button: self._reset())
        self.fill(self.step, self.answer, self.marks, reset)

    def faults(self) -> dict[str, int]:
        """Return how many functions answer for each step that has not exactly one."""
        return {step: len(found) for step, found in self.accountable.items() if len(found) != 1}

    def _text(self, step: str) -> str:
        return next(text for text, functions in ANSWERS.items() if functions == self.accountable[step])

    def _chosen(self, *_change: object) -> None:
        self.answer.value = self._text(self.step.value)

    def _answered(self, *_change: object) -> None:
        self.accountable[self.step.value] = ANSWERS[self.answer.value]
        self.redraw()

    def _reset(self) -> None:
        self.accountable = {step: BEFORE[step].accountable for step in self.names}
        self._chosen()
        self.redraw()

    def draw(self) -> tuple[str, str, str]:
        """Return how many steps are well owned, the grid, and the table."""
        faults, rows = self.faults() if self.marks.value else {}, len(self.names)
        finding = "Find the steps that need mending: A answers for the step, R does the work."
        if self.marks.value:
            finding = f"{rows - len(faults)} of {rows} steps have exactly one function that answers."
        shown, axes = figure.blank(7.4, 4.6, left=0.26, right=0.99, bottom=0.02, top=0.93)
        for place, step in enumerate(self.names):
            if step in faults:
                frame = Rectangle((-0.5, place - 0.46), 4.0, 0.92, fill=False, hatch="///", edgecolor=figure.VERMILION)
                axes.add_patch(frame)
                label = {"facecolor": figure.PAPER, "edgecolor": "none", "pad": 2}
                said = "nobody answers" if not faults[step] else "two answer"
                axes.text(3.05, place, said, ha="center", va="center", fontweight="bold", bbox=label)
            for column, function in enumerate(FUNCTIONS):
                if function in self.accountable[step]:
                    axes.plot(column - 0.12, place, "o", markersize=17, color=figure.BLUE)
                    axes.text(column - 0.12, place, "A", ha="center", va="center", color="#ffffff", fontweight="bold")
                if function in BEFORE[step].responsible:
                    axes.plot(
                        column + 0.14, place, "o", markersize=15, color=figure.PAPER, markeredgecolor=figure.QUIET
                    )
                    axes.text(column + 0.14, place, "R", ha="center", va="center")
        axes.set_xlim(-0.5, 3.6)
        axes.set_ylim(rows - 0.5, -0.5)
        axes.set_yticks(range(rows), list(self.names.values()))
        axes.set_xticks([0, 1, 2], [name.capitalize() for name in FUNCTIONS], fontweight="bold")
        axes.xaxis.tick_top()
        for side in axes.spines.values():
            side.set_visible(False)
        marked = ", ".join(self.names[step] for step in faults) or "none"
        alt = f"{finding} A grid of steps and functions, as in the table below. Marked steps: {marked}."
        return finding, figure.picture(shown, alt), self._table()

    def _table(self) -> str:
        rows = [
            [name, " and ".join(self.accountable[step]) or "nobody", " and ".join(BEFORE[step].responsible)]
            for step, name in self.names.items()
        ]
        return figure.table("The same as a table", ["Step", "Answers (A)", "Does the work (R)"], rows)
