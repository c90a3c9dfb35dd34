"""Asking: a partner asks about an offer before its deadline, and the council answers; both stay in the file."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.offer import Offer, OfferStatus
from calloffs.question import Question
from calloffs.telling import tell_owner, tell_partner
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.appointment import Appointment

MOST_WORDS = 2000
MOST_ANSWER = 4000
MOST_QUESTIONS = 20
_FEW = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what the council reads it by."""

    question: Question
    offer: Offer
    call_off: CallOff
    partner: Party

    @property
    def may_be_answered(self) -> bool:
        """Whether anybody still waits for an answer: not once the offer was declined or taken back."""
        gone = self.offer.declined_at or self.offer.withdrawn_at or self.call_off.cancelled_at
        return self.question.answered_at is None and not gone


def ask_question(session: Session, *, actor: Visitor, offer: Offer, words: str) -> Question:
    """Ask the council about an open offer; whoever has the call-off gets an e-mail.

    Raises `Refused` without words, after the deadline or beyond 20 questions; `NotFound` for anybody but the partner asked.
    """
    partner = session.get_one(Party, session.get_one(Appointment, offer.appointment_id).supplier_id)
    permitted(actor, Permission.OFFER_ANSWER, partner.id)
    assert actor.person_id is not None
    call_off = session.get_one(CallOff, offer.call_off_id)
    session.flush()
    session.refresh(offer, with_for_update=True)
    if offer.status is not OfferStatus.OFFERED:
        raise ChangedMeanwhile(
            Refusal(
                f"Questions are asked while an offer is open, and this one is {offer.status.label.lower()}"
            )
        )
    found = []
    if not words.strip():
        found.append(Refusal("Enter your question", "question"))
    if len(words) > MOST_WORDS:
        found.append(Refusal(f"Question must be {MOST_WORDS:,} characters or fewer", "question"))
    if len(questions_on(session, offer)) >= MOST_QUESTIONS:
        found.append(
            Refusal(f"You have asked {MOST_QUESTIONS} questions about this offer, the most there may be")
        )
    if found:
        raise Refused(*found)
    question = Question(
        call_off_id=call_off.id,
        offer_id=offer.id,
        words=words.strip(),
        asked_at=dates.now(),
        asked_by_id=actor.person_id,
    )
    session.add(question)
    session.flush()
    _record(session, actor, "question_asked", call_off, offer, partner, {"question": question.words})
    tell_owner(
        session,
        call_off,
        offer,
        why=f"question:{question.id}",
        subject=f"Question about an offer: {call_off.reference}",
        lines=[
            f"{partner.name} asks something about {call_off.title} and has until {dates.moment_in_words(offer.deadline_at)}, "
            "London time, to answer the offer. Sign in to read the question and to answer it:",
        ],
    )
    return question


def answer_question(session: Session, *, actor: Visitor, question: Question, answer: str) -> None:
    """Answer a partner's question once; the partner is told.

    Raises `Refused` without an answer, `ChangedMeanwhile` when a colleague answered first or the offer was declined or taken
    back, `NotFound` for anybody who may not raise call-offs at the council that asked.
    """
    call_off = session.get_one(CallOff, question.call_off_id)
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    session.flush()
    session.refresh(question, with_for_update=True)
    offer = session.get_one(Offer, question.offer_id)
    partner = session.get_one(Party, session.get_one(Appointment, offer.appointment_id).supplier_id)
    if question.answered_at:
        raise ChangedMeanwhile(Refusal("This question is answered already. An answer is given once"))
    if not Asked(question, offer, call_off, partner).may_be_answered:
        raise ChangedMeanwhile(Refusal("The offer is no longer open, so nobody waits for an answer"))
    if not answer.strip():
        raise Refused(Refusal("Enter the answer", "answer"))
    if len(answer) > MOST_ANSWER:
        raise Refused(Refusal(f"Answer must be {MOST_ANSWER:,} characters or fewer", "answer"))
    question.answer = answer.strip()
    question.answered_at = dates.now()
    question.answered_by_id = actor.person_id
    session.add(question)
    _record(session, actor, "question_answered", call_off, offer, partner, {"answer": question.answer})
    tell_partner(
        session,
        offer,
        why=f"question-answered:{question.id}",
        subject=f"Your question is answered: {call_off.reference}",
        lines=[f"The council has answered your question about {call_off.title}. Sign in to read the answer:"],
    )


def questions_on(session: Session, offer: Offer) -> list[Question]:
    """What the partner of an offer may read: its own questions, and those answered to every partner asked; oldest first."""
    shared = sa.and_(col(Question.to_all), col(Question.answered_at).is_not(None))
    return list(
        session.exec(
            select(Question)
            .where(
                Question.call_off_id == offer.call_off_id,
                sa.or_(col(Question.offer_id) == offer.id, shared),
            )
            .order_by(col(Question.id))
        )
    )


def questions_of(session: Session, call_off: CallOff) -> list[Asked]:
    """Every question about a call-off, the oldest first. For readers at its authority."""
    rows = session.exec(_asked().where(Question.call_off_id == call_off.id).order_by(col(Question.id)))
    return [Asked(*row) for row in rows]


def question(session: Session, visitor: Visitor, reference: str, question_id: int) -> Asked:
    """A question for readers at the authority of its call-off. Raises `NotFound`."""
    row = session.exec(
        _asked().where(
            Question.id == question_id,
            CallOff.reference == reference,
            col(CallOff.authority_id).in_(visitor.parties_where(Permission.CALL_OFF_READ)),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Asked(*row)


def to_answer(session: Session, visitor: Visitor) -> list[Asked]:
    """Questions about this officer's call-offs that wait for an answer, the soonest deadline first, at most 20."""
    rows = session.exec(
        _asked()
        .where(
            col(Question.answered_at).is_(None),
            CallOff.owner_id == visitor.person_id,
            col(CallOff.authority_id).in_(visitor.parties_where(Permission.CALL_OFF_RAISE)),
            col(CallOff.awarded_at).is_(None),
            col(CallOff.cancelled_at).is_(None),
            col(Offer.declined_at).is_(None),
            col(Offer.withdrawn_at).is_(None),
        )
        .order_by(col(Offer.deadline_at), col(Question.id))
        .limit(_FEW)
    )
    return [Asked(*row) for row in rows]


def _asked() -> Any:
    return (
        select(Question, Offer, CallOff, Party)
        .join(Offer, col(Offer.id) == col(Question.offer_id))
        .join(CallOff, col(CallOff.id) == col(Question.call_off_id))
        .join(Appointment, col(Appointment.id) == col(Offer.appointment_id))
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
    )


def _record(
    session: Session,
    actor: Visitor,
    action: str,
    call_off: CallOff,
    offer: Offer,
    partner: Party,
    words: dict[str, str],
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={"offer": offer.reference, "partner": partner.name},
        words=words,
    )
