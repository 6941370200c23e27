"""Wrong ways to read the hand-off. Each has the signature of the metric that its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import clock, hand_off
from onefunnel.metrics.clock import BusinessCalendar
from onefunnel.metrics.hand_off import LIMIT_HOURS
from onefunnel.metrics.ratio import share


def of_answered(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """For acceptance_rate: accepted ÷ (accepted + turned down). Whoever never got an answer is forgotten. Too high."""
    rows = clock.ran_out(leads, as_of, calendar, limit_hours)
    accepted = (rows["accepted_at"] <= as_of).sum()
    return share(accepted, accepted + (rows["reject_reason"].notna() & rows["accepted_at"].isna()).sum())


def of_all_leads(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """For acceptance_rate: divides by all leads, also those never handed over. Too low."""
    return share((leads["accepted_at"] <= as_of).sum(), len(leads))


def no_answer_is_no(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """For sent_back_share: everything that was not accepted. Most of it was never looked at. Too high."""
    return 1 - hand_off.acceptance_rate(leads, as_of, calendar, limit_hours)


def sent_back_of_answered(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """For sent_back_share: turned down ÷ (accepted + turned down). The unanswered are forgotten. Too high."""
    return 1 - of_answered(leads, as_of, calendar, limit_hours)
