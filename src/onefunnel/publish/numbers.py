"""How the site writes numbers. A space before % (the house's style) and before nothing else that could break a line."""

from __future__ import annotations

import math

from onefunnel.publish.text import NO_BREAK

NOT_DEFINED = "not defined"


def number(value: float, unit: str, symbol: str = "€") -> str:
    """Return `value` as people write it: 0.264 percent → “26.4 %”, 1300000 eur → “€1.30M”. NaN → “not defined”."""
    if not isinstance(value, int | float) and not hasattr(value, "__float__"):
        return str(value)
    value = float(value)
    if math.isnan(value) or math.isinf(value):
        return NOT_DEFINED
    if unit == "percent":
        points = abs(value) * 100
        digits = 0 if abs(value) >= 10 or math.isclose(points, round(points), abs_tol=1e-9) else 1
        return f"{_sign(value)}{points:,.{digits}f}{NO_BREAK}%"
    if unit == "eur":
        return money(value, symbol)
    if unit == "eur_per_day":
        return f"{money(value, symbol)} a day"
    if unit == "days":
        return f"{_sign(value)}{_round(abs(value))} days"
    if unit == "hours":
        return f"{_sign(value)}{_round(abs(value))} hours"
    if unit == "points":
        return f"{_sign(value)}{abs(value) * 100:.1f} points"
    if unit == "ratio":
        return f"{_sign(value)}{abs(value):,.2f}{NO_BREAK}×"
    if unit == "cases":
        return f"{_sign(value)}{_round(abs(value))} cases"
    return f"{_sign(value)}{_round(abs(value))}"


def money(value: float, symbol: str = "€") -> str:
    """Return an amount with three or four significant digits: €940, €12.9k, €1.30M."""
    size = abs(value)
    if size >= 999_500:
        words = f"{size / 1e6:,.2f}M"
    elif size >= 9_950:
        words = f"{size / 1e3:,.1f}k"
    elif size >= 100:
        words = f"{size:,.0f}"
    else:
        words = f"{size:,.2f}".removesuffix(".00")
    return f"{_sign(value)}{symbol}{words}"


def count(value: float) -> str:
    """Return a whole number with thousands separators."""
    return f"{round(value):,}"


def _round(value: float) -> str:
    return f"{value:,.0f}" if value >= 20 or value == round(value) else f"{value:,.1f}"


def _sign(value: float) -> str:
    return "−" if value < 0 else ""
