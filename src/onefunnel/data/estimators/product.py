"""Assets, their holes and what buyers say: the planted truths, and their everyday readings."""

from __future__ import annotations

import pandas as pd

from onefunnel.data.estimators.funnel import _decided
from onefunnel.data.tables import Tables

CELLS = 30  # six job titles × five industries
MEETS_IT = 7.0  # points: a vendor meets what buyers expect
NEAR = 0.5  # points: vendors do not differ
LEAD, ENOUGH = 1.0, 30  # points, answers: we lead, and it is not luck


# ---- assets (PT38) -----------------------------------------------------------------------------------------------


def assets_never_used(tables: Tables) -> float:
    """How many assets were used in no deal."""
    return float((~tables["assets"]["asset_id"].isin(tables["asset_use"]["asset_id"])).sum())


def assets_in_all(tables: Tables) -> float:
    """How many assets there are."""
    return float(len(tables["assets"]))


def won_with_favourites(tables: Tables, favourites: int) -> float:
    """Share of the won deals in which one or more of the most used assets were used."""
    use, deals = tables["asset_use"], tables["opportunities"]
    most_used = use["asset_id"].value_counts().index[:favourites]
    touched = set(use.loc[use["asset_id"].isin(most_used), "opp_id"])
    return float(deals.loc[deals["outcome"] == "won", "opp_id"].isin(touched).mean())


def rate_with(tables: Tables, asset: str, used: bool = True, in_decision: bool = False) -> float:
    """Win rate of the deals with (or without) an asset; or of those that reached the decision, by its use there."""
    deals, uses = _decided(tables), _uses(tables, asset)
    if in_decision:
        deals = deals[deals["step_id"].isin(["decision", "won"])]
        uses = uses[uses["step_id"] == "decision"]
    deals = deals[deals["opp_id"].isin(uses["opp_id"]) == used]
    return float((deals["outcome"] == "won").mean())


def gap_in_decision(tables: Tables, asset: str) -> float:
    """Among deals that reached the decision: win rate with the asset used there less without."""
    return rate_with(tables, asset, True, True) - rate_with(tables, asset, False, True)


def raw_gap(tables: Tables, asset: str) -> float:
    """Misread: the same gap over all deals, whether or not they lived long enough to be shown the asset."""
    return rate_with(tables, asset, True) - rate_with(tables, asset, False)


def used_in_decision(tables: Tables, asset: str) -> float:
    """Share of an asset's uses that fell in the decision."""
    return float((_uses(tables, asset)["step_id"] == "decision").mean())


# ---- holes in the matrix (PT39) ----------------------------------------------------------------------------------


def cells_covered(tables: Tables) -> float:
    """Share of the cells (job title × industry) with one asset or more."""
    return len(tables["assets"].drop_duplicates(["job_title", "industry"])) / CELLS


def assets_a_cell(tables: Tables) -> float:
    """Misread: assets ÷ cells, as if they were spread evenly."""
    return len(tables["assets"]) / CELLS


def largest_hole(tables: Tables) -> str:
    """The cell without an asset in which most open euros stand, as "job title, industry"."""
    return ", ".join(_holes(tables).idxmax())


def fullest_cell(tables: Tables) -> str:
    """Misread: the cell in which most open euros stand, asset or not."""
    return ", ".join(_open_eur(tables).idxmax())


def hole_eur(tables: Tables, place: int = 1) -> float:
    """Open euros of the largest cell without an asset, or of the second largest."""
    return float(_holes(tables).sort_values(ascending=False).iloc[place - 1])


# ---- what buyers say (PT47) --------------------------------------------------------------------------------------


def kind_of_issue(tables: Tables, issue: str) -> str:
    """table_stakes when all vendors meet it, else differentiator; advantage where we lead by a point in 30 answers."""
    said = tables["win_loss"][tables["win_loss"]["issue"] == issue]
    ours, theirs = said["ours"].mean(), said["theirs"].mean()
    if abs(ours - theirs) < NEAR and min(ours, theirs) >= MEETS_IT:
        return "table_stakes"
    return "advantage" if ours - theirs >= LEAD and len(said) >= ENOUGH else "differentiator"


def important_so_differentiator(tables: Tables, issue: str) -> str:
    """Misread: what buyers call important sets vendors apart."""
    said = tables["win_loss"][tables["win_loss"]["issue"] == issue]
    return "differentiator" if said["importance"].mean() >= MEETS_IT else "table_stakes"


def we_like_it(tables: Tables, issue: str) -> str:
    """Misread: a lead is an advantage however few said so."""
    said = tables["win_loss"][tables["win_loss"]["issue"] == issue]
    return "advantage" if said["ours"].mean() > said["theirs"].mean() else "differentiator"


# ---- helpers -----------------------------------------------------------------------------------------------------


def _uses(tables: Tables, asset: str) -> pd.DataFrame:
    assets, use = tables["assets"], tables["asset_use"]
    return use[use["asset_id"].isin(assets.loc[assets["name"] == asset, "asset_id"])]


def _open_eur(tables: Tables) -> pd.Series:
    deals = tables["opportunities"]
    deals = deals[deals["outcome"] == "open"]
    title = deals["contact_id"].map(tables["contacts"].set_index("contact_id")["job_title"])
    industry = deals["account_id"].map(tables["accounts"].set_index("account_id")["industry"])
    return deals["amount_eur"].groupby([title.rename("job_title"), industry.rename("industry")]).sum()


def _holes(tables: Tables) -> pd.Series:
    covered = set(zip(tables["assets"]["job_title"], tables["assets"]["industry"], strict=True))
    euros = _open_eur(tables)
    return euros[[cell not in covered for cell in euros.index]]
