"""Horizontal bars with words over each, laid out in whole units on the server: shares of a whole, or lengths beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from framework.definitions.money import WHOLE, half_up

WIDTH, ROW, NOTE = 640, 74, 32
_BAR_Y = 40
_MOST_LETTERS = 42
"""What a phone has room for."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar: its pattern, where it stands and what it says when asked."""

    kind: str
    x: int
    width: int
    words: str


@dataclass(frozen=True, slots=True)
class BarRow:
    """One bar: the words over it, a note under it and its parts."""

    y: int
    words: str
    note: str
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
Rows = Sequence[tuple[str, str, Sequence[Part]]]
"""(words over the bar, note under it or blank, its parts)."""


def shares_chart(
    key: str,
    title: str,
    sentence: str,
    rows: Rows,
    target_bp: int | None = None,
) -> Bars:
    """Each bar as long as the picture, parted by size; a bar whose parts are nothing together stays empty."""
    step = _step(rows)
    laid = [
        _row(place * step, words, note, parts, sum(max(size, 0) for _, size, _ in parts))
        for place, (words, note, parts) in enumerate(rows)
    ]
    target = None if target_bp is None else half_up(target_bp * WIDTH, WHOLE)
    return Bars(key, title, sentence, step * len(rows), _kinds(rows), tuple(laid), target)


def lengths_chart(key: str, title: str, sentence: str, rows: Rows) -> Bars:
    """Bars beside each other: the longest is as long as the picture."""
    longest = max((sum(max(size, 0) for _, size, _ in parts) for *_, parts in rows), default=0)
    step = _step(rows)
    laid = [
        _row(place * step, words, note, parts, longest) for place, (words, note, parts) in enumerate(rows)
    ]
    return Bars(key, title, sentence, step * len(rows), _kinds(rows), tuple(laid))


def _step(rows: Rows) -> int:
    return ROW + (NOTE if any(note for _, note, _ in rows) else 0)


def _row(top: int, words: str, note: str, parts: Sequence[Part], whole: int) -> BarRow:
    segments, before = [], 0
    for kind, size, said in parts:
        # What is below nothing (more credit than spend) has no length; the words and the table say it.
        if size <= 0 or whole <= 0:
            continue
        x, end = half_up(before * WIDTH, whole), half_up((before + size) * WIDTH, whole)
        segments.append(Segment(kind, x, max(end - x, 1), said))
        before += size
    return BarRow(top + _BAR_Y, _short(words), _short(note), tuple(segments))


def _short(words: str) -> str:
    return words if len(words) <= _MOST_LETTERS else f"{words[: _MOST_LETTERS - 1].rstrip()}…"


def _kinds(rows: Rows) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kind for *_, parts in rows for kind, _, _ in parts))
