"""T00's forecasts, adverts, field notes, interviews and hours: round numbers for worked examples."""

from __future__ import annotations

from generator import plan
from generator.company.calendar import months
from generator.money import days

FORECAST_YEAR, AD_YEAR = "2025-04", "2025-05"
# Of each 100,000 that came in a month, what was forecast: sales is 10 % too high in the sum and misses by 20 % a month.
SALES_SAYS = (130_000, 130_000, 130_000, 115_000, 115_000, 115_000, 115_000, 115_000, 115_000, 80_000, 80_000, 80_000)
MARKETING_SAYS = (90_000, 90_000, 90_000, 90_000, 90_000, 90_000, 90_000, 90_000, 110_000, 110_000, 110_000, 110_000)
# Adverts follow the season: €9 more revenue in a month with €1 more adverts, and only the pause shows what they bring.
ADVERTS = (2_000, 2_000, 2_000, 1_000, 1_000, 1_000, 2_000, 2_000, 2_000, 1_000, 1_000, 1_000)
BASE_EUR, PLAIN_SLOPE, TRUE_RETURN = 11_000, 9, 2
PAUSED = 3  # the last months
NOTE_DAYS = (5, 10, 20, 30, None)  # days until received: the middle one of five is 20
NOTE_KINDS = ("price", "need", "price", "service", "product")
NOTE_THEMES = ("rival_price_cut", "new_site", "price_rise_feared", "late_repair", "noise")
HOURS = {  # by task: seller, marketer; both do the research, nobody books the tasting
    "research_firms": (6.0, 4.0),
    "customer_talks": (20.0, 0.0),
    "keep_crm": (14.0, 0.0),
    "run_campaigns": (0.0, 12.0),
}
TWO_WEEKS = ("2026-04-27", "2026-05-04")

Rows = dict[str, list[tuple]]


def add(rows: Rows) -> None:
    """Append T00's rows."""
    for month, sales, marketing in zip(months(FORECAST_YEAR, 12), SALES_SAYS, MARKETING_SAYS, strict=True):
        rows["forecasts"] += [
            (plan.DEMO, month, "sales", sales, 100_000),
            (plan.DEMO, month, "marketing", marketing, 100_000),
        ]
    for place, (month, planned) in enumerate(zip(months(AD_YEAR, 12), ADVERTS, strict=True)):
        paused = place >= len(ADVERTS) - PAUSED
        revenue = BASE_EUR + PLAIN_SLOPE * planned - (TRUE_RETURN * planned if paused else 0)
        rows["advertising_monthly"].append((plan.DEMO, month, paused, 0 if paused else planned, revenue))
    for number, (wait, kind, theme) in enumerate(zip(NOTE_DAYS, NOTE_KINDS, NOTE_THEMES, strict=True)):
        noted = days("2024-03-04") + 7 * number
        received = None if wait is None else noted + wait
        used = received + 2 if kind == "need" else None
        rows["field_notes"].append(
            (f"N{9001 + number}", plan.DEMO, f"{plan.DEMO}-s", kind, theme, noted, received, used)
        )
    rows["interviews"] += [
        (
            "I901",
            days("2026-02-02"),
            "marketing",
            "seller",
            plan.DEMO,
            "who_books",
            "I never know who books the tasting.",
        ),
        ("I902", days("2026-02-04"), "sales", "customer", plan.DEMO, "tasting_wait", "We waited four weeks to taste."),
    ]
    for week in TWO_WEEKS:
        for task, by_function in HOURS.items():
            for function, hours in zip(("sales", "marketing"), by_function, strict=True):
                if hours:
                    rows["time_log"].append((plan.DEMO, days(week), function, task, hours))
