"""The company's tables in memory, and how to narrow them without leaving loose ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd

from onefunnel.data.schema import DataError, read_package, read_table
from onefunnel.home import home

__all__ = ["DataError", "Tables", "load"]


class Tables:
    """A set of tables with one `as_of` date. `tables["leads"]` and `tables.leads` are the same frame.

    Frames are not to be changed in place; every filter returns new ones. `demonstration` is the id of the territory
    that no total may contain (empty when the data has none).
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame], as_of: pd.Timestamp, demonstration: str = "") -> None:
        self._frames = dict(frames)
        self.as_of = as_of
        self.demonstration = demonstration

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tables."""
        return tuple(self._frames)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            raise DataError(f'There is no table "{name}". There are: {", ".join(self._frames)}.')
        return self._frames[name]

    def __getattr__(self, name: str) -> pd.DataFrame:
        if not name.startswith("_") and name in self._frames:
            return self._frames[name]
        raise AttributeError(f'There is no table "{name}". There are: {", ".join(self.__dict__.get("_frames", {}))}.')

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {len(frame):,}" for name, frame in self._frames.items())
        return f"{type(self).__name__}(as of {self.as_of:%Y-%m-%d}; rows: {sizes})"

    def company(self) -> Tables:
        """Everything but the demonstration territory."""
        ids = self["territories"]["territory_id"]
        return self.territories_only(ids[ids != self.demonstration])

    def territory(self, territory_id: str) -> Tables:
        """One territory's rows. Raises DataError when there is no such territory."""
        known = self["territories"]["territory_id"]
        if territory_id not in set(known):
            raise DataError(f'There is no territory "{territory_id}". There are: {", ".join(known)}.')
        return self.territories_only([territory_id])

    def territories_only(self, territory_ids: Collection[str]) -> Tables:
        """The rows of some territories, with their accounts and everything that hangs on those."""
        accounts = self["accounts"]
        kept = accounts.loc[accounts["territory_id"].isin(territory_ids), "account_id"]
        return self.accounts_only(kept, territory_ids)

    def accounts_only(self, account_ids: Collection[str], territory_ids: Collection[str]) -> Tables:
        """The rows of some accounts in some territories; every reference still finds its row.

        Contacts, leads, opportunities and orders follow their account, stage history its opportunity. Trial slots stay
        if unused in one of the territories or booked for a kept opportunity; targets follow the territory. Campaigns
        stay, except those that only other territories' demonstration uses. Tables of the company as a whole stay.
        """
        frames = dict(self._frames)
        for name in ("accounts", "contacts", "leads", "opportunities", "orders"):
            frames[name] = _kept(frames[name], "account_id", account_ids)
        for name in ("territories", "targets"):
            frames[name] = _kept(frames[name], "territory_id", territory_ids)
        deals = frames["opportunities"]["opp_id"]
        frames["stage_history"] = _kept(frames["stage_history"], "opp_id", deals)
        slots = frames["trial_slots"]
        here = slots["opp_id"].isin(deals) | (slots["opp_id"].isna() & slots["territory_id"].isin(territory_ids))
        frames["trial_slots"] = slots[here].reset_index(drop=True)
        frames["campaigns"] = self._campaigns(territory_ids)
        return Tables(frames, self.as_of, self.demonstration)

    def _campaigns(self, territory_ids: Collection[str]) -> pd.DataFrame:
        """Company campaigns for company territories, the demonstration's own for the demonstration."""
        campaigns = self["campaigns"]
        if not self.demonstration:
            return campaigns
        leads = self["leads"]
        shown = leads["territory_id"] == self.demonstration
        demo = set(leads.loc[shown, "campaign_id"].dropna())
        own = campaigns["campaign_id"].isin(demo)
        wanted = set(territory_ids)
        keep = (own & (self.demonstration in wanted)) | (~own & bool(wanted - {self.demonstration}))
        return campaigns[keep].reset_index(drop=True)


def load(folder: Path | None = None) -> Tables:
    """Read all tables of a folder (default: the kit's `datasets/`), T00 included.

    Types are exact: text, int64, float64, bool, datetime64[ns]. Raises DataError naming file, column, row and mend.
    Files that have not changed are read once a process: frames are not to be changed in place.
    """
    folder = folder or home().datasets
    files = sorted(folder.glob("*.csv")) + sorted(folder.glob("*.json"))
    return _read(folder, tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files))


@lru_cache(maxsize=2)
def _read(folder: Path, _versions: tuple[tuple[str, int, int], ...]) -> Tables:
    package = read_package(folder)
    frames = {table.name: read_table(folder, table) for table in package.tables}
    return Tables(frames, package.as_of, package.demonstration)


def _kept(frame: pd.DataFrame, column: str, values: Collection[str]) -> pd.DataFrame:
    return frame[frame[column].isin(values)].reset_index(drop=True)
