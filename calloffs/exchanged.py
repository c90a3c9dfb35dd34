"""What a partner and councils said to each other about work: questions, feedback, substitutes and monthly returns, as lists."""

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.feedback import Feedback
from calloffs.offer import Offer
from calloffs.question import Question
from calloffs.returns.monthly_return import MonthlyReturn, ReturnLine, ReturnVersion
from calloffs.substitution import Substitution
from framework.people.held import MOST_ROWS, Held
from framework.people.party import Party
from framework.people.permissions import Visitor
from lots.appointment import Appointment

_COUNCIL = "You, and people of the council that asked"
_KEPT = "With the award’s records: six years after the call-off is closed"


def held(session: Session, visitor: Visitor, supplier: Party) -> list[Held]:
    """Every list about the visitor's own company."""
    mine = {
        int(number): reference
        for number, reference in session.exec(
            select(Offer.id, Offer.reference)
            .join(Appointment, col(Appointment.id) == col(Offer.appointment_id))
            .where(Appointment.supplier_id == supplier.id)
            .limit(MOST_ROWS)
        )
    }
    return [
        _questions(session, mine),
        _feedback(session, mine),
        _substitutes(session, list(mine)),
        _returns(session, supplier),
    ]


def _questions(session: Session, offers: dict[int, str]) -> Held:
    rows = session.exec(
        select(Question).where(col(Question.offer_id).in_(list(offers))).order_by(col(Question.id).desc())
    )
    return Held(
        "Questions you asked",
        ("Offer", "Asked", "Question", "Answered", "Answer"),
        tuple((offers[one.offer_id], one.asked_at, one.words, one.answered_at, one.answer) for one in rows),
        _COUNCIL,
        _KEPT,
    )


def _feedback(session: Session, offers: dict[int, str]) -> Held:
    rows = session.exec(
        select(Feedback).where(col(Feedback.offer_id).in_(list(offers))).order_by(col(Feedback.id).desc())
    )
    return Held(
        "Feedback you were given",
        ("Offer", "Given", "When", "Words", "Your reply"),
        tuple((offers[one.offer_id], one.moment.label, one.given_at, one.words, one.reply) for one in rows),
        _COUNCIL,
        _KEPT,
    )


def _substitutes(session: Session, offer_ids: list[int]) -> Held:
    rows = session.exec(
        select(Substitution, CallOff.reference)
        .join(CallOff, col(CallOff.id) == col(Substitution.call_off_id))
        .where(col(CallOff.offer_id).in_(offer_ids))
        .order_by(col(Substitution.id).desc())
        .limit(MOST_ROWS)
    )
    return Held(
        "Substitutes you proposed",
        ("Call-off", "Name", "Role", "Level", "Clearance", "From", "Outcome", "Answer", "Erased"),
        tuple(
            (
                reference,
                one.name,
                one.role,
                one.level,
                one.clearance.label,
                one.starts_on,
                one.status.label,
                one.answer,
                one.erased_at,
            )
            for one, reference in rows
        ),
        f"{_COUNCIL}. Looks are recorded",
        "Name and words until 12 months after a proposal came to nothing, or 6 years after the call-off was closed",
    )


def _returns(session: Session, supplier: Party) -> Held:
    rows = session.exec(
        select(ReturnLine, ReturnVersion, CallOff.reference)
        .join(ReturnVersion, col(ReturnVersion.id) == col(ReturnLine.version_id))
        .join(MonthlyReturn, col(MonthlyReturn.id) == col(ReturnVersion.return_id))
        .join(CallOff, col(CallOff.id) == col(ReturnLine.call_off_id))
        .where(MonthlyReturn.supplier_id == supplier.id)
        .order_by(col(ReturnLine.id).desc())
        .limit(MOST_ROWS)
    )
    return Held(
        "Your monthly returns, line by line",
        (
            "Month",
            "Call-off",
            "Version",
            "Given",
            "Invoiced, net of VAT",
            "Reverses an earlier line",
            "Delivered",
            "Why it was corrected",
        ),
        tuple(
            (
                line.month,
                reference,
                version.number,
                version.given_at,
                line.net,
                "Yes" if line.reverses_id else "No",
                line.delivered,
                version.reason,
            )
            for line, version, reference in rows
        ),
        "You; each council the lines of its own call-offs",
        _KEPT,
    )
