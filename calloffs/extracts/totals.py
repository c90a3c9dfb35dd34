"""Rows of an extract that are no data: totals, headings that stand again and words between the rows. All of them are told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from calloffs.extracts.extract import Heading, ReadRow
from calloffs.extracts.fields import DAYS
from framework.definitions.money import Money

_TOTAL = re.compile(
    r"(?:grand |sub ?-?|overall |report |page |column |net |gross )?totals?\b.{0,80}|.{1,80} totals?:?|sum|count",
    re.I,
)
_MOST_FILLED = 3
"""Cells beside the amounts that a row of a total may have: its word and what it is the total of."""
_TOLD = 3
_NUMBERS = 8


@dataclass(slots=True)
class Sums:
    """Signed pence of each amount column."""

    pence: dict[str, int] = field(default_factory=dict)

    def add(self, read: ReadRow, names: Sequence[str]) -> None:
        for name in names:
            value = read.content[name]
            if isinstance(value, int):
                self.pence[name] = self.pence.get(name, 0) + value

    def agree(self, total: dict[str, int]) -> bool:
        return all(self.pence.get(name, 0) == pence for name, pence in total.items())


class Aside:
    """Takes the rows that are no data out of the others, and checks each total against the rows above it."""

    def __init__(self, headings: Sequence[Heading], amounts: dict[str, Heading]) -> None:
        self._amounts = amounts
        self._not_amounts = [one.position for one in headings if one not in amounts.values()]
        self._days = [one.position for one in headings if one.field in DAYS]
        self._all, self._part = Sums(), Sums()
        self._totals: list[tuple[int, dict[str, int], dict[str, int] | None]] = []
        self._again: list[int] = []
        self._words: list[tuple[int, str]] = []

    def takes(self, read: ReadRow, cells: Sequence[str], headings: Sequence[str], *, is_last: bool) -> bool:
        """Whether a row is no data. `cells` and `headings` stand in the order of the columns."""
        if cells == headings:
            self._again.append(read.number)
            return True
        if not any(read.content[name] for name in DAYS) and self._is_aside(read, cells, is_last=is_last):
            return True
        self._all.add(read, list(self._amounts))
        self._part.add(read, list(self._amounts))
        return False

    def _is_aside(self, read: ReadRow, cells: Sequence[str], *, is_last: bool) -> bool:
        filled = [cells[at] for at in self._not_amounts if cells[at]]
        amounts = {name: value for name in self._amounts if isinstance(value := read.content[name], int)}
        if not amounts:
            holds_day = any(cells[at] for at in self._days)
            unread = any(cells[one.position] for one in self._amounts.values())
            if not filled or unread or len(filled) > (1 if holds_day else 2):
                return False
            self._words.append((read.number, " ".join(filled)[:60]))
            return True
        agrees = self._all.agree(amounts) or self._part.agree(amounts)
        named = len(filled) <= _MOST_FILLED and any(_TOTAL.fullmatch(cell[:200]) for cell in filled)
        # A row of amounts and nothing else is a total where it agrees, or ends the file.
        if not named and (filled or not (agrees or is_last)):
            return False
        self._totals.append((read.number, amounts, None if agrees else dict(self._all.pence)))
        self._part = Sums()
        return True

    def notes(self) -> list[str]:
        """What a person should read of the rows left out."""
        told = [self._of_total(*one) for one in self._totals if one[2] is not None][:_TOLD]
        agreeing = [one for one in self._totals if one[2] is None]
        told += [self._of_total(*one) for one in agreeing[-1:]]
        if len(agreeing) > 1:
            numbers = _numbers([number for number, _, _ in agreeing[:-1]])
            told.append(f"Rows that are totals of the rows above them were left out, and agree: {numbers}")
        if len(self._totals) - len(agreeing) > _TOLD:
            told.append(
                f"{len(self._totals) - len(agreeing) - _TOLD:,} more totals do not agree with their rows"
            )
        if self._again:
            told.append(f"The headings stand again and were left out: {_numbers(self._again)}")
        if self._words:
            words = ", ".join(f"“{text}”" for _, text in self._words[:_TOLD])
            more = f" and {len(self._words) - _TOLD:,} more" if self._words[_TOLD:] else ""
            numbers = _numbers([number for number, _ in self._words])
            told.append(f"Words with no day and no amount were left out: {numbers} ({words}{more})")
        return told

    def _of_total(self, number: int, total: dict[str, int], sums: dict[str, int] | None) -> str:
        said = f"Row {number:,} is a total and was left out: {self._in_words(total)}. The rows above it add up to "
        if sums is None:
            return said + "the same"
        only = {name: sums.get(name, 0) for name in total}
        return said + f"{self._in_words(only)}: check that no row is missing or counted twice"

    def _in_words(self, amounts: dict[str, int]) -> str:
        return ", ".join(f"{self._amounts[name].text} {Money(pence)}" for name, pence in amounts.items())


def _numbers(rows: Sequence[int]) -> str:
    shown = ", ".join(f"{row:,}" for row in rows[:_NUMBERS])
    more = f" and {len(rows) - _NUMBERS:,} more" if rows[_NUMBERS:] else ""
    return f"{'row' if len(rows) == 1 else 'rows'} {shown}{more}"
