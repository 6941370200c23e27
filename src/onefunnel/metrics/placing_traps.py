"""Wrong ways to choose outlets, places and machines. Each has the signature of the function its docstring names."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from onefunnel.metrics.brief import SAMPLE, useless_sentences
from onefunnel.metrics.placing import active_machines, machines_of_age, top_tenth
from onefunnel.metrics.ratio import share


def share_of_wins(placements: pd.DataFrame, outlets: pd.DataFrame, score: str, part: str) -> float:
    """For top_tenth: the tenth's share of all that ordered again, where its rate against all was asked for."""
    return share(top_tenth(placements, outlets, score, "orders"), top_tenth(placements, outlets, score, "all_orders"))


def divides_by_bottom(placements: pd.DataFrame, outlets: pd.DataFrame, score: str, part: str) -> float:
    """For top_tenth: against the worst tenth, where nobody would have gone without a score either. Far too high."""
    return share(top_tenth(placements, outlets, score, "rate"), top_tenth(placements, outlets, score, "bottom"))


def age_from_order(machines: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For share_due: ages counted from the order. A machine ages from its installation. Too high."""
    return share(machines_of_age(machines, as_of, "ordered_on", "active"), active_machines(machines))


def counts_scrapped(machines: pd.DataFrame, as_of: pd.Timestamp) -> float:
    """For share_due: counts machines that are no longer there. Nobody can replace those. Too high."""
    return share(machines_of_age(machines, as_of, "installed_on", "all"), active_machines(machines))


def consumer_not_buyer(sentences: Mapping[str, str] = SAMPLE) -> list[str]:
    """For brief.useless_sentences: the sentences about the outlet, as if only the drinker had to be described."""
    return sorted(set(sentences) - set(useless_sentences(sentences)))
