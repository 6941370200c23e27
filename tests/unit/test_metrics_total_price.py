"""The total price of an offer, and what a typical account pays, by hand."""

import math

import pandas as pd
import pytest

from onefunnel.metrics import mix, total_price


def test_the_five_parts_add_up_and_none_may_be_forgotten():
    """100 + 20 + 5 + 0 + 10 = 135; an offer without its risk is refused, not counted as free of risk."""
    parts = {"money": 100, "time": 20, "reputation": 5, "change": 0, "risk": 10}
    assert total_price.total_price(parts) == 135
    with pytest.raises(KeyError, match="risk"):
        total_price.total_price({name: eur for name, eur in parts.items() if name != "risk"})


def test_a_typical_account_pays_the_median_of_the_last_year():
    """Pockets of the last 365 days: a 90, b 180 + 45 = 225, c 900: the middle is 225."""
    taken = dict.fromkeys([*mix.ON_INVOICE, *mix.OFF_INVOICE], 0.0)
    rows = [("a", "2026-05-01", 100, 10), ("b", "2026-01-01", 200, 20), ("b", "2025-06-01", 50, 5)]
    rows += [("c", "2026-04-30", 1000, 100), ("a", "2025-05-01", 7000, 0)]
    orders = pd.DataFrame(rows, columns=["account_id", "ordered_on", "list_eur", "on"])
    orders = orders.assign(cases=1, ordered_on=pd.to_datetime(orders["ordered_on"]), **taken)
    orders[mix.ON_INVOICE[0]] = orders.pop("on").astype(float)
    assert total_price.typical_spend(orders) == 225
    assert math.isnan(total_price.typical_spend(orders.iloc[:0]))
