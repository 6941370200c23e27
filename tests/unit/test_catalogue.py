"""The catalogue calls metrics as metrics.yml describes them, on the real playbook and the real tables."""

import math

import pytest

from onefunnel.data import load as load_tables
from onefunnel.metrics import catalogue, mix, pipeline, pipeline_traps
from onefunnel.playbook import load as load_playbook

PLAYBOOK = load_playbook()


@pytest.fixture(scope="module")
def tables():
    return load_tables().company()


def test_resolve_finds_public_functions():
    """A dotted path gives the function itself, also through the module that gathers them."""
    assert catalogue.resolve("onefunnel.metrics.pipeline.win_rate") is pipeline.win_rate
    assert catalogue.resolve("onefunnel.metrics.pipeline_traps.loss_rate") is pipeline_traps.loss_rate


@pytest.mark.parametrize(
    ("dotted", "says"),
    [
        ("os.system", "not a public function"),  # a file that people edit may name only our own
        ("onefunnel.metrics.pipeline._private", "not a public function"),
        ("win_rate", "not a public function"),
        ("onefunnel.metrics.nowhere.win_rate", "no module"),
        ("onefunnel.metrics.pipeline.no_such_metric", "no function"),
        ("onefunnel.metrics.stages.DAY", "no function"),  # a value, not a function
    ],
)
def test_resolve_says_what_is_missing(dotted, says):
    """Anything that is no public function of ours is a LookupError which names it."""
    with pytest.raises(LookupError, match=says) as caught:
        catalogue.resolve(dotted)
    assert dotted in str(caught.value)


def test_inputs_come_from_tables_and_playbook(tables):
    """Tables by name, the date from the data, the steps in order, calendar and CRM percentages from the playbook."""
    names = ["leads", "as_of", "steps", "calendar", "crm_probability"]
    leads, as_of, steps, calendar, crm = catalogue.supply(names, tables, PLAYBOOK)
    assert leads.equals(tables["leads"])
    assert as_of == tables.as_of
    assert steps == tuple(step.id for step in PLAYBOOK.steps)
    assert calendar == PLAYBOOK.company.calendar
    assert set(crm) <= set(steps)
    with pytest.raises(LookupError, match='no input "laeds"'):
        catalogue.supply(["laeds"], tables, PLAYBOOK)


def test_every_metric_of_the_playbook_gives_a_number(tables):
    """Each metric, and each of its traps, computes on the sample company; none is empty there."""
    for metric in PLAYBOOK.metrics:
        assert math.isfinite(catalogue.value(metric.id, tables, PLAYBOOK)), metric.id
        wrong = catalogue.trap_values(metric, tables, PLAYBOOK)
        assert list(wrong) == [trap.id for trap in metric.traps]
        assert all(math.isfinite(value) for value in wrong.values()), wrong


def test_overrides_replace_arguments_for_metric_and_traps(tables):
    """A lesson asks the same metric about other steps; metric and traps get the same arguments."""
    pair = {"from_step": "accepted", "to_step": "qualified"}
    inputs = (tables["leads"], tables["stage_history"], tables.as_of, PLAYBOOK.step_ids)
    assert catalogue.value("stage_conversion", tables, PLAYBOOK, **pair) == pipeline.stage_conversion(*inputs, **pair)
    wrong = catalogue.trap_values("stage_conversion", tables, PLAYBOOK, **pair)
    assert wrong["divides_by_leads"] == pipeline_traps.divides_by_leads(*inputs, **pair)


def test_call_takes_inputs_by_position_and_arguments_by_name(tables):
    """The form that lessons use for tokens and options."""
    account = tables["orders"]["account_id"].iloc[0]
    got = catalogue.call("onefunnel.metrics.mix.pocket_price", ["orders"], {"account_id": account}, tables, PLAYBOOK)
    assert got == mix.pocket_price(tables["orders"], account)


def test_an_argument_the_metric_does_not_take_is_an_error(tables):
    """A typing mistake must not pass silently."""
    with pytest.raises(TypeError, match="from_stp"):
        catalogue.value("stage_conversion", tables, PLAYBOOK, from_stp="trial")
