"""Horizontal bars with words over each, laid out in whole units on the server: shares of a whole, or lengths beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from framework.definitions.money import WHOLE, half_up

WIDTH, ROW, BAR = 640, 74, 26
_BAR_Y = 40


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar: its pattern, where it stands and what it says when asked."""

    kind: str
    x: int
    width: int
    words: str


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar: the words over it and its parts."""

    y: int
    words: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture ready to draw: a key that is unique on its page, its rows and the whole of it in words."""

    key: str
    title: str
    sentence: str
    height: int
    kinds: tuple[str, ...]
    rows: tuple[BarRow, ...]
    target_x: int | None = None


Part = tuple[str, int, str]
"""(kind of pattern, size, words)."""


def shares_chart(
    key: str,
    title: str,
    sentence: str,
    rows: Sequence[tuple[str, Sequence[Part]]],
    target_bp: int | None = None,
) -> Bars:
    """Each bar as long as the picture, parted by size; a bar whose parts are nothing together stays empty."""
    laid = [
        _row(place, words, parts, sum(max(size, 0) for _, size, _ in parts))
        for place, (words, parts) in enumerate(rows)
    ]
    target = None if target_bp is None else half_up(target_bp * WIDTH, WHOLE)
    return Bars(key, title, sentence, ROW * len(rows), _kinds(rows), tuple(laid), target)


def lengths_chart(key: str, title: str, sentence: str, rows: Sequence[tuple[str, Sequence[Part]]]) -> Bars:
    """Bars beside each other: the longest is as long as the picture."""
    longest = max((sum(max(size, 0) for _, size, _ in parts) for _, parts in rows), default=0)
    laid = [_row(place, words, parts, longest) for place, (words, parts) in enumerate(rows)]
    return Bars(key, title, sentence, ROW * len(rows), _kinds(rows), tuple(laid))


def _row(place: int, words: str, parts: Sequence[Part], whole: int) -> BarRow:
    segments, before = [], 0
    for kind, size, said in parts:
        # What is below nothing (more credit than spend) has no length; the words and the table say it.
        if size <= 0 or whole <= 0:
            continue
        x, end = half_up(before * WIDTH, whole), half_up((before + size) * WIDTH, whole)
        segments.append(Segment(kind, x, max(end - x, 1), said))
        before += size
    return BarRow(place * ROW + _BAR_Y, words, tuple(segments))


def _kinds(rows: Sequence[tuple[str, Sequence[Part]]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for _, parts in rows for kind, _, _ in parts))
