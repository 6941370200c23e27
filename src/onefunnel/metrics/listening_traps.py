"""Wrong ways to time a note and to find its owner's hours. Signatures are those of what each docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import listening


def received_only(field_notes: pd.DataFrame, kind: str | None = None) -> float:
    """For days_too_late: the middle of the notes that arrived. Too low: the lost ones waited longest."""
    return listening.middle_of_arrived(field_notes, False, kind) - listening.useful_days()


def mean_for_median(field_notes: pd.DataFrame, kind: str | None = None) -> float:
    """For days_too_late: the mean of the notes that arrived. A few very late ones pull it up."""
    return listening.mean_of_arrived(field_notes, False, kind) - listening.useful_days()


def saved_of_received(field_notes: pd.DataFrame, kind: str | None = None) -> float:
    """For days_saved: the middle of the notes that arrived. Too low: that fewer are lost is left out."""
    before, since = (listening.middle_of_arrived(field_notes, owned, kind) for owned in (False, True))
    return before - since


def saved_by_mean(field_notes: pd.DataFrame, kind: str | None = None) -> float:
    """For days_saved: means of the notes that arrived. Too high: the very late ones are gone, the usual note is not."""
    before, since = (listening.mean_of_arrived(field_notes, owned, kind) for owned in (False, True))
    return before - since


def other_persons_time(time_log: pd.DataFrame) -> float:
    """For hours_missing: takes the seller's hours on doubles for the marketer's. Nobody can spend another's time."""
    return listening.owner_hours() - listening.double_hours_of(time_log, "sales")
