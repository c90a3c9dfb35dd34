"""Finding novations: what waits for a second person, who took a place over from whom, and the deed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.stored_document import StoredDocument
from lots.appointment import Appointment
from lots.lot import Lot
from lots.novation import Novation
from lots.place_ending import ExitPlan, PlaceEnding

LONGEST_CHAIN = 20
"""Places that passed on one after the other; nobody looks further back."""


@dataclass(frozen=True, slots=True)
class Passing:
    """A place that passes, or that somebody proposes to pass, from one company to another."""

    novation: Novation
    ending: PlaceEnding
    lot: Lot
    predecessor: Party
    successor: Party

    @property
    def successors_place(self) -> int | None:
        """None until somebody agreed."""
        return self.novation.appointment_id


def waiting_novation(session: Session, appointment_id: int) -> Passing | None:
    """The novation of a place that waits for a second person, if any."""
    found = _passings(
        session, col(PlaceEnding.appointment_id) == appointment_id, col(PlaceEnding.decided_at).is_(None)
    )
    return found[0] if found else None


def passings_of(session: Session, appointment_id: int) -> list[Passing]:
    """How a place came from another company, and how it passed or is to pass on to one; agreed ones, the earlier first."""
    return _passings(
        session,
        sa.or_(
            col(PlaceEnding.appointment_id) == appointment_id, col(Novation.appointment_id) == appointment_id
        ),
        col(PlaceEnding.agreed).is_(True),
    )


def passings_of_company(session: Session, supplier_id: int) -> list[Passing]:
    """Places that a company passed on or took over, agreed ones, the earlier first. The caller knows the company through the visitor."""
    return _passings(
        session,
        sa.or_(col(Appointment.supplier_id) == supplier_id, col(Novation.successor_id) == supplier_id),
        col(PlaceEnding.agreed).is_(True),
    )


def novations_to_agree(session: Session, who: Visitor) -> list[Passing]:
    """Novations that somebody else proposed at authorities where this visitor may agree; the longest waiting first."""
    return _passings(
        session,
        col(PlaceEnding.decided_at).is_(None),
        col(PlaceEnding.proposed_by_id).is_distinct_from(who.person_id),
        col(FrameworkAgreement.lead_authority_id).in_(who.parties_where(Permission.AGREEMENT_CONFIRM)),
    )


def deed_of(session: Session, appointment_id: int) -> tuple[Passing, StoredDocument]:
    """The deed by which a place passed on, or is proposed to. The caller has fetched the place through the visitor.

    Raises `NotFound`.
    """
    found = _passings(
        session, col(PlaceEnding.appointment_id) == appointment_id, col(PlaceEnding.agreed).is_not(False)
    )
    if not found:
        raise NotFound
    return found[-1], session.get_one(StoredDocument, found[-1].novation.document_id)


def predecessors_of(session: Session, appointment_ids: Iterable[int]) -> dict[int, int]:
    """The place that each of these places took over, for those that did."""
    rows = session.exec(
        select(Novation.appointment_id, PlaceEnding.appointment_id)
        .join(PlaceEnding, col(PlaceEnding.id) == col(Novation.ending_id))
        .where(col(Novation.appointment_id).in_(list(appointment_ids)))
    )
    return {new: old for new, old in rows if new is not None}


def lines_of(session: Session, appointment_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each place the places before it that passed on to it, the first one first. What they promised binds it."""
    found: dict[int, list[int]] = {one: [] for one in appointment_ids}
    for _ in range(LONGEST_CHAIN):
        first = {one: line[0] if line else one for one, line in found.items()}
        before = predecessors_of(session, first.values())
        if not before:
            break
        for one, here in first.items():
            if here in before:
                found[one].insert(0, before[here])
    return found


def plans_for(session: Session, passings: Iterable[Passing]) -> dict[int, list[ExitPlan]]:
    """The plan for each call-off that was live, by the id of the place's ending, in one statement."""
    found: dict[int, list[ExitPlan]] = {one.ending.id: [] for one in passings}
    for plan in session.exec(
        select(ExitPlan)
        .where(col(ExitPlan.ending_id).in_(list(found)))
        .order_by(col(ExitPlan.call_off_reference))
    ):
        found[plan.ending_id].append(plan)
    return found


def _passings(session: Session, *conditions: Any) -> list[Passing]:
    successor: Any = aliased(Party)
    wanted: tuple[Any, ...] = (Novation, PlaceEnding, Lot, Party, successor)
    rows = session.exec(
        select(*wanted)
        .join(PlaceEnding, col(PlaceEnding.id) == col(Novation.ending_id))
        .join(Appointment, col(Appointment.id) == col(PlaceEnding.appointment_id))
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .join(successor, successor.id == col(Novation.successor_id))
        .where(*conditions)
        .order_by(col(PlaceEnding.id))
        .limit(50)
    )
    return [Passing(*row) for row in rows]
