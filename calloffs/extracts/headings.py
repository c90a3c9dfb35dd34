"""Headings: which row of a file names its columns, and what each of them holds (RULE-89)."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from calloffs.extracts.column_aliases import COLUMN_ALIASES, LEFT_OUT
from calloffs.extracts.fields import FIELDS, Kind
from calloffs.extracts.values import ValueToMend, pence_of

Lines = Sequence[tuple[int, Sequence[str]]]
"""Rows that hold anything, each with its number, the cells tidied."""
Merged = Sequence[tuple[int, int, int, int]]

LONGEST_HEADING = 120
ROWS_LOOKED_AT = 30
_LEAST = 2
"""Fields that a row must name to be the headings."""
_EVIDENCE = 15
_APART = re.compile(r"[\W_]+")
_STATUS = re.compile(r" [mor]$")
"""Some councils write after each heading whether it is mandatory, optional or recommended."""
_VALUE_LIKE = re.compile(r"[-£(+ ]{0,4}[0-9][0-9 ,./:()%-]{0,40}")
_MEANS = {heading: (alias.field, alias.rank) for alias in COLUMN_ALIASES for heading in alias.headings}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a heading means: its field, how near (0 when a person said so), and whether it was remembered."""

    field: str
    rank: int


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """The row of headings: where it stands among the lines, and for each column the ways to read its heading, the best first."""

    at: int
    texts: tuple[str, ...]
    readings: tuple[tuple[str, ...], ...]
    rows: int = 1
    """How many rows the headings take."""
    names: float = 0
    """How much it names."""
    score: float = 0
    """The same, and more where amounts stand below it."""


def fold(text: str) -> str:
    """A heading as it is compared and remembered: small letters and numbers, one space between words, at most 120 characters."""
    return _APART.sub(" ", unicodedata.normalize("NFKC", text[:1_000]).casefold()).strip()[:LONGEST_HEADING]


def meaning(readings: Sequence[str], columns: Mapping[str, str]) -> Meaning | None:
    """What a heading means by what a person said of it before, else by the list of aliases; None when nobody knows."""
    for one in readings:
        if one in columns and (columns[one] == LEFT_OUT or columns[one] in FIELDS):
            return Meaning(columns[one], 0)
    for one in readings:
        if known := _MEANS.get(one) or _MEANS.get(_STATUS.sub("", one)):
            return Meaning(*known)
    return None


def heading_row(lines: Lines, columns: Mapping[str, str], merged: Merged = ()) -> HeadingRow | None:
    """The row, or two rows, that name the most fields among the first 30 and have amounts below; None where no row names two."""
    found = [_scored(one, lines, columns) for one in _candidates(lines[:ROWS_LOOKED_AT], merged)]
    alone = {one.at: one.names for one in found if one.rows == 1}
    fit = [
        one
        for one in found
        if one.score >= _LEAST
        # Two rows are read as one heading only where that names more than either of them alone.
        and (one.rows == 1 or one.names > max(alone[one.at], alone[one.at - 1]))
    ]
    return max(fit, key=lambda one: (one.score, -one.at), default=None)


def likely_row(lines: Lines) -> HeadingRow | None:
    """The first row of words with a row of values below, where no heading is known: for a person to say what the columns hold."""
    for at, ((_, cells), (_, below)) in enumerate(pairwise(lines[: ROWS_LOOKED_AT + 1])):
        words = [cell for cell in cells if cell]
        if len(words) < 3 or any(_VALUE_LIKE.fullmatch(cell) for cell in words):
            continue
        if sum(map(bool, below)) >= 2 and any(_VALUE_LIKE.fullmatch(cell) for cell in below if cell):
            return _one_row(at, cells)
    return None


def _candidates(lines: Lines, merged: Merged) -> Iterator[HeadingRow]:
    for at, (number, cells) in enumerate(lines):
        yield _one_row(at, cells)
        both = (*cells, *lines[at - 1][1]) if at and lines[at - 1][0] == number - 1 else ()
        if both and not any(_VALUE_LIKE.fullmatch(cell) for cell in both if cell):
            group = _spread(lines[at - 1], cells, merged)
            width = max(len(group), len(cells))
            pairs = [(_cell(group, n), _cell(cells, n)) for n in range(width)]
            texts = tuple(" ".join(dict.fromkeys(filter(None, pair))) for pair in pairs)
            readings = tuple(
                tuple(dict.fromkeys(filter(None, (fold(text), fold(own), fold(above)))))
                for text, (above, own) in zip(texts, pairs, strict=True)
            )
            yield HeadingRow(at, texts, readings, rows=2)


def _one_row(at: int, cells: Sequence[str]) -> HeadingRow:
    return HeadingRow(at, tuple(cells), tuple((fold(cell),) if cell else () for cell in cells))


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _spread(line: tuple[int, Sequence[str]], below: Sequence[str], merged: Merged) -> list[str]:
    """A row of groups, each written over all its columns: as far as its cells are merged, or else up to the next group."""
    number, cells = line
    spread = [*cells, *[""] * (len(below) - len(cells))]
    ranges = [one for one in merged if one[0] <= number <= one[2] and one[3] > one[1]]
    for _, left, _, right in ranges:
        for at in range(left, min(right, len(spread))):
            spread[at] = spread[left - 1]
    if not ranges:
        for at in range(1, len(spread)):
            if not spread[at] and _cell(below, at):
                spread[at] = spread[at - 1]
    return spread


def _scored(row: HeadingRow, lines: Lines, columns: Mapping[str, str]) -> HeadingRow:
    meanings = [meaning(readings, columns) for readings in row.readings]
    fields = {one.field for one in meanings if one}
    names = len(fields - {LEFT_OUT}) + 0.2 * sum(1 for one in meanings if one and one.field == LEFT_OUT)
    names -= sum(1 for text in row.texts if text and _VALUE_LIKE.fullmatch(text))
    amounts = [
        at for at, one in enumerate(meanings) if one and one.field and FIELDS[one.field].kind == Kind.PENCE
    ]
    # Words of a query, or of a note above the table, name columns too; but no amounts stand below them.
    below = [cells for _, cells in lines[row.at + 1 : row.at + 1 + _EVIDENCE]]
    paid = sum(any(_is_amount(_cell(cells, at)) for at in amounts) for cells in below)
    return replace(row, names=names, score=names + (3 if 2 * paid > len(below) else 0))


def _is_amount(text: str) -> bool:
    try:
        return bool(text) and pence_of(text) is not None
    except ValueToMend:
        return False
