"""Tests with a control group, in counts."""

from __future__ import annotations

from generator import plan
from generator.columns.kinds import MUST, Column, Table, one_of

TABLES = {
    "experiments": Table(
        "Experiments",
        "what one arm of one experiment had shown on one day, in one stratum",
        ("experiment_id", "looked_on", "stratum", "arm"),
        (
            Column(
                "experiment_id",
                "text",
                "Experiment",
                "Id of the experiment.",
                limits=MUST | {"pattern": "EXP-[0-9]{2}"},
            ),
            Column("play", "text", "Play", "The play it tests or follows.", limits=MUST),
            Column("question", "text", "Question", "What we wanted to know.", limits=MUST),
            one_of(
                "origin",
                "Origin",
                "The origin it holds out; empty if it is about another thing.",
                [*plan.ORIGINS],
                required=False,
            ),
            one_of(
                "unit",
                "Unit",
                "What was drawn by lot, and so what may be counted.",
                ["person", "account", "outlet", "deal", "territory", "micromarket"],
            ),
            Column("outcome", "text", "Outcome", "What counts as a success, or what the mean is of.", limits=MUST),
            Column("started_on", "day", "Started on", "Day of the draw.", limits=MUST),
            Column("planned_end", "day", "Planned end", "The last day, written down before the start.", limits=MUST),
            Column(
                "looked_on", "day", "Looked on", "The day of this count; early if before the planned end.", limits=MUST
            ),
            Column(
                "stratum",
                "text",
                "Stratum",
                "A part of the arm that was drawn by itself, maybe more often than its share; all if there is one.",
                limits=MUST,
            ),
            one_of("arm", "Arm", "treated: got the new thing. control: did not.", ["treated", "control"]),
            Column("n", "whole", "Drawn", "Units in this arm and stratum.", "units", MUST | {"minimum": 1}),
            Column(
                "successes",
                "count",
                "Successes",
                "Units with the outcome; empty if it is a mean.",
                "units",
                {"minimum": 0},
            ),
            Column("outcome_mean", "share", "Mean outcome", "Mean of the outcome; empty if it is counted."),
        ),
    ),
}
