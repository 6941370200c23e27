"""The playbook's metrics against the truths that were planted in the sample company, wherever both exist."""

import pytest

from onefunnel.data import load as load_tables
from onefunnel.data.truths import load_truths
from onefunnel.home import home
from onefunnel.metrics import catalogue
from onefunnel.playbook import load as load_playbook

PLAYBOOK = load_playbook()
TRUTHS = {row.id: row for row in load_truths(home().datasets / "truths")}

#: Metric, the arguments that make it the truth's question, the truth. Nothing here states a value.
PAIRS = [
    ("win_rate", {}, "pt09_by_count"),
    ("win_rate_by_value", {}, "pt09_by_value"),
    ("pipeline_velocity", {}, "pt13_identity"),
    ("coverage", {}, "pt16_coverage"),
    ("needed_coverage", {}, "pt16_needed"),
    ("trial_wait", {}, "pt02_wait"),
    ("untouched_rate", {}, "pt03_untouched"),
    ("response_in_time", {}, "pt03_in_time"),
    ("forecast_bias", {"made_by": "sales"}, "pt17_sales_bias"),
    ("forecast_bias", {"made_by": "marketing"}, "pt17_marketing_bias"),
    ("forecast_miss", {"made_by": "marketing"}, "pt17_marketing_miss"),
    *(
        ("origin_return", {"origin": origin}, f"pt05_{origin}")
        for origin in ("bought_list", "advertising", "email", "promotion", "telemarketing", "event", "direct_mail")
    ),
    ("origin_return", {}, "pt08_with_unknown"),
    *(
        ("incremental_return", {"origin": origin}, f"pt06_{origin}")
        for origin in ("bought_list", "advertising", "email", "promotion", "telemarketing", "event", "direct_mail")
    ),
    *(
        ("attributed_return", {"origin": origin, "rule": rule}, f"pt07_{origin}_{rule}")
        for origin in ("event", "email")
        for rule in ("first", "last")
    ),
    ("unknown_origin", {}, "pt08_leads"),
    ("customer_acquisition_cost", {}, "pt45_fully_loaded"),
    ("customer_acquisition_cost", {"kinds": ["media"]}, "pt45_media_only"),
    *(
        (metric, {"micromarket": name.replace("_", " ").title()}, f"{truth}_{name}")
        for metric, truth in (("lifetime_value", "pt45_value"), ("next_euro_return", "pt32_next_euro"))
        for name in ("costa_norte", "puerto", "meseta", "valle", "sierra", "llanos", "islas", "frontera")
    ),
    ("budget_gain", {}, "pt32_best"),
    ("market_share", {}, "pt36_share_after"),
    ("market_share", {"years_back": 2}, "pt36_share_before"),
    ("hand_over_complete", {}, "pt43_complete"),
    ("low_experience", {}, "pt43_low_share"),
    ("gross_renewal_rate", {"days": 3650}, "pt43_gross_value"),
    ("net_revenue_retention", {"days": 3650}, "pt43_net_value"),
    ("time_to_first_value", {}, "pt43_first_value"),
    ("price_elasticity", {}, "pt27_elasticity"),
    ("optimum_price", {}, "pt28_optimum"),
    ("stated_best_price", {}, "pt28_stated_best"),
    ("tested_best_price", {}, "pt28_tested_best"),
    ("numeric_distribution", {}, "pt22_numeric"),
    ("weighted_distribution", {}, "pt22_weighted"),
    ("weeks_of_cover", {"weeks_back": 5}, "pt23_cover_after"),
    ("return_rate", {}, "pt24_return_rate"),
    ("return_rate", {"measure": "value_eur"}, "pt24_return_rate_by_value"),
    ("fit_uplift", {}, "pt20_fit"),
    ("fit_uplift", {"score": "past_cases_month"}, "pt20_cases"),
    ("hours_on_small", {}, "pt46_hours"),
    ("asset_cells_covered", {}, "pt39_cells"),
    ("hours_doubled", {}, "pt42_double_hours"),
    ("survey_gap", {}, "pt40_gap"),
    ("pocket_price", {}, "pt25_pocket"),
    ("pocket_margin", {}, "pt25_margin"),
]


@pytest.fixture(scope="module")
def tables():
    return load_tables().company()


@pytest.mark.parametrize(("metric", "arguments", "truth_id"), PAIRS, ids=[f"{p[0]}-{p[2]}" for p in PAIRS])
def test_a_metric_finds_what_was_planted(tables, metric, arguments, truth_id):
    """Within the truth's own tolerance; the estimator of the truth is other code than the metric."""
    truth = TRUTHS[truth_id]
    assert catalogue.value(metric, tables, PLAYBOOK, **arguments) == pytest.approx(truth.value, abs=truth.tolerance)
