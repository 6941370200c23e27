"""The origin as somebody typed it into the CRM. `origin` beside it says what it means; most labels say it plainly."""

from __future__ import annotations

import numpy as np

from generator import plan
from generator.dice import Dice
from generator.world import World

PLAIN = {
    "advertising": "Advertising",
    "email": "E-mail",
    "event": "Event",
    "promotion": "Promotion",
    "direct_mail": "Direct mail",
    "telemarketing": "Telemarketing",
    "referral": "Referral",
    "bought_list": "Bought list",
}
PLAIN_SHARE = 0.72
TYPED = {
    "advertising": ("advertising", "Google ads", "Search ad", "Adverts", "poster"),
    "email": ("email", "E-Mail ", "Newsletter", "mailing (mail)", "EMAIL"),
    "event": ("event", "Trade show", "fair", "Fair stand", "Breakfast"),
    "promotion": ("promo", "Coupon", "Special offer", "PROMOTION"),
    "direct_mail": ("direct mail", "Postcard", "DM", "letter by post"),
    "telemarketing": ("telemarketing", "Cold call", "Call centre", "Tele-marketing"),
    "referral": ("referral", "Recommended", "ref. by customer", "Partner"),
    "bought_list": ("list", "Purchased list", "bought-list", "address list"),
}
SAYS_NOTHING = {"": 0.42, "Other": 0.2, "n/a": 0.12, "-": 0.08, "?": 0.06, "Website": 0.06, "tbd": 0.04, "Misc.": 0.02}


def add(world: World) -> dict[str, dict[str, np.ndarray]]:
    """The table `leads` with `origin_label`."""
    dice = Dice(world.seed, "origin_labels")
    origin = world.column("leads", "origin")
    label = np.full(len(origin), "", dtype=object)
    for name in plan.ORIGINS:
        here = origin == name
        label[here] = dice.pick(*_labels(name, int(here.sum())))
    return {"leads": world.made["leads"] | {"origin_label": label}}


def _labels(origin: str, n: int) -> tuple[list[str], int, list[float]]:
    if origin not in PLAIN:
        return list(SAYS_NOTHING), n, list(SAYS_NOTHING.values())
    typed = TYPED[origin]
    return [PLAIN[origin], *typed], n, [PLAIN_SHARE, *([(1 - PLAIN_SHARE) / len(typed)] * len(typed))]
