"""Wrong ways to read what being known does. Each has the signature of what its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import brand


def raw_gap(opportunities: pd.DataFrame, accounts: pd.DataFrame) -> float:
    """For gap_by_segment: all buyers who know us against all others, whatever kind they are. Too high.

    The segment that knows us best also buys most often.
    """
    return brand.rate_by_known(opportunities, accounts, True) - brand.rate_by_known(opportunities, accounts, False)
