"""Metrics on tables with holes: each gives a number or says which table or column it needs, and never fails."""

from __future__ import annotations

import math

import pytest
from crm_exports import CAMPAIGNS, HISTORY, HUBSPOT, HUBSPOT_LABELS, LEADS, MEMBERS, OPPORTUNITIES, PIPEDRIVE

from onefunnel.data import Tables, load, validate
from onefunnel.data.importing import import_files
from onefunnel.metrics import catalogue
from onefunnel.metrics.catalogue import NoFigure
from onefunnel.playbook import load as load_playbook

PLAYBOOK = load_playbook()
EXPORTS = {
    "salesforce, all five": ("salesforce", (OPPORTUNITIES, HISTORY, LEADS, CAMPAIGNS, MEMBERS)),
    "salesforce, deals alone": ("salesforce", (OPPORTUNITIES,)),
    "salesforce, leads alone": ("salesforce", (LEADS,)),
    "hubspot": ("hubspot", (HUBSPOT,)),
    "hubspot, labels": ("hubspot", (HUBSPOT_LABELS,)),
    "pipedrive": ("pipedrive", (PIPEDRIVE,)),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_every_metric_gives_a_number_or_says_what_it_needs(name, tmp_path):
    """Whatever of the exports is imported: what a number lacks is really lacking, by its table or by its column."""
    kind, texts = EXPORTS[name]
    files = [tmp_path / f"file{place}.csv" for place in range(len(texts))]
    for path, text in zip(files, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    import_files(kind, files, tmp_path / "mine")
    assert validate(tmp_path / "mine") == []
    tables = load(tmp_path / "mine").company()
    for metric in PLAYBOOK.metrics:
        try:
            value = catalogue.value(metric, tables, PLAYBOOK)
            assert isinstance(float(value), float), metric.id
        except NoFigure as problem:
            assert set(problem.needs) <= tables.lacking, metric.id
            assert all(f"{need.partition('.')[0]}" in metric.inputs for need in problem.needs), metric.id
            assert str(problem).startswith("This number "), metric.id


@pytest.fixture(scope="module")
def territory():
    """One territory of the sample company: small, so that a column at a time can be taken away."""
    return load().territory("T01")


# Without product ids all that a shop sells is one product; without notes of empty shelves, no week is left out.
OPTIONAL = {"price_elasticity": ("product_id", "oos")}


@pytest.mark.parametrize("metric", PLAYBOOK.metrics, ids=lambda metric: metric.id)
def test_a_column_is_named_exactly_when_the_number_needs_it(metric, territory):
    """Take each column away in turn: either the number stays as it was, or the reason names that very column."""
    frames = {name: territory[name] for name in territory.names}
    before = catalogue.value(metric, territory, PLAYBOOK)
    for table in (name for name in metric.inputs if name in territory.names):
        for column in frames[table].columns:
            cut = Tables(frames, territory.as_of, territory.demonstration, {f"{table}.{column}"})
            try:
                after = catalogue.value(metric, cut, PLAYBOOK)
            except NoFigure as problem:
                assert problem.needs == (f"{table}.{column}",)
            else:
                same = after == before or (math.isnan(after) and math.isnan(before))
                assert same or column in OPTIONAL.get(metric.id, ()), column


def test_two_missing_columns_are_both_named(territory):
    """A reader who fetches one column must not be sent back for the next."""
    frames = {name: territory[name] for name in territory.names}
    lacking = {"opportunities.amount_eur", "opportunities.outcome", "opportunities.origin"}
    said = catalogue.reason("win_rate_by_value", Tables(frames, territory.as_of, "T00", lacking), PLAYBOOK)
    assert said.startswith("This number needs opportunities.")
    assert "opportunities.amount_eur" in said and "opportunities.outcome" in said and "origin" not in said
    assert said.endswith("Your tables do not hold them.")


def test_a_fault_of_the_code_is_no_missing_column(territory, monkeypatch):
    """A KeyError about anything but a lacking column is a mistake of ours and stays one."""

    def faulty(opportunities):
        return opportunities["no_such_column"]

    monkeypatch.setattr(catalogue, "resolve", lambda dotted: faulty)
    cut = Tables({name: territory[name] for name in territory.names}, territory.as_of, "T00", {"orders"})
    with pytest.raises(KeyError, match="no_such_column"):
        catalogue.value("win_rate", cut, PLAYBOOK)
