"""Handing a call-off over to another commissioning manager of the same authority."""

from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.drafting import about
from calloffs.holding import hold_words
from framework.definitions.rules import refuse
from framework.people import finding as people
from framework.people.permissions import Permission, Visitor, permitted
from framework.people.person import Person
from framework.records import audit


def who_may_have_it(session: Session, call_off: CallOff) -> list[Person]:
    """Commissioning managers of its authority who do not have it now, by name."""
    return [
        person
        for person, _ in people.holders(session, call_off.authority_id, Permission.CALL_OFF_RAISE)
        if person.id != call_off.owner_id
    ]


def hand_over(session: Session, *, actor: Visitor, call_off: CallOff, to_person_id: int) -> None:
    """Give the call-off to somebody else, at any time of its life. Raises `Refused` or `NotFound`."""
    hold_words(session, call_off)
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    chosen = [one for one in who_may_have_it(session, call_off) if one.id == to_person_id]
    if not chosen:
        refuse("Choose another commissioning manager of this authority", "to_person_id")
    call_off.owner_id = to_person_id
    session.add(call_off)
    audit.record(
        session,
        actor=actor,
        action="call_off_handed_over",
        subject=about(call_off),
        words={"to": chosen[0].name},
    )
