"""The way to each deal of the cohort that the origin lesson judges: who met the buyer, where, in which order (PT07).

Every deal of a lead that is at least a year old has the touch that made the lead and the first talk that made the deal.
Some met us at a fair before, some had a letter or an ad after; how many is set by what the two ends of the path must be
worth: events open, e-mail closes. Won deals have their tasting, proposal, installation and check call as well.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from generator import plan
from generator.dice import Dice, shares
from generator.leads import DAY, NEVER
from generator.world import World

LOST_SHARE = 0.7  # lost deals have the same kinds of paths, but fewer touches
OPENED_BY_EVENT = ("advertising", "promotion", "direct_mail", "telemarketing", "bought_list")
CLOSING = ("advertising", "telemarketing", "promotion", "direct_mail")  # what else reaches people late
LONGEST_PATH = 330  # days, so that a look-back of a year sees whole paths
BEFORE_DAYS = (4, 45)
SCORES = {  # mean experience in words of 1–5: how often each score was given
    "event": (2, 5, 15, 40, 38),
    "email": (5, 14, 33, 34, 14),
    "advertising": (7, 20, 38, 27, 8),
    "promotion": (4, 12, 34, 36, 14),
    "direct_mail": (4, 13, 35, 34, 14),
    "telemarketing": (16, 28, 32, 18, 6),
    "referral": (1, 3, 12, 40, 44),
    "bought_list": (20, 30, 30, 15, 5),
    "first_talk": (4, 9, 26, 39, 22),
    "tasting": (2, 5, 14, 38, 41),
    "proposal_meeting": (5, 13, 32, 34, 16),
    "installation": (4, 10, 24, 38, 24),
    "check_call": (3, 6, 18, 40, 33),
}
ASKED = 0.4  # of the touches have a score
CALLED_IN_WEEK_ONE = 0.6  # of the installations


def add(world: World) -> dict[str, dict[str, np.ndarray]]:
    """The table `touches`, by deal and day."""
    dice = Dice(world.seed, "touches")
    deal = _deals(world)
    before, after = _ends(dice, world.truth, deal)
    everyone = np.ones(len(before), dtype=bool)
    rows = [
        _marketing(deal, before != "", before, deal["raised"] - dice.whole(len(before), *BEFORE_DAYS)),
        _marketing(deal, everyone, deal["origin"], deal["raised"], "lead_created"),
        _marketing(deal, after != "", after, deal["created"] + _part(dice, deal)),
        _row(deal, everyone, "first_talk", "sales", deal["created"], "opportunity_created"),
        *_of_the_won(dice, world, deal),
    ]
    table = {name: np.concatenate([part[name] for part in rows]) for name in rows[0]}
    order = np.lexsort((np.arange(len(table["opp_id"])), table["touched_at"], table["opp_id"].astype(str)))
    table = {name: values[order] for name, values in table.items()}
    ids = np.array([f"X{number:05d}" for number in range(1, len(order) + 1)], dtype=object)
    return {"touches": {"touch_id": ids} | table | {"experience_score": _scores(dice, table["channel"])}}


def _deals(world: World) -> dict[str, np.ndarray]:
    """The deals of mature leads: ids, origin, days of the raised hand, the deal and its end, amount, won or not."""
    rows = np.flatnonzero(world.deals["mature"] & (world.deals["person"] >= 0))
    columns = ("opp_id", "account_id", "origin", "amount_eur")
    deal = {name: world.column("opportunities", name)[rows] for name in columns}
    closed = world.column("opportunities", "closed_at")[rows].astype(np.int64)
    return deal | {
        "row": rows,
        "created": world.deals["created"][rows],
        "raised": world.people["created_at"][world.deals["person"][rows]] // DAY,
        "closed": np.minimum(closed, plan.AS_OF_DAY - 1),
        "won": world.column("opportunities", "outcome")[rows] == "won",
    }


def _ends(dice: Dice, truth: Mapping[str, float], deal: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Per deal: the channel that met the buyer before the lead was made, and after the deal was ("" for none).

    Of the won deals so many euros are given another first or last touch that both ends carry the planned revenue.
    """
    origin, won = deal["origin"], deal["won"]
    n = len(origin)
    before, after = np.full(n, "", dtype=object), np.full(n, "", dtype=object)
    led = {name: int(deal["amount_eur"][won & (origin == name)].sum()) for name in ("event", "email")}
    short = deal["closed"] - deal["raised"] <= LONGEST_PATH - BEFORE_DAYS[1]
    can_open = short & (deal["raised"] > BEFORE_DAYS[1])
    can_close = deal["closed"] - deal["created"] >= 10
    opened_mail = _worth(dice, deal, can_open & (origin == "email"), led["email"] - _carried(truth, "email", "first"))
    mail_still_first = (origin == "email") & won & ~opened_mail
    others_opened = _carried(truth, "event", "first") - led["event"] - _sum(deal, opened_mail)
    before[opened_mail | _worth(dice, deal, can_open & np.isin(origin, OPENED_BY_EVENT), others_opened)] = "event"
    leaves_mail = mail_still_first & can_close
    kept_mail = led["email"] - _sum(deal, leaves_mail)
    closed_by_mail = _worth(dice, deal, can_close & (origin == "event"), _carried(truth, "email", "last") - kept_mail)
    after[closed_by_mail] = "email"
    rest = led["event"] - _sum(deal, closed_by_mail) - _carried(truth, "event", "last")
    leaves_event = _worth(dice, deal, can_close & (origin == "event") & ~closed_by_mail, rest)
    neither = won & can_close & ~np.isin(origin, ("event", "email"))
    reached_late = dice.choose(neither * 1.0, int(neither.sum()) * 2 // 5)
    late = leaves_mail | leaves_event | reached_late
    after[late] = dice.pick(CLOSING, int(late.sum()))
    _like_the_won(dice, origin, won, can_open, can_close, before, after)
    return before, after


def _carried(truth: Mapping[str, float], origin: str, rule: str) -> float:
    """Euros of won deals that must begin (or end) with an origin, so that the rule gives it its planted return."""
    return plan.ORIGINS[origin].spend_eur * (1 + truth[f"pt07_{origin}_{rule}"]) / plan.MARGIN


def _worth(dice: Dice, deal: dict[str, np.ndarray], pool: np.ndarray, euros: float) -> np.ndarray:
    """Won deals of the pool that together bring as nearly `euros` as can be without passing it."""
    taken = np.zeros(len(pool), dtype=bool)
    rows = np.flatnonzero(pool & deal["won"])
    left = euros
    for row in rows[dice.shuffled(len(rows))]:
        if deal["amount_eur"][row] <= left:
            taken[row] = True
            left -= deal["amount_eur"][row]
    return taken


def _sum(deal: dict[str, np.ndarray], rows: np.ndarray) -> int:
    return int(deal["amount_eur"][rows & deal["won"]].sum())


def _like_the_won(
    dice: Dice,
    origin: np.ndarray,
    won: np.ndarray,
    can_open: np.ndarray,
    can_close: np.ndarray,
    before: np.ndarray,
    after: np.ndarray,
) -> None:
    """Give lost deals ends of the same kinds, in place: of each origin a smaller share than of its won deals."""
    for ends, can in ((before, can_open), (after, can_close)):
        for name in plan.ORIGINS:
            here, lost = won & (origin == name), ~won & can & (origin == name)
            channels = sorted(set(ends[here]) - {""})
            counts = [int((ends[here] == channel).sum()) for channel in channels]
            total = round(LOST_SHARE * sum(counts) / max(int(here.sum()), 1) * int(lost.sum()))
            rows = np.flatnonzero(dice.choose(lost * 1.0, total))
            if channels:
                ends[rows] = dice.pick(channels, total, counts)


def _part(dice: Dice, deal: dict[str, np.ndarray]) -> np.ndarray:
    """Days from the deal's beginning to a late touch: in the first nine tenths of its life, at least one."""
    life = deal["closed"] - deal["created"]
    return np.maximum((life * (0.2 + 0.7 * dice.uniform(len(life)))).astype(np.int64), 1)


def _marketing(
    deal: dict[str, np.ndarray], rows: np.ndarray, channel: np.ndarray, day: np.ndarray, milestone: str = ""
) -> dict[str, np.ndarray]:
    return _row(deal, rows, channel, "marketing", day, milestone)


def _row(
    deal: dict[str, np.ndarray],
    rows: np.ndarray,
    channel: np.ndarray | str,
    function: str,
    day: np.ndarray,
    milestone: str = "",
) -> dict[str, np.ndarray]:
    n = int(rows.sum())
    return {
        "opp_id": deal["opp_id"][rows],
        "account_id": deal["account_id"][rows],
        "touched_at": day[rows].astype(np.int64),
        "channel": channel[rows] if isinstance(channel, np.ndarray) else np.full(n, channel, dtype=object),
        "function": np.full(n, function, dtype=object),
        "milestone": np.full(n, milestone, dtype=object),
    }


def _of_the_won(dice: Dice, world: World, deal: dict[str, np.ndarray]) -> list[dict[str, np.ndarray]]:
    """Tasting, proposal, installation and the call a week later of the won deals."""
    won, rows = deal["won"], deal["row"]
    tasting, proposal = world.deals["tasting"][rows], world.deals["entered"][rows, 2]
    day = dict(zip(world.made["installs"]["opp_id"], world.made["installs"]["installed_on"], strict=True))
    installed = np.array([day.get(opp, NEVER) for opp in deal["opp_id"]], dtype=np.int64)
    stands = won & (installed < plan.AS_OF_DAY - 10)
    called = dice.choose(stands * 1.0, round(CALLED_IN_WEEK_ONE * int(stands.sum())))
    return [
        _row(deal, won & (tasting >= 0), "tasting", "sales", tasting),
        _row(deal, won & (proposal < NEVER), "proposal_meeting", "sales", proposal),
        _row(deal, stands, "installation", "service", installed),
        _row(deal, called, "check_call", "service", installed + 7),
    ]


def _scores(dice: Dice, channel: np.ndarray) -> np.ndarray:
    """1 to 5 where the buyer was asked; NEVER where not, and where nobody knows the channel."""
    score = np.full(len(channel), NEVER)
    for name, weights in SCORES.items():
        asked = dice.choose((channel == name) * 1.0, round(ASKED * int((channel == name).sum())))
        values = np.repeat(np.arange(1, 6), shares(int(asked.sum()), weights))
        score[asked] = values[dice.shuffled(len(values))]
    return score
