"""Signed copies: made once after the last signature, in short transactions of their own, and made later where that failed."""

from sqlmodel import Session, col, select

from calloffs import signing
from calloffs.call_off import CallOff
from calloffs.documents import kept, signed_order_form
from calloffs.documents.paper import press
from framework.records.database import writing
from framework.records.stored_document import StoredDocument


def make(call_off_id: int) -> None:
    """Make the signed copy of a call-off unless it is there. Nothing is held while it is drawn.

    Raises `framework.records.documents.NotDrawn`; the signatures stand whatever happens here.
    """
    with writing() as own:
        snapshot = signing.freeze_signed_copy(own, call_off=own.get_one(CallOff, call_off_id))
    if snapshot is None:
        return
    pressed = press(signed_order_form.PAPER, snapshot)
    with writing() as own:
        signing.ensure_signed_copy(own, call_off=own.get_one(CallOff, call_off_id), pressed=pressed)


def missing(session: Session) -> list[int]:
    """Ids of signed call-offs whose signed copy is not there yet, for a job or a command to make."""
    made = select(StoredDocument.subject_id).where(
        StoredDocument.subject_kind == "call_off", StoredDocument.kind == kept.SIGNED
    )
    issued = select(StoredDocument.subject_id).where(
        StoredDocument.subject_kind == "call_off", StoredDocument.kind == kept.ORDER_FORM
    )
    return list(
        session.exec(
            select(CallOff.id)
            .where(
                col(CallOff.signed_at).is_not(None), col(CallOff.id).in_(issued), col(CallOff.id).not_in(made)
            )
            .order_by(col(CallOff.id))
            .limit(100)
        )
    )
