"""The columns of one file: which field each holds, which of two wins, and what is still lacking before rows can be read."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from calloffs.extracts.amount_basis import AmountBasis
from calloffs.extracts.column_aliases import LEFT_OUT
from calloffs.extracts.extract import Heading, How
from calloffs.extracts.fields import ACCOUNTING_DAYS, AMOUNT, DAYS, FIELDS
from calloffs.extracts.headings import LONGEST_HEADING, HeadingRow, Lines, meaning
from calloffs.extracts.values import MonthFirst, ValueToMend, day_of, only_day_first
from framework.definitions.rules import refuse
from framework.records.sheet_peek import letters

_SAMPLES, _SAMPLE_LONGEST, _ROWS_SAMPLED = 5, 60, 500
_SPLIT = re.compile(r"([0-9A-Za-z/]{1,40}) - ([0-9]{1,6})")
_AMOUNTS = ("net_pence", "vat_pence", "gross_pence")
_NAMED = "“{}”".format


@dataclass(slots=True)
class Columns:
    """The headings of a file with the place of each in its rows."""

    headings: list[Heading]
    places: list[int]
    """Where each heading's cells stand in a row of the file, from 0."""
    notes: list[str] = field(default_factory=list)

    def has(self, name: str) -> bool:
        return any(one.field == name for one in self.headings)

    def cells(self, row: Sequence[str]) -> tuple[str, ...]:
        """One cell for each heading."""
        width = len(row)
        return tuple(row[at] if at < width else "" for at in self.places)


def columns_of(row: HeadingRow, lines: Lines, remembered: Mapping[str, str]) -> Columns:
    """The columns that have a heading or values, each with what it holds as far as that is known."""
    below = [cells for _, cells in lines]
    filled = _filled(below)
    # Cells beyond the last heading belong to a column only where most rows have them; else that row has cells too many.
    last = max((at for at, text in enumerate(row.texts) if text), default=-1)
    width = max([last + 1, *(at + 1 for at, many in filled.items() if many * 2 > len(below))])
    found = Columns([], [])
    seen: Counter[str] = Counter()
    ranks: list[int] = []
    for at in range(width):
        text = row.texts[at] if at < len(row.texts) else ""
        if not text and not filled[at]:
            continue
        text = text or f"Column {letters(at + 1)}"
        readings = row.readings[at] if at < len(row.readings) else ()
        folded = readings[0] if readings else f"column {letters(at + 1).lower()} without a heading"
        seen[folded] += 1
        if seen[folded] > 1:
            folded = f"{folded[: LONGEST_HEADING - 4]} {seen[folded]}"
            readings = (folded, *readings)
        means = meaning(readings or (folded,), remembered)
        how = How.UNKNOWN if means is None else How.ALIAS if means.rank else How.REMEMBERED
        holds = means.field if means else None if filled[at] else LEFT_OUT
        samples = _samples(below, at)
        found.headings.append(Heading(len(found.headings), text, folded, holds, how, samples))
        found.places.append(at)
        ranks.append(means.rank if means else 9)
    _settle(found, ranks)
    return found


def _filled(below: Iterable[Sequence[str]]) -> Counter[int]:
    filled: Counter[int] = Counter()
    for cells in below:
        filled.update(at for at, cell in enumerate(cells) if cell)
    return filled


def _samples(below: Iterable[Sequence[str]], at: int) -> tuple[str, ...]:
    different: dict[str, None] = {}
    for _, cells in zip(range(_ROWS_SAMPLED), below, strict=False):
        if at < len(cells) and cells[at]:
            different[cells[at][:_SAMPLE_LONGEST]] = None
            if len(different) == _SAMPLES:
                break
    return tuple(different)


def _settle(found: Columns, ranks: list[int]) -> None:
    """One column for each field: the nearer one, else the first. A bare amount gives way to one that says what it is."""
    for name in FIELDS:
        same = [at for at, one in enumerate(found.headings) if one.field == name]
        if len(same) < 2:
            continue
        wins = min(same, key=lambda at: (ranks[at], at))
        for at in same:
            if at == wins:
                continue
            if ranks[at] == ranks[wins] or name not in (*DAYS, "authority_named"):
                found.notes.append(
                    f"{_NAMED(found.headings[at].text)} was left out: {_NAMED(found.headings[wins].text)} "
                    f"is read as {_small(FIELDS[name].label)}. Choose another meaning for one of them if that is wrong"
                )
            found.headings[at] = replace(found.headings[at], field=LEFT_OUT)
    bare = next((at for at, one in enumerate(found.headings) if one.field == AMOUNT), None)
    told = next((one for one in found.headings if one.field in ("net_pence", "gross_pence")), None)
    if bare is not None and told:
        found.notes.append(
            f"{_NAMED(found.headings[bare].text)} was left out, because {_NAMED(told.text)} says whether VAT is in it"
        )
        found.headings[bare] = replace(found.headings[bare], field=LEFT_OUT)


def _small(label: str) -> str:
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def basis_of(found: Columns) -> AmountBasis | None:
    """What the headings say the amounts are; None for a bare amount. Two of net, VAT and gross give the third."""
    net, vat, gross = (found.has(name) for name in _AMOUNTS)
    if (net and gross) or (vat and (net or gross)):
        return AmountBasis.BOTH
    return AmountBasis.NET if net else AmountBasis.GROSS if gross else None


def lacking(found: Columns, basis: AmountBasis | None) -> list[str]:
    """What a person must still say of the columns; blank when the rows can be read."""
    named = ", ".join(_NAMED(one.text[:40]) for one in found.headings[:12])
    more = f" and {len(found.headings) - 12} more" if len(found.headings) > 12 else ""
    lacks = []
    if basis_of(found) is None and not found.has(AMOUNT):
        lacks.append(
            f"No column is known to hold the amount. The headings are {named}{more}. Name one of them “Net amount” or “Gross amount”, or say which it is"
        )
    if not any(found.has(name) for name in ACCOUNTING_DAYS):
        lacks.append(
            f"No column is known to hold the day. The headings are {named}{more}. Name one of them “Payment date” or “Invoice date”, or say which it is"
        )
    if found.has(AMOUNT) and basis_of(found) is None and basis not in (AmountBasis.NET, AmountBasis.GROSS):
        bare = next(one for one in found.headings if one.field == AMOUNT)
        lacks.append(f"Say whether {_NAMED(bare.text)} is net of VAT or includes VAT: the file does not tell")
    return lacks


def read_alike(found: Columns, lines: Lines, *, from_1904: bool, beside: str) -> None:
    """Settle what only a whole column tells: where the day stands, how days are counted, and whether two numbers stand in one cell.

    Raises `Refused` for a column of days that begin with the month: 01/02/2018 in it would be read as another day.
    """
    for at, one in enumerate(found.headings):
        place = found.places[at]
        if one.field in DAYS:
            _check_order(
                found, one, [(number, cells[place]) for number, cells in lines if place < len(cells)], beside
            )
            if from_1904:
                found.headings[at] = replace(one, reads_as="1904")
        elif one.field == "transaction_number" and not found.has("line_number"):
            values = {cells[place] for _, cells in lines if place < len(cells)} - {""}
            if values and all(map(_SPLIT.fullmatch, values)):
                found.headings[at] = replace(one, reads_as="split")
                found.notes.append(
                    f"{_NAMED(one.text)} holds two numbers, such as {one.samples[0]}: they were read as a transaction and its line"
                )


def split(text: str) -> tuple[str, str]:
    """A transaction and its line out of "46296435 - 1"; a text of another shape has no line."""
    parts = _SPLIT.fullmatch(text)
    return (parts[1], parts[2]) if parts else (text, "")


def _check_order(found: Columns, heading: Heading, values: list[tuple[int, str]], beside: str) -> None:
    different = {text for _, text in values}
    month_first = {text for text in different if _is_month_first(text)}
    if not month_first:
        return
    wrong = next(one for one in values if one[1] in month_first)
    if not any(map(only_day_first, different)):
        refuse(
            f"Row {wrong[0]:,}, {heading.text} (“{wrong[1]}”): this column writes the month before the day. In the spreadsheet, "
            "format the column as dd/mm/yyyy or yyyy-mm-dd, save it again and choose the new file",
            beside,
        )
    found.notes.append(
        f"{heading.text} mixes days written day first and month first. Rows with the month first are listed to be mended; "
        "check the other rows of this column, because 01/02/2018 was read as 1 February"
    )


def _is_month_first(text: str) -> bool:
    if "/" not in text and "-" not in text and "." not in text:
        return False
    try:
        day_of(text)
    except MonthFirst:
        return True
    except ValueToMend:
        return False
    return False
