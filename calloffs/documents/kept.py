"""Papers that were kept: which stands, which was replaced, and who may read them."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from calloffs import finding
from calloffs.call_off import CallOff
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission, Visitor
from framework.records import filing
from framework.records.filing import Filed
from framework.records.stored_document import StoredDocument

ORDER_FORM, SIGNED = "order_form", "signed_order_form"


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept paper, and the sentence that says whether it still counts."""

    paper: Filed
    counts: bool
    standing: str


def issued(session: Session, call_off: CallOff) -> Filed | None:
    """The order form that stands for this award; None before it is issued and after the award is withdrawn."""
    if call_off.issued_at is None or call_off.awarded_at is None or call_off.award_withdrawn_at:
        return None
    found = filing.filed(session, "call_off", call_off.id, (ORDER_FORM,))
    return found[0] if found and found[0].created_at >= call_off.awarded_at else None


def signed_copy(session: Session, call_off: CallOff) -> Filed | None:
    """The signed copy, once it has been made."""
    found = filing.filed(session, "call_off", call_off.id, (SIGNED,))
    return found[0] if found else None


def kept(session: Session, call_off: CallOff) -> list[Kept]:
    """Every kept paper of the call-off, the newest first."""
    papers = filing.filed(session, "call_off", call_off.id, (ORDER_FORM, SIGNED))
    newest = next((one.reference for one in papers if one.kind == ORDER_FORM), None)
    return [_standing(call_off, one, newest) for one in papers]


def _standing(call_off: CallOff, paper: Filed, newest: str | None) -> Kept:
    if call_off.award_withdrawn_at:
        return Kept(paper, False, "The award was withdrawn: this paper has no effect")
    if paper.kind == ORDER_FORM and paper.reference != newest:
        return Kept(paper, False, f"Superseded by {newest}: this version has no effect")
    if paper.kind == SIGNED:
        return Kept(paper, True, "Signed by both sides")
    return Kept(paper, True, "In force" if call_off.signed_at else "Issued, to be signed by both sides")


def snapshot_of(session: Session, document_id: int) -> str:
    """The frozen data of a kept paper, as canonical JSON."""
    return session.exec(select(StoredDocument.snapshot).where(StoredDocument.id == document_id)).one()


def readable(session: Session, visitor: Visitor, reference: str) -> StoredDocument:
    """A kept paper with its bytes, for readers at the call-off's authority and its awarded partner. Raises `NotFound`."""
    row = session.exec(
        select(CallOff, StoredDocument.id)
        .join(StoredDocument, col(StoredDocument.subject_id) == col(CallOff.id))
        .where(
            StoredDocument.reference == reference,
            StoredDocument.subject_kind == "call_off",
            col(StoredDocument.kind).in_((ORDER_FORM, SIGNED)),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    call_off, document_id = row
    finding.call_off(session, visitor, call_off.reference)
    return session.get_one(StoredDocument, document_id)


def reads_drafts(visitor: Visitor, call_off: CallOff) -> bool:
    """Whether the visitor may preview the order form before it is issued: the buyer's own people alone."""
    return visitor.may(Permission.CALL_OFF_READ, call_off.authority_id)
