"""What an offer costs the buyer: the money on the invoice, and four things that stand on no invoice. EUR a year."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from onefunnel.metrics.mix import pocket_by_account

#: The five parts of a total price, and what each holds.
PARTS = {
    "money": "what the invoices say",
    "time": "hours of their own people",
    "reputation": "what a failure would cost the one who chose",
    "change": "new habits, training, complaints",
    "risk": "late delivery, breakdowns, being tied",
}

#: A rival's invoice is lower by this share where nothing else is known: the discount that buyers ask for in the lesson.
CHEAPER = 0.08


def total_price(parts: Mapping[str, float]) -> float:
    """The sum of the five `PARTS` of one offer, EUR a year. KeyError when one is missing: write 0 for nothing."""
    return float(sum(parts[name] for name in PARTS))


def typical_spend(orders: pd.DataFrame) -> float:
    """What the median account paid in the last 365 days of its orders, EUR (pocket price); NaN without an order."""
    year = orders[orders["ordered_on"] > orders["ordered_on"].max() - pd.Timedelta(days=365)]
    return float(pocket_by_account(year)["pocket_eur"].median())
