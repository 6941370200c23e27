"""Every official metric is computed a second time; here those that read no table, by the accounts written out."""

import ast
from pathlib import Path

import pytest
from metric_twins import TWINS

from onefunnel.metrics import catalogue
from onefunnel.playbook import load as load_playbook

PLAYBOOK = load_playbook()


def told(metric_id):
    """The metric with the arguments of metrics.yml, and these arguments."""
    metric = PLAYBOOK.metric(metric_id)
    assert not metric.inputs
    return catalogue.resolve(metric.compute)(**metric.arguments), metric.arguments


def test_velocity_gain():
    """A pipeline of 100 deals of €1,000 and a rate of a half, in 50 days and in the changed number of days."""
    gain, given = told("velocity_gain")
    before, after = (100 * 1000 * 0.5 / days for days in (50, 50 * (1 + given["cycle_change"])))
    assert gain == pytest.approx((after - before) / before)


def test_break_even_volume():
    """At that volume and the lower price the account earns what it earned: 100 cases at €10."""
    more, given = told("break_even_volume")
    cost = 10 * (1 - given["contribution"])
    now = 100 * (1 + more) * (10 * (1 - given["discount"]) - cost)
    assert now == pytest.approx(100 * (10 - cost))


def test_price_leverage():
    """The profit of 100 cases at €10 before and after: price up, some volume gone, fixed costs as they were."""
    gain, given = told("price_leverage")
    cost = 10 * (1 - given["contribution"])
    fixed = 1000 * (given["contribution"] - given["operating_margin"])
    before = 100 * (10 - cost) - fixed
    after = 100 * (1 + given["volume_change"]) * (10 * (1 + given["price_change"]) - cost) - fixed
    assert gain == pytest.approx(after / before - 1)


def test_every_metric_has_a_twin():
    """Each id of metrics.yml stands in the registry once, under a test that is there and that names the metric."""
    named = [metric_id for tests in TWINS.values() for ids in tests.values() for metric_id in ids]
    assert sorted(named) == sorted(metric.id for metric in PLAYBOOK.metrics)
    for file, tests in TWINS.items():
        text = (Path(__file__).parent / file).read_text(encoding="utf-8")
        sources = {
            node.name: ast.get_source_segment(text, node)
            for node in ast.parse(text).body
            if isinstance(node, ast.FunctionDef)
        }
        for test, ids in tests.items():
            for metric_id in ids:
                function = PLAYBOOK.metric(metric_id).compute.rpartition(".")[2]
                assert f'"{metric_id}"' in sources[test] or function in sources[test], (file, test, metric_id)
