"""Varying a call-off: a change of value or last day, approved by the council, then agreed by the partner."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff, CallOffDecision, CallOffStatus, Variation
from calloffs.grounds import Ground, grounds_for
from calloffs.matching.reviewing import review_call_off
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.invoicing import supplier_of
from calloffs.spend.ledger import Amount
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.appointment import Appointment
from lots.lot import Lot

MAY_VARY = (CallOffStatus.SIGNED, CallOffStatus.LIVE, CallOffStatus.SUSPENDED, CallOffStatus.ENDED)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to change: the new maximum value net of VAT, the new last day (included), why and on which ground."""

    value: Money
    ends_on: date
    reason: str
    ground: str


def variations(session: Session, call_off: CallOff) -> list[Variation]:
    """Every variation of a call-off, in order."""
    return list(
        session.exec(
            select(Variation)
            .where(Variation.call_off_id == call_off.id)
            .order_by(col(Variation.number))
            .execution_options(populate_existing=True)
        )
    )


def open_variation(session: Session, call_off: CallOff) -> Variation | None:
    """The variation that is neither agreed nor refused: at most one."""
    return next((one for one in variations(session, call_off) if is_open(one)), None)


def waiting(session: Session, visitor: Visitor) -> list[tuple[Variation, CallOff]]:
    """Variations that wait for this person: an approver's authority to approve, or a partner's own to agree; the oldest first."""
    to_approve = sa.and_(
        col(Variation.approved_at).is_(None),
        col(CallOff.authority_id).in_(visitor.parties_where(Permission.CALL_OFF_APPROVE)),
        col(Variation.proposed_by_id) != (visitor.person_id or 0),
        col(CallOff.owner_id) != (visitor.person_id or 0),
    )
    to_agree = sa.and_(
        col(Variation.approved_at).is_not(None),
        col(Appointment.supplier_id).in_(visitor.parties_where(Permission.OFFER_SIGN)),
    )
    query = (
        select(Variation, CallOff)
        .join(CallOff, col(CallOff.id) == col(Variation.call_off_id))
        .join(Appointment, col(Appointment.id) == col(CallOff.appointment_id))
        .where(
            col(Variation.agreed_at).is_(None),
            col(Variation.refused_at).is_(None),
            col(CallOff.closed_at).is_(None),
            sa.or_(to_approve, to_agree),
        )
        .order_by(col(Variation.id))
        .limit(20)
    )
    return [(variation, call_off) for variation, call_off in session.exec(query)]


def is_open(variation: Variation) -> bool:
    """Whether it still waits for the council or for the partner."""
    return variation.agreed_at is None and variation.refused_at is None


def propose_variation(session: Session, *, actor: Visitor, call_off: CallOff, change: Change) -> Variation:
    """Put a change forward for approval; nothing moves yet. Raises `Refused` with every reason, `NotFound`."""
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    agreement = ledger.hold(session, call_off.agreement_id)
    session.refresh(call_off)
    before = variations(session, call_off)
    found = _change_is_sound(call_off, change)
    if any(is_open(one) for one in before):
        found.append(Refusal("Another variation is open. Only one may be open at a time"))
    if not found:
        found = [
            *_fits(session, agreement, call_off, change.value, change.ends_on),
            *_ground_holds(agreement, call_off, before, change),
        ]
    if found:
        raise Refused(*found)
    # A signed call-off has its dates, and a permission belongs to a person.
    assert call_off.ends_on is not None
    assert actor.person_id is not None
    variation = Variation(
        call_off_id=call_off.id,
        number=len(before) + 1,
        reason=change.reason.strip(),
        ground=change.ground,
        old_value_net_pence=call_off.value_net_pence,
        new_value_net_pence=change.value.pence,
        old_ends_on=call_off.ends_on,
        new_ends_on=change.ends_on,
        proposed_at=dates.now(),
        proposed_by_id=actor.person_id,
    )
    session.add(variation)
    session.flush()
    _record(session, actor, "variation_proposed", call_off, variation, {"reason": variation.reason})
    return variation


def approve_variation(
    session: Session, *, actor: Visitor, variation: Variation, conditions: str = ""
) -> None:
    """The council approves: somebody else than the proposer, with a limit (net of VAT) that covers the new total.

    Headroom is checked on the new total, and again when the partner agrees. Raises `Refused`, `NotFound`.
    """
    call_off, agreement = _held(session, variation)
    permitted(actor, Permission.CALL_OFF_APPROVE, call_off.authority_id)
    new = Money(variation.new_value_net_pence)
    limit = actor.limit_at(call_off.authority_id, Permission.CALL_OFF_APPROVE)
    found = _is_waiting(variation)
    if variation.approved_at:
        found.append(Refusal(f"Variation {variation.number} is approved already"))
    if actor.person_id == variation.proposed_by_id:
        found.append(Refusal("You proposed this variation, so somebody else must approve it"))
    elif actor.person_id == call_off.owner_id:
        found.append(Refusal("You have this call-off, so somebody else must approve changes to it"))
    if limit is None or new > limit:
        found.append(
            Refusal(
                f"The new total is {new} net of VAT. "
                + (f"Your limit is {limit} net of VAT" if limit else "You have no approval limit"),
                rule="RULE-63",
            )
        )
    if not found:
        found = _fits(session, agreement, call_off, new, variation.new_ends_on)
    if found:
        raise Refused(*found)
    assert actor.person_id is not None
    assert limit is not None
    variation.approved_at = dates.now()
    session.add(
        CallOffDecision(
            call_off_id=call_off.id,
            stage="variation",
            outcome="approved",
            value_net_pence=new.pence,
            conditions=conditions.strip(),
            decided_by_id=actor.person_id,
            limit_net_pence=limit.pence,
            decided_at=dates.now(),
        )
    )
    _record(session, actor, "variation_approved", call_off, variation, {"conditions": conditions.strip()})


def agree_variation(session: Session, *, actor: Visitor, variation: Variation) -> None:
    """The partner agrees, and the change takes effect: value, last day and commitment move together.

    Raises `Refused` (for one, when the headroom has gone meanwhile), `NotFound`.
    """
    call_off, agreement = _held(session, variation)
    _is_partner(session, actor, call_off)
    new = Money(variation.new_value_net_pence)
    found = _is_waiting(variation)
    if variation.approved_at is None:
        found.append(Refusal("The council has not approved this variation yet"))
    if not found:
        found = _fits(session, agreement, call_off, new, variation.new_ends_on)
    if found:
        raise Refused(*found)
    step = Amount.of(new, agreement, call_off.vat_rate_bp) - ledger.held_by(
        session, call_off, EntryKind.COMMITMENT
    )
    ledger.post(
        session,
        call_off,
        {EntryKind.COMMITMENT: step},
        actor=actor,
        reason=f"variation {variation.number}",
        appointment_id=call_off.appointment_id,
    )
    call_off.value_net_pence = new.pence
    call_off.ends_on = variation.new_ends_on
    variation.agreed_at = dates.now()
    variation.agreed_by_id = actor.person_id
    review_call_off(session, call_off)
    _record(session, actor, "variation_agreed", call_off, variation, {})


def refuse_variation(session: Session, *, actor: Visitor, variation: Variation, reason: str) -> None:
    """Say no to an open variation, with a reason: an approver, the partner once it is approved, or whoever proposed it.

    Raises `Refused`, `NotFound`.
    """
    call_off, _agreement = _held(session, variation)
    if not actor.may(Permission.CALL_OFF_APPROVE, call_off.authority_id) and (
        actor.person_id != variation.proposed_by_id
    ):
        _is_partner(session, actor, call_off)
        if variation.approved_at is None:
            raise NotFound
    found = _is_waiting(variation)
    if not reason.strip():
        found.append(Refusal("Enter why not", "reason"))
    if found:
        raise Refused(*found)
    variation.refused_at = dates.now()
    _record(session, actor, "variation_refused", call_off, variation, {"reason": reason.strip()})


def _held(session: Session, variation: Variation) -> tuple[CallOff, FrameworkAgreement]:
    call_off = session.exec(select(CallOff).where(CallOff.id == variation.call_off_id)).one()
    agreement = ledger.hold(session, call_off.agreement_id)
    session.refresh(call_off)
    session.refresh(variation)
    return call_off, agreement


def _is_partner(session: Session, actor: Visitor, call_off: CallOff) -> None:
    permitted(actor, Permission.OFFER_SIGN, supplier_of(session, call_off) or 0)


def _is_waiting(variation: Variation) -> list[Refusal]:
    if is_open(variation):
        return []
    said = "agreed" if variation.agreed_at else "refused"
    return [Refusal(f"Variation {variation.number} was {said} already")]


def _change_is_sound(call_off: CallOff, change: Change) -> list[Refusal]:
    if call_off.status not in MAY_VARY or call_off.ends_on is None or call_off.starts_on is None:
        return [
            Refusal(
                f"Only a signed call-off that is not closed can be varied. {call_off.reference} is {call_off.status.label.lower()}"
            )
        ]
    found = []
    if not change.reason.strip():
        found.append(Refusal("Enter why the call-off must change", "reason"))
    if change.value == call_off.value and change.ends_on == call_off.ends_on:
        found.append(Refusal("Change the value, the last day or both", "value"))
    if change.value.pence <= 0:
        found.append(Refusal("Enter a new maximum value above £0, net of VAT", "value"))
    if change.ends_on < call_off.starts_on:
        found.append(
            Refusal(
                f"The last day must not be before the first day, {dates.in_words(call_off.starts_on)}",
                "ends_on",
            )
        )
    elif change.ends_on != call_off.ends_on and change.ends_on < dates.today():
        found.append(Refusal("The new last day must be today or later", "ends_on"))
    elif change.ends_on != call_off.ends_on and call_off.status is CallOffStatus.ENDED:
        found.append(
            Refusal(
                f"{call_off.reference} ended on {dates.in_words(call_off.ends_on)} and cannot be extended now",
                "ends_on",
            )
        )
    return found


def _ground_holds(
    agreement: FrameworkAgreement, call_off: CallOff, before: list[Variation], change: Change
) -> list[Refusal]:
    ground: Ground | None = next(
        (one for one in grounds_for(agreement.regime) if one.key == change.ground), None
    )
    if ground is None:
        return [
            Refusal(
                f"Choose the ground on which the {agreement.regime.label} allows this change",
                "ground",
                "RULE-36",
            )
        ]
    agreed = [one for one in before if one.agreed_at]
    original = Money(agreed[0].old_value_net_pence) if agreed else call_off.value
    refusal = ground.test(original, call_off.value, change.value)
    return [refusal] if refusal else []


def _fits(
    session: Session, agreement: FrameworkAgreement, call_off: CallOff, new: Money, ends_on: date
) -> list[Refusal]:
    """Every limit that the new total and the new last day must keep. Call it under `ledger.hold`."""
    found = []
    wanted = Amount.of(new, agreement, call_off.vat_rate_bp)
    invoiced = Money(call_off.invoiced_pence)
    if wanted.on_basis < invoiced:
        found.append(
            Refusal(
                f"{invoiced} ({agreement.basis.label}) has been invoiced already, so the value cannot be less than that",
                "value",
                left=invoiced,
            )
        )
    headroom = ledger.headroom_for(session, agreement, call_off, wanted, field="value")
    if headroom and wanted.on_basis > Money(call_off.committed_pence):
        found.append(headroom)
    lot = session.exec(select(Lot).where(Lot.id == call_off.lot_id)).one()
    if lot.long_stop_on and ends_on > lot.long_stop_on:
        found.append(
            Refusal(
                f"Call-offs under lot {lot.number} may run to {dates.in_words(lot.long_stop_on)} at the latest",
                "ends_on",
            )
        )
    more = wanted.net - ledger.held_by(session, call_off, EntryKind.COMMITMENT).net
    if call_off.case_id and more.pence > 0:
        case = session.exec(
            select(BusinessCase)
            .where(BusinessCase.id == call_off.case_id)
            .execution_options(populate_existing=True)
        ).one()
        if more > case.left:
            found.append(
                Refusal(
                    f"Business case {case.reference} has {case.left} net of VAT left of its approval. This change needs {more} more",
                    "value",
                    left=case.left,
                )
            )
    return found


def _record(
    session: Session,
    actor: Visitor,
    action: str,
    call_off: CallOff,
    variation: Variation,
    words: dict[str, str],
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={
            "number": variation.number,
            "ground": variation.ground,
            "value": (Money(variation.old_value_net_pence), Money(variation.new_value_net_pence)),
            "last_day": (variation.old_ends_on, variation.new_ends_on),
        },
        words=words,
    )
