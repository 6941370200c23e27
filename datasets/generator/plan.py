"""What the sample company looks like, apart from the planted truths (those stand in `truths/`).

Times are days or minutes since START. A row of eleven numbers is a distribution: its 0, 10, … 100 % quantiles.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

SEED = 20260523
DEALS_DRAW = 77  # of eighty draws of the deals, the one whose open quarter looks most as planned (PT16)
START = np.datetime64("2023-05-16")
AS_OF = np.datetime64("2026-05-15")  # a Friday, mid-quarter: the tables end the evening before
MATURE = np.datetime64("2025-05-16")  # raised a hand before: has had a year
AS_OF_DAY = int((AS_OF - START).astype(int))
MATURE_DAY = int((MATURE - START).astype(int))
SECOND_YEAR_DAY = 366

TERRITORIES = tuple(f"T{number:02d}" for number in range(1, 25))
DEMO = "T00"
MICROMARKETS = ("Costa Norte", "Puerto", "Meseta", "Valle", "Sierra", "Llanos", "Islas", "Frontera")
COUNTRIES = ("ES", "PT", "ES", "FR", "IT", "PT", "ES", "FR")  # of the micromarkets, in their order


class Origin(NamedTuple):
    """What one origin brought from the mature cohort: people, opportunities, wins, their mean, and what it cost."""

    leads: int
    opportunities: int
    won: int
    won_mean_eur: int
    spend_eur: int


# PT05. The returns a lesson quotes follow from these counts; nothing else states them.
ORIGINS = {
    "bought_list": Origin(5200, 270, 39, 9_000, 195_000),
    "advertising": Origin(3100, 510, 140, 12_000, 465_000),
    "email": Origin(2600, 210, 59, 10_500, 63_000),
    "unknown": Origin(2580, 240, 60, 11_500, 0),
    "promotion": Origin(1400, 255, 74, 7_800, 142_500),
    "telemarketing": Origin(1100, 132, 33, 11_000, 132_000),
    "event": Origin(900, 285, 81, 14_800, 315_000),
    "direct_mail": Origin(700, 72, 21, 13_500, 54_000),
    "referral": Origin(420, 225, 95, 16_500, 27_000),
}
MARGIN = 0.42  # of revenue: what is left of a euro after everything that grows with it
SALES_ORIGIN = "sales_prospecting"
SALES_YEARS = (420, 330, 140)  # deals that sales found itself: fewer as inbound grows, so the pipeline keeps its size
SALES_WON_MEAN_EUR = 12_500

# Volume by month: spring fairs in April, autumn fairs in October, little in August and December.
MONTHS = (0.98, 0.90, 0.82, 1.25, 1.02, 1.02, 0.85, 0.65, 1.15, 1.25, 1.10, 0.78)
WEEKDAYS = (1.15, 1.2, 1.2, 1.15, 1.0, 0.3, 0.25)

# Lead lags in hours: raised hand → scored high enough; routed → accepted (33 % within two business days).
MQL_HOURS = (0, 1, 4, 12, 30, 70, 130, 220, 340, 560, 1500)
ACCEPT_HOURS = (0.2, 6, 26, 60, 110, 170, 250, 340, 450, 640, 1200)
QUALIFY_DAYS = (1, 2, 3, 4, 5, 6, 8, 10, 13, 18, 35)

# Days in a deal's step for those who move on; the trial is its wait plus the time to the fit report.
MOVE_DAYS = {
    "qualified": (2, 4, 5, 6, 8, 9, 11, 13, 16, 21, 36),
    "proposal": (2, 3, 5, 6, 8, 10, 12, 14, 17, 22, 38),
    "decision": (3, 6, 9, 11, 13, 15, 18, 21, 26, 33, 50),
}
WAIT_SHAPE = (0.06, 0.33, 0.5, 0.68, 0.85, 1.0, 1.18, 1.42, 1.9, 2.6, 3.4)  # times the median wait
REPORT_DAYS = (4, 6, 8, 9, 11, 13, 14, 15, 17, 19, 26)  # tasting held → fit report accepted
SILENT_AFTER = {  # days in the last step until the last sign of life of a deal that will be lost
    "qualified": (0, 0, 1, 2, 3, 4, 5, 6, 8, 11, 22),
    "trial": (1, 4, 8, 12, 16, 21, 26, 32, 40, 50, 70),
    "proposal": (2, 5, 8, 11, 14, 17, 21, 25, 31, 38, 56),
    "decision": (1, 3, 5, 7, 10, 13, 16, 19, 23, 29, 44),
}
LINGER_DAYS = (45, 55)  # silence before somebody closes it

LARGE_DEAL_DECILES = (25_100, 27_500, 29_500, 32_000, 35_000, 38_500, 42_500, 47_500, 54_500, 67_000, 110_000)
SMALL_DEAL_DECILES = (1_800, 3_400, 4_500, 5_500, 6_600, 7_700, 9_000, 10_600, 12_800, 16_500, 24_500)
SKIPS = {"trial": 0.17, "proposal": 0.41, "decision": 0.42}  # which step the skippers skip

STEPS = ("qualified", "trial", "proposal", "decision", "won")
CRM_PROBABILITY = {"qualified": 0.10, "trial": 0.25, "proposal": 0.75, "decision": 0.90}
LOST_REASONS = {
    "price": 0.22,
    "product_gap": 0.15,
    "timing": 0.2,
    "competitor_relation": 0.18,
    "change_too_hard": 0.15,
    "lost_contact": 0.1,
}
NO_DECISION_SHARE = 0.3
REJECT_REASONS = {
    "wrong_person": 0.24,
    "too_small": 0.22,
    "outside_area": 0.08,
    "existing_customer": 0.12,
    "duplicate": 0.1,
    "no_consent": 0.1,
    "competitor": 0.14,
}
REJECTED_SHARE = 0.14  # of marketing-qualified people; with the accepted 38 % they are the touched 52 %

# PT10: T07 wins more often in truth; the others differ by luck alone (points off the company's rate).
T07_POINTS = 11.6
LUCK_POINTS = (-6.7, -5.0, -4.1, -3.4, -2.8, -2.3, -1.9, -1.5, -1.1, -0.7, -0.4, 0.0)
LUCK_POINTS += (0.4, 0.7, 1.1, 1.5, 1.9, 2.3, 2.8, 3.4, 4.1, 5.0, 6.7)  # as wide as chance with 165 deals each

OFFICE_ACCOUNTS = 250  # a territory
LARGE_SITES = 0.26
PACKAGED_ACCOUNTS = 15
TARGET_QUARTER_EUR = 1_300_000
