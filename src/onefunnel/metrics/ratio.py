"""The one division of the metrics."""


def share(part: float, whole: float) -> float:
    """part ÷ whole as a float; NaN when the whole is zero, because nothing to divide is not a rate of zero."""
    return float(part) / float(whole) if whole else float("nan")
