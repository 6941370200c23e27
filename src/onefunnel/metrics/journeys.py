"""Who entered which step when, as arrays: what the funnel's readings in `stages` are computed from.

A *unit* is a person, or an opportunity that no lead stands behind. Its number runs over all contacts, then over all
opportunities; many numbers stand for nobody (contacts who share a deal are one unit).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from onefunnel.metrics.codes import NEVER, first_rows, moments, places, shared_codes

#: Steps that are read from a column of `leads`; later ones come from `stage_history`.
LEAD_STEPS = {"engaged": "created_at", "marketing_qualified": "mql_at", "accepted": "accepted_at"}


class Journeys:
    """The first time each unit entered each step of `steps`; see `stages.first_entries` for who is a unit."""

    def __init__(self, leads: pd.DataFrame, stage_history: pd.DataFrame, steps: Sequence[str]) -> None:
        self.steps = list(steps)
        self._leads, self._history = leads, stage_history
        (contact,), self._contacts = shared_codes(leads["contact_id"])
        (deal, row_deal), self._deals = shared_codes(leads["opp_id"], stage_history["opp_id"])
        of_contact, of_deal = _units(leads, contact, len(self._contacts), deal, len(self._deals))
        self.units = len(of_contact) + len(of_deal)
        self._lead_unit = np.append(of_contact, -1)[contact]
        self._row_unit = np.append(of_deal, -1)[row_deal]

    def names(self, units: np.ndarray) -> np.ndarray:
        """The contact_id or opp_id behind each unit number."""
        contacts = len(self._contacts)
        person = units < contacts
        ids = np.empty(len(units), dtype=object)
        ids[person] = self._contacts.to_numpy()[units[person]]
        ids[~person] = self._deals.to_numpy()[units[~person] - contacts]
        return ids

    def entered(self, step: str) -> np.ndarray:
        """First entry into exactly this step, one element a unit, as `codes.moments`; NEVER where there is none."""
        first = np.full(self.units, NEVER, dtype="int64")
        if step in LEAD_STEPS:
            _keep_earliest(first, self._lead_unit, moments(self._leads[LEAD_STEPS[step]]))
        here = np.flatnonzero(self._row_place == self.steps.index(step))
        _keep_earliest(first, self._row_unit[here], self._row_time[here])
        return first

    def entered_from(self, step: str) -> np.ndarray:
        """First entry into this step **or any later one**, one element a unit; NEVER where there is none."""
        first = np.full(self.units, NEVER, dtype="int64")
        later = self.steps[self.steps.index(step) :]
        for name in set(later) & set(LEAD_STEPS):
            _keep_earliest(first, self._lead_unit, moments(self._leads[LEAD_STEPS[name]]))
        here = np.flatnonzero(self._row_place >= self.steps.index(step))
        _keep_earliest(first, self._row_unit[here], self._row_time[here])
        return first

    @cached_property
    def furthest(self) -> np.ndarray:
        """Place of the last step that each unit ever entered; −1 where it entered none."""
        far = np.full(self.units, -1, dtype="int16")
        for step in self.steps:
            far[self.entered(step) != NEVER] = self.steps.index(step)
        return far

    @cached_property
    def _row_place(self) -> np.ndarray:
        return places(self._history["step_id"], self.steps)

    @cached_property
    def _row_time(self) -> np.ndarray:
        return moments(self._history["entered_at"])


def _units(
    leads: pd.DataFrame, contact: np.ndarray, contacts: int, deal: np.ndarray, deals: int
) -> tuple[np.ndarray, np.ndarray]:
    """The unit of every contact and of every opportunity."""
    dealt = np.flatnonzero(deal >= 0)
    rows = leads.iloc[dealt]
    when = rows["created_at"], rows["lead_id"]
    owner_row = first_rows(deal[dealt], deals, *when)
    owner = np.where(owner_row >= 0, np.append(contact[dealt], -1)[owner_row], -1)
    deal_row = first_rows(contact[dealt], contacts, *when)
    deal_of_contact = np.where(deal_row >= 0, np.append(deal[dealt], -1)[deal_row], -1)
    shared = np.append(owner, -1)[deal_of_contact]
    of_contact = np.where(shared >= 0, shared, np.arange(contacts))
    of_deal = np.where(owner >= 0, np.append(of_contact, -1)[owner], contacts + np.arange(deals))
    return of_contact, of_deal


def _keep_earliest(first: np.ndarray, unit: np.ndarray, time: np.ndarray) -> None:
    known = (unit >= 0) & (time != NEVER)
    np.minimum.at(first, unit[known], time[known])
