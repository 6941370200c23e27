"""The one division of the metrics."""


def share(part: float, whole: float) -> float:
    """part ÷ whole as a float; NaN when the whole is zero, because nothing to divide is not a rate of zero."""
    return float(part) / float(whole) if whole else float("nan")


def stated(number: float) -> float:
    """A number that a question itself states, for a tile that stands for it."""
    return float(number)
