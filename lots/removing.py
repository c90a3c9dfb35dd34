"""A partner gives notice on its own place, or the council removes it with a second person's word; live call-offs get a plan each."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refusal, Refused, refuse
from framework.holding import hold
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.appointment import Appointment, AppointmentStatus
from lots.lot import Lot
from lots.opening import is_open_to_change, take
from lots.place_ending import ExitPlan, PlaceEnding
from lots.telling import about_place
from lots.withdrawing import Leaving, end_place, touched_by, why_not
from lots.writing_to_partners import tell_council

_WITHDRAWN = AppointmentStatus.WITHDRAWN


def give_notice(
    session: Session,
    *,
    actor: Visitor,
    appointment: Appointment,
    on: date,
    reason: str,
    plans: Mapping[str, str],
) -> None:
    """A partner's administrator leaves a lot from a London day on. `plans` says for each live call-off what happens to it.

    On a draft it stops joining at once. Raises `Refused` without a reason or a plan, for a day past; `NotFound` for others.
    """
    permitted(actor, Permission.COLLEAGUES_MANAGE, appointment.supplier_id)
    agreement, lot, supplier = _held(session, appointment)
    refusals = why_not(agreement, appointment, supplier, reason, on)
    if is_open_to_change(agreement) and appointment.invited_at and not agreement.recorded_as_past:
        refusals = [one for one in refusals if "still a draft" not in one.sentence]
    refusals += missing_plans(session, appointment, plans)
    if refusals:
        raise Refused(*refusals)
    _leave(
        session, actor, Leaving(agreement, lot, appointment, supplier, _WITHDRAWN, reason.strip(), on), plans
    )


def record_notice(
    session: Session,
    *,
    actor: Visitor,
    appointment: Appointment,
    on: date,
    reason: str,
    plans: Mapping[str, str],
) -> None:
    """The framework owner records that a partner withdraws, with the same plan for each live call-off as its own notice.

    Raises as `give_notice`.
    """
    lot = session.get_one(Lot, appointment.lot_id)
    agreement = take(session, actor, lot.agreement_id)
    session.refresh(appointment)
    supplier = session.get_one(Party, appointment.supplier_id)
    refusals = why_not(agreement, appointment, supplier, reason, on)
    refusals += missing_plans(session, appointment, plans)
    if refusals:
        raise Refused(*refusals)
    _leave(
        session, actor, Leaving(agreement, lot, appointment, supplier, _WITHDRAWN, reason.strip(), on), plans
    )


def _leave(session: Session, actor: Visitor, leaving: Leaving, plans: Mapping[str, str]) -> None:
    ending = new_ending(actor, leaving.appointment, leaving.ended_as, leaving.day, leaving.reason)
    ending.decided_at, ending.decided_by_id, ending.agreed = dates.now(), actor.person_id, True
    keep_plans(session, ending, plans)
    end_place(session, actor, leaving)


def propose_removal(
    session: Session,
    *,
    actor: Visitor,
    appointment: Appointment,
    on: date,
    reason: str,
    plans: Mapping[str, str],
) -> PlaceEnding:
    """Propose that the council removes a partner from a lot; nothing changes until somebody else agrees.

    Raises `Refused` without a reason or a plan for each live call-off, for a day past, or while another proposal waits.
    """
    lot = session.get_one(Lot, appointment.lot_id)
    agreement = take(session, actor, lot.agreement_id)
    session.refresh(appointment)
    supplier = session.get_one(Party, appointment.supplier_id)
    refusals = why_not(agreement, appointment, supplier, reason, on)
    refusals += missing_plans(session, appointment, plans)
    refusals += waits_already(session, appointment.id)
    if refusals:
        raise Refused(*refusals)
    ending = new_ending(actor, appointment, AppointmentStatus.REMOVED, on, reason)
    keep_plans(session, ending, plans)
    audit.record(
        session,
        actor=actor,
        action="removal_proposed",
        subject=about_place(agreement, lot, appointment, supplier),
        facts={"on": on, "live_call_offs": len(plans)},
        words={"reason": reason.strip()},
    )
    tell_council(
        session,
        agreement,
        why=f"removal_proposed:{ending.id}",
        subject=f"To agree: the removal of {supplier.name} from lot {lot.reference}",
        lines=[
            f"{actor.name} proposes to remove {supplier.name} from lot {lot.reference} from {dates.in_words(on)}.",
            f"/lots/{lot.reference}/partners/{appointment.id}/removal",
        ],
        permission=Permission.AGREEMENT_CONFIRM,
        unless=actor.person_id,
    )
    return ending


def decide_removal(session: Session, *, actor: Visitor, appointment: Appointment, agreed: bool) -> None:
    """Agree to a removal that somebody else proposed, or refuse it. Raises `Refused` for the proposer's own, `NotFound`."""
    agreement, lot, supplier = _held(session, appointment)
    permitted(actor, Permission.AGREEMENT_CONFIRM, agreement.lead_authority_id)
    ending = waiting_removal(session, appointment.id)
    if ending is None:
        raise NotFound
    if ending.proposed_by_id == actor.person_id:
        refuse("You proposed this removal. Somebody else has to agree to it")
    day = max(ending.from_on, dates.today())
    if agreed and (refusals := why_not(agreement, appointment, supplier, ending.reason, day)):
        raise Refused(*refusals)
    ending.decided_at, ending.decided_by_id, ending.agreed = dates.now(), actor.person_id, agreed
    session.add(ending)
    if not agreed:
        audit.record(
            session,
            actor=actor,
            action="removal_refused",
            subject=about_place(agreement, lot, appointment, supplier),
        )
        return
    end_place(
        session,
        actor,
        Leaving(agreement, lot, appointment, supplier, AppointmentStatus.REMOVED, ending.reason, day),
    )


def waiting_removal(session: Session, appointment_id: int) -> PlaceEnding | None:
    """The removal of a partner that waits for a second person, if any."""
    return waiting_ending(session, appointment_id, AppointmentStatus.REMOVED)


def waiting_ending(
    session: Session, appointment_id: int, ended_as: AppointmentStatus | None = None
) -> PlaceEnding | None:
    """The end of a place that waits for a second person, if any: of one kind, or of whichever waits."""
    found = session.exec(
        select(PlaceEnding).where(
            PlaceEnding.appointment_id == appointment_id, col(PlaceEnding.decided_at).is_(None)
        )
    ).one_or_none()
    return found if found and ended_as in (None, found.ended_as) else None


def waits_already(session: Session, appointment_id: int) -> list[Refusal]:
    """Of the ends of one place only one waits for a second person at a time."""
    waiting = waiting_ending(session, appointment_id)
    if waiting is None:
        return []
    what = "novation" if waiting.ended_as == AppointmentStatus.NOVATED else "removal"
    return [Refusal(f"A {what} of this partner waits for a second person already")]


def removals_to_agree(session: Session, who: Visitor) -> list[tuple[PlaceEnding, Lot, Party]]:
    """Removals that somebody else proposed at authorities where this visitor may agree; the longest waiting first."""
    rows = session.exec(
        select(PlaceEnding, Lot, Party)
        .join(Appointment, col(Appointment.id) == col(PlaceEnding.appointment_id))
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .where(
            col(PlaceEnding.decided_at).is_(None),
            PlaceEnding.ended_as == AppointmentStatus.REMOVED.value,
            col(PlaceEnding.proposed_by_id).is_distinct_from(who.person_id),
            col(FrameworkAgreement.lead_authority_id).in_(who.parties_where(Permission.AGREEMENT_CONFIRM)),
        )
        .order_by(col(PlaceEnding.proposed_at))
        .limit(50)
    )
    return [(one, lot, party) for one, lot, party in rows]


def ending_of(session: Session, appointment_id: int) -> tuple[PlaceEnding, list[ExitPlan]] | None:
    """How a place ended or is to end, with the plan for each live call-off; None where nobody gave one."""
    ending = session.exec(
        select(PlaceEnding)
        .where(PlaceEnding.appointment_id == appointment_id, col(PlaceEnding.agreed).is_not(False))
        .order_by(col(PlaceEnding.id).desc())
        .limit(1)
    ).one_or_none()
    return None if ending is None else (ending, plans_of(session, ending))


def plans_of(session: Session, ending: PlaceEnding) -> list[ExitPlan]:
    """The plan for each call-off that was live, by reference."""
    return list(
        session.exec(
            select(ExitPlan).where(ExitPlan.ending_id == ending.id).order_by(col(ExitPlan.call_off_reference))
        )
    )


def _held(session: Session, appointment: Appointment) -> tuple[FrameworkAgreement, Lot, Party]:
    lot = session.get_one(Lot, appointment.lot_id)
    agreement = hold(session, lot.agreement_id)
    session.refresh(appointment)
    return agreement, lot, session.get_one(Party, appointment.supplier_id)


def missing_plans(session: Session, appointment: Appointment, plans: Mapping[str, str]) -> list[Refusal]:
    """A refusal for each live call-off without a plan, beside the field of its plan."""
    found = []
    for one in touched_by(session, appointment.id):
        plan = plans.get(one.reference, "").strip()
        if not plan or len(plan) > 2000:
            found.append(
                Refusal(
                    f"Say what happens to call-off {one.reference}, in 2,000 characters or fewer",
                    field=f"plan-{one.reference}",
                )
            )
    return found


def new_ending(
    actor: Visitor, appointment: Appointment, ended_as: AppointmentStatus, on: date, reason: str
) -> PlaceEnding:
    """The end of a place as somebody gives notice of it or proposes it; not yet kept."""
    return PlaceEnding(
        appointment_id=appointment.id,
        ended_as=ended_as.value,
        from_on=on,
        reason=reason.strip()[:1000],
        proposed_at=dates.now(),
        proposed_by_id=actor.person_id,
    )


def keep_plans(session: Session, ending: PlaceEnding, plans: Mapping[str, str]) -> None:
    """Keep an end of a place with the plan for each live call-off."""
    session.add(ending)
    session.flush()
    for reference, plan in plans.items():
        session.add(ExitPlan(ending_id=ending.id, call_off_reference=reference[:40], plan=plan.strip()))
    session.flush()
