"""Wrong ways to read assets and interviews. Each has the signature of the function that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics.messages import (
    CELLS,
    MEETS_IT,
    cell_id,
    cells_with_deals,
    cells_with_deals_and_asset,
    issues,
    open_by_cell,
)
from onefunnel.metrics.ratio import share


def counts_assets(
    opportunities: pd.DataFrame, contacts: pd.DataFrame, accounts: pd.DataFrame, assets: pd.DataFrame
) -> float:
    """For covered_share: assets ÷ cells, as if each new asset filled a new cell. Most stand in a few."""
    return len(assets) / CELLS


def cells_weigh_the_same(
    opportunities: pd.DataFrame, contacts: pd.DataFrame, accounts: pd.DataFrame, assets: pd.DataFrame
) -> float:
    """For covered_share: cells with an asset ÷ cells with a deal. A large deal without an asset counts like a small."""
    covered = cells_with_deals_and_asset(opportunities, contacts, accounts, assets)
    return share(covered, cells_with_deals(opportunities, contacts, accounts))


def fullest_cell(
    opportunities: pd.DataFrame, contacts: pd.DataFrame, accounts: pd.DataFrame, assets: pd.DataFrame
) -> list[str]:
    """For largest_hole: the cell with most open euros, although it has its assets."""
    euros = open_by_cell(opportunities, contacts, accounts)
    return [cell_id(euros.idxmax())] if len(euros) else []


def important_so_differentiator(win_loss: pd.DataFrame) -> dict[str, str]:
    """For issue_kinds: what buyers call important parts vendors. Where all of them meet it, it decides nothing."""
    importance = issues(win_loss)["importance"]
    return {issue: "differentiator" if points >= MEETS_IT else "table_stakes" for issue, points in importance.items()}


def we_like_it(win_loss: pd.DataFrame) -> dict[str, str]:
    """For issue_kinds: any lead is our advantage, however small and however few said so."""
    table = issues(win_loss)
    lead = table["ours"] > table["theirs"]
    return {issue: "advantage" if lead[issue] else "differentiator" for issue in table.index}
