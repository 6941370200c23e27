"""A slider and a number box that always show the same value: slide, or type."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as w


class SliderBox(w.VBox):
    """One value in [low, high]; `on_change(value)` is called once a change, whichever control it came from.

    With `live` the value follows while the handle is dragged; without it (charts) it comes when the handle is let go.
    """

    def __init__(
        self,
        label: str,
        low: float,
        high: float,
        step: float,
        start: float,
        *,
        unit: str = "",
        live: bool = False,
        on_change: Callable[[float], None] | None = None,
    ) -> None:
        named = f"{label} ({unit})" if unit else label
        self.places = max(0, -math.floor(math.log10(step) + 1e-9)) if step > 0 else 2
        start = self._round(min(max(start, low), high))
        self._told = start  # the value that was last passed on
        self.slider = w.FloatSlider(
            value=start,
            min=low,
            max=high,
            step=step,
            description=named,
            tooltip=named,
            readout=False,  # it would be one more stop of the Tab key, without a name; the box says the value
            continuous_update=live,
            style={"description_width": "52%"},
            layout=w.Layout(flex="1 1 300px", width="auto"),
        )
        self.box = w.BoundedFloatText(
            value=start,
            min=low,
            max=high,
            step=step,
            description="or type",
            tooltip=f"{named}, or type it",
            style={"description_width": "initial"},
            layout=w.Layout(flex="0 0 190px", width="190px"),
        )
        self.box.add_class("of-typed")  # its visible label says only "or type": the tooltip becomes its name
        self._on_change = on_change
        self.slider.observe(self._moved, "value")
        self.box.observe(self._moved, "value")
        super().__init__((w.HBox((self.slider, self.box), layout=w.Layout(flex_flow="row wrap")),))

    @property
    def value(self) -> float:
        """The value both controls show."""
        return self._round(self.slider.value)

    @value.setter
    def value(self, value: float) -> None:
        self.slider.value = min(max(value, self.slider.min), self.slider.max)

    def watch(self, on_change: Callable[[float], None]) -> None:
        """Name the function to call after a change, for owners that need several sliders before the first."""
        self._on_change = on_change

    def _round(self, value: float) -> float:
        # A slider counts in binary steps: 14.299999999999999 would be kept for a handle that stands on 14.3.
        return round(value, self.places)

    def _moved(self, change: Any) -> None:
        value = self._round(change["new"])
        other = self.box if change["owner"] is self.slider else self.slider
        if self._round(other.value) != value:
            other.value = value  # this calls us again with both alike
        elif value != self._told:  # the page sends a start value back as it counts it: that is no change
            self._told = value
            if self._on_change:
                self._on_change(value)


def from_spec(
    label: str, spec: Mapping[str, Any], kept: object, unit: str, on_change: Callable[[float], None]
) -> SliderBox:
    """Return the slider of a question: `spec` has min, max, step, perhaps start; `kept` goes first."""
    low, high = float(spec["min"]), float(spec["max"])
    start = kept if is_number(kept) else spec.get("start", low)
    return SliderBox(
        label,
        low,
        high,
        float(spec.get("step", 1)),
        float(start),
        unit=unit,
        live=True,
        on_change=on_change,
    )


def is_number(value: object) -> bool:
    """Tell whether a kept value is a plain, finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def plain(value: float, places: int) -> str:
    """Return the number as people write it, without trailing zeros: 14.3, 5, 1,250."""
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
