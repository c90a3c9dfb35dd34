"""A burn-up: what was used of a ceiling month by month and between which lines it may go on, laid out in whole units on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from framework.definitions.money import Money, half_up

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 8, 632, 48, 262
BELOW = 296
"""The line of the words under the axis."""


@dataclass(frozen=True, slots=True)
class Text:
    x: int
    y: int
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class BurnUp:
    """A picture ready to draw: a key that is unique on its page, points as SVG writes them, and the whole of it in words."""

    key: str
    title: str
    sentence: str
    line: str
    """What was used until today."""
    reserved: tuple[int, int, int] | None
    """x, and the heights between which what is reserved stands on top."""
    fan: str
    """The space between the slow and the fast line; blank where nothing is forecast."""
    ceiling_y: int
    today_x: int | None
    end_x: int
    is_over: bool
    texts: tuple[Text, ...]


def burn_up(
    key: str,
    title: str,
    sentence: str,
    *,
    first_day: date,
    last_day: date,
    today: date,
    ceiling: Money,
    used: Sequence[tuple[date, Money]],
    reserved: Money,
    ahead: Sequence[tuple[date, Money, Money]],
) -> BurnUp:
    """`used` are (day, total used at its end), the oldest first; `ahead` the same at the slow and at the fast rate, from today.

    `reserved` stands on top of the last of `used`. All money on one basis.
    """
    last = max(last_day, used[-1][0] if used else last_day)
    now = used[-1][1] if used else Money.zero()
    top = max(ceiling, now + reserved, *(one for _, one in used), Money(1))
    span = max((last - first_day).days, 1)

    def x_of(day: date) -> int:
        inside = min(max((day - first_day).days, 0), span)
        return LEFT + half_up(inside * (RIGHT - LEFT), span)

    def y_of(amount: Money) -> int:
        return BOTTOM - half_up(max(amount.pence, 0) * (BOTTOM - TOP), top.pence)

    here = x_of(today) if today <= last else None
    points = [(LEFT, BOTTOM), *((x_of(day), y_of(amount)) for day, amount in used)]
    fan = [(x_of(day), y_of(fast)) for day, _, fast in ahead]
    fan += [(x_of(day), y_of(slow)) for day, slow, _ in reversed(ahead)]
    standing = None
    if here is not None and reserved.pence > 0:
        standing = (here, y_of(now), y_of(now + reserved))
    return BurnUp(
        key,
        title,
        sentence,
        _points(points),
        standing,
        _points(fan),
        y_of(ceiling),
        here,
        x_of(last_day),
        now + reserved > ceiling,
        _texts(first_day, last_day, here, y_of(ceiling), points[-1], ceiling, now),
    )


def _points(points: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _texts(
    first_day: date,
    last_day: date,
    here: int | None,
    ceiling_y: int,
    point: tuple[int, int],
    ceiling: Money,
    now: Money,
) -> tuple[Text, ...]:
    middle = (LEFT + RIGHT) // 2
    found = [
        Text(LEFT, ceiling_y - 8, f"Ceiling {ceiling.short}", "start"),
        Text(LEFT, BELOW, f"{first_day:%b} {first_day.year}", "start"),
        Text(RIGHT, BELOW, f"Ends {last_day.day} {last_day:%b} {last_day.year}", "end"),
    ]
    # The words stand where there is room: left of a point in the right half, right of one in the left half.
    x, anchor = (point[0] - 8, "end") if point[0] > middle else (point[0] + 8, "start")
    found.append(
        Text(x, min(max(point[1] - 10, ceiling_y + 34), BOTTOM - 8), f"Committed {now.short}", anchor)
    )
    if here is not None and LEFT + 150 < here < RIGHT - 240:
        found.append(Text(here, BELOW, "Today", "middle"))
    return tuple(found)
