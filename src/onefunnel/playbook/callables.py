"""The functions that metrics.yml names must exist and take what metrics.yml gives them."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from onefunnel.playbook.findings import Finding, near
from onefunnel.playbook.plain import finding
from onefunnel.playbook.reader import Document
from onefunnel.playbook.rules import select

ROOM = "onefunnel.metrics."  # a playbook may name functions from here and from nowhere else


def metric_functions(document: Document) -> Iterator[Finding]:
    """Yield a finding for each `compute` or `wrong` that does not import, or that its own arguments do not fit."""
    for path, metric in select(document, "metrics/*"):
        if not isinstance(metric, dict):
            continue
        inputs, arguments = metric.get("inputs"), metric.get("arguments") or {}
        fits = isinstance(inputs, list) and isinstance(arguments, dict)
        places = [((*path, "compute"), metric.get("compute"))]
        traps = metric.get("traps")
        for number, trap in enumerate(traps if isinstance(traps, list) else []):
            if isinstance(trap, dict):
                places.append(((*path, "traps", number, "wrong"), trap.get("wrong")))
        for place, dotted in places:
            if not isinstance(dotted, str) or not dotted.startswith(ROOM):
                continue  # the model has said so already
            function, fault = find(dotted)
            if function is not None and fits:
                fault = _misfit(function, inputs, arguments)
            if fault:
                yield finding(document, place, f"{place[-1]} {dotted}: {fault}")


def find(dotted: str) -> tuple[Callable[..., Any] | None, str]:
    """Return (function, "") or (None, what is wrong and what to do)."""
    module_name, _, name = dotted.rpartition(".")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        return None, f'there is no module "{error.name}". Correct the path, or write the module.'
    except Exception as error:  # a module that fails in any way must not end the check
        return None, f"its module fails on import ({type(error).__name__}: {error}). Mend the module first."
    function = getattr(module, name, None)
    if function is None:
        functions = [n for n, value in vars(module).items() if callable(value) and not n.startswith("_")]
        match = near(name, functions)
        hint = f'Did you mean "{match}"?' if match else "Write the function, or correct the name."
        return None, f'the module has no function "{name}". {hint}'
    if not callable(function):
        return None, "this is no function. Name a function."
    return function, ""


def _misfit(function: Callable[..., Any], inputs: list[Any], arguments: dict[str, Any]) -> str:
    try:
        inspect.signature(function).bind(*inputs, **arguments)
    except TypeError as error:
        return f"it does not take these inputs and arguments ({error}). Make metrics.yml and the function agree."
    except ValueError:  # a builtin without a signature
        pass
    return ""
