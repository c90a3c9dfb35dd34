"""Checking a file of invoices: every row is read and judged, and nothing is saved."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.matching.billed import billed_by_lines
from calloffs.spend.invoice import Invoice
from calloffs.spend.invoicing import Claim, InvoiceFacts, counted, findings, tidied
from calloffs.spend.reading import COLUMNS, OPTIONAL, Cells, read_rows
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.dates import DateError
from framework.definitions.money import Money, MoneyError
from framework.people.permissions import Permission, Visitor
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

_BLOCK = 500
_COLUMN_OF = {
    "number": "invoice_number",
    "description": "description",
    "dated_on": "invoice_date",
    "received_on": "received_date",
    "net": "net",
    "vat": "vat",
    "gross": "gross",
    "paid_on": "paid_date",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one cell of one row, and what to do: `row` as a spreadsheet numbers it."""

    row: int
    column: str
    value: str
    sentence: str


@dataclass(slots=True)
class Line:
    """One row: what it says, the call-off it belongs to and everything that speaks against keeping it."""

    row: int
    cells: dict[str, str]
    facts: InvoiceFacts | None = None
    paid_on: date | None = None
    call_off: CallOff | None = None
    supplier_id: int | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows, and what they add up to."""

    rows: int
    net: Money
    vat: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class Checked:
    """A whole file with its findings. Nothing is saved by making one."""

    name: str
    sha256: str
    lines: tuple[Line, ...]

    @property
    def good(self) -> list[Line]:
        return [line for line in self.lines if line.good]

    @property
    def bad(self) -> list[Line]:
        return [line for line in self.lines if not line.good]

    @property
    def totals(self) -> Totals:
        """Of the rows that would be kept."""
        facts = [line.facts for line in self.good if line.facts]
        return Totals(
            len(facts),
            sum((one.net for one in facts), Money.zero()),
            sum((one.vat for one in facts), Money.zero()),
            sum((one.total for one in facts), Money.zero()),
        )


def check_file(session: Session, visitor: Visitor, data: bytes, name: str) -> Checked:
    """Read a file and say for every row whether it may be kept, and if not why. Saves nothing.

    Rows are judged in their order: what earlier good rows would invoice counts against the later ones. Only call-offs at
    authorities where the visitor records invoices are known. Raises `Refused` when the file as a whole cannot be used.
    """
    lines = [_read(cells) for cells in read_rows(data)]
    _Judge(session, visitor, lines).judge()
    return Checked(name[:200], hashlib.sha256(data).hexdigest(), tuple(lines))


# From cells to facts


def _read(cells: Cells) -> Line:
    line = Line(cells.row, cells.by_column)
    days = {name: _day(line, name) for name in ("invoice_date", "received_date")}
    amounts = {name: _amount(line, name) for name in ("net", "vat", "gross")}
    if line.cells.get("paid_date"):
        line.paid_on = _day(line, "paid_date")
    if cells.spare:
        line.findings.append(
            Finding(
                line.row,
                "",
                cells.spare[:80],
                "This row has more cells than there are columns. Remove the extra ones",
            )
        )
    dated, received = days["invoice_date"], days["received_date"]
    net, vat, gross = amounts["net"], amounts["vat"], amounts["gross"]
    if dated and received and net is not None and vat is not None and gross is not None:
        line.facts = tidied(
            InvoiceFacts(
                line.cells.get("invoice_number", ""),
                line.cells.get("description", ""),
                dated,
                received,
                net,
                vat,
                gross,
            )
        )
    return line


def _day(line: Line, column: str) -> date | None:
    value = line.cells.get(column, "")
    try:
        return dates.read_date_text(value, column.replace("_", " ").capitalize())
    except DateError as error:
        line.findings.append(Finding(line.row, column, value[:80], error.sentence))
        return None


def _amount(line: Line, column: str) -> Money | None:
    value = line.cells.get(column, "")
    try:
        return Money.pounds(value, allow_negative=True)
    except MoneyError as error:
        line.findings.append(Finding(line.row, column, value[:80], str(error)))
        return None


class _Judge:
    """Holds what every row is held against, read in a fixed number of statements for each 500 different references."""

    def __init__(self, session: Session, visitor: Visitor, lines: list[Line]) -> None:
        self.session, self.lines = session, lines
        self.authorities = visitor.parties_where(Permission.INVOICE_RECORD)
        self.call_offs: dict[str, tuple[CallOff, FrameworkAgreement, Lot, int | None]] = {}
        self.taken: set[tuple[int, str]] = set()
        self.seen: dict[tuple[int, str], int] = {}
        self.invoiced: dict[int, Money] = {}
        self.paid: dict[int, Money] = {}

    def judge(self) -> None:
        self._load()
        for line in self.lines:
            self._line(line)

    def _load(self) -> None:
        wanted = {line.cells.get("call_off_reference", "") for line in self.lines}
        for block in _blocks(sorted(wanted)):
            rows = self.session.exec(
                select(CallOff, FrameworkAgreement, Lot, Appointment.supplier_id)
                .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(CallOff.agreement_id))
                .join(Lot, col(Lot.id) == col(CallOff.lot_id))
                .outerjoin(Appointment, col(Appointment.id) == col(CallOff.appointment_id))
                .where(col(CallOff.reference).in_(block), col(CallOff.authority_id).in_(self.authorities))
                .execution_options(populate_existing=True)
            )
            for call_off, agreement, lot, supplier_id in rows:
                self.call_offs[call_off.reference] = (call_off, agreement, lot, supplier_id)
                self.invoiced[call_off.id] = Money(call_off.invoiced_pence)
                self.paid[call_off.id] = Money(call_off.paid_pence)
        invoices = table_of(Invoice)
        suppliers = {supplier_id for *_, supplier_id in self.call_offs.values() if supplier_id}
        numbers = {line.facts.number.upper() for line in self.lines if line.facts}
        upper = sa.func.upper(invoices.c.number)
        for block in _blocks(sorted(numbers)):
            self.taken.update(
                (supplier_id, number.upper())
                for supplier_id, number in self.session.connection().execute(
                    sa.select(invoices.c.supplier_id, invoices.c.number).where(
                        invoices.c.supplier_id.in_(suppliers), upper.in_(block)
                    )
                )
            )
            self.taken |= billed_by_lines(self.session, suppliers, block)

    def _line(self, line: Line) -> None:
        reference = line.cells.get("call_off_reference", "")
        known = self.call_offs.get(reference)
        if known is None:
            line.findings.insert(
                0,
                Finding(
                    line.row,
                    "call_off_reference",
                    reference[:80],
                    "No call-off with this reference is known at your authority. Check the reference, or ask whose invoice it is",
                ),
            )
            return
        call_off, agreement, lot, line.supplier_id = known
        line.call_off = call_off
        self._lot(line, lot)
        if line.facts is None:
            return
        key = (line.supplier_id or 0, line.facts.number.upper())
        claim = Claim(call_off, agreement, line.facts, self.invoiced[call_off.id], key in self.taken)
        for refusal in findings(claim):
            column = _COLUMN_OF.get(refusal.field or "", "call_off_reference")
            line.findings.append(Finding(line.row, column, line.cells.get(column, "")[:80], refusal.sentence))
        if line.facts.number and key in self.seen:
            line.findings.append(
                Finding(
                    line.row,
                    "invoice_number",
                    line.facts.number,
                    f"Row {self.seen[key]:,} of this file has the same number from the same partner. Remove one of them",
                )
            )
        self.seen.setdefault(key, line.row)
        paid = counted(agreement, line.facts.net, line.facts.total).on_basis
        if line.paid_on:
            self._paid(line, call_off, self.paid[call_off.id] + paid)
        if line.good:
            self.invoiced[call_off.id] += claim.amount.on_basis
            if line.paid_on:
                self.paid[call_off.id] += paid

    def _lot(self, line: Line, lot: Lot) -> None:
        said = line.cells.get("lot", "")
        if said and said not in (lot.reference, str(lot.number)):
            line.findings.append(
                Finding(
                    line.row,
                    "lot",
                    said[:80],
                    f"This call-off is under lot {lot.number} ({lot.reference}). Correct the lot or the reference",
                )
            )

    def _paid(self, line: Line, call_off: CallOff, after: Money) -> None:
        assert line.paid_on
        assert line.facts
        sentence = None
        if line.paid_on > dates.today():
            sentence = "The day of payment must not be after today"
        elif line.paid_on < line.facts.dated_on:
            sentence = "The day of payment must not be before the invoice date"
        elif not call_off.purchase_order.strip() and line.facts.net.pence > 0:
            sentence = f"{call_off.reference} has no purchase order number. Add it first, or leave the day of payment out"
        elif after.pence < 0:
            sentence = "More would be refunded than was paid on this call-off. Leave the day of payment out"
        if sentence:
            line.findings.append(Finding(line.row, "paid_date", line.cells["paid_date"][:80], sentence))


def _blocks(values: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), _BLOCK):
        yield values[start : start + _BLOCK]


def findings_table(checked: Checked) -> Iterable[tuple[str, ...]]:
    """Every row with its finding, as text: row, column, value, what to do, then the row's own cells."""
    names = (*COLUMNS, *OPTIONAL)
    yield ("row", "result", "column", "value", "what_to_do", *names)
    for line in checked.lines:
        cells = tuple(line.cells.get(name, "") for name in names)
        if line.good:
            yield (str(line.row), "would be kept", "", "", "", *cells)
        for one in line.findings:
            yield (str(line.row), "left out", one.column, one.value, one.sentence, *cells)
