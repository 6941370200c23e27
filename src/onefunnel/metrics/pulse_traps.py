"""Wrong ways to read the pulse survey. Each has the signature of what its docstring names."""

from __future__ import annotations

import pandas as pd

from onefunnel.metrics import pulse
from onefunnel.metrics.ratio import share


def must_total_100(pulse_survey: pd.DataFrame) -> float:
    """For boxes_per_person: makes the shares add to 100 %, as if everybody had one box only. Too low."""
    boxes = pulse.boxes_ticked(pulse_survey)
    return share(boxes, boxes)


def share_of_boxes(pulse_survey: pd.DataFrame, box: str) -> float:
    """For share_of_people: divides by all *boxes*, so that the shares add to 100 %. 43 % of people becomes 20.5 %."""
    return share(pulse.boxes_ticked(pulse_survey, box), pulse.boxes_ticked(pulse_survey))
