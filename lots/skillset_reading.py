"""Reading a sheet of people: every row becomes a person, or findings by row, column and value. Nothing is saved."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from framework.definitions import dates
from framework.definitions.dates import DateError
from framework.definitions.money import Money, MoneyError
from framework.definitions.quantities import QuantityError, read_quarter_days
from framework.definitions.rules import Refused, refuse
from framework.records.sheet import Checked, Finding, Sheet, SheetRow
from framework.records.sheet_reading import read_sheet
from lots.person_rules import MOST_PEOPLE, WEEK_SAID, Card, PersonFacts, against, plain, tidied
from lots.person_warnings import Elsewhere, warnings
from lots.skillset_words import (
    AT_ONCE,
    CLEARANCES,
    DEPTHS,
    EMPLOYMENTS,
    EVERYWHERE,
    FIELD_OF,
    NEEDED,
    NO_END,
    OFF_PAYROLL,
    PLACES,
    TITLES,
    said,
)
from lots.workforce import Clearance, Depth, Place

_TITLE_ROWS = 20
MOST_ROWS_READ = 1_500
"""Far above the most people, so that who has too many is told how many people there may be and not how many rows."""
_LEAST_HEADINGS = 3
_VALUE_SHOWN = 80
_DEPTH_IN_BRACKETS = re.compile(
    r"\(\s*(" + "|".join(re.escape(one) for one in DEPTHS) + r")\s*\)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: where it stands from 0, what its heading says and what it holds."""

    index: int
    heading: str
    holds: str


@dataclass(frozen=True, slots=True)
class CellFinding:
    """A finding with the cell it is about, so that it can be mended in place; `index` is -1 for a column that is not there."""

    index: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row: the person it puts forward, and what speaks against it."""

    number: int
    person: PersonFacts
    findings: tuple[CellFinding, ...]

    @property
    def ready(self) -> bool:
        return not self.findings


def check_people(
    sheet: Sheet, card: Card | None = None, elsewhere: Sequence[Elsewhere] = ()
) -> tuple[Checked, tuple[ReadRow, ...]]:
    """Every row of a sheet of people with what speaks against it; saves nothing.

    `card` is the rate card they are held to (None: roles, levels and rates are not compared), `elsewhere` the people of the partner's
    other lots. Columns are known by their headings, in any order, below any title rows. Raises `Refused` beside `file` when the
    sheet has no row of headings, lacks a column that is needed, or holds no people or too many.
    """
    at, columns = _headings(sheet)
    body = sheet.rows[at + 1 :]
    if not body:
        refuse("There are no people below the headings. Add a row for each person", "file")
    if len(body) > MOST_PEOPLE:
        refuse(f"There are {len(body):,} rows. Put {MOST_PEOPLE} people or fewer in one version", "file")
    rows = tuple(_Reader(row, columns, card).read() for row in body)
    ready = [row for row in rows if row.ready]
    numbered = [replace(row.person, number=row.number) for row in ready]
    notes = [*sheet.notes, *_unknown(sheet.rows[at], columns)]
    if card is None:
        notes.append("Roles, levels and day rates were not compared with a rate card")
    notes += warnings(numbered, elsewhere, call=lambda person: f"Row {person.number}")
    findings = tuple(one.finding for row in rows for one in row.findings)
    return Checked(len(rows), len(ready), findings, tuple(notes)), rows


def check_file(file: Path, card: Card | None = None, elsewhere: Sequence[Elsewhere] = ()) -> dict[str, Any]:
    """A file as plain values for JSON: its name and the findings that the page shows, or the sentence why it cannot be used."""
    try:
        sheet = read_sheet(file.read_bytes(), file.name, field="file", most_rows=MOST_ROWS_READ)
        return {"file": file.name, **check_people(sheet, card, elsewhere)[0].as_plain()}
    except Refused as refused:
        return {"file": file.name, "refused": str(refused)}
    except OSError as why:
        return {"file": file.name, "refused": f"The file cannot be opened: {why.strerror}"}


def _headings(sheet: Sheet) -> tuple[int, list[Column]]:
    best: list[Column] = []
    for at, row in enumerate(sheet.rows[:_TITLE_ROWS]):
        columns = _columns(row)
        if len({one.holds for one in columns}) > len({one.holds for one in best}):
            best, found = columns, at
    if len({one.holds for one in best}) < _LEAST_HEADINGS:
        refuse(
            "There is no row of headings here. Begin with a row that names the columns, like Role, Level and Skills; "
            "the template has them all",
            "file",
        )
    holds = {one.holds for one in best}
    missing = [
        TITLES[name] for name in NEEDED if name not in holds and not (name == "skills" and "skill" in holds)
    ]
    if missing:
        refuse(
            f"There is no column for {' or '.join((', '.join(missing[:-1]), missing[-1])) if len(missing) > 1 else missing[0]}. "
            "Add it with that heading, then load the sheet again",
            "file",
        )
    return found, best


def _columns(row: SheetRow) -> list[Column]:
    found: list[Column] = []
    taken: set[str] = set()
    has_depths = any(
        re.fullmatch(r"(skill )?(depth|level of skill)( \d+)?", said(cell)) for cell in row.cells
    )
    for index, cell in enumerate(row.cells):
        word = said(cell)
        holds = FIELD_OF.get(word, "")
        if re.fullmatch(r"skill( \d+)?", word):
            holds = "skill" if has_depths else "skills"
        elif has_depths and re.fullmatch(r"(skill )?(depth|level of skill)( \d+)?", word):
            holds = "depth"
        if not holds or (holds not in ("skill", "depth") and holds in taken):
            continue
        taken.add(holds)
        heading = plain(cell)[:_VALUE_SHOWN]
        if any(one.heading == heading for one in found):
            heading = f"{heading} {1 + sum(one.holds == holds for one in found)}"
        found.append(Column(index, heading, holds))
    return found


def _unknown(row: SheetRow, columns: Sequence[Column]) -> list[str]:
    known = {one.index for one in columns}
    left = [cell[:40] for index, cell in enumerate(row.cells) if cell and index not in known]
    return [f"These columns are not known and were passed over: {', '.join(left[:10])}"] if left else []


class _Reader:
    """Reads one row, gathering what cannot be read and then what the rules say."""

    def __init__(self, row: SheetRow, columns: Sequence[Column], card: Card | None) -> None:
        self.row, self.columns, self.card = row, columns, card
        self.by_holds = {one.holds: one for one in reversed(columns)}
        self.findings: list[CellFinding] = []
        self.faulty: set[str] = set()

    def read(self) -> ReadRow:
        person = tidied(self._person(), self.card)
        for refusal in against(person, self.card):
            where = refusal.field or "role"
            if where not in self.faulty:
                self._fault(where, refusal.sentence)
        self.findings.sort(key=lambda one: one.index)
        return ReadRow(self.row.number, person, tuple(self.findings))

    def _person(self) -> PersonFacts:
        return PersonFacts(
            name=self._text("name"),
            role=self._text("role"),
            level=self._read("level", _level),
            skills=self._skills(),
            quarter_days=self._read("quarter_days", _quarter_days),
            available_from=self._read("available_from", _first_day),
            available_to=self._read("available_to", _last_day),
            places=self._read("places", _places) or (),
            clearance=self._read("clearance", _clearance) or Clearance.NONE,
            clearance_on=self._read("clearance_on", _clearance_day),
            employment=self._read("employment", _employment),
            off_payroll=self._read("off_payroll", _off_payroll),
            day_rate=self._read("day_rate", Money.pounds),
        )

    def _text(self, holds: str) -> str:
        column = self.by_holds.get(holds)
        return plain(self.row.cell(column.index)) if column else ""

    def _read(self, holds: str, reader: Callable[[str], Any]) -> Any:
        text = self._text(holds)
        if not text:
            return None
        try:
            return reader(text)
        except (ValueError, DateError, MoneyError, QuantityError) as error:
            self._fault(holds, str(error))
            return None

    def _skills(self) -> tuple[tuple[str, Depth], ...]:
        found: list[tuple[str, Depth]] = list(self._read("skills", _skills) or ())
        depths = [one for one in self.columns if one.holds == "depth"]
        for place, column in enumerate(one for one in self.columns if one.holds == "skill"):
            skill = plain(self.row.cell(column.index))
            depth = depths[place] if place < len(depths) else None
            written = plain(self.row.cell(depth.index)) if depth else ""
            if not skill and not written:
                continue
            if not skill:
                self._fault("skills", "Enter the skill that this depth belongs to", column)
            elif said(written) in DEPTHS:
                found.append((skill, DEPTHS[said(written)]))
            else:
                self._fault("skills", f"Enter how deep {skill[:60]} is: {_depths()}", depth or column)
        return tuple(found)

    def _fault(self, holds: str, mend: str, column: Column | None = None) -> None:
        self.faulty.add(holds)
        column = (
            column or self.by_holds.get(holds) or (self.by_holds.get("skill") if holds == "skills" else None)
        )
        index = column.index if column else -1
        heading = column.heading if column else TITLES.get(holds, holds)
        value = self.row.cell(column.index) if column else ""
        self.findings.append(
            CellFinding(index, Finding(self.row.number, heading, plain(value)[:_VALUE_SHOWN], mend))
        )


def _depths() -> str:
    return "awareness, working, practitioner or expert"


def _level(text: str) -> int:
    found = re.fullmatch(r"(?:l|level|lvl|grade)? ?([1-7])(?:\.0+)?", text.lower())
    if not found:
        raise ValueError("Enter a level from 1 to 7")
    return int(found[1])


def _quarter_days(text: str) -> int:
    word = said(text)
    if word in ("full time", "fulltime", "ft"):
        return 20
    try:
        return read_quarter_days(re.sub(r" ?(days?|d)( ?(a|per|/) ?(week|wk))?$", "", text.lower()))
    except QuantityError:
        raise QuantityError(WEEK_SAID) from None


def _first_day(text: str) -> Any:
    return dates.today() if said(text) in AT_ONCE else dates.read_date_text(text, "First day")


def _last_day(text: str) -> Any:
    return None if said(text) in NO_END else dates.read_date_text(text, "Last day")


def _clearance_day(text: str) -> Any:
    return None if said(text) in NO_END else dates.read_date_text(text, "Clearance date")


def _clearance(text: str) -> Clearance:
    if text == "-" or said(text) in CLEARANCES:
        return CLEARANCES.get(said(text), Clearance.NONE)
    raise ValueError("Enter None, BPSS, SC or DV")


def _employment(text: str) -> Any:
    if said(text) in EMPLOYMENTS:
        return EMPLOYMENTS[said(text)]
    raise ValueError("Enter Employee, Sub-contractor or Sub-contractor’s employee")


def _off_payroll(text: str) -> Any:
    if said(text) in OFF_PAYROLL:
        return OFF_PAYROLL[said(text)]
    raise ValueError(
        "Enter On a payroll, or Own company for somebody who works through a company of their own"
    )


def _places(text: str) -> tuple[Place, ...]:
    if said(text) in EVERYWHERE:
        return tuple(Place)
    found: list[Place] = []
    for part in re.split(r"[;,/|]", text):
        if not part.strip():
            continue
        known = [PLACES.get(said(part))]
        if known == [None]:
            known = [PLACES.get(said(one)) for one in re.split(r" and | & |\+", part)]
        if None in known:
            raise ValueError(
                f"“{part.strip()[:40]}” is not a place on our list. Enter places like London; Offsite; South East England"
            )
        found += [one for one in known if one]
    return tuple(dict.fromkeys(found))


def _skills(text: str) -> list[tuple[str, Depth]]:
    parts = [one.strip(" ,") for one in _DEPTH_IN_BRACKETS.sub(r"(\1);", text).split(";")]
    if not _DEPTH_IN_BRACKETS.search(text) and len([one for one in parts if one]) < 2:
        parts = [one.strip() for one in text.split(",")]
    found = []
    for part in filter(None, parts):
        written = re.fullmatch(r"(.+?)\s*\(([^()]*)\)", part) or re.fullmatch(
            r"(.+?)\s*(?::| [-–] )\s*([^:]*)", part
        )
        if not written or said(written[2]) not in DEPTHS:
            raise ValueError(f"Write how deep {part[:60]} is in brackets after it: {_depths()}")
        found.append((written[1].strip(), DEPTHS[said(written[2])]))
    return found
