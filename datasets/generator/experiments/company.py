"""Three plays, tested on accounts drawn by lot (PT33). EXP-05 and EXP-06 stand in tables by week and month instead."""

from __future__ import annotations

from generator.experiments.shape import Experiment

COMPARED = Experiment(
    "EXP-07", "test-a-play", "Does a cost comparison on page one bring more meetings?", "account",
    "a first meeting within 60 days", "2025-05-05", "2025-07-06",
)  # fmt: skip
VISITED = Experiment(
    "EXP-08", "test-a-play", "Does a visit by seller and marketer together bring more tastings?", "account",
    "a tasting agreed within 90 days", "2025-09-01", "2025-11-30",
)  # fmt: skip
CALLED_EARLY = Experiment(
    "EXP-09", "test-a-play", "Does a call before eight in the morning bring more talks?", "account",
    "a talk within 8 weeks", "2026-01-12", "2026-03-08",
)  # fmt: skip

# (successes, n) with the play, then without it.
RESULTS = (
    *COMPARED.look((34, 240), (22, 236)),
    *VISITED.look((47, 200), (21, 200), stratum="below 250 employees"),
    *VISITED.look((14, 100), (15, 100), stratum="250 employees or more"),
    *CALLED_EARLY.look((11, 45), (6, 45), on="2026-01-25"),
    *CALLED_EARLY.look((31, 200), (29, 200)),
)
