"""Giving feedback: what the partner is told, in words written for it, and its one reply beside them."""

from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.feedback import Feedback, Moment
from calloffs.offer import Offer
from calloffs.telling import tell_owner
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.appointment import Appointment

LEAST = 20
"""Characters. "Not this time" tells nobody what to do better."""
MOST = 4000


def too_little(words: str, field: str = "feedback") -> Refusal | None:
    """Why these words are not enough to tell a partner who answered, or worked, and hears how it went; None when they are."""
    if len(words.strip()) >= LEAST:
        return None
    sentence = f"Tell the partner why, in {LEAST} characters or more. The partner will read these words"
    return Refusal(sentence, field)


def give_feedback(
    session: Session, *, actor: Visitor, call_off: CallOff, offer: Offer, moment: Moment, words: str
) -> Feedback:
    """Keep words for the partner of an offer. For actions that have held the call-off and checked the words."""
    assert actor.person_id is not None
    partner = session.get_one(Party, session.get_one(Appointment, offer.appointment_id).supplier_id)
    feedback = Feedback(
        offer_id=offer.id,
        moment=moment,
        words=words.strip(),
        given_at=dates.now(),
        given_by_id=actor.person_id,
    )
    session.add(feedback)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="feedback_given",
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={"offer": offer.reference, "partner": partner.name, "moment": moment.label.lower()},
        words={"feedback": feedback.words},
    )
    return feedback


def feedback_of(session: Session, offer: Offer) -> list[Feedback]:
    """All feedback on an offer that the caller has found through the visitor, the newest first."""
    found = session.exec(select(Feedback).where(Feedback.offer_id == offer.id))
    return sorted(found, key=lambda one: (one.given_at, one.id), reverse=True)


def reply_to_feedback(session: Session, *, actor: Visitor, offer: Offer, words: str) -> Feedback:
    """The partner's one reply to the feedback at close; shown beside it for good.

    Raises `Refused` without words, `ChangedMeanwhile` once a colleague has replied or where there is no feedback to reply to,
    `NotFound` for anybody but the partner of the offer.
    """
    partner = session.get_one(Party, session.get_one(Appointment, offer.appointment_id).supplier_id)
    permitted(actor, Permission.OFFER_ANSWER, partner.id)
    feedback = session.exec(
        select(Feedback)
        .where(Feedback.offer_id == offer.id, Feedback.moment == Moment.CLOSE)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if feedback is None:
        raise ChangedMeanwhile(Refusal("There is no feedback on this work to reply to"))
    if not feedback.may_be_replied_to:
        raise ChangedMeanwhile(
            Refusal("Your company has replied already. A reply is given once, so that it stands as it is")
        )
    if not words.strip():
        raise Refused(Refusal("Enter your reply", "reply"))
    if len(words.strip()) > MOST:
        raise Refused(Refusal(f"Reply must be {MOST:,} characters or fewer", "reply"))
    feedback.reply = words.strip()
    feedback.replied_at = dates.now()
    feedback.replied_by_id = actor.person_id
    session.add(feedback)
    call_off = session.get_one(CallOff, offer.call_off_id)
    audit.record(
        session,
        actor=actor,
        action="feedback_replied_to",
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={"offer": offer.reference, "partner": partner.name},
        words={"reply": feedback.reply},
    )
    tell_owner(
        session,
        call_off,
        offer,
        why="feedback-reply",
        subject=f"Reply to your feedback: {call_off.reference}",
        lines=[
            f"{partner.name} has replied to the feedback on {call_off.title}. Sign in to read it beside your own words:"
        ],
    )
    return feedback
