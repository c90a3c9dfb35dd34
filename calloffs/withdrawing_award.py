"""Withdrawing an award before both sides have signed: the commitment goes back to headroom and the partner is told."""

from sqlmodel import Session

from calloffs.call_off import CallOff, CallOffStatus
from calloffs.giving_feedback import too_little
from calloffs.holding import hold_call_off
from calloffs.offer import Offer
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.telling import tell_partner
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.appointment import Appointment

MAY_BE_WITHDRAWN = (CallOffStatus.AWARDED, CallOffStatus.ISSUED)


def withdraw_award(session: Session, *, actor: Visitor, call_off: CallOff, reason: str) -> None:
    """Take an award back while it is not yet signed by both sides. The call-off ends here.

    The partner reads `reason`. Raises `Refused` without enough of one, `ChangedMeanwhile` once it is signed or otherwise past.
    """
    permitted(actor, Permission.CALL_OFF_AWARD, call_off.authority_id)
    hold_call_off(session, call_off)
    if (
        call_off.status not in MAY_BE_WITHDRAWN
        or call_off.appointment_id is None
        or call_off.offer_id is None
    ):
        raise ChangedMeanwhile(
            Refusal(
                f"The award of {call_off.reference} cannot be withdrawn: it is {call_off.status.label.lower()}. "
                "Once both sides have signed, a call-off is ended by terminating it"
                if call_off.signed_at
                else f"{call_off.reference} has no award to withdraw: it is {call_off.status.label.lower()}"
            )
        )
    if no := too_little(reason, "reason"):
        raise Refused(no)
    held = ledger.held_by(session, call_off, EntryKind.COMMITMENT)
    ledger.post(
        session,
        call_off,
        {EntryKind.COMMITMENT: -held},
        actor=actor,
        reason="award withdrawn",
        appointment_id=call_off.appointment_id,
    )
    call_off.award_withdrawn_at = dates.now()
    session.add(call_off)
    partner = session.get_one(Party, session.get_one(Appointment, call_off.appointment_id).supplier_id)
    offer = session.get_one(Offer, call_off.offer_id)
    offer.withdraw_reason = reason
    session.add(offer)
    audit.record(
        session,
        actor=actor,
        action="award_withdrawn",
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={"partner": partner.name, "released": held.on_basis, "value": call_off.value},
        words={"reason": reason},
    )
    tell_partner(
        session,
        offer,
        why="award-withdrawn",
        subject=f"Award withdrawn: {call_off.reference}",
        lines=[
            f"The award of {call_off.title} to {partner.name} has been withdrawn. Do not start the work.",
            "Sign in to read why:",
        ],
    )
