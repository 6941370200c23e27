"""How calculators write numbers. `OneFunnel.say` in the script core.js writes the same; a test compares the two."""

from __future__ import annotations

from onefunnel.publish.numbers import NOT_DEFINED
from onefunnel.publish.text import NO_BREAK

JOINED = "\u2060"  # keeps a sign and a currency together at the end of a line


def amount(value: float | None, digits: int = 0) -> str:
    """1,234 or −1,234; never −0; “not defined” for None."""
    if value is None:
        return NOT_DEFINED
    words = f"{abs(value):,.{digits}f}"
    return ("−" if value < 0 and words.strip("0.,") else "") + words


def signed(value: float | None, digits: int = 0) -> str:
    """+1,234, −1,234 or 0."""
    if value is None:
        return NOT_DEFINED
    words = amount(value, digits)
    return words if words.startswith("−") or not words.strip("0.,") else f"+{words}"


def percent(value: float | None, digits: int = 1) -> str:
    """A fraction: 0.123 is 12.3 %."""
    return NOT_DEFINED if value is None else f"{amount(value * 100, digits)}{NO_BREAK}%"


def signed_percent(value: float | None, digits: int = 1) -> str:
    """The same with its sign: +12.3 %."""
    return NOT_DEFINED if value is None else f"{signed(value * 100, digits)}{NO_BREAK}%"


def money(value: float, symbol: str, digits: int = 0) -> str:
    """€1,234 or −€1,234."""
    words = amount(value, digits)
    return f"−{JOINED}{symbol}{words[1:]}" if words.startswith("−") else f"{symbol}{words}"


def signed_money(value: float, symbol: str) -> str:
    """+€1,234, −€1,234 or €0."""
    words = money(value, symbol)
    return words if words.startswith("−") or not words.strip(f"{symbol}0,") else f"+{JOINED}{words}"
