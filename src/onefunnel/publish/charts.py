"""Draw the site's charts as SVG text: rows (bars, intervals, waterfalls) and one curve.

Every chart is drawn twice, once for a wide screen and once for a phone, so that the words keep their size; the style
sheet shows one of them. Colours are CSS classes (so the dark scheme changes them) over Okabe–Ito defaults (so a
printed or copied chart still has them). No number is drawn that the caller did not compute.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDE, NARROW = 680, 328
_LETTER = 7.3  # mean width of a letter of the 14 px chart text; a little generous, so that words never overlap

# Okabe–Ito, by what a mark means. The class has the same name.
TONES = {
    "main": "#0072b2",  # the figure that the page is about
    "wrong": "#d55e00",  # what a wrong formula says, a loss
    "good": "#009e73",
    "quiet": "#8c8279",  # context
}


@dataclass(frozen=True)
class Row:
    """One labelled bar from `start` to `end`, with `text` beside it and, if known, an interval around `end`."""

    label: str
    end: float
    text: str
    start: float = 0.0
    tone: str = "main"
    interval: tuple[float, float] | None = None
    note: str = ""


@dataclass(frozen=True)
class Rows:
    """A chart of rows. `title` states the finding, `alt` says what is seen, `source` what was counted."""

    title: str
    alt: str
    source: str
    rows: tuple[Row, ...]
    head: tuple[str, str]  # column heads of the table that says the same: what a row is, what its number is
    reference: tuple[float, str] | None = None  # a vertical line with its words, such as a target
    dots: bool = False  # a dot with its interval instead of a bar from zero

    def table(self) -> list[tuple[str, str]]:
        """Return the chart's rows as text."""
        return [(row.label, row.text + (f" ({row.note})" if row.note else "")) for row in self.rows]

    def svg(self, width: int) -> str:
        """Return the drawing, `width` px wide."""
        side = width >= 500  # labels beside the bars; on a phone they stand above
        left = min(290.0, 16 + _LETTER * max(len(row.label) for row in self.rows)) if side else 0.0
        right = 12 + _LETTER * max(len(row.text) for row in self.rows)
        pitch = 34 if side else 50
        top = 22 if self.reference else 4
        lows = [min(row.start, row.end, *(row.interval or ())) for row in self.rows]
        highs = [max(row.start, row.end, *(row.interval or ())) for row in self.rows]
        line = [self.reference[0]] if self.reference else []
        low, high = min([0.0, *lows, *line]), max([0.0, *highs, *line])
        if self.dots:  # a dot has no length to compare, so the axis may begin where the data begin
            low = min([*lows, *line])
            low, high = low - (high - low) * 0.08, high
        room = width - left - right - (right if low < 0 and not self.dots else 0)
        origin = left + (right if low < 0 and not self.dots else 0)
        x = lambda value: origin + (value - low) / ((high - low) or 1) * room  # noqa: E731
        parts = []
        height = top + pitch * len(self.rows)
        if self.reference:
            parts.append(_reference(x(self.reference[0]), self.reference[1], top, height, width))
        elif not self.dots:
            parts.append(_line(x(0), top, x(0), height, "axis"))
        for index, row in enumerate(self.rows):
            y = top + pitch * index
            parts += self._row(row, x, y if side else y + 20, left if side else None, y)
        return _frame(width, height + 4, self, parts)

    def _row(self, row: Row, x: Callable[[float], float], y: float, left: float | None, label_y: float) -> list[str]:
        middle = y + 15
        if left is None:
            label = _text(0, label_y + 15, row.label, "label")
        else:
            label = _text(left - 10, middle + 5, row.label, "label", "end")
        a, b = sorted((x(row.start), x(row.end)))
        marks = []
        if row.interval:
            ends = [x(value) for value in row.interval]
            marks.append(_line(ends[0], middle, ends[1], middle, f"whisker {row.tone}", TONES[row.tone]))
        if self.dots:
            marks.append(
                f'<circle cx="{x(row.end):.1f}" cy="{middle}" r="6" class="{row.tone}" fill="{TONES[row.tone]}"/>'
            )
        else:
            marks.append(
                f'<rect x="{a:.1f}" y="{middle - 9}" width="{max(b - a, 1.5):.1f}" height="18" rx="2" '
                f'class="{row.tone}" fill="{TONES[row.tone]}"/>'
            )
        far = max([b, *(x(value) for value in row.interval or ())])
        near = min([a, *(x(value) for value in row.interval or ())])
        if row.end < row.start and row.start == 0:
            value = _text(near - 8, middle + 5, row.text, "value", "end")
        else:
            value = _text(far + 8, middle + 5, row.text, "value")
        return [label, *marks, value]


@dataclass(frozen=True)
class Curve:
    """A line through `points` (x, y), some of them named. Axis texts are the words at the ticks."""

    title: str
    alt: str
    source: str
    points: tuple[tuple[float, float], ...]
    named: tuple[tuple[float, float, str], ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    axes: tuple[str, str]
    head: tuple[str, str]

    def table(self) -> list[tuple[str, str]]:
        """Return the named points as text."""
        return [tuple(words.split(": ", 1)) if ": " in words else (words, "") for _, _, words in self.named]

    def svg(self, width: int) -> str:
        """Return the drawing, `width` px wide."""
        height, left, bottom, top, right = 300, 58, 50, 26, 18
        xs = [value for value, _ in self.x_ticks] + [point[0] for point in self.points]
        ys = [value for value, _ in self.y_ticks] + [point[1] for point in self.points]
        x = lambda v: left + (v - min(xs)) / ((max(xs) - min(xs)) or 1) * (width - left - right)  # noqa: E731
        y = lambda v: height - bottom - (v - min(ys)) / ((max(ys) - min(ys)) or 1) * (height - bottom - top)  # noqa: E731
        parts = []
        for value, words in self.y_ticks:
            parts.append(_line(left, y(value), width - right, y(value), "grid"))
            parts.append(_text(left - 8, y(value) + 5, words, "tick", "end"))
        for value, words in self.x_ticks:
            parts.append(_text(x(value), height - bottom + 20, words, "tick", "middle"))
        parts.append(_text(0, 12, self.axes[1], "tick"))
        parts.append(_text(width - right, height - 6, self.axes[0], "tick", "end"))
        path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in self.points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{TONES["main"]}" class="curve main"/>')
        for a, b, words in self.named:
            parts.append(f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="5" class="wrong" fill="{TONES["wrong"]}"/>')
            flip = x(a) > width * 0.55
            parts.append(
                _text(x(a) + (-10 if flip else 10), y(b) + (-8 if flip else 16), words.split(": ")[-1], "value",
                      "end" if flip else "start")
            )  # fmt: skip
        return _frame(width, height, self, parts)


Chart = Rows | Curve


def figure(chart: Chart, name: str) -> str:
    """Return the HTML of a chart with its title, both drawings, its source and its numbers as a table."""
    rows = "".join(f"<tr><th scope='row'>{escape(a)}</th><td>{escape(b)}</td></tr>" for a, b in chart.table())
    return (
        f'<figure class="of-figure" id="figure-{name}" data-search-exclude>\n'
        f'<p class="of-figure__title">{escape(chart.title)}</p>\n'
        f'<div class="of-only-wide">{chart.svg(WIDE)}</div>\n'
        f'<div class="of-only-narrow">{chart.svg(NARROW)}</div>\n'
        f"<figcaption>{escape(chart.source)}\n"
        f"<details><summary>The same as a table</summary><table><thead><tr><th scope='col'>{escape(chart.head[0])}"
        f"</th><th scope='col'>{escape(chart.head[1])}</th></tr></thead><tbody>{rows}</tbody></table></details>"
        "</figcaption>\n</figure>"
    )


def _frame(width: int, height: float, chart: Chart, parts: Sequence[str]) -> str:
    return (
        f'<svg class="of-chart" viewBox="0 0 {width} {height:.0f}" width="{width}" height="{height:.0f}" '
        f'role="img" aria-label="{escape(chart.alt)}" font-size="14">' + "".join(parts) + "</svg>"
    )


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    where = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}"{where}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str, stroke: str = "#8c8279") -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} class="{kind}" stroke="{stroke}"/>'


def _reference(x: float, words: str, top: float, bottom: float, width: int) -> str:
    anchor = "end" if x > width * 0.6 else "start"
    return _line(x, top - 4, x, bottom, "reference") + _text(x, top - 8, words, "tick", anchor)
