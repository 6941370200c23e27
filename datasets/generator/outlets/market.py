"""What the category was worth in each micromarket and quarter, from a panel (PT36), and a pay plan's year (PT37)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator.dice import shares
from generator.outlets.route import QUARTERS

SEASON = (0.96, 1.0, 0.98, 1.06)
PAY_YEARS = {"margin": 2021, "mql": 2022}  # what the lead team was paid on
PAY_QUARTER = {"list_leads": 520, "other_leads": 1_380, "mqls": 760, "accepted": 300, "margin_eur": 412_000}
MQL_GROWTH = 0.34
AREA_TILT = (1.12, 1.06, 1.0, 1.02, 0.96, 0.98, 0.9, 0.94)  # our share is not the same everywhere


def make_market_size(truth: Mapping[str, float], market: np.ndarray, net: np.ndarray, quarter: np.ndarray) -> dict:
    """Columns of `market_size` for the full quarters of 2024 on; `net` are cents, `market` 0–7, `quarter` 0–9.

    The years hold the planted share and growth to the hundred euros; the first quarter of 2026 goes on growing.
    """
    rows: dict[str, list] = {"micromarket_id": [], "quarter": [], "category_eur": []}
    labels = [f"{date[:4]}-Q{(int(date[5:7]) + 2) // 3}" for date in QUARTERS[:9]]
    ours = [float(net[(quarter >= 4 * i) & (quarter < 4 * i + 4)].sum()) / 100 for i in (0, 1)]
    area = [float(net[(market == i) & (quarter < 4)].sum()) * AREA_TILT[i] for i in range(len(AREA_TILT))]
    first = round(ours[0] / truth["pt36_share_before"] / 100)
    second = round(ours[0] / truth["pt36_share_before"] * (1 + truth["pt36_market_growth"]) / 100)
    third = round(second * SEASON[0] / sum(SEASON) * (1 + truth["pt36_market_growth"]))
    years = [shares(first, list(SEASON)), shares(second, list(SEASON)), [third]]
    for label, total in zip(labels, [part for year in years for part in year], strict=True):
        for i, hundreds in enumerate(shares(total, area)):
            rows["micromarket_id"].append(f"M{i + 1}")
            rows["quarter"].append(label)
            rows["category_eur"].append(hundreds * 100)
    return rows


def make_pay_trial(truth: Mapping[str, float]) -> dict[str, list]:
    """Columns of `pay_trial`: four quarters paid on margin, then four paid on marketing-qualified leads."""
    leads = PAY_QUARTER["list_leads"] + PAY_QUARTER["other_leads"]
    paid_on_mqls = PAY_QUARTER | {
        "list_leads": PAY_QUARTER["list_leads"] + round(leads * truth["pt37_leads"]),
        "mqls": round(PAY_QUARTER["mqls"] * (1 + MQL_GROWTH)),
        "accepted": round(PAY_QUARTER["accepted"] * (1 + truth["pt37_accepted"])),
        "margin_eur": PAY_QUARTER["margin_eur"] + round(truth["pt37_margin"]),
    }
    rows: dict[str, list] = {"quarter": [], "paid_on": [], **{name: [] for name in PAY_QUARTER}}
    for (paid_on, year), means in zip(PAY_YEARS.items(), (PAY_QUARTER, paid_on_mqls), strict=True):
        rows["quarter"] += [f"{year}-Q{number}" for number in (1, 2, 3, 4)]
        rows["paid_on"] += [paid_on] * 4
        for name, mean in means.items():
            rows[name] += shares(4 * mean, list(SEASON))
    return rows
