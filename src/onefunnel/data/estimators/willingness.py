"""What a price does, from shop weeks, a price survey and a price test: the planted truths, and everyday readings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from onefunnel.data.tables import Tables

FALLING, RISING = ("too_cheap", "cheap"), ("expensive", "too_expensive")


# ---- elasticity (PT27) ---------------------------------------------------------------------------------------------


def same_shop_slope(tables: Tables, product_id: str, of: str = "price") -> float:
    """Effect on ln units of ln price, promotion or display, each shop with itself; weeks with empty shelves out."""
    weeks = _weeks(tables, product_id)
    return _slopes(weeks, ["price", "promotion", "display"], within=True)[of]


def slope_without_promotions(tables: Tables, product_id: str) -> float:
    """Misread: the same shops, but nobody says when a promotion ran."""
    return _slopes(_weeks(tables, product_id), ["price"], within=True)["price"]


def pooled_slope(tables: Tables, product_id: str) -> float:
    """Misread: all shops and weeks in one cloud."""
    return _slopes(_weeks(tables, product_id), ["price"], within=False)["price"]


def between_slope(tables: Tables, product_id: str) -> float:
    """Misread: one mean point a shop."""
    means = _weeks(tables, product_id).groupby("account_id", as_index=False)[["units", "price"]].mean()
    return _slopes(means, ["price"], within=False)["price"]


def _weeks(tables: Tables, product_id: str) -> pd.DataFrame:
    rows = tables["sellout_weekly"]
    rows = rows[(rows["product_id"] == product_id) & ~rows["oos"]]
    return pd.DataFrame(
        {
            "account_id": rows["account_id"],
            "units": np.log(rows["units"]),
            "price": np.log(rows["price_eur"]),
            "promotion": rows["promotion"].astype(float),
            "display": rows["display"].astype(float),
        }
    )


def _slopes(weeks: pd.DataFrame, causes: Sequence[str], within: bool) -> dict[str, float]:
    columns = ["units", *causes]
    means = weeks.groupby("account_id")[columns].transform("mean") if within else weeks[columns].mean()
    centred = weeks[columns] - means
    found = np.linalg.lstsq(centred[list(causes)].to_numpy(), centred["units"].to_numpy(), rcond=None)[0]
    return dict(zip(causes, found.tolist(), strict=True))


# ---- what people say, and what they do (PT28) ----------------------------------------------------------------------


def curves_cross(tables: Tables, left: str, right: str, swapped: bool = False) -> float:
    """Price at which two of van Westendorp's curves cross, EUR a month; answers out of order left out.

    "too_cheap" and "cheap" are shares who named the price or more, "expensive" and "too_expensive" the price or less;
    "not cheap" and "not expensive" are what is left to 1. `swapped` misreads cheap for expensive, order unchecked.
    """
    answers = tables["price_survey"][[*FALLING, *RISING]]
    if swapped:
        answers = answers.rename(columns={"cheap": "expensive", "expensive": "cheap"})
    else:
        answers = answers[(answers.diff(axis=1).iloc[:, 1:] >= 0).all(axis=1)]
    prices = np.arange(answers.to_numpy().min(), answers.to_numpy().max(), 1.0)
    gap = _curve(answers, left, prices) - _curve(answers, right, prices)
    turn = int(np.flatnonzero(gap[:-1] * gap[1:] <= 0)[0])
    return float(prices[turn] + gap[turn] / (gap[turn] - gap[turn + 1])) if gap[turn] != gap[turn + 1] else prices[turn]


def out_of_order(tables: Tables) -> float:
    """Share of people whose four answers do not rise."""
    answers = tables["price_survey"][[*FALLING, *RISING]]
    return float((answers.diff(axis=1).iloc[:, 1:] < 0).any(axis=1).mean())


def stated_share(tables: Tables, price_eur: float) -> float:
    """Of all people asked, the share who say they would rent at a price."""
    steps = tables["price_steps"]
    yes = steps[(steps["price_eur"] == price_eur) & steps["would_buy"]]
    return len(yes) / steps["respondent_id"].nunique()


def stated_best_price(tables: Tables) -> float:
    """Price with the largest price × stated share."""
    return max(_prices(tables), key=lambda price: price * stated_share(tables, price))


def best_price_of_those_asked(tables: Tables) -> float:
    """Misread: shares of those who were still asked at a price."""
    share = tables["price_steps"].groupby("price_eur")["would_buy"].mean()
    return float((share * share.index).idxmax())


def tested_share(tables: Tables, price_eur: float) -> float:
    """Of the visitors who were shown a price, the share who rented."""
    rows = tables["price_test"]
    rows = rows[rows["price_eur"] == price_eur]
    return float(rows["rented"].sum() / rows["shown"].sum())


def tested_best_price(tables: Tables) -> float:
    """Price with the largest price × share of visitors who rented."""
    return max(_prices(tables), key=lambda price: price * tested_share(tables, price))


def _prices(tables: Tables) -> list[float]:
    return sorted(tables["price_test"]["price_eur"].unique().tolist())


def _curve(answers: pd.DataFrame, name: str, prices: np.ndarray) -> np.ndarray:
    if name.startswith("not "):
        return 1 - _curve(answers, name.removeprefix("not "), prices)
    given = answers[name].to_numpy()[:, None]
    return (given >= prices).mean(axis=0) if name in FALLING else (given <= prices).mean(axis=0)
