"""What would have come anyway, origin by origin (PT06), and what a call to the untouched brings (PT03)."""

from __future__ import annotations

from generator.experiments.shape import Experiment

OUTCOME = "an opportunity within 180 days of the start"


def _holdout(number: int, origin: str, question: str, unit: str, started_on: str, planned_end: str) -> Experiment:
    return Experiment(f"EXP-{number:02d}", "test-a-play", question, unit, OUTCOME, started_on, planned_end, origin)


ADS = _holdout(1, "advertising", "Do people who search for us need our ad?", "person", "2025-01-13", "2025-07-12")
MAIL = _holdout(2, "email", "Who would buy without the letters?", "person", "2025-02-03", "2025-08-02")
WORKED = Experiment(
    "EXP-04", "test-a-play", "What do we lose by not calling the untouched?", "person",
    "an opportunity within 90 days of the draw", "2025-09-01", "2025-11-30",
)  # fmt: skip
OFFER = _holdout(11, "promotion", "Who would buy without the offer?", "account", "2024-09-02", "2025-03-01")
FAIR = _holdout(12, "event", "Do we need to invite them to the fair?", "account", "2024-09-16", "2025-03-15")
POST = _holdout(13, "direct_mail", "Who would buy without the sample box?", "account", "2024-10-07", "2025-04-05")
CALLS = _holdout(14, "telemarketing", "Who would buy without the agency's call?", "account", "2024-11-04", "2025-05-03")
FRIENDS = _holdout(15, "referral", "Would the friend have come unasked?", "account", "2025-01-20", "2025-07-19")
LISTS = _holdout(16, "bought_list", "Who on the bought list would have come?", "person", "2025-02-10", "2025-08-09")

# (successes, n) with the thing under test, then without it.
RESULTS = (
    *ADS.look((10, 1200), (8, 1200), on="2025-01-27"),
    *ADS.look((96, 1200), (48, 1200)),
    *MAIL.look((18, 1600), (6, 1600), on="2025-03-03"),
    *MAIL.look((80, 1600), (52, 1600)),
    # People with a fit of 60 or more were drawn half as often again as they stand among the untouched.
    *WORKED.look((13, 45), (1, 45), stratum="fit 60 or more"),
    *WORKED.look((9, 255), (2, 255), stratum="fit below 60"),
    *OFFER.look((50, 1000), (15, 1000)),
    *FAIR.look((60, 600), (12, 600)),
    *POST.look((40, 800), (4, 800)),
    *CALLS.look((60, 1200), (6, 1200)),
    *FRIENDS.look((50, 400), (20, 400)),
    *LISTS.look((26, 1000), (0, 1000)),
)
