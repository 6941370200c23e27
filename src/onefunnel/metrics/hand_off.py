"""What sales does with the leads that marketing hands over: accepted, turned down, or left without an answer.

Table `leads`: `assigned_at`, `accepted_at`, `reject_reason` (missing while there is none). Who was touched, and how
soon, is in `clock`.
"""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import clock
from onefunnel.metrics.clock import BusinessCalendar
from onefunnel.metrics.ratio import share

#: Two business days of eight hours to say yes or no.
LIMIT_HOURS = 16.0


def acceptance_rate(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """Accepted by `as_of` ÷ assigned leads whose time to answer has run out, a fraction; one lead row is one hand-over.

    Leads without an answer stay in the base: silence is no third kind of yes. Left out: leads never assigned,
    and clocks still running. NaN when no clock ran out.
    """
    rows = clock.ran_out(leads, as_of, calendar, limit_hours)
    return share((rows["accepted_at"] <= as_of).sum(), len(rows))


def reject_reasons(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> pd.Series:
    """Leads turned down by reason, counts, the most frequent first, indexed `reject_reason`; the base of a talk."""
    rows = clock.ran_out(leads, as_of, calendar, limit_hours)
    return rows["reject_reason"].value_counts().rename("leads")


def sent_back_share(
    leads: pd.DataFrame, as_of: pd.Timestamp, calendar: BusinessCalendar, limit_hours: float = LIMIT_HOURS
) -> float:
    """Turned down with a reason ÷ assigned leads whose time to answer has run out, a fraction.

    Together with `acceptance_rate` and those that never got an answer it makes 1. Why they went back is in
    `reject_reasons`. Left out: leads never assigned, and clocks still running. NaN when no clock ran out.
    """
    rows = clock.ran_out(leads, as_of, calendar, limit_hours)
    return share((rows["reject_reason"].notna() & ~(rows["accepted_at"] <= as_of)).sum(), len(rows))
