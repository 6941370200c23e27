"""What demand creation brought: where people came from, what they cost, the deals behind them, and what they returned.

Tables: `leads`, `opportunities`, `campaigns` and `touches` as in `origin` and `attribution`, and `experiments` (one row
a holdout's arm and look: `experiment_id`, `origin`, `arm` treated or control, `looked_on`, `n`, `successes`). The plain
return of an origin is `origin.origin_return`; here it is corrected for buyers who would have come anyway, or split
among all the touches of a deal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pandas as pd

from onefunnel.metrics import attribution
from onefunnel.metrics import origin as by_origin
from onefunnel.metrics.codes import first_rows, shared_codes
from onefunnel.metrics.deals import decided
from onefunnel.metrics.origin import DAY, MATURITY_DAYS, UNKNOWN
from onefunnel.metrics.ratio import share
from onefunnel.metrics.value import incremental_romi, incremental_share

#: Long enough for the first event of a slow deal; a shorter window books it to whoever came later.
LOOK_BACK_DAYS = 500
#: A person who comes back after so many days has done something new; before, it is the same hand raised twice.
NEW_ACT_DAYS = 90
MARKETING = ("marketing",)
SALES_SOURCED = "sales_prospecting"
COUNTINGS = ("sourced", "influenced")

RULES: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "first": attribution.first_touch,
    "last": attribution.last_touch,
    "linear": attribution.linear,
    "u_shape": attribution.u_shape,
    "w_shape": attribution.w_shape,
    "time_decay": attribution.time_decay,
}


def unknown_origin_share(leads: pd.DataFrame) -> float:
    """People whose origin nobody wrote down ÷ people, a fraction. Each person counts once, by the first lead.

    `origin` is the cleaned label: blanks, "Other", "n/a" and the like read "unknown" there. NaN without leads.
    """
    first = first_leads(leads)
    return share((first["origin"].isna() | (first["origin"] == UNKNOWN)).sum(), len(first))


def first_leads(leads: pd.DataFrame) -> pd.DataFrame:
    """One row a person: the first lead of each contact."""
    (contact,), contacts = shared_codes(leads["contact_id"])
    rows = first_rows(contact, len(contacts), leads["created_at"], leads["lead_id"])
    return leads.iloc[rows[rows >= 0]]


def duplicate_share(leads: pd.DataFrame, within_days: float = NEW_ACT_DAYS) -> float:
    """Lead rows of a person who has another row less than `within_days` before ÷ lead rows, a fraction.

    Until then it is the same raised hand; a later one is a new act, and its clock starts again (funnel step
    `engaged`). Rows without a contact are left out: nobody can say whose they are. NaN without leads.
    """
    known = leads[leads["contact_id"].notna()].sort_values("created_at", kind="stable")
    since = known.groupby(known["contact_id"].to_numpy())["created_at"].diff()
    return share((since < within_days * DAY).sum(), len(known))


def cost_per_engaged_account(
    campaigns: pd.DataFrame, leads: pd.DataFrame, as_of: pd.Timestamp, days: float = 364
) -> float:
    """Campaign spend of the last `days` ÷ accounts with a new lead in them, EUR an account.

    An account counts once, however many of its people react. Salaries are not in it (see
    `value.customer_acquisition_cost`). NaN when no account reacted.
    """
    start = as_of - days * DAY
    spend = by_origin.spend_until(campaigns, as_of).sum() - by_origin.spend_until(campaigns, start).sum()
    return share(spend, leads_between(leads, start, as_of)["account_id"].nunique())


def leads_between(leads: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Leads created from `start` to before `end`."""
    return leads[(leads["created_at"] >= start) & (leads["created_at"] < end)]


def incremental_return(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    campaigns: pd.DataFrame,
    experiments: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str,
    maturity_days: float = MATURITY_DAYS,
) -> float:
    """`origin.origin_return` of one origin, counting only what its holdout says would not have come anyway; a fraction.

    (revenue × incremental share × margin − spend) ÷ spend. The share comes from the origin's experiment at its last
    look (`holdout_share`). NaN when nothing was spent or nothing was held out: then nobody knows, and the plain return
    is the upper end. An average: the next euro brings less.
    Source of the idea: Blake, Nosko and Tadelis, Econometrica 83 (2015).
    """
    revenue, spend = by_origin.revenue_and_spend(
        leads, opportunities, campaigns, as_of, margin, origin, maturity_days=maturity_days
    )
    return float(incremental_romi(revenue, margin, spend, holdout_share(experiments, origin)))


def holdout_share(experiments: pd.DataFrame, origin: str, look: str = "last") -> float:
    """`value.incremental_share` of an origin's experiment at its last look (or its "first", to show the harm).

    Several experiments of one origin are added up, each at its own look. NaN when the origin was never held out.
    """
    rows = experiments[experiments["origin"] == origin]
    days = rows.groupby("experiment_id")["looked_on"].transform("max" if look == "last" else "min")
    sums = rows[rows["looked_on"] == days].groupby("arm")[["successes", "n"]].sum()
    sums = sums.reindex(["treated", "control"]).fillna(0)
    (with_it, whole_with), (without, whole_without) = sums.to_numpy()
    return incremental_share(with_it, whole_with, without, whole_without)


def attributed_return(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    touches: pd.DataFrame,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str,
    rule: str = "linear",
    look_back_days: float = LOOK_BACK_DAYS,
    functions: Collection[str] = MARKETING,
    maturity_days: float = MATURITY_DAYS,
) -> float:
    """Return of an origin when won deals are shared among their touches by a `rule` of `RULES`; a fraction.

    (credited revenue × margin − spend) ÷ spend. Deals of leads created more than `maturity_days` before `as_of`, their
    touches of `functions` in the `look_back_days` up to the closing, spend of the campaigns up to the same day. A rule
    is book-keeping: two of them can turn the order of the origins round, and none of them shows cause. NaN when nothing
    was spent. ValueError at an unknown rule.
    """
    if rule not in RULES:
        raise ValueError(f'there is no rule "{rule}". There are: {", ".join(RULES)}.')
    paths = marketing_paths(leads, opportunities, touches, as_of, look_back_days, functions, maturity_days)
    return credited_return(paths, RULES[rule](paths), campaigns, as_of, margin, origin, maturity_days)


def marketing_paths(
    leads: pd.DataFrame,
    opportunities: pd.DataFrame,
    touches: pd.DataFrame,
    as_of: pd.Timestamp,
    look_back_days: float,
    functions: Collection[str] | None,
    maturity_days: float,
) -> pd.DataFrame:
    """`attribution.touch_paths` of the decided deals of the mature lead cohort."""
    old = leads.loc[leads["created_at"] < as_of - maturity_days * DAY, "opp_id"]
    deals = decided(opportunities[opportunities["opp_id"].isin(old.dropna())])
    conversions = deals[["opp_id", "account_id", "closed_at"]].assign(
        converted=deals["outcome"] == "won", value_eur=deals["amount_eur"]
    )
    return attribution.touch_paths(touches, conversions, look_back_days, functions)


def credited_return(
    paths: pd.DataFrame,
    credit: pd.Series,
    campaigns: pd.DataFrame,
    as_of: pd.Timestamp,
    margin: float,
    origin: str,
    maturity_days: float,
) -> float:
    """(credited revenue × margin − spend) ÷ spend of one origin for credits that are known already."""
    credited = attribution.credit_by_channel(paths, credit)["value_eur"].get(origin, 0.0)
    spend = by_origin.spend_until(campaigns, as_of - maturity_days * DAY).get(origin, 0.0)
    return share(credited * margin - spend, spend)


def pipeline_created(
    opportunities: pd.DataFrame,
    touches: pd.DataFrame,
    as_of: pd.Timestamp,
    counting: str = "sourced",
    days: float = 364,
    age_days: float = MATURITY_DAYS,
) -> float:
    """Amount of the opportunities that marketing opened, EUR, created in `days` that end `age_days` before `as_of`.

    "sourced": the origin is not sales' own prospecting. "influenced": a touch by marketing up to the closing, whoever
    opened the deal. Say which, and never add the two: most influenced deals are sourced ones. The window lies back,
    because who influenced a deal is known only when it is over. All outcomes count: it is pipeline, not sales.
    0 when no deal was created. ValueError at another `counting`.
    """
    if counting not in COUNTINGS:
        raise ValueError(f'counting="{counting}" is unknown. Use "sourced" or "influenced".')
    deals = created_between(opportunities, as_of, days, age_days)
    counted = deals["origin"] != SALES_SOURCED if counting == "sourced" else influenced(deals, touches)
    return float(deals.loc[counted, "amount_eur"].sum())


def created_between(opportunities: pd.DataFrame, as_of: pd.Timestamp, days: float, age_days: float) -> pd.DataFrame:
    """Opportunities created in `days` that end `age_days` before `as_of`."""
    end = as_of - age_days * DAY
    return opportunities[(opportunities["created_at"] >= end - days * DAY) & (opportunities["created_at"] < end)]


def influenced(deals: pd.DataFrame, touches: pd.DataFrame) -> np.ndarray:
    """Of each deal whether marketing touched it before it closed."""
    closed = deals.set_index("opp_id")["closed_at"]
    rows = touches[touches["function"].isin(MARKETING)]
    in_time = ~(rows["touched_at"].to_numpy() > closed.reindex(rows["opp_id"]).to_numpy())
    return deals["opp_id"].isin(rows.loc[in_time, "opp_id"]).to_numpy()
