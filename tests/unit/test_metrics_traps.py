"""Every trap names the metric that it gets wrong, and can be called in its place."""

import importlib
import inspect
import pkgutil
import re

import pytest

from onefunnel import metrics

NEW = (
    *("accuracy", "adverts", "attribution", "brand", "budget", "channel", "clock", "dates", "demand", "doors"),
    *("forecasts", "hand_off", "levers", "listening", "loading", "market", "messages", "micromarkets", "ownership"),
    *("placing", "price_rise", "pulse", "quarter", "retention", "roles", "route", "scorecard", "sellthrough"),
    *("survey", "targeting", "teamwork", "trials", "value", "variance", "willingness"),
)
TRAPS = [
    (module, name, function)
    for module in NEW
    for name, function in inspect.getmembers(
        importlib.import_module(f"onefunnel.metrics.{module}_traps"), inspect.isfunction
    )
    if function.__module__.endswith(f"{module}_traps") and not name.startswith("_")
]


@pytest.mark.parametrize(("module", "name", "trap"), TRAPS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_trap_has_the_signature_of_its_metric(module, name, trap):
    """The docstring begins "For METRIC:"; names, order, defaults and result of the arguments are the same."""
    named = re.match(r"For ([\w.]+): ", inspect.getdoc(trap) or "")
    assert named, f"{name}: begin the docstring with the metric it gets wrong"
    place, _, metric = named[1].rpartition(".")
    right = getattr(importlib.import_module(f"onefunnel.metrics.{place or module}"), metric)
    assert inspect.signature(trap) == inspect.signature(right)


def test_every_module_of_traps_is_listed_here_or_in_the_playbook():
    """No trap module escapes: the older ones are checked through the playbook's metrics."""
    found = {m.name.removesuffix("_traps") for m in pkgutil.iter_modules(metrics.__path__) if m.name.endswith("_traps")}
    assert found - {"mix", "origin", "pipeline"} == set(NEW)
