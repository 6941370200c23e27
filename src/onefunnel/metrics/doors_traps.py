"""Wrong ways to judge doors. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import doors as right
from onefunnel.metrics.doors import WORST
from onefunnel.metrics.ratio import share
from onefunnel.metrics.sellthrough import MIN_UNITS


def small_door_noise(
    shipments: pd.DataFrame,
    returns: pd.DataFrame,
    as_of: pd.Timestamp,
    doors: int = WORST,
    min_units: float = MIN_UNITS,
) -> list[str]:
    """For worst_doors: the highest rates of all doors, so that two machines of five stand beside a hundred of 250."""
    return right.worst_doors(shipments, returns, as_of, doors, min_units=0)


def largest_are_worst(
    shipments: pd.DataFrame,
    returns: pd.DataFrame,
    as_of: pd.Timestamp,
    doors: int = WORST,
    min_units: float = MIN_UNITS,
) -> list[str]:
    """For worst_doors: the doors that get the most machines."""
    return right.largest_doors(shipments, returns, as_of, doors)


def usual_rate(
    shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, units: float, doors: int = 3
) -> float:
    """For order_comes_back: credit a machine of *all* doors. Far too low for the worst."""
    credit = right.machines_back(returns, as_of, measure="value_eur")
    return units * share(credit, right.machines_shipped(shipments, as_of))


def everything_comes_back(
    shipments: pd.DataFrame, returns: pd.DataFrame, as_of: pd.Timestamp, units: float, doors: int = 3
) -> float:
    """For order_comes_back: takes the whole order for lost. Too high."""
    back = right.of_the_worst(shipments, returns, as_of, "units_back", doors)
    return units * share(right.of_the_worst(shipments, returns, as_of, "value_back_eur", doors), back)
