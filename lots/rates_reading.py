"""Reading a rate card from rows of a table, however it is laid out: what is ready, and what is to mend by row, column and value."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from framework.definitions.money import Money, MoneyError
from framework.records.sheet import Checked, Finding, Sheet, SheetRow
from lots.rate_rules import RateLine, key_of, role_fault
from lots.workforce import LEVELS

MOST_ROWS = 1_500
"""Of a file or paste: 200 roles at seven levels, one rate to a row."""
MOST_ROLES = 200
COLUMNS = ("Role or category of work", *(f"Level {level}" for level in LEVELS))
"""The columns of our own template, and of the table on the page."""

_ROLES = {
    "role",
    "roles",
    "job role",
    "job title",
    "role or category",
    "role or category of work",
    "category",
    "category of work",
    "work category",
    "discipline",
    "family",
    "job family",
    "capability",
}
_LEVELS = {"level", "levels", "grade", "band", "seniority"}
_RATES = {
    "day rate",
    "daily rate",
    "rate",
    "price",
    "rate per day",
    "price per day",
    "cost per day",
    "per day",
}
_LONGEST_HEADING = 500
"""Characters of a heading that are looked at: patterns take far longer over long text, and a stranger chooses how long it is."""
_ABOUT_A_RATE = re.compile(r"\b(rate|price|cost|per (day|hour)|hourly|daily)\b")
_GROSS = re.compile(r"\b(gross|inc|incl|including|with)\b.*\bvat\b|\bgross\b")
_HOURLY = re.compile(r"\b(hourly|per hour|hour rate)\b")
_NOT_OFFERED = {"", "-", "–", "—", "n/a", "na", "not offered"}
_LEVEL = re.compile(r"(?:level|lvl|l|grade|band)? ?([0-9]{1,3})(?:[ .:)–-].*)?", re.I)
_PREAMBLE = 10


@dataclass(frozen=True, slots=True)
class _Cell:
    """One rate as it stands in the table: its row and column as their writer counts and calls them."""

    row: int
    column: str
    role: str
    level: str
    text: str
    level_column: str = ""
    """Where the level itself stands in a cell of the row; otherwise the heading names it."""


@dataclass(frozen=True, slots=True)
class _Laid:
    """A table with its layout found out."""

    rows: Sequence[SheetRow]
    cells: Sequence[_Cell]
    findings: Sequence[Finding]
    notes: Sequence[str]
    role_column: str = COLUMNS[0]


Above = Callable[[RateLine], str | None]
"""Why a rate may not be so high, or None: the caps of a place, where they are known."""


def check_rates(sheet: Sheet, *, above: Above | None = None) -> tuple[Checked, list[RateLine]]:
    """What a table of day rates holds, and the lines of its rows that are ready.

    Three layouts are understood, their headings by many names: a role or category in each row and levels 1 to 7 across; levels in
    the rows and categories across (the public shape of RULE-77); one rate to a row with its role and level. Rates are pounds net of
    VAT; a blank cell is "not offered" and never nothing to pay. `above` adds what the caps of a place say.
    """
    laid = _laid_out(sheet)
    findings = list(laid.findings)
    lines: list[tuple[int, RateLine]] = []
    places: dict[tuple[str, int], int] = {}
    told: set[tuple[int, str]] = set()
    for cell in laid.cells:
        found = _read(cell, laid, places, told, above)
        if isinstance(found, Finding):
            findings.append(found)
        elif found is not None:
            lines.append((cell.row, found))
    if not lines and not findings:
        first = laid.rows[0].number if laid.rows else 1
        findings.append(Finding(first, COLUMNS[1], "", "Enter at least one day rate"))
    numbers = {row.number for row in laid.rows}
    bad = {one.row for one in findings}
    # A fault of the headings spoils what stands under them, so no row is ready before it is mended.
    spoilt = bool(bad - numbers)
    ready = [] if spoilt else [line for row, line in lines if row not in bad]
    findings.sort(key=lambda one: one.row)
    checked = Checked(
        rows_read=len(numbers),
        rows_ready=0 if spoilt else len(numbers - bad),
        findings=tuple(findings),
        notes=(*sheet.notes, *laid.notes),
        summary={
            "basis": "net of VAT",
            "rates": [
                {"role": role, "level": level, "day_rate_pence": rate.pence} for role, level, rate in ready
            ],
        },
    )
    return checked, ready


def grid_of(sheet: Sheet) -> list[tuple[str, list[str]]]:
    """The same table as roles with seven cells of text each, mistakes included, so that it can be mended on the page.

    What has no place there (a level 9, a second rate for the same cell) is left out; its finding says so.
    """
    rows: dict[str, tuple[str, list[str]]] = {}
    for cell in _laid_out(sheet).cells:
        level = _level_in(cell.level)
        key = cell.role.casefold() or f" {cell.row}"
        shown, cells = rows.setdefault(key, (cell.role, [""] * len(LEVELS)))
        if level is not None and level in LEVELS and not cells[level - 1]:
            cells[level - 1] = "" if _is_blank(cell.text) else cell.text
        rows[key] = (shown, cells)
    return list(rows.values())[:MOST_ROLES]


def _read(
    cell: _Cell,
    laid: _Laid,
    places: dict[tuple[str, int], int],
    told: set[tuple[int, str]],
    above: Above | None,
) -> RateLine | Finding | None:
    blank = _is_blank(cell.text)
    if fault := role_fault(cell.role):
        if (cell.row, cell.role) in told or (blank and not cell.role):
            return None
        told.add((cell.row, cell.role))
        return Finding(cell.row, laid.role_column, cell.role, fault)
    level = _level_in(cell.level)
    if level is None or level not in LEVELS:
        column = cell.level_column or cell.column
        return Finding(cell.row, column, cell.level, "Enter a level from 1 to 7")
    if blank:
        return None
    try:
        rate = Money.pounds(_closed_up(cell.text))
    except MoneyError as error:
        return Finding(cell.row, cell.column, cell.text, str(error))
    if rate.pence == 0:
        return Finding(
            cell.row,
            cell.column,
            cell.text,
            "Leave the cell blank when it is not offered; a rate is more than £0",
        )
    if first := places.get(key_of(cell.role, level)):
        return Finding(
            cell.row,
            cell.column,
            cell.text,
            f"Delete one of the two: {cell.role}, level {level} is in row {first} already",
        )
    places[key_of(cell.role, level)] = cell.row
    line = (cell.role, level, rate)
    if above and (why := above(line)):
        return Finding(cell.row, cell.column, cell.text, why)
    return line


# How the table is laid out


def _laid_out(sheet: Sheet) -> _Laid:
    for place, row in enumerate(sheet.rows[:_PREAMBLE]):
        heads = [_plain(cell) for cell in row.cells]
        below = sheet.rows[place + 1 :]
        laid = _long(row, heads, below) or _wide(row, heads, below) or _across(row, heads, below)
        if laid is None:
            continue
        notes = list(laid.notes)
        if place:
            notes.insert(0, f"What stands above the headings in row {row.number} was passed over")
        return _Laid(
            laid.rows, laid.cells, [*_faults_of_heads(row, heads), *laid.findings], notes, laid.role_column
        )
    return _without_heads(sheet.rows)


def _long(head: SheetRow, heads: list[str], below: Sequence[SheetRow]) -> _Laid | None:
    """One rate to a row: a role, a level and a day rate."""
    role = _first(heads, _ROLES)
    level = next((place for place, one in enumerate(heads) if _names_levels(one)), None)
    rate = next(
        (place for place, one in enumerate(heads) if one in _RATES or _ABOUT_A_RATE.search(one)), None
    )
    if role is None or level is None or rate is None:
        return None
    names = head.cells
    cells = [
        _Cell(row.number, names[rate], row.cell(role), row.cell(level), row.cell(rate), names[level])
        for row in below
    ]
    return _Laid(below, cells, [], _unread(head, {role, level, rate}), names[role])


def _wide(head: SheetRow, heads: list[str], below: Sequence[SheetRow]) -> _Laid | None:
    """A role in each row, levels across."""
    levels = {place: one for place, cell in enumerate(head.cells) if (one := _level_in(cell)) is not None}
    role = _first(heads, _ROLES)
    if role is None:
        named = [place for place in range(min(levels, default=0)) if place not in levels]
        role = named[-1] if named and len(levels) > 1 else None
    if role is None or not levels or (heads[role] not in _ROLES and not _says_level(head, levels)):
        return None
    if not heads[role] and head.cells[role]:
        return None
    return _of_wide(head, role, levels, below)


def _of_wide(head: SheetRow, role: int, levels: dict[int, int], below: Sequence[SheetRow]) -> _Laid:
    findings = []
    seen: dict[int, str] = {}
    for place, level in levels.items():
        if level in seen:
            findings.append(
                Finding(
                    head.number,
                    head.cells[place],
                    head.cells[place],
                    f"Level {level} has two columns. Delete one",
                )
            )
        seen[level] = head.cells[place]
    cells = []
    for row in below:
        findings += _beyond(head, row)
        for place, level in levels.items():
            text = row.cell(place)
            if level in LEVELS or not _is_blank(text):
                cells.append(_Cell(row.number, head.cells[place], row.cell(role), str(level), text))
    name = head.cells[role] or COLUMNS[0]
    return _Laid(below, cells, findings, _unread(head, {role, *levels}), name)


def _across(head: SheetRow, heads: list[str], below: Sequence[SheetRow]) -> _Laid | None:
    """Levels in the rows, categories of work across."""
    first = heads[0] if heads else ""
    titles = {place: cell for place, cell in enumerate(head.cells) if place and cell}
    looks = [row for row in below if _level_in(row.cell(0)) in LEVELS]
    if not titles or not looks or any(_level_in(one) is not None for one in titles.values()):
        return None
    if not (_names_levels(first) or (not first and len(looks) * 2 >= len(below))):
        return None
    name = head.cells[0] or "Level"
    findings = [found for row in below for found in _beyond(head, row)]
    cells = [
        _Cell(row.number, title, title, row.cell(0), row.cell(place), name)
        for place, title in titles.items()
        for row in below
    ]
    # A row whose level cannot be read is told once, not once for each category.
    once: dict[int, _Cell] = {}
    kept = []
    for cell in cells:
        if _level_in(cell.level) in LEVELS:
            kept.append(cell)
        elif cell.row not in once:
            once[cell.row] = cell
    return _Laid(below, [*kept, *once.values()], findings, [], "Heading")


def _without_heads(rows: Sequence[SheetRow]) -> _Laid:
    """Cells copied without their headings: a role, then levels 1 to 7."""
    head = SheetRow(0, COLUMNS)
    laid = _of_wide(head, 0, {level: level for level in LEVELS}, rows)
    return _Laid(laid.rows, laid.cells, laid.findings, [])


def _faults_of_heads(head: SheetRow, heads: list[str]) -> Iterator[Finding]:
    for place, one in enumerate(heads):
        shown = head.cells[place]
        said = " ".join(re.sub(r"[^a-z ]", " ", shown[:_LONGEST_HEADING].lower()).split())
        if _HOURLY.search(said):
            yield Finding(head.number, shown, shown, "Enter rates for a day, not for an hour")
        elif _GROSS.search(said) and (_ABOUT_A_RATE.search(said) or _level_in(one) is not None):
            yield Finding(
                head.number,
                shown,
                shown,
                "Enter rates net of VAT: take the VAT off and say so in the heading",
            )


def _beyond(head: SheetRow, row: SheetRow) -> Iterator[Finding]:
    last = len(head.cells)
    for extra in row.cells[last:]:
        if extra:
            yield Finding(
                row.number,
                f"after {head.cells[-1]}",
                extra,
                "This stands to the right of the last column. Delete or move it",
            )


def _unread(head: SheetRow, used: set[int]) -> list[str]:
    left = [cell for place, cell in enumerate(head.cells) if cell and place not in used]
    if not left:
        return []
    more = f" and {len(left) - 5} more" if len(left) > 5 else ""
    return [f"Columns that were not read: {', '.join(f'“{one[:40]}”' for one in left[:5])}{more}"]


# Words and numbers in cells


def _first(heads: list[str], known: set[str]) -> int | None:
    return next((place for place, one in enumerate(heads) if one in known), None)


def _names_levels(head: str) -> bool:
    return head.rpartition(" ")[2] in _LEVELS


def _says_level(head: SheetRow, levels: dict[int, int]) -> bool:
    return any(re.match(r"\s*(level|lvl|grade|band)", head.cells[place], re.I) for place in levels)


def _plain(text: str) -> str:
    """A heading in small letters, without what stands in brackets and without what is said about VAT and pounds."""
    words = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", text[:_LONGEST_HEADING].lower().replace("£", " "))
    words = re.sub(r"\b(net|ex|excl|excluding|exclusive|of|vat|in|pounds|gbp)\b(?! category)", " ", words)
    words = " ".join(re.sub(r"[^a-z0-9 ]", " ", words).split())
    return {"role or category work": "role or category of work", "category work": "category of work"}.get(
        words, words
    )


def _level_in(text: str) -> int | None:
    """The level that a heading or cell names: "Level 3", "L3", "3" and "3. Senior" are 3. None where it names none."""
    found = _LEVEL.fullmatch(" ".join(text.split()))
    return int(found[1]) if found else None


def _is_blank(text: str) -> bool:
    return " ".join(text.casefold().split()) in _NOT_OFFERED


def _closed_up(text: str) -> str:
    """An amount without the spaces that some write between thousands."""
    return re.sub(r"(?<=[0-9£])[\s\u00a0\u2009\u202f]+(?=[0-9])", "", text)
