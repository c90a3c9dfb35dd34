"""What holds a line back that the rules are certain of: paid twice, an invoice of another amount, or a call-off without room for it.

The rules judge what a line says; this judges it against what stands already. A page and the matching of all certain lines ask the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.extracts.finding import counts
from calloffs.extracts.finding import line as _line
from calloffs.matching import folding, posting, settling
from calloffs.matching.rules import Candidate, Known
from calloffs.spend.invoice import Invoice
from framework.definitions.money import Basis, Money
from framework.records.columns import table_of

_invoice, _call_off = table_of(Invoice), table_of(CallOff)
_BLOCK = 500
Key = tuple[int, str, int | None, int | None]
"""What makes two lines perhaps one payment: the partner, the folded invoice number, and the amounts."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands already for some lines of one authority."""

    invoices: Mapping[tuple[int, str], Any]
    """Invoices recorded here, by partner and folded number, each with its call-off's reference."""
    matched: Mapping[Key, frozenset[int]]
    """Ids of the lines that are matched, by what makes them one payment with another."""
    earlier: Mapping[int, int]
    """By line: one of the same supplier, day, amount and invoice number that came before it and is not set aside."""
    seen: dict[Key, int] = field(default_factory=dict)
    """Lines that were weighed before and are certain, so that of two in one batch only the first is."""

    def invoice(self, row: Any, target: Candidate) -> Any | None:
        """The invoice of this partner with the line's number, where it was recorded here before."""
        return self.invoices.get((target.supplier_id, folding.invoice_number(row.invoice_number)))

    def remember(self, row: Any, target: Candidate) -> None:
        """This line is certain: of the next ones like it none is."""
        if key := key_of(row, target.supplier_id):
            self.seen.setdefault(key, row.id)


def facts(
    session: Session,
    everything: Known,
    pairs: Sequence[tuple[Any, Candidate]],
    seen: dict[Key, int] | None = None,
) -> Facts:
    """What stands for lines that may be matched to these call-offs. Few statements, however many lines there are."""
    seen = {} if seen is None else seen
    numbered = [(row, target) for row, target in pairs if folding.invoice_number(row.invoice_number)]
    if not numbered:
        return Facts({}, {}, {}, seen)
    authority_id = numbered[0][0].authority_id
    keys = {(target.supplier_id, folding.invoice_number(row.invoice_number)) for row, target in numbered}
    return Facts(
        _recorded(session, authority_id, keys),
        _matched(session, everything, {supplier for supplier, _ in keys}, {number for _, number in keys}),
        _earlier(session, authority_id, [row for row, _ in numbered]),
        seen,
    )


def held_back(row: Any, target: Candidate, standing: Facts) -> str | None:
    """Why a line that the rules are certain of is not to be matched without a look, in words; None where nothing speaks against it.

    Room on the call-off is asked for apart (`no_room`), because it changes from line to line.
    """
    if posting.counted(target.basis, row.net_pence, row.gross_pence) is None:
        missing = "its net amount" if row.net_pence is None else "its amount including VAT"
        return f"The file does not say {missing}, and nothing can be counted without it"
    if early := posting.too_early(row):
        return early.sentence
    if twice := _twice(row, target, standing):
        return twice
    return _other_amount(row, target, standing)


def held_back_now(row: Any, target: Candidate, standing: Facts) -> str | None:
    """The same, with the room that is on the call-off as it stands; a line that is not held back is remembered."""
    no = held_back(row, target, standing)
    if no is None and standing.invoice(row, target) is None:
        amount = posting.counted(target.basis, row.net_pence, row.gross_pence)
        step = 0 if amount is None else amount.on_basis.pence
        no = no_room(target, target.invoiced.pence, target.paid.pence, step, row.paid_on is not None)
    if no is None:
        standing.remember(row, target)
    return no


def no_room(target: Candidate, invoiced: int, paid: int, step: int, pays: bool) -> str | None:
    """Why a step in pence on the agreement's basis does not fit what is invoiced and paid now; None where it does."""
    basis = target.basis.label
    if step > 0 and invoiced + step > target.committed.pence:
        left = Money(max(target.committed.pence - invoiced, 0))
        past = Money(invoiced + step - max(target.committed.pence, invoiced))
        return f"{target.reference} has {left} ({basis}) left to invoice, and this line takes it {past} past its value"
    if invoiced + step < 0:
        return f"{target.reference} has {Money(invoiced)} ({basis}) invoiced, and this credit would take away {Money(-step)}"
    if pays and paid + step < 0:
        return f"{target.reference} has {Money(paid)} ({basis}) paid, and this credit would take away {Money(-step)}"
    return None


def perhaps_twice(session: Session, everything: Known, row: Any, target: Candidate) -> bool:
    """Whether another line that is matched bills the same: the same partner, invoice number and amount."""
    key = key_of(row, target.supplier_id)
    if key is None:
        return False
    return bool(_matched(session, everything, {key[0]}, {key[1]}).get(key, frozenset()) - {row.id})


def key_of(row: Any, supplier_id: int) -> Key | None:
    """What makes a line perhaps one payment with another; None without an invoice number."""
    number = folding.invoice_number(row.invoice_number)
    return (supplier_id, number, row.net_pence, row.gross_pence) if number else None


def _twice(row: Any, target: Candidate, standing: Facts) -> str | None:
    key = key_of(row, target.supplier_id)
    if key is None:
        return None
    others = standing.matched.get(key, frozenset()) - {row.id}
    other = min(others) if others else standing.seen.get(key, row.id)
    other = standing.earlier.get(row.id, row.id) if other == row.id else other
    if other == row.id:
        return None
    return f"Perhaps paid twice: line {other} has the same invoice number {row.invoice_number.strip()} and amount"


def _other_amount(row: Any, target: Candidate, standing: Facts) -> str | None:
    invoice = standing.invoice(row, target)
    if invoice is None:
        return None
    if invoice.call_off_id != target.call_off_id:
        return f"Invoice {invoice.number} of this partner is recorded on {invoice.reference}"
    said, recorded, basis = row.gross_pence, invoice.gross_pence, Basis.GROSS
    if said is None:
        said, recorded, basis = row.net_pence, invoice.net_pence, Basis.NET
    if said == recorded:
        return None
    if (said < 0) != (recorded < 0):
        return f"Invoice {invoice.number} is recorded here as {Money(recorded)} ({basis.label}) and the line says {Money(said)}"
    apart = f"{Money(abs(recorded - said))} {'less' if said < recorded else 'more'}"
    return f"Invoice {invoice.number} is recorded here as {Money(recorded)} ({basis.label}) and the line says {Money(said)}, {apart}"


def _recorded(
    session: Session, authority_id: int, wanted: set[tuple[int, str]]
) -> dict[tuple[int, str], Any]:
    found = settling.invoices_for(session, authority_id, wanted)
    if not found:
        return {}
    i = _invoice.c
    query = (
        sa.select(i.id, i.number, i.call_off_id, i.net_pence, i.gross_pence, _call_off.c.reference)
        .join(_call_off, _call_off.c.id == i.call_off_id)
        .where(i.id.in_(found.values()))
    )
    by_id = {one.id: one for one in session.connection().execute(query)}
    return {key: by_id[invoice_id] for key, invoice_id in found.items()}


def _matched(
    session: Session, everything: Known, suppliers: set[int], numbers: set[str]
) -> dict[Key, frozenset[int]]:
    """Read along the index of matched lines: no more than those of these partners' call-offs."""
    whose = {
        one.call_off_id: supplier
        for supplier in suppliers
        for one in everything.by_supplier.get(supplier, ())
    }
    found: dict[Key, set[int]] = {}
    c = _line.c
    query = sa.select(c.id, c.call_off_id, c.invoice_number, c.net_pence, c.gross_pence).where(
        c.call_off_id.is_not(None), c.withdrawn_at.is_(None), sa.func.upper(c.invoice_number).in_(numbers)
    )
    for block in _blocks(sorted(whose)):
        for row in session.connection().execute(query.where(c.call_off_id.in_(block))):
            key = key_of(row, whose[row.call_off_id])
            if key is not None:
                found.setdefault(key, set()).add(row.id)
    return {key: frozenset(ids) for key, ids in found.items()}


def _earlier(session: Session, authority_id: int, rows: Sequence[Any]) -> dict[int, int]:
    """Lines that came before and tell the same payment, read along the index of lines that are alike."""
    wanted = {row.alike for row in rows if row.alike}
    found: dict[tuple[int, str], int] = {}
    c = _line.c
    query = sa.select(c.id, c.alike, c.invoice_number).where(
        c.authority_id == authority_id, c.not_ours_at.is_(None), c.invoice_number != "", counts()
    )
    for block in _blocks(sorted(wanted)):
        for one in session.connection().execute(query.where(c.alike.in_(block)).order_by(c.id)):
            found.setdefault((one.alike, folding.invoice_number(one.invoice_number)), one.id)
    first = {row.id: found.get((row.alike, folding.invoice_number(row.invoice_number))) for row in rows}
    return {line_id: other for line_id, other in first.items() if other is not None and other < line_id}


def _blocks(values: Sequence[int]) -> Iterable[Sequence[int]]:
    for start in range(0, len(values), _BLOCK):
        yield values[start : start + _BLOCK]
