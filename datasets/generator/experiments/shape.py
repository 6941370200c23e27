"""The shape of the table `experiments`: one row an experiment × look × stratum × arm."""

from __future__ import annotations

from typing import NamedTuple

TREATED, CONTROL = "treated", "control"
EVERYONE = "all"


class Result(NamedTuple):
    """What one arm of one experiment had shown on the day somebody looked.

    The strata of an experiment's arm do not overlap: on one day they add up to the whole arm. A look before
    `planned_end` is an early one. Either `successes` (of `n`) or `outcome_mean` is given. Days are YYYY-MM-DD.
    """

    experiment_id: str
    play: str
    question: str
    origin: str
    unit: str
    outcome: str
    started_on: str
    planned_end: str
    looked_on: str
    stratum: str
    arm: str
    n: int
    successes: int | None = None
    outcome_mean: float | None = None


class Experiment(NamedTuple):
    """What stays the same from row to row of one experiment."""

    experiment_id: str
    play: str
    question: str
    unit: str
    outcome: str
    started_on: str
    planned_end: str
    origin: str = ""

    def look(
        self, treated: tuple[int, int], control: tuple[int, int], stratum: str = EVERYONE, on: str = ""
    ) -> tuple[Result, Result]:
        """Two rows, (successes, n) each: what both arms showed on a day (default: the planned end)."""
        first, second = (
            self._row(arm, n, stratum, on or self.planned_end)._replace(successes=successes)
            for arm, (successes, n) in ((TREATED, treated), (CONTROL, control))
        )
        return first, second

    def means(
        self, treated: tuple[float, int], control: tuple[float, int], stratum: str = EVERYONE, on: str = ""
    ) -> tuple[Result, Result]:
        """As `look`, for an outcome that is a mean: (mean, n) each."""
        first, second = (
            self._row(arm, n, stratum, on or self.planned_end)._replace(outcome_mean=mean)
            for arm, (mean, n) in ((TREATED, treated), (CONTROL, control))
        )
        return first, second

    def _row(self, arm: str, n: int, stratum: str, on: str) -> Result:
        return Result(
            self.experiment_id, self.play, self.question, self.origin, self.unit, self.outcome,
            self.started_on, self.planned_end, on, stratum, arm, n,
        )  # fmt: skip
