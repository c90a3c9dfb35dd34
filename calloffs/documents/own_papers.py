"""A partner's signed papers in one place: the order form and the signed copy of each of its call-offs."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.documents.kept import ORDER_FORM, SIGNED
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records import filing
from framework.records.filing import Filed
from lots.appointment import Appointment

MOST = 200


@dataclass(frozen=True, slots=True)
class OwnPapers:
    """The papers that count for one call-off: the newest order form, and the signed copy once both sides have signed."""

    call_off: CallOff
    authority: Party
    order_form: Filed | None
    signed_copy: Filed | None

    @property
    def copy_is_due(self) -> bool:
        """Signed by both, and the copy is made when somebody opens it."""
        return self.call_off.signed_at is not None and self.order_form is not None and not self.signed_copy


def own_papers(session: Session, visitor: Visitor, most: int = MOST) -> list[OwnPapers]:
    """Every issued call-off of the visitor's own company with its papers, the newest award first. Two statements."""
    mine = visitor.parties_where(Permission.OFFER_READ)
    places = select(Appointment.id).where(col(Appointment.supplier_id).in_(mine))
    rows = session.exec(
        select(CallOff, Party)
        .join(Party, col(Party.id) == col(CallOff.authority_id))
        .where(
            col(CallOff.appointment_id).in_(places),
            col(CallOff.issued_at).is_not(None),
            col(CallOff.award_withdrawn_at).is_(None),
        )
        .order_by(col(CallOff.awarded_at).desc(), col(CallOff.id).desc())
        .limit(most)
    ).all()
    papers = filing.filed_for(
        session, "call_off", [call_off.id for call_off, _ in rows], (ORDER_FORM, SIGNED)
    )
    return [_papers(call_off, authority, papers.get(call_off.id, [])) for call_off, authority in rows]


def _papers(call_off: CallOff, authority: Party, papers: list[Filed]) -> OwnPapers:
    def newest(kind: str) -> Filed | None:
        return next((one for one in papers if one.kind == kind), None)

    return OwnPapers(call_off, authority, newest(ORDER_FORM), newest(SIGNED))
