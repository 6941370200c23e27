"""What a question is computed from: the learner's book, a second book, the sample territory, company and playbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from onefunnel.learn import numbers
from onefunnel.metrics import catalogue
from onefunnel.metrics.kept import once

if TYPE_CHECKING:
    from onefunnel.data import Book, Tables
    from onefunnel.learn.items import Item
    from onefunnel.playbook import Playbook

DEMONSTRATION = "T00"  # the territory nobody owns; worked examples stand on it


def _demonstration(tables: Tables) -> Tables:
    """The territory of the worked examples: imported tables have none, so theirs is the sample company's."""
    from onefunnel.data import load
    from onefunnel.home import home

    if DEMONSTRATION in set(tables["territories"]["territory_id"]):
        return tables.territory(DEMONSTRATION)
    return load(home().datasets).territory(DEMONSTRATION)


class Call(NamedTuple):
    """A function of the metrics: where it is, its inputs (table names, as_of, steps …) and keyword arguments."""

    compute: str
    inputs: Sequence[str]
    arguments: Mapping[str, Any]


@dataclass(frozen=True)
class World:
    """What scoring and widgets may look at. Nothing in it depends on time, place or machine."""

    book: Book
    second: Book
    demo: Tables
    company: Tables
    playbook: Playbook

    @classmethod
    def of(cls, tables: Tables, playbook: Playbook, learner_id: str) -> World:
        """Make a learner's world from the company's tables (T00 among them)."""
        from onefunnel.data import book

        demo = once(tables, "demo", lambda: _demonstration(tables))
        company = once(tables, "company", tables.company)
        return cls(book(tables, learner_id), book(tables, learner_id, draw=1), demo, company, playbook)

    def swapped(self) -> World:
        """Return the same world with the second book as the learner's and as the company's: hidden checks run on it.

        Were the company left as it is, a function exercise on the company's tables could be passed with constants.
        """
        return replace(self, book=self.second, second=self.book, company=self.second)

    def tables(self, on: str | None) -> Tables:
        """Return the tables named by `on`: book (default), company, demo, second; hidden is another name for second."""
        return {"company": self.company, "demo": self.demo, "second": self.second, "hidden": self.second}.get(
            on or "book", self.book
        )

    def run(self, call: Call, on: str | None = None) -> Any:
        """Return what a call gives on one set of tables."""
        tables, inputs = self.tables(on), list(call.inputs)
        key = (call.compute, tuple(inputs), repr(sorted(call.arguments.items())), id(self.playbook))

        def make() -> tuple[Any, Playbook]:  # the playbook is kept beside the value, so that its id stays its own
            return catalogue.call(call.compute, inputs, dict(call.arguments), tables, self.playbook), self.playbook

        return once(tables, key, make)[0]

    def inputs(self, names: Sequence[str], on: str | None = None) -> list[Any]:
        """Return fresh copies of a call's inputs, safe to hand to a learner's function."""
        given = catalogue.supply(list(names), self.tables(on), self.playbook)
        return [thing.copy() if isinstance(thing, pd.DataFrame) else thing for thing in given]

    def call(self, spec: Mapping[str, Any]) -> Call:
        """Turn a value spec (`metric:` or `compute:`) into a call; own arguments go over the metric's."""
        if "metric" not in spec:
            return Call(spec["compute"], spec.get("inputs") or (), spec.get("arguments") or {})
        metric = self.playbook.metric(spec["metric"])
        return Call(metric.compute, metric.inputs, {**metric.arguments, **(spec.get("arguments") or {})})

    def wrong_calls(self, item: Item) -> dict[str, Call]:
        """Return the calls of an item's named wrong values, those of its metric's traps among them."""
        named = item.spec.get("wrong") or {}
        if isinstance(named, Mapping):
            return {misconception: self.call(spec) for misconception, spec in named.items()}
        right = self.call(item.spec["value"])
        traps = {trap.id: trap for trap in self.playbook.metric(item.spec["value"]["metric"]).traps}
        return {name: right._replace(compute=traps[name].wrong) for name in named}

    def number(self, item: Item, on: str | None = None) -> float:
        """Return an item's right value as a number; `on` instead of the tables the item names."""
        spec = item.spec["value"]
        return float(self.run(self.call(spec), on or spec.get("on")))

    def wrong_numbers(self, item: Item, on: str | None = None) -> dict[str, float]:
        """Return the value each named misconception would give, on the same tables as the right one."""
        where = on or item.spec["value"].get("on")
        return {name: float(self.run(call, where)) for name, call in self.wrong_calls(item).items()}

    def token_values(self, item: Item, on: str | None = None) -> dict[str, float]:
        """Return the number behind every tile, by token id."""
        where = on or item.spec["value"].get("on")
        return {token["id"]: float(self.run(self.call(token), where)) for token in item.spec.get("tokens") or ()}

    def show(self, item: Item, value: float) -> str:
        """Write an item's value for people, in the unit it names, else that of its metric, else that of its slider."""
        metric = (item.spec.get("value") or {}).get("metric")
        unit = item.spec.get("unit") or (self.playbook.metric(metric).unit if metric else item.unit)
        asked = "decimals" in item.spec or item.type in ("number", "tiles")
        return numbers.show(value, unit, item.decimals if asked else None)

    def why(self, misconception: str, item: Item) -> str:
        """Return the plain reason behind a misconception: the item's own hint, else the `why` of the metric's trap."""
        if misconception in item.hints:
            return item.hints[misconception]
        own = (item.spec.get("value") or {}).get("metric")
        metrics = sorted(self.playbook.metrics, key=lambda metric: metric.id != own)
        return next((trap.why for metric in metrics for trap in metric.traps if trap.id == misconception), "")
