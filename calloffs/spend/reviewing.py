"""Finding invoices: those of one call-off, and those that wait for finance."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, func, select

from calloffs.call_off import CallOff
from calloffs.spend.invoice import Invoice
from framework.definitions.rules import NotFound

_MOST = 200
_PANEL = 10


def invoices_of(session: Session, call_off: CallOff) -> list[Invoice]:
    """The invoices of a call-off that the caller has already found through the visitor, the newest first."""
    return list(
        session.exec(
            select(Invoice)
            .where(Invoice.call_off_id == call_off.id)
            .order_by(col(Invoice.id).desc())
            .limit(_MOST)
        )
    )


def invoice_of(session: Session, call_off: CallOff, invoice_id: int) -> Invoice:
    """One invoice of that call-off. Raises `NotFound`."""
    found = session.exec(
        select(Invoice).where(Invoice.id == invoice_id, Invoice.call_off_id == call_off.id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def due_by(session: Session, authority_ids: Iterable[int], day: date) -> list[tuple[Invoice, str]]:
    """The first ten unpaid invoices due by a day, with their call-off's reference, the earliest due first.

    A disputed invoice is not among them: its clock stands. One whose dispute was resolved is due on the day that has moved.
    """
    return list(
        session.exec(
            select(Invoice, CallOff.reference)
            .join(CallOff, col(CallOff.id) == col(Invoice.call_off_id))
            .where(
                col(Invoice.authority_id).in_(set(authority_ids)),
                col(Invoice.due_on) <= day,
                col(Invoice.gross_pence) > col(Invoice.paid_gross_pence),
                col(Invoice.disputed_on).is_(None),
                col(CallOff.closed_at).is_(None),
            )
            .order_by(col(Invoice.due_on), col(Invoice.id))
            .limit(_PANEL)
        )
    )


def disputed(session: Session, authority_ids: Iterable[int]) -> list[tuple[Invoice, str]]:
    """The first ten disputed invoices with their call-off's reference, the longest disputed first."""
    return list(
        session.exec(
            select(Invoice, CallOff.reference)
            .join(CallOff, col(CallOff.id) == col(Invoice.call_off_id))
            .where(col(Invoice.authority_id).in_(set(authority_ids)), col(Invoice.disputed_on).is_not(None))
            .order_by(col(Invoice.disputed_on), col(Invoice.id))
            .limit(_PANEL)
        )
    )


def without_order(session: Session, authority_ids: Iterable[int]) -> list[tuple[Invoice, str]]:
    """The first ten unpaid invoices of call-offs that still have no purchase order, with the reference."""
    return list(
        session.exec(
            select(Invoice, CallOff.reference)
            .join(CallOff, col(CallOff.id) == col(Invoice.call_off_id))
            .where(
                col(Invoice.authority_id).in_(set(authority_ids)),
                col(Invoice.without_purchase_order),
                func.trim(CallOff.purchase_order) == "",
                col(Invoice.gross_pence) > col(Invoice.paid_gross_pence),
            )
            .order_by(col(Invoice.id))
            .limit(_PANEL)
        )
    )
