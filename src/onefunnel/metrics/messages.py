"""What to say to whom: assets by reader, what buyers say parts vendors, and what the use of an asset tells.

Tables: `opportunities` (`outcome`, `step_id`, `amount_eur`, `contact_id`, `account_id`), `contacts` (`job_title`),
`accounts` (`industry`), `assets` (`name`, `job_title`, `industry`), `asset_use` (`opp_id`, `asset_id`, `step_id`) and
`win_loss` (`issue`, `importance`, `ours`, `theirs`, points of 1 to 10). Money is EUR, shares are fractions.
A *cell* is a job title and an industry.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

from onefunnel.metrics.ratio import share

JOB_TITLES = (
    "office manager",
    "facilities manager",
    "purchasing manager",
    "human resources manager",
    "managing director",
    "chief financial officer",
)
INDUSTRIES = ("professional_services", "manufacturing", "healthcare", "public_sector", "education")
CELLS = len(JOB_TITLES) * len(INDUSTRIES)

MEETS_IT = 7.0  # points of 10: a vendor does what buyers expect
NEAR = 0.5  # points: closer than this, buyers see no difference
LEAD, ENOUGH = 1.0, 30  # points and answers: we lead, and it is not luck

LATE = "decision"  # the step in which the last papers are shown
SMALL = 0.05  # a gap of win rates below this is nothing to build on


# ---- the matrix of readers ---------------------------------------------------------------------------------------


def open_by_cell(opportunities: pd.DataFrame, contacts: pd.DataFrame, accounts: pd.DataFrame) -> pd.Series:
    """Open euros by (job_title, industry): the title of the deal's contact, the industry of its account."""
    deals = opportunities[opportunities["outcome"] == "open"]
    title = deals["contact_id"].map(contacts.set_index("contact_id")["job_title"]).rename("job_title")
    industry = deals["account_id"].map(accounts.set_index("account_id")["industry"]).rename("industry")
    return deals["amount_eur"].groupby([title, industry]).sum()


def assets_by_cell(assets: pd.DataFrame) -> pd.Series:
    """How many assets are written for each cell; cells without one are left out."""
    return assets.groupby(["job_title", "industry"]).size()


def open_eur(opportunities: pd.DataFrame) -> float:
    """Open euros in all."""
    return float(opportunities.loc[opportunities["outcome"] == "open", "amount_eur"].sum())


def covered_eur(
    opportunities: pd.DataFrame, contacts: pd.DataFrame, accounts: pd.DataFrame, assets: pd.DataFrame
) -> float:
    """Open euros in cells with one asset or more."""
    euros = open_by_cell(opportunities, contacts, accounts)
    return float(euros[euros.index.isin(assets_by_cell(assets).index)].sum())


def covered_share(
    opportunities: pd.DataFrame, contacts: pd.DataFrame, accounts: pd.DataFrame, assets: pd.DataFrame
) -> float:
    """Open euros in cells with one asset or more ÷ open euros; NaN when nothing is open."""
    return share(covered_eur(opportunities, contacts, accounts, assets), open_eur(opportunities))


def cells_with_deals(opportunities: pd.DataFrame, contacts: pd.DataFrame, accounts: pd.DataFrame) -> int:
    """How many cells hold an open deal."""
    return len(open_by_cell(opportunities, contacts, accounts))


def cells_with_deals_and_asset(
    opportunities: pd.DataFrame, contacts: pd.DataFrame, accounts: pd.DataFrame, assets: pd.DataFrame
) -> int:
    """How many cells hold an open deal and have one asset or more."""
    return int(open_by_cell(opportunities, contacts, accounts).index.isin(assets_by_cell(assets).index).sum())


def library_size(assets: pd.DataFrame) -> int:
    """How many assets there are."""
    return len(assets)


def matrix_size() -> int:
    """How many cells there are: job titles × industries."""
    return CELLS


def largest_hole(
    opportunities: pd.DataFrame, contacts: pd.DataFrame, accounts: pd.DataFrame, assets: pd.DataFrame
) -> list[str]:
    """The cell without an asset in which most open euros stand, as a list of one id; empty when there is no hole."""
    euros = open_by_cell(opportunities, contacts, accounts)
    holes = euros[~euros.index.isin(assets_by_cell(assets).index)]
    return [cell_id(holes.idxmax())] if len(holes) else []


def cell_options(
    opportunities: pd.DataFrame,
    contacts: pd.DataFrame,
    accounts: pd.DataFrame,
    assets: pd.DataFrame,
    most: int = 10,
) -> list[dict[str, str]]:
    """The `most` cells with most open euros, sorted by reader: `id`, and a line with open euros and assets."""
    euros, made = open_by_cell(opportunities, contacts, accounts).nlargest(most).sort_index(), assets_by_cell(assets)
    return [
        {"id": cell_id(cell), "text": f"{cell_text(cell)} · €{eur:,.0f} open · {_count(int(made.get(cell, 0)))}"}
        for cell, eur in euros.items()
    ]


def cell_id(cell: tuple[str, str]) -> str:
    """The id of a cell: job title and industry with underscores, a dot between."""
    return f"{cell[0].replace(' ', '_')}.{cell[1]}"


def cell_text(cell: tuple[str, str]) -> str:
    """A cell as people say it."""
    return f"{cell[0].capitalize()}, {cell[1].replace('_', ' ')}"


def _count(assets: int) -> str:
    return {0: "no asset", 1: "1 asset"}.get(assets, f"{assets} assets")


# ---- what buyers say ---------------------------------------------------------------------------------------------


def issues(win_loss: pd.DataFrame) -> pd.DataFrame:
    """One row an issue, sorted: `answers`, and the means `importance`, `ours`, `theirs`, points of 10."""
    by = win_loss.groupby("issue")
    return by[["importance", "ours", "theirs"]].mean().assign(answers=by.size())


def issue_kinds(win_loss: pd.DataFrame) -> dict[str, str]:
    """Issue → table_stakes, differentiator or advantage.

    table_stakes: both vendors reach 7 points and lie less than half a point apart. advantage: we lead by one point or
    more, in 30 answers or more. Everything else parts vendors without being ours: differentiator.
    """
    table = issues(win_loss)
    gap = table["ours"] - table["theirs"]
    met = (gap.abs() < NEAR) & (table[["ours", "theirs"]].min(axis=1) >= MEETS_IT)
    ours = (gap >= LEAD) & (table["answers"] >= ENOUGH)
    return {
        issue: "table_stakes" if met[issue] else "advantage" if ours[issue] else "differentiator"
        for issue in table.index
    }


def issue_rows(win_loss: pd.DataFrame) -> list[dict[str, str]]:
    """The issues for a "sort these" question: `id`, and a line with the four numbers."""
    return [
        {
            "id": str(row.Index),
            "text": f"{str(row.Index).replace('_', ' ').capitalize()}: importance {row.importance:.1f}, "
            f"we {row.ours:.1f}, they {row.theirs:.1f}, {row.answers} answers",
        }
        for row in issues(win_loss).itertuples()
    ]


# ---- what the use of an asset tells ------------------------------------------------------------------------------


def rates_by_use(
    opportunities: pd.DataFrame, assets: pd.DataFrame, asset_use: pd.DataFrame, asset: str, late_only: bool = False
) -> pd.DataFrame:
    """Deals and win rate of decided deals with and without an asset: index `used` (True, False), `deals`, `rate`.

    `late_only` compares like with like: only deals that reached the decision, by the use of the asset there.
    """
    deals = opportunities[opportunities["outcome"].isin(["won", "lost", "no_decision"])]
    uses = asset_use[asset_use["asset_id"].isin(assets.loc[assets["name"] == asset, "asset_id"])]
    if late_only:
        deals, uses = deals[deals["step_id"].isin([LATE, "won"])], uses[uses["step_id"] == LATE]
    by = (deals["outcome"] == "won").groupby(deals["opp_id"].isin(uses["opp_id"]).rename("used"))
    return pd.DataFrame({"deals": by.size(), "rate": by.mean()}).reindex([True, False])


def effect_verdict(opportunities: pd.DataFrame, assets: pd.DataFrame, asset_use: pd.DataFrame, asset: str) -> str:
    """What is left of an asset's gap among deals that reached the decision: "hardly" (below 5 points), or "much".

    ValueError when no such deal used it, or all did: then there is no gap.
    """
    rate = rates_by_use(opportunities, assets, asset_use, asset, late_only=True)["rate"]
    gap = abs(rate[True] - rate[False])
    if math.isnan(gap):
        raise ValueError(f"{asset}: among the deals that reached the decision, none or all used it.")
    return "hardly" if gap < SMALL else "much"


def with_any(opportunities: pd.DataFrame, asset_use: pd.DataFrame, asset_ids: Iterable[str]) -> float:
    """Share of the won deals in which one or more of these assets were used; NaN when none is won."""
    won = opportunities[opportunities["outcome"] == "won"]
    touched = asset_use.loc[asset_use["asset_id"].isin(list(asset_ids)), "opp_id"]
    return share(won["opp_id"].isin(touched).sum(), len(won))
