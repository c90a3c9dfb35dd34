"""Reading lots pasted from a spreadsheet. Every fault is told by row, column and value."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from sqlmodel import Session

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.dates import DateError
from framework.definitions.money import Money, MoneyError
from framework.definitions.rules import Refusal, Refused, refuse
from framework.people.permissions import Visitor
from lots.lot import AwardMethod, DirectAwardBasis, Lot, Mechanism
from lots.lot_rules import RULES
from lots.opening import LotFacts, intent_of, must_be_draft, put, take

MOST_ROWS = 200
COLUMNS = ("Number", "Title", "Ceiling", "Most partners", "Award method", "Long-stop", "Mechanism")
_COLUMN_OF = {
    "number": "Number",
    "title": "Title",
    "ceiling": "Ceiling",
    "max_partners": "Most partners",
    "award_method": "Award method",
    "direct_award_basis": "Award method",
    "long_stop_on": "Long-stop",
    "mechanism": "Mechanism",
    "mechanism_text": "Mechanism",
}
_METHODS = {
    "direct": AwardMethod.DIRECT,
    "direct award": AwardMethod.DIRECT,
    "award without competition": AwardMethod.DIRECT,
    "competition": AwardMethod.COMPETITION,
    "further competition": AwardMethod.COMPETITION,
    "competitive selection process": AwardMethod.COMPETITION,
    "either": AwardMethod.EITHER,
    "direct award or further competition": AwardMethod.EITHER,
}
_MECHANISMS = {
    "ranked": Mechanism.RANKED,
    "ranked order": Mechanism.RANKED,
    "turns": Mechanism.ROTATION,
    "rotation": Mechanism.ROTATION,
}
Read = TypeVar("Read")


def paste_lots(session: Session, *, actor: Visitor, agreement: FrameworkAgreement, text: str) -> list[Lot]:
    """Add every lot of a pasted table, or none of them.

    Columns: number, title, ceiling, most partners, award method, long-stop and, where partners are several, the mechanism; a row
    of headings is passed over. Raises `Refused` with one sentence for each fault: its row, its column and what was typed.
    """
    taken = take(session, actor, agreement.id)
    must_be_draft(taken)
    rows = _rows(text)
    if not rows:
        refuse("Paste at least one row", "rows")
    faults: list[Refusal] = []
    added: list[Lot] = []
    for number, cells in rows:
        row = _Row(number, cells)
        facts = _lot_in(row, taken)
        if facts is not None:
            refusals = [one for rule in RULES for one in _answers(rule(intent_of(session, taken, facts)))]
            faults.extend(row.fault_of(one) for one in refusals)
            # Later rows are judged beside this one; a refusal of any row undoes them all.
            if not refusals:
                added.append(put(session, actor, taken, facts))
        faults.extend(row.faults)
    if faults:
        raise Refused(*faults)
    return added


class _Row:
    """One row as pasted, its number counted from 1, and what is wrong in it."""

    def __init__(self, number: int, cells: Sequence[str], columns: Sequence[str] = COLUMNS) -> None:
        self.number, self.columns = number, list(columns)
        self.faults: list[Refusal] = []
        self.cells = [*cells, *[""] * len(self.columns)][: max(len(self.columns), len(cells))]
        for extra in self.cells[len(self.columns) :]:
            if extra:
                self.faults.append(
                    Refusal(
                        f"Row {number}: “{_short(extra)}” stands to the right of the last column, {self.columns[-1]}"
                    )
                )

    def cell(self, column: str) -> str:
        return self.cells[self.columns.index(column)]

    def fault(self, column: str, sentence: str, rule: str | None = None, left: Money | None = None) -> None:
        typed = self.cell(column)
        said = f"“{_short(typed)}”" if typed else "blank"
        self.faults.append(
            Refusal(f"Row {self.number}, {column} ({said}): {_small(sentence)}", rule=rule, left=left)
        )

    def fault_of(self, refusal: Refusal) -> Refusal:
        column = _COLUMN_OF.get(refusal.field or "", "Number")
        before, self.faults = self.faults, []
        self.fault(column, refusal.sentence, refusal.rule, refusal.left)
        told, self.faults = self.faults[0], before
        return told

    def read(self, column: str, reader: Callable[[str], Read]) -> Read | None:
        try:
            return reader(self.cell(column))
        except (MoneyError, DateError, ValueError) as error:
            self.fault(column, str(error))
            return None


def _lot_in(row: _Row, agreement: FrameworkAgreement) -> LotFacts | None:
    past = agreement.recorded_as_past
    number = row.read("Number", _whole("the lot’s number"))
    most = row.read("Most partners", _whole("how many partners the lot takes at most"))
    method = row.read("Award method", _one_of(_METHODS, "Enter direct, competition or either"))
    wants_ceiling = row.cell("Ceiling") or not past
    ceiling = row.read("Ceiling", Money.pounds) if wants_ceiling else None
    wants_long_stop = row.cell("Long-stop") or not past
    long_stop = (
        row.read("Long-stop", lambda text: dates.read_date_text(text, "Long-stop"))
        if wants_long_stop
        else None
    )
    mechanism = (
        row.read("Mechanism", _one_of(_MECHANISMS, "Enter ranked or turns"))
        if row.cell("Mechanism")
        else None
    )
    if row.faults or number is None or most is None or method is None:
        return None
    if method is AwardMethod.COMPETITION:
        basis = DirectAwardBasis.NONE
    elif most == 1 and mechanism is None:
        basis = DirectAwardBasis.SINGLE_SUPPLIER
    else:
        basis = DirectAwardBasis.OBJECTIVE_MECHANISM
        if mechanism is None and not past:
            row.fault(
                "Mechanism", "several partners and direct award need a mechanism, ranked or turns", "RULE-11"
            )
            return None
    return LotFacts(
        number=number,
        title=row.cell("Title"),
        award_method=method,
        direct_award_basis=basis,
        ceiling=ceiling,
        long_stop_on=long_stop,
        mechanism=mechanism,
        mechanism_text=mechanism.label if mechanism else "",
        max_partners=most,
    )


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Rows with their numbers as a person counts them; blank rows and one row of headings are passed over."""
    delimiter = "\t" if "\t" in text else ","
    try:
        lines = [
            (number, [cell.strip() for cell in cells])
            for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1)
        ]
    except csv.Error:
        refuse(
            "This cannot be read as rows of a spreadsheet. Copy the cells again and paste them here", "rows"
        )
    rows = [(number, cells) for number, cells in lines if any(cells)]
    if rows and rows[0][1][0].lower().rstrip(".") in ("number", "no", "lot", "lot number"):
        rows = rows[1:]
    if len(rows) > MOST_ROWS:
        refuse(f"Paste {MOST_ROWS} rows or fewer at a time", "rows")
    return rows


def _answers(answer: Refusal | Iterator[Refusal] | None) -> Iterator[Refusal]:
    if isinstance(answer, Refusal):
        yield answer
    elif answer is not None:
        yield from answer


def _whole(what: str) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 3:
            raise ValueError(f"Enter {what} as a whole number")
        return int(text)

    return read


def _one_of(known: dict[str, Read], sentence: str) -> Callable[[str], Read]:
    def read(text: str) -> Read:
        found = known.get(" ".join(text.lower().split()))
        if found is None:
            raise ValueError(sentence)
        return found

    return read


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
