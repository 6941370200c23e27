"""One function's monthly forecasts of the last twelve months: which side they lean to, and how far they miss.

Table: `forecasts` (`territory_id`, `month` as "2026-03", `made_by` = sales, marketing or joint, `forecast_eur`,
`actual_eur`). Fractions of what came, as in `accuracy`; plus means too much was promised.
"""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import accuracy

MONTHS = 12


def last_months(forecasts: pd.DataFrame, made_by: str, months: int = MONTHS) -> pd.DataFrame:
    """The rows of one function in the table's last months, in order; the joint forecasts are nobody's own."""
    latest = sorted(forecasts["month"].astype(str).unique())[-months:]
    rows = forecasts[forecasts["made_by"].eq(made_by) & forecasts["month"].astype(str).isin(latest)]
    return rows.sort_values(["month", "territory_id"], kind="stable")


def bias_of(forecasts: pd.DataFrame, made_by: str, months: int = MONTHS) -> float:
    """`accuracy.bias` of one function's last months: (said − came) ÷ came, sums over all months."""
    rows = last_months(forecasts, made_by, months)
    return accuracy.bias(rows["forecast_eur"], rows["actual_eur"])


def miss_of(forecasts: pd.DataFrame, made_by: str, months: int = MONTHS) -> float:
    """`accuracy.wape` of one function's last months: misses without their sign ÷ what came, sums over all months."""
    rows = last_months(forecasts, made_by, months)
    return accuracy.wape(rows["forecast_eur"], rows["actual_eur"])


def said(forecasts: pd.DataFrame, made_by: str, months: int = MONTHS) -> float:
    """What one function promised in its last months, EUR."""
    return float(last_months(forecasts, made_by, months)["forecast_eur"].sum())


def came(forecasts: pd.DataFrame, made_by: str, months: int = MONTHS) -> float:
    """What came in the same months, EUR."""
    return float(last_months(forecasts, made_by, months)["actual_eur"].sum())


def missed(forecasts: pd.DataFrame, made_by: str, months: int = MONTHS) -> float:
    """All monthly misses without their sign, added up, EUR."""
    rows = last_months(forecasts, made_by, months)
    return float((rows["forecast_eur"] - rows["actual_eur"]).abs().sum())
