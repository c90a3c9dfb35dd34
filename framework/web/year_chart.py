"""The renewals timeline: what ends when, drawn on the server. The same dates stand in a list beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from framework.definitions import dates
from framework.reminding import Ahead

WIDTH, ROW, TOP, LEFT, RIGHT = 960, 30, 34, 8, 8
MOST_ROWS = 24


@dataclass(frozen=True, slots=True)
class Mark:
    """One dated thing on the picture: where it stands and what it says."""

    x: int
    y: int
    text: str
    text_x: int
    anchor: str
    diamond: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: int
    text: str


@dataclass(frozen=True, slots=True)
class YearChart:
    """A picture in whole pixels, ready for the template to draw."""

    height: int
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    sentence: str
    left_out: int


def timeline_chart(ahead: Sequence[Ahead], first: date, last: date) -> YearChart:
    """Lay the dates out between two days; the nearest are drawn when there are too many for one picture."""
    shown = ahead[:MOST_ROWS]
    span = max((last - first).days, 1)

    def x_of(day: date) -> int:
        inside = min(max((day - first).days, 0), span)
        return LEFT + round(inside * (WIDTH - LEFT - RIGHT) / span)

    marks = []
    for row, one in enumerate(shown):
        x, y = x_of(one.on), TOP + row * ROW + ROW // 2
        late = x > WIDTH // 2
        words = one.sentence if len(one.sentence) <= 58 else one.sentence[:57] + "…"
        marks.append(
            Mark(
                x,
                y,
                words,
                x - 12 if late else x + 12,
                "end" if late else "start",
                f"{x},{y - 6} {x + 6},{y} {x},{y + 6} {x - 6},{y}",
            )
        )
    nearest = ahead[0]
    sentence = (
        f"{len(ahead)} {'date' if len(ahead) == 1 else 'dates'} from {dates.in_words(first)} to {dates.in_words(last)}. "
        f"The nearest: {nearest.sentence} on {dates.in_words(nearest.on)}."
    )
    return YearChart(
        TOP + len(shown) * ROW + 8, _ticks(first, last, x_of), tuple(marks), sentence, len(ahead) - len(shown)
    )


def _ticks(first: date, last: date, x_of) -> tuple[Tick, ...]:  # type: ignore[no-untyped-def]
    month = dates.add_months(first.replace(day=1), 1)
    found = []
    while month <= last:
        if month.month in (1, 4, 7, 10):
            found.append(Tick(x_of(month), f"{month:%b} {month.year}"))
        month = dates.add_months(month, 1)
    return tuple(found)
