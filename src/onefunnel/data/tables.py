"""The company's tables in memory, and how to narrow them without leaving loose ends."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from onefunnel.data.schema import DataError, read_package, read_table
from onefunnel.home import home

__all__ = ["DataError", "Tables", "load"]

T = TypeVar("T")


class Frames(Mapping[str, pd.DataFrame]):
    """Frames by table name, each made when it is first asked for: a lesson reads a few of a company's tables."""

    def __init__(self, names: Iterable[str], make: Callable[[str], pd.DataFrame]) -> None:
        self._names, self._make = dict.fromkeys(names), make
        self.made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.made:
            if name not in self._names:
                raise KeyError(name)
            self.made[name] = self._make(name)
        return self.made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Tables:
    """A set of tables with one `as_of` date. `tables["leads"]` and `tables.leads` are the same frame.

    Frames are not to be changed in place; every filter returns new ones. `demonstration` is the id of the territory
    that no total may contain (empty when the data has none). `lacking` names what an import could not fill, as
    "table" or "table.column"; the sample company lacks nothing.
    """

    def __init__(
        self,
        frames: Mapping[str, pd.DataFrame],
        as_of: pd.Timestamp,
        demonstration: str = "",
        lacking: Collection[str] = (),
    ) -> None:
        self._frames = frames if isinstance(frames, Frames) else dict(frames)
        self._known: dict[str, Any] = {}
        self.as_of = as_of
        self.demonstration = demonstration
        self.lacking = frozenset(lacking)

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
        sizes = ", ".join(f"{name} {len(self[name]):,}" for name in self.names)
        return f"{type(self).__name__}(as of {self.as_of:%Y-%m-%d}; rows: {sizes})"

    def held(self) -> Collection[pd.DataFrame]:
        """The frames that somebody has asked for (all of them where none had to be made)."""
        return (self._frames.made if isinstance(self._frames, Frames) else self._frames).values()

    def changed(self, change: Callable[[str, pd.DataFrame], pd.DataFrame]) -> Tables:
        """The same tables with `change(name, frame)` in place of each frame, made when it is first asked for."""
        frames = Frames(self.names, lambda name: change(name, self[name]))
        return Tables(frames, self.as_of, self.demonstration, self.lacking)

    def lacking_columns(self, name: str) -> list[str]:
        """The columns of one table that an import could not fill, in the table's order."""
        frame = self._frames.get(name)
        return [] if frame is None else [one for one in frame.columns if f"{name}.{one}" in self.lacking]

    def company(self) -> Tables:
        """Everything but the demonstration territory."""
        ids = self["territories"]["territory_id"]
        return self.territories_only(ids[ids != self.demonstration])

    def territory(self, territory_id: str) -> Tables:
        """One territory's rows, cut once. Raises DataError when there is no such territory."""
        known = self["territories"]["territory_id"]
        if territory_id not in set(known):
            raise DataError(f'There is no territory "{territory_id}". There are: {", ".join(known)}.')
        return self.once(f"territory {territory_id}", lambda: self.territories_only([territory_id]))

    def once(self, what: str, make: Callable[[], T]) -> T:
        """Return what `make` gives, worked out once for these tables: it must follow from them alone."""
        if what not in self._known:
            self._known[what] = make()
        return self._known[what]

    def territories_only(self, territory_ids: Collection[str]) -> Tables:
        """The rows of some territories, with their accounts and everything that hangs on those."""
        accounts = self["accounts"]
        kept = accounts.loc[accounts["territory_id"].isin(territory_ids), "account_id"]
        return self.accounts_only(kept, territory_ids)

    def accounts_only(self, account_ids: Collection[str], territory_ids: Collection[str]) -> Tables:
        """The rows of some accounts in some territories; every reference still finds its row.

        A row follows its account; without one, its opportunity; without that, its territory. Rows that name none of
        the three are the company's as a whole and stay. Campaigns stay, except those that only other territories'
        demonstration uses.
        """
        deals = self["opportunities"]
        deals = deals.loc[deals["account_id"].isin(account_ids), "opp_id"]
        wanted = {"account_id": account_ids, "opp_id": deals, "territory_id": territory_ids}

        def cut(name: str, frame: pd.DataFrame) -> pd.DataFrame:
            return self._campaigns(territory_ids) if name == "campaigns" else _following(frame, wanted)

        return self.changed(cut)

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
    """Read all tables of a folder (default: the one that company.yml or `--data` names), T00 included.

    Types are exact: text, int64, float64, bool, datetime64[ns]. Raises DataError naming file, column, row and mend.
    Files that have not changed are read once a process: frames are not to be changed in place.
    """
    folder = folder or home().tables
    files = sorted(folder.glob("*.csv")) + sorted(folder.glob("*.json"))
    return _read(folder, tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files))


@lru_cache(maxsize=2)
def _read(folder: Path, _versions: tuple[tuple[str, int, int], ...]) -> Tables:
    package = read_package(folder)
    frames = {table.name: read_table(folder, table) for table in package.tables}
    return Tables(frames, package.as_of, package.demonstration, package.lacking)


def _following(frame: pd.DataFrame, wanted: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """The rows whose first key that is not missing (in the order of `wanted`) is wanted, and those without any."""
    keys = [key for key in wanted if key in frame.columns]
    if not keys:
        return frame
    keep = pd.Series(True, index=frame.index)
    for key in reversed(keys):
        keep = frame[key].isin(wanted[key]) | (keep & frame[key].isna())
    return frame[keep].reset_index(drop=True)
