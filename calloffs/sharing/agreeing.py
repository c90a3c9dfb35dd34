"""Answering proposed shares: finance or an approver of each other authority agrees, or one of them refuses with a reason."""

from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.sharing.call_off_sharing import CallOffShare, CallOffSharing, SharingAnswer
from calloffs.sharing.proposing import over, record, waiting
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused
from framework.people.permissions import Permission, Visitor

ANSWERS = (Permission.INVOICE_RECORD, Permission.CALL_OFF_APPROVE)


def answers_for(actor: Visitor) -> frozenset[int]:
    """Authorities for which the actor may agree to shares."""
    return frozenset().union(*(actor.parties_where(one) for one in ANSWERS))


def still_to_answer(session: Session, sharing: CallOffSharing) -> list[int]:
    """Other authorities that have not answered, in the order of the shares."""
    asked = session.exec(
        select(CallOffShare.authority_id)
        .where(CallOffShare.sharing_id == sharing.id, CallOffShare.place > 0)
        .order_by(CallOffShare.place)  # type: ignore[arg-type]
    ).all()
    said = session.exec(
        select(SharingAnswer.authority_id).where(SharingAnswer.sharing_id == sharing.id)
    ).all()
    return [one for one in asked if one not in set(said)]


def answer_sharing(
    session: Session, *, actor: Visitor, call_off: CallOff, number: int, agrees: bool, reason: str = ""
) -> CallOffSharing:
    """Agree to version `number`, or refuse it with a reason, for every authority the actor may answer for.

    The last to agree makes it hold; one refusal ends it. Raises `Refused` (`ChangedMeanwhile` when another version waits now),
    `NotFound`.
    """
    session.flush()
    session.refresh(call_off, with_for_update=True)
    sharing = session.exec(
        select(CallOffSharing).where(
            CallOffSharing.call_off_id == call_off.id, CallOffSharing.number == number
        )
    ).one_or_none()
    if sharing is None:
        raise NotFound
    asked = session.exec(
        select(CallOffShare.authority_id).where(CallOffShare.sharing_id == sharing.id, CallOffShare.place > 0)
    ).all()
    if not answers_for(actor) & set(asked):
        raise NotFound
    mine = [one for one in still_to_answer(session, sharing) if one in answers_for(actor)]
    if sharing is not waiting(session, call_off) or not mine:
        raise ChangedMeanwhile
    found = [one for one in [over(call_off)] if one is not None]
    if sharing.proposed_by_id == actor.person_id:
        found.append(
            Refusal("You proposed these shares: somebody else of the other authority agrees to them")
        )
    if not agrees and not reason.strip():
        found.append(Refusal("Enter why you refuse these shares", "reason"))
    if found:
        raise Refused(*found)
    assert actor.person_id is not None
    for authority_id in mine:
        session.add(
            SharingAnswer(
                sharing_id=sharing.id,
                authority_id=authority_id,
                agrees=agrees,
                reason=reason.strip(),
                answered_at=dates.now(),
                answered_by_id=actor.person_id,
            )
        )
    session.flush()
    if not agrees:
        sharing.refused_at = dates.now()
    elif not still_to_answer(session, sharing):
        sharing.agreed_at = dates.now()
    session.flush()
    action = "sharing_agreed" if agrees else "sharing_refused"
    record(session, actor, action, call_off, reason, number=sharing.number, from_on=sharing.from_on)
    return sharing
