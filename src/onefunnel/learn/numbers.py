"""Numbers as people write them: reading, comparing, showing. A percentage is a fraction inside (0.264 for 26.4 %)."""

from __future__ import annotations

import math
import re
from typing import Literal, NamedTuple

LONGEST = 60
RELATIVE_TOLERANCE = 0.005
_UNIT = re.compile(
    r"(?:/|\bper|\ba) ?(?:day|week|month|quarter|year|case|deal)\b"
    r"|€|euros?|eur|%|per ?cent|pct|points?|pp|business days?|days?|hours?|minutes?|mins?|cases?|deals?|people"
    r"|customers?|leads?|accounts?|times|x|×",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"%|per ?cent|pct|points?\b|\bpp\b", re.IGNORECASE)
_SCALE = {"k": 1e3, "m": 1e6, "mn": 1e6}
_NUMBER = re.compile(r"([+-]?) ?(\d[\d.,]*|[.,]\d+) ?(k|mn|m)?", re.IGNORECASE)
_NOT_DEFINED = {"nan", "na", "n/a", "not defined", "undefined", "–", "—", "none", "too few to tell"}


class Reading(NamedTuple):
    """One way to read what somebody wrote: the number as it stands there, and whether it carries a percent sign."""

    value: float
    percent: bool = False


class Match(NamedTuple):
    """How a reading met a value: `exact` as asked, `fraction` as 0.264 for 26.4 %, `slip` a factor 100 off."""

    how: Literal["exact", "fraction", "slip"]
    reading: Reading


def read(text: object) -> tuple[Reading, ...]:
    """Return every way to read a number ("1,234" has two: a thousand or one and a bit), likeliest first; () if none.

    Understands 26.4 · 26,4 · 26.4 % · 0.264 · 1.234,5 · 1,234.5 · 1 234,5 · € 41.20 · 12 days · −3 · 13k · n/a (NaN).
    """
    if isinstance(text, bool):
        return ()
    if isinstance(text, int | float):
        return (Reading(as_float(text)),)
    if not isinstance(text, str) or len(text) > LONGEST:
        return ()
    plain = " ".join(text.replace("−", "-").replace("–", "-").replace("'", " ").replace("’", " ").split())
    if text.strip().lower() in _NOT_DEFINED:
        return (Reading(math.nan),)
    percent = bool(_PERCENT.search(plain))
    bare = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", _UNIT.sub("", plain)).strip()
    found = _NUMBER.fullmatch(bare)
    if not found:
        return ()
    sign, digits, scale = found.groups()
    factor = _SCALE.get((scale or "").lower(), 1.0) * (-1.0 if sign == "-" else 1.0)
    return tuple(Reading(factor * float(form), percent) for form in _forms(digits))


def as_float(said: object) -> float:
    """Return a number from a file as a float; NaN for what is no number, infinity for one of hundreds of digits."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        return math.nan
    try:
        return float(said)
    except OverflowError:
        return math.inf


def meets(reading: Reading, value: float, unit: str, decimals: int) -> Match | None:
    """Tell whether a reading is the value, and how; None if it is not.

    A percent value is met by 26.4, 26.4 % and 0.264. A factor of 100 with the wrong sign on it ("0.264 %", or 264
    without a sign for a ratio of 2.64) is a slip: its own hint, never a miss.
    """
    if math.isnan(value) or math.isnan(reading.value):
        return Match("exact", reading) if math.isnan(value) and math.isnan(reading.value) else None
    hundredth = reading.value / 100
    if unit == "percent":
        ways = [(hundredth, "exact"), (reading.value, "slip" if reading.percent else "fraction")]
    elif unit == "ratio":
        ways = [(hundredth, "exact")] if reading.percent else [(reading.value, "exact"), (hundredth, "slip")]
    else:
        ways = [] if reading.percent else [(reading.value, "exact")]
    for number, how in ways:
        if close(number, value, unit, decimals):
            return Match(how, reading)
    return None


def tolerance(value: float, unit: str, decimals: int) -> float:
    """Return how far from `value` still counts as the same: 0.5 % of it or half its last shown digit, if that is more.

    Whole things (unit count) must be met exactly: a miscount is a mistake, not rounding.
    """
    half_digit = 0.5 * 10.0**-decimals / (100 if unit == "percent" else 1)
    return half_digit if unit == "count" else max(RELATIVE_TOLERANCE * abs(value), half_digit)


def close(number: float, value: float, unit: str, decimals: int) -> bool:
    """Tell whether two numbers are the same within the tolerance; NaN is the same as NaN."""
    if math.isnan(number) or math.isnan(value):
        return math.isnan(number) and math.isnan(value)
    if math.isinf(number) or math.isinf(value):
        return number == value
    return abs(number - value) <= tolerance(value, unit, decimals) * (1 + 1e-9)


def rounded_too_much(text: object, value: float, unit: str, decimals: int) -> bool:
    """Tell whether the text is the value with fewer decimals than asked for ("26" for 26.4)."""
    target = value * 100 if unit == "percent" else value
    if not isinstance(text, str) or not math.isfinite(target):
        return False
    written = re.search(r"[.,](\d+)\D*$", text)
    typed = len(written.group(1)) if written else 0
    return typed < decimals and any(
        reading.value != 0 and abs(reading.value - target) <= 0.5 * 10.0**-typed for reading in read(text)
    )


def show(value: float, unit: str = "count", decimals: int | None = None) -> str:
    """Write a value for people: 26.4 %, €41.20, 12.0 days, 2.30 ×; what is not a number is "not defined"."""
    if not math.isfinite(value):
        return "not defined"
    digits = _DECIMALS.get(unit, 1) if decimals is None else decimals
    number = f"{value * 100 if unit == 'percent' else value:,.{digits}f}".replace("-", "−")
    if re.fullmatch(r"−0(\.0+)?", number):
        number = number[1:]
    return _FORMS.get(unit, "{}").format(number).replace("€−", "−€")


def unit_text(unit: str) -> str:
    """Return what stands behind a box for such a number."""
    return _BEHIND.get(unit, "")


_DECIMALS = {
    "count": 0,
    "percent": 1,
    "eur": 2,
    "eur_per_day": 0,
    "days": 1,
    "hours": 1,
    "minutes": 0,
    "weeks": 1,
    "cases": 1,
    "ratio": 2,
}
_BEHIND = {"percent": "%", "eur": "€", "eur_per_day": "€ a day", "ratio": "×"} | {
    unit: unit for unit in ("days", "weeks", "hours", "minutes", "cases")
}
_FORMS = {
    "percent": "{} %",
    "eur": "€{}",
    "eur_per_day": "€{} a day",
    "days": "{} days",
    "hours": "{} hours",
    "minutes": "{} minutes",
    "weeks": "{} weeks",
    "cases": "{} cases",
    "ratio": "{} ×",
}


def _forms(digits: str) -> list[str]:
    """Return the possible plain forms of digits with points and commas: the last kind of mark is the decimal one."""
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return [digits]
    last = marks[-1]
    if len(set(marks)) == 2:  # 1.234,5 or 1,234.5
        whole, _, rest = digits.rpartition(last)
        other = "," if last == "." else "."
        return [f"{whole.replace(other, '')}.{rest}"] if last not in whole and _grouped(whole, other) else []
    as_decimal = [digits.replace(last, ".")] if len(marks) == 1 else []
    as_groups = [digits.replace(last, "")] if _grouped(digits, last) else []
    return as_groups + as_decimal if last == "," else as_decimal + as_groups


def _grouped(digits: str, mark: str) -> bool:
    """Tell whether `mark` stands where thousands are parted: 1,234 or 12,345,678 but not 0,264."""
    return bool(re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+", digits))
