"""Finding proposed rates, and laying them beside the card they would follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, func, or_, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission, Visitor
from lots import finding
from lots.appointment import Appointment
from lots.finding import Place
from lots.lot import Lot
from lots.opening import is_open_to_change
from lots.rate_card import RateCard
from lots.rate_proposal import RateProposal, RateProposalLine
from lots.rate_rules import RateLine, arithmetic, key_of
from lots.rating import caps_for, card_versions
from lots.workforce import LEVELS


class Move(StrEnum):
    """What becomes of one rate."""

    SAME = "same"
    RISE = "rise"
    FALL = "fall"
    NEW = "new"
    GONE = "gone"
    NEVER = "never"

    @property
    def label(self) -> str:
        return {
            Move.SAME: "Same",
            Move.RISE: "Rise",
            Move.FALL: "Fall",
            Move.NEW: "New",
            Move.GONE: "No longer offered",
            Move.NEVER: "Not offered",
        }[self]


@dataclass(frozen=True, slots=True)
class Change:
    """A rate as it was and as it would be, net of VAT; None where it is not offered."""

    old: Money | None
    new: Money | None

    @property
    def move(self) -> Move:
        if self.old is None or self.new is None:
            return Move.NEVER if self.old is self.new else Move.NEW if self.old is None else Move.GONE
        return Move.SAME if self.old == self.new else Move.RISE if self.new > self.old else Move.FALL


@dataclass(frozen=True, slots=True)
class Comparison:
    """A proposal beside the newest card: a row for each role or category, with its seven levels."""

    card: RateCard | None
    """The newest version; None where there was none, or where a draft's is written over."""
    rows: Sequence[tuple[str, Sequence[Change]]]
    rises: Sequence[str]
    """How each rise comes about by the lot's indexation rule."""

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many rates rise, fall, are new, are no longer offered or stay."""
        moves = [change.move for _, changes in self.rows for change in changes]
        wanted = (Move.RISE, Move.FALL, Move.NEW, Move.GONE, Move.SAME)
        return [(move.label, moves.count(move)) for move in wanted]

    @property
    def told(self) -> list[str]:
        """What changes, in words: nothing where there is no card before, as all of it is new then."""
        if self.card is None:
            return []
        return [
            _told(role, level, change)
            for role, changes in self.rows
            for level, change in zip(LEVELS, changes, strict=True)
            if change.move not in (Move.SAME, Move.NEVER)
        ]


def _told(role: str, level: int, change: Change) -> str:
    if change.move is Move.NEW:
        return f"{role}, level {level}: {change.new}, new"
    if change.move is Move.GONE:
        return f"{role}, level {level}: no longer offered, was {change.old}"
    return f"{role}, level {level}: {change.new}, {change.move.label.lower()} from {change.old}"


def open_proposal(session: Session, appointment_id: int) -> RateProposal | None:
    """The place's draft, or what was sent and waits. The caller has fetched the place through the visitor."""
    return session.exec(
        select(RateProposal)
        .where(
            RateProposal.appointment_id == appointment_id,
            col(RateProposal.returned_at).is_(None),
            col(RateProposal.withdrawn_at).is_(None),
            col(RateProposal.accepted_at).is_(None),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()


def proposals(session: Session, appointment_id: int) -> list[RateProposal]:
    """Every proposal of a place, the newest first. The caller has fetched the place through the visitor."""
    return list(
        session.exec(
            select(RateProposal)
            .where(RateProposal.appointment_id == appointment_id)
            .order_by(col(RateProposal.id).desc())
        )
    )


def proposal(session: Session, place: Place, proposal_id: int) -> RateProposal:
    """One proposal of a place, as it is now. Raises `NotFound`, also where it is another place's."""
    found = session.exec(
        select(RateProposal)
        .where(RateProposal.id == proposal_id, RateProposal.appointment_id == place.appointment.id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def sent_proposal(session: Session, place: Place, proposal_id: int) -> RateProposal:
    """As `proposal`, for people of the council: a draft, and one withdrawn before it was sent, are the partner's own. Raises `NotFound`."""
    found = proposal(session, place, proposal_id)
    if found.submitted_at is None:
        raise NotFound
    return found


def unfinished(session: Session, visitor: Visitor) -> list[tuple[RateProposal, Place]]:
    """The newest proposal of each of the visitor's own places, where it is a draft or was sent back."""
    mine = visitor.parties_where(Permission.COMPANY_KEEP)
    if not mine:
        return []
    newest = (
        select(func.max(RateProposal.id))
        .join(Appointment, col(Appointment.id) == col(RateProposal.appointment_id))
        .where(col(Appointment.supplier_id).in_(mine), col(Appointment.ended_on).is_(None))
        .group_by(col(RateProposal.appointment_id))
    )
    return _with_places(
        session,
        select(RateProposal)
        .where(
            col(RateProposal.id).in_(newest),
            col(RateProposal.withdrawn_at).is_(None),
            col(RateProposal.accepted_at).is_(None),
            or_(col(RateProposal.submitted_at).is_(None), col(RateProposal.returned_at).is_not(None)),
        )
        .order_by(col(RateProposal.id)),
    )


def lines_of(session: Session, proposal: RateProposal) -> list[RateLine]:
    """The rates of a proposal in the order in which they were typed."""
    return [
        (line.role, line.level, line.day_rate)
        for line in session.exec(
            select(RateProposalLine)
            .where(RateProposalLine.rate_proposal_id == proposal.id)
            .order_by(col(RateProposalLine.id))
        )
    ]


def waiting(session: Session, visitor: Visitor) -> list[tuple[RateProposal, Place]]:
    """What partners have sent and the visitor, as framework owner of the lead authority, may answer; the oldest first."""
    leads = visitor.parties_where(Permission.AGREEMENT_OPEN)
    return _with_places(
        session,
        select(RateProposal)
        .join(Appointment, col(Appointment.id) == col(RateProposal.appointment_id))
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .where(
            col(RateProposal.submitted_at).is_not(None),
            col(RateProposal.accepted_at).is_(None),
            col(RateProposal.returned_at).is_(None),
            col(RateProposal.withdrawn_at).is_(None),
            col(FrameworkAgreement.lead_authority_id).in_(leads),
            # Of a place that has ended nothing waits any more.
            or_(col(Appointment.ended_on).is_(None), col(Appointment.ended_on) > dates.today()),
        )
        .order_by(col(RateProposal.submitted_at))
        .limit(50),
    )


def newest_version(session: Session, place: Place) -> int:
    """The number of the newest version of a place's card, also one that has not begun; 0 where there is none."""
    versions = card_versions(session, place.appointment)
    return versions[-1][0].version if versions else 0


def compared(session: Session, place: Place, lines: Sequence[RateLine], from_on: date | None) -> Comparison:
    """Proposed rates beside the newest card of the place. The caller has fetched the place through the visitor."""
    versions = card_versions(session, place.appointment)
    card, rates = versions[-1] if versions else (None, [])
    old = {key_of(one.role, one.level): one.day_rate for one in rates}
    new = {key_of(role, level): rate for role, level, rate in lines}
    names = {
        key_of(role, 0)[0]: role
        for role in [*(role for role, *_ in lines), *(one.role for one in rates)][::-1]
    }
    order = dict.fromkeys(
        key_of(role, 0)[0] for role in [*(role for role, *_ in lines), *(one.role for one in rates)]
    )
    rows = [
        (names[role], [Change(old.get((role, level)), new.get((role, level))) for level in LEVELS])
        for role in order
    ]
    rises: list[str] = []
    if from_on and not is_open_to_change(place.agreement):
        caps = caps_for(session, place.appointment, versions)
        for role, level, rate in lines:
            cap = caps.get(key_of(role, level))
            if cap and rate > cap.rate and (said := arithmetic(place.lot, cap, from_on)):
                rises.append(f"{role}, level {level}: {said}")
    return Comparison(card, rows, rises)


def _with_places(session: Session, wanted: Any) -> list[tuple[RateProposal, Place]]:
    found = session.exec(wanted).all()
    places = finding.places(session, [one.appointment_id for one in found])
    return [(one, places[one.appointment_id]) for one in found]
