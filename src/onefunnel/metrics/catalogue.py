"""Calls a metric, or one of its wrong readings, the way `playbooks/metrics.yml` describes it.

A metric names its function (`compute`), what is passed by position (`inputs`) and by keyword (`arguments`). Every
face of the kit (lessons, grades, pages) gets its numbers through here, so they cannot differ.

Tables of one's own may lack a table or a column. Nobody declares what a function reads: it is given the tables without
what they lack, and what it then asks for in vain is what the number needs (`NoFigure`).
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from onefunnel.metrics.kept import reading

if TYPE_CHECKING:
    from onefunnel.data import Tables
    from onefunnel.playbook import Metric, Playbook

#: Inputs that the playbook supplies: step ids in order, the business calendar, the CRM's percentage by step id.
FROM_PLAYBOOK = ("steps", "calendar", "crm_probability")
AS_OF = "as_of"

#: Only our own functions can be named in a file that people edit.
PREFIX = "onefunnel."


class NoFigure(LookupError):
    """These tables cannot give a number. `needs`: what they lack, as "table" or "table.column"; may be empty.

    The message is written for readers of a page or an exercise.
    """

    def __init__(self, needs: Sequence[str] = (), reason: str = "") -> None:
        named = ", ".join(needs)
        lacking = f"This number needs {named}. Your tables do not hold {'it' if len(needs) == 1 else 'them'}."
        super().__init__(lacking if needs else f"This number cannot be computed from your tables: {reason}")
        self.needs = tuple(needs)


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
    """What the named inputs stand for, in order: a table, `as_of`, or what the playbook supplies (`FROM_PLAYBOOK`).

    A table comes without the columns that the tables lack. NoFigure for a table that they lack as a whole.
    """
    lacking = [name for name in inputs if name in tables.lacking]
    if lacking:
        raise NoFigure(lacking)
    return [_input(name, tables, playbook) for name in inputs]


def call(dotted: str, inputs: Sequence[str], arguments: Mapping[str, Any], tables: Tables, playbook: Playbook) -> Any:
    """Call the named function with its inputs by position and its arguments by keyword.

    Raises NoFigure when the tables lack what it needs. What else a function objects to is a NoFigure too on imported
    tables, which nobody made to fit; on the sample company it stays the function's own error.
    """
    function = resolve(dotted)
    given = supply(inputs, tables, playbook)
    if not tables.lacking:
        with reading(tables):
            return function(*given, **arguments)
    try:
        return function(*given, **arguments)
    except (KeyError, AttributeError) as error:
        needs = _asked_in_vain(function, list(inputs), given, arguments, tables, error)
        if not needs:
            raise
        raise NoFigure(needs) from None
    except ValueError as error:
        raise NoFigure(reason=str(error)) from None


def reason(metric: Metric | str, tables: Tables, playbook: Playbook, **overrides: Any) -> str:
    """Why these tables give no figure for the metric, in a sentence; "" when they do."""
    try:
        value(metric, tables, playbook, **overrides)
    except NoFigure as problem:
        return str(problem)
    return ""


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


def _asked_in_vain(
    function: Callable[..., Any],
    inputs: list[str],
    given: list[Any],
    arguments: Mapping[str, Any],
    tables: Tables,
    error: Exception,
) -> list[str]:
    """The lacking columns that a function asks for: each is put back, empty, and the function asked again."""
    needs: list[str] = []
    while True:
        asked = [
            (place, column)
            for place, name in enumerate(inputs)
            for column in tables.lacking_columns(name)
            if f"{name}.{column}" not in needs and re.search(rf"\b{re.escape(column)}\b", str(error))
        ]
        if not asked:
            return needs
        for place, column in asked:
            needs.append(f"{inputs[place]}.{column}")
            given[place] = given[place].assign(**{column: tables[inputs[place]][column]})
        try:
            function(*given, **arguments)
            return needs
        except (KeyError, AttributeError) as again:
            error = again
        except Exception:  # it has got past the columns; what it makes of empty ones does not matter
            return needs


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
    lacking = tables.lacking_columns(name)
    return tables[name].drop(columns=lacking) if lacking else tables[name]
