"""Cross-checks of one item and its variants: kinds and ids fit, calls exist and fit, every misconception has a hint."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from onefunnel.lessons.findings import Finding, known_or_near
from onefunnel.lessons.items_chosen import Matrix
from onefunnel.lessons.items_computed import FreeText, Function, Predict
from onefunnel.lessons.lesson import Ask, Lesson
from onefunnel.lessons.specs import Call, Item, Value
from onefunnel.playbook import Playbook
from onefunnel.playbook.callables import find

SPECIAL_INPUTS = ("as_of", "steps", "calendar", "crm_probability")


def check(name: str, ask: Ask, lesson: Lesson, playbook: Playbook, tables: tuple[str, ...]) -> Iterator[Finding]:
    """An item and each of its variants: kind and id fit, calls exist and fit, every misconception has a hint."""
    fitting = {"P": Predict, "M": FreeText, "W": FreeText, "S": Matrix}.get(name[0])
    if (fitting and not isinstance(ask.model, fitting)) or (not fitting and not ask.model.scored):
        fits = "P: predict; E, D and T: graded; W and M: text; S: matrix."
        message = f"the id {name} does not fit type {ask.model.type}. {fits}"
        yield lesson.finding(ask.cell.line, f"item {name}", message)
    written = name.startswith("W") and isinstance(ask.model, FreeText)
    if written and not (ask.model.rubric and {one.level for one in ask.model.exemplars} == {1, 3}):
        message = "a written answer needs `rubric:` and exemplars of level 1 and level 3. Add them."
        yield lesson.finding(ask.cell.line_of("item"), f"item {name}", message)
    if ask.model.recall and not (ask.model.scored and ask.model.variants):
        message = "`recall: true` needs a graded question with `variants:`, so that it comes back with other numbers."
        yield lesson.finding(ask.cell.line_of("item", "recall"), f"item {name}", message)
    named: set[str] = set()
    for number, whole, solution in ask.variants():
        path = ("item", "variants", number - 1) if number else ("item",)
        where = f"item {name}, variant {number}" if number else f"item {name}"
        model = type(ask.model).model_validate(whole)
        for place, message in (
            *_calls(model, playbook, tables),
            *_hints(model, solution, playbook),
            *_names(model, playbook),
        ):
            yield lesson.finding(ask.cell.line_of(*path, *place), where, message)
        named |= set(model.misconceptions(solution))
    for one in ask.model.hints:
        if one not in named:
            message = f'the hint "{one}" is never shown: nothing names it.{known_or_near(one, named)}'
            yield lesson.finding(ask.cell.line_of("item", "hints", one), f"item {name}", message)


def _calls(model: Item, playbook: Playbook, tables: tuple[str, ...]) -> Iterator[tuple[tuple, str]]:
    """Yield (path, fault) for every metric, trap, function, input and argument that is not there or does not fit."""
    for path, spec in _specs(model):
        compute, inputs, arguments = getattr(spec, "compute", None), list(spec.inputs), dict(spec.arguments)
        metric_id = getattr(spec, "metric", None)
        if metric_id is not None:
            metric = next((one for one in playbook.metrics if one.id == metric_id), None)
            if metric is None:
                yield (
                    (*path, "metric"),
                    f'no metric "{metric_id}".{known_or_near(metric_id, [m.id for m in playbook.metrics])}',
                )
                continue
            compute, inputs, arguments = metric.compute, list(metric.inputs), {**metric.arguments, **arguments}
        for index, one in enumerate(inputs):
            if one not in tables and one not in SPECIAL_INPUTS:
                yield (*path, "inputs", index), f'no table "{one}".{known_or_near(one, (*tables, *SPECIAL_INPUTS))}'
        arguments |= model.given(path)
        if compute:
            fault = _misfit(compute, inputs, arguments)
            if fault:
                yield path, f"{compute}: {fault}"
    yield from _traps(model, playbook)


def _misfit(dotted: str, inputs: list[str], arguments: dict[str, Any]) -> str:
    """Say why a function cannot be called like this, or nothing."""
    function, fault = find(dotted)
    if function is None:
        return fault
    try:
        inspect.signature(function).bind(*inputs, **arguments)
    except TypeError as error:
        parameters = ", ".join(inspect.signature(function).parameters)
        return f"{error}. It takes ({parameters}): inputs by position, then arguments by name."
    return ""


def _traps(model: Item, playbook: Playbook) -> Iterator[tuple[tuple, str]]:
    """A name in `wrong` without a function of its own must be a trap of the value's metric."""
    value = getattr(model, "value", None)
    metric = next((m for m in playbook.metrics if m.id == getattr(value, "metric", None)), None)
    known = [trap.id for trap in metric.traps] if metric else []
    for name, call in (getattr(model, "wrong", None) or {}).items():
        if call is None and name not in known:
            home = f"the metric {metric.id} has no trap" if metric else "the value is no metric, so it has no trap"
            yield (
                ("wrong",),
                f'{home} "{name}".{known_or_near(name, known)} Or give it a function: {{{name}: {{compute: …}}}}.',
            )


def _specs(model: Item) -> Iterator[tuple[tuple, Any]]:
    """Yield (path, spec) of everything in an item that is computed."""
    for field in ("value", "options_from", "rows_from", "outcome", "best"):
        if isinstance(getattr(model, field, None), Call | Value):
            yield (field,), getattr(model, field)
    for field in ("wrong", "wrong_plans"):
        for name, call in (getattr(model, field, None) or {}).items():
            if isinstance(call, Call):
                yield (field, name), call
    for index, outcome in enumerate(getattr(model, "outcomes", None) or []):
        yield ("outcomes", index), outcome
    for index, token in enumerate(getattr(model, "tokens", None) or []):
        yield ("tokens", index), token
    for index, part in enumerate(getattr(model, "parts", None) or []):
        if part.value is not None:
            yield ("parts", index, "value"), part.value
    function: Function | None = getattr(model, "function", None)
    for index, call in enumerate(function.calls if function else []):  # the truth is called like the learner's function
        yield (
            ("function", "calls", index),
            model.value.model_copy(update=dict(inputs=call.inputs, arguments=call.arguments)),
        )


def _hints(model: Item, solution: dict[str, Any], playbook: Playbook) -> Iterator[tuple[tuple, str]]:
    """Every misconception that is named has something to say."""
    value = getattr(model, "value", None)
    traps = next((m.traps for m in playbook.metrics if m.id == getattr(value, "metric", None)), ())
    said = {**{trap.id: trap.why for trap in traps}, **model.hints}
    for name, path in model.misconceptions(solution).items():
        if name not in said:
            yield (
                path,
                f'the misconception "{name}" has no hint. Add hints: {{{name}: what is wrong and the likely reason}}.',
            )


def _names(model: Item, playbook: Playbook) -> Iterator[tuple[tuple, str]]:
    """Ids in one list are different, and pairs of the playbook's steps name steps."""
    groups = [(("parts", i, "options"), part.options) for i, part in enumerate(getattr(model, "parts", None) or [])]
    groups += [
        ((field,), getattr(model, field, None) or []) for field in ("options", "rows", "tokens", "parts", "columns")
    ]
    for path, entries in groups:
        ids = [one.id for one in entries]
        for index, one in enumerate(ids):
            if one in ids[:index]:
                yield (*path, index), f'the id "{one}" stands twice. Give each its own.'
    if getattr(model, "rows_from", None) == "steps":
        steps = [step.id for step in playbook.steps]
        for index, pair in enumerate(model.wrong_pairs):
            for said in (pair.first, pair.second):
                if said not in steps:
                    yield ("wrong_pairs", index), f'no step "{said}".{known_or_near(said, steps)}'
