"""`rules`: up to four conditions that must all hold, and what the rule brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as w

from onefunnel.learn import numbers
from onefunnel.learn.widgets import figure
from onefunnel.learn.widgets.frame import Frame, Keep, dropdown, known, part_of
from onefunnel.learn.widgets.sliders import is_number

_TESTS = [("at_least", "at least"), ("at_most", "at most")]


class Rules(Frame):
    """Answer: {"rules": [{"column", "test", "value"}]}; rows that look at nothing are left out."""

    def __init__(self, item: Any, answer: dict | None, keep: Keep, context: Any) -> None:
        super().__init__(item, keep)
        self.context = context
        kept = [row for row in part_of(answer, "rules", list) if isinstance(row, dict)]
        most = int(item.spec.get("max_rows") or 4)
        kept += [{}] * (most - len(kept))
        self.rows = [
            Condition(number, item.spec["columns"], row, self._changed)
            for number, row in enumerate(kept[:most], start=1)
        ]
        self.effect = w.HTML()
        self.had = bool(self.rule())
        self.fill(*self.rows, self.effect)
        self._show()
        if self.had:
            self.say(f"Kept. {self.fault}".strip())

    def rule(self) -> list[dict[str, Any]]:
        """Return the conditions as they stand."""
        return [condition for condition in (row.condition() for row in self.rows) if condition]

    def _show(self) -> None:
        self.fault, tried = self.context.rule_table(self.rule())
        heads = [outcome["label"] for outcome in self.item.spec.get("outcomes") or ()]
        names = ["Your rule"] * (not self.fault) + ["Today's rule"]
        rows = [[f"{name}: {words}", *values] for name, (words, values) in zip(names, tried, strict=False)]
        company = (self.item.spec.get("value") or {}).get("on") == "company"
        where = "In the whole company" if company else "On your own book"
        self.effect.value = figure.table(where, ["Rule", *heads], rows) if rows and heads else ""

    def _changed(self) -> None:
        rule = self.rule()
        self._show()
        if not rule:
            self.unkept(self.had)
        elif self.save({"rules": rule}, _sentence(self.fault)):
            self.had = True


class Condition(w.VBox):
    """One row: what it looks at, and the test that fits it (boxes to tick for words, a number for numbers)."""

    def __init__(
        self, number: int, columns: list[dict[str, Any]], kept: dict[str, Any], changed: Callable[[], None]
    ) -> None:
        super().__init__(layout=w.Layout(width="auto"))
        self.number, self.columns, self.changed = number, {column["id"]: column for column in columns}, changed
        names = [(column["id"], str(column["text"])) for column in columns]
        label = "Look at" if number == 1 else "and at"
        self.column = dropdown(f"{number}. {label}", names, known(kept.get("column"), names), empty="nothing")
        self.column.style.description_width = "90px"
        self.boxes: dict[str, w.Checkbox] = {}
        self.test: w.Dropdown | None = None
        self.number_box: w.FloatText | None = None
        self._draw(kept)
        self.column.observe(self._chosen, "value")

    def condition(self) -> dict[str, Any] | None:
        """Return the condition as it stands, None when the row looks at nothing."""
        name = self.column.value
        if not name:
            return None
        if self.boxes:
            return {"column": name, "test": "one_of", "value": [one for one, box in self.boxes.items() if box.value]}
        return {"column": name, "test": self.test.value, "value": self.number_box.value}

    def _chosen(self, _change: object) -> None:
        self._draw({})
        self.changed()

    def _draw(self, kept: dict[str, Any]) -> None:
        """Put the controls that fit the chosen column beside its list."""
        self.boxes, self.test, self.number_box = {}, None, None
        column = self.columns.get(self.column.value)
        if column is None:
            self.children = (self.column,)
            return
        parts = self._words(column, kept) if "options" in column else self._range(column, kept)
        for part in parts:
            part.observe(lambda _change: self.changed(), "value")
        row = w.Box(parts, layout=w.Layout(flex_flow="row wrap", margin="0 0 0 98px"))
        self.children = (self.column, row)

    def _words(self, column: dict[str, Any], kept: dict[str, Any]) -> list[w.Widget]:
        said = kept.get("value")
        ticked = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        for option in column["options"]:
            text = f"{self.number}. {column['text']}: {option['text']}"
            self.boxes[option["id"]] = w.Checkbox(
                value=option["id"] in ticked,
                description=str(option["text"]),
                tooltip=text,
                indent=False,
                layout=w.Layout(width="auto", margin="0 18px 0 0"),
            )
        return list(self.boxes.values())

    def _range(self, column: dict[str, Any], kept: dict[str, Any]) -> list[w.Widget]:
        spec, value = column["range"], kept.get("value")
        low, high = float(spec["min"]), float(spec["max"])
        start = float(value) if is_number(value) else float(spec.get("start") or low)
        self.test = w.Dropdown(
            options=[(text, test) for test, text in _TESTS],
            value=known(kept.get("test"), _TESTS) or "at_least",
            description=f"{self.number}. is",
            tooltip=f"{self.number}. {column['text']} is",
            style={"description_width": "initial"},
            layout=w.Layout(width="auto"),
        )
        unit = numbers.unit_text(spec.get("unit", "count")) or "number"
        self.number_box = w.BoundedFloatText(
            value=min(max(start, low), high),
            min=low,
            max=high,
            step=float(spec["step"]),
            description=unit,
            tooltip=f"{self.number}. {column['text']}: {unit}",
            style={"description_width": "initial"},
            layout=w.Layout(width="200px"),
        )
        self.number_box.add_class("of-typed")
        return [self.test, self.number_box]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
