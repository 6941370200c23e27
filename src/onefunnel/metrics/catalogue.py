"""Calls a metric, or one of its wrong readings, the way `playbooks/metrics.yml` describes it.

A metric names its function (`compute`), what is passed by position (`inputs`) and by keyword (`arguments`). Every
face of the kit (lessons, grades, pages) gets its numbers through here, so they cannot differ.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onefunnel.data import Tables
    from onefunnel.playbook import Metric, Playbook

#: Inputs that the playbook supplies: step ids in order, the business calendar, the CRM's percentage by step id.
FROM_PLAYBOOK = ("steps", "calendar", "crm_probability")
AS_OF = "as_of"

#: Only our own functions can be named in a file that people edit.
PREFIX = "onefunnel."


def resolve(dotted: str) -> Callable[..., Any]:
    """The function behind "onefunnel.module.function". LookupError says what is missing; nothing else is imported."""
    module_name, _, name = dotted.rpartition(".")
    if not module_name.startswith(PREFIX) or name.startswith("_"):
        raise LookupError(f'"{dotted}" is not a public function of {PREFIX}…; write {PREFIX}metrics.MODULE.FUNCTION.')
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not module_name.startswith(error.name):
            raise  # the module is there, but something it needs is not: that is another error
        raise LookupError(f'there is no module "{module_name}" (for "{dotted}").') from None
    found = getattr(module, name, None)
    if not inspect.isfunction(found):
        raise LookupError(f'there is no function "{dotted}".')
    return found


def supply(inputs: Sequence[str], tables: Tables, playbook: Playbook) -> list[Any]:
    """What the named inputs stand for, in order: a table, `as_of`, or what the playbook supplies (`FROM_PLAYBOOK`)."""
    return [_input(name, tables, playbook) for name in inputs]


def call(dotted: str, inputs: Sequence[str], arguments: Mapping[str, Any], tables: Tables, playbook: Playbook) -> Any:
    """Call the named function with its inputs by position and its arguments by keyword."""
    return resolve(dotted)(*supply(inputs, tables, playbook), **arguments)


def value(metric: Metric | str, tables: Tables, playbook: Playbook, **overrides: Any) -> Any:
    """The metric's value on these tables. `overrides` replace or add to its `arguments`. `metric` may be an id."""
    metric = _metric(metric, playbook)
    return call(metric.compute, metric.inputs, {**metric.arguments, **overrides}, tables, playbook)


def trap_values(metric: Metric | str, tables: Tables, playbook: Playbook, **overrides: Any) -> dict[str, Any]:
    """What each of the metric's traps would have said on the same tables with the same arguments, by trap id."""
    metric = _metric(metric, playbook)
    arguments = {**metric.arguments, **overrides}
    return {trap.id: call(trap.wrong, metric.inputs, arguments, tables, playbook) for trap in metric.traps}


def _metric(metric: Metric | str, playbook: Playbook) -> Metric:
    return playbook.metric(metric) if isinstance(metric, str) else metric


def _input(name: str, tables: Tables, playbook: Playbook) -> Any:
    if name == AS_OF:
        return tables.as_of
    if name == "steps":
        return tuple(step.id for step in playbook.steps)
    if name == "calendar":
        return playbook.company.calendar
    if name == "crm_probability":
        return playbook.crm_probability
    if name not in tables.names:
        known = ", ".join([*sorted(tables.names), AS_OF, *FROM_PLAYBOOK])
        raise LookupError(f'there is no input "{name}". Known: {known}.')
    return tables[name]
