"""What is asked of a partner: read from the call-offs that were live in a month, never created by a job.

A call-off is in the return of a month when it ran on any day of it: signed, from its first day (or the day of the last signature,
if later) to its last day, both included. Days of suspension count, because work may have been done before them. A partner is asked
about a month only if one of its people could sign in by the first of the next, so nobody owes months from before they came.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.offer import Deliverable, OfferedPerson
from calloffs.returns.monthly_return import (
    MonthlyReturn,
    ReturnVersion,
    due_at,
    due_on,
    first_of_next,
    last_correction_day,
    month_before,
    month_in_words,
)
from framework.definitions import dates
from framework.people.party import Party
from framework.people.permissions import PARTNER_ROLES
from framework.people.person import Post
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

OWED_MONTHS = 3
"""How long a return is asked for, from the first of the month after its own: older ones may be given, but nobody is reminded of
them. So an installation that begins to ask, or a call-off entered late, does not owe years."""

_call_off, _appointment, _post = (table_of(model) for model in (CallOff, Appointment, Post))


def live_in(month: date) -> sa.ColumnElement[bool]:
    """Whether a call-off ran on any day of a month, in terms of the call-off table."""
    c = _call_off.c
    first, following = month.replace(day=1), first_of_next(month)
    last_day = sa.func.coalesce(c.terminated_on, c.ends_on)
    return sa.and_(
        c.signed_at < dates.start_of(following),
        c.cancelled_at.is_(None),
        c.award_withdrawn_at.is_(None),
        sa.or_(c.closed_at.is_(None), c.closed_at >= dates.start_of(first)),
        c.starts_on < following,
        last_day >= first,
        last_day >= c.starts_on,
    )


def had_people(month: date) -> sa.ColumnElement[bool]:
    """Whether the partner of an appointment had anybody to answer when the month was asked about."""
    return sa.exists(
        sa.select(_post.c.id).where(
            _post.c.party_id == _appointment.c.supplier_id,
            _post.c.role.in_(sorted(PARTNER_ROLES)),
            _post.c.starts_on <= first_of_next(month),
        )
    )


@dataclass(frozen=True, slots=True)
class AskedCallOff:
    """One call-off that a return speaks of, with what may be ticked on it."""

    id: int
    reference: str
    title: str
    authority_id: int
    authority: str
    lot: str
    deliverables: tuple[tuple[int, str], ...] = ()
    """Number and description of each."""
    levels: tuple[int, ...] = ()
    """Levels of the people in the partner's answer, for days worked."""


def asked_of(session: Session, supplier_id: int, month: date, also: Iterable[int] = ()) -> list[AskedCallOff]:
    """The call-offs that a partner is asked about for a month, by reference; `also` are ids that an earlier version spoke of."""
    asked = sa.and_(live_in(month), had_people(month))
    rows = session.exec(
        select(CallOff, Party.name, Lot.reference)
        .join(Appointment, col(Appointment.id) == col(CallOff.appointment_id))
        .join(Party, col(Party.id) == col(CallOff.authority_id))
        .join(Lot, col(Lot.id) == col(CallOff.lot_id))
        .where(
            Appointment.supplier_id == supplier_id,
            sa.or_(asked, col(CallOff.id).in_(list(also))),
        )
        .order_by(col(CallOff.reference))
    ).all()
    offers = [found.offer_id for found, _, _ in rows if found.offer_id]
    deliverables = _by_offer(session, offers, Deliverable, "description")
    levels = _by_offer(session, offers, OfferedPerson, "level")
    return [
        AskedCallOff(
            found.id,
            found.reference,
            found.title,
            found.authority_id,
            authority,
            lot,
            tuple(deliverables.get(found.offer_id, ())),
            tuple(sorted({level for _, level in levels.get(found.offer_id, ())})),
        )
        for found, authority, lot in rows
    ]


def _by_offer(session: Session, offers: Sequence[Any], model: Any, column: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    if not offers:
        return found
    table = table_of(model)
    query = (
        sa.select(table.c.offer_id, table.c.number, table.c[column])
        .where(table.c.offer_id.in_(offers))
        .order_by(table.c.offer_id, table.c.number)
    )
    for offer_id, number, value in session.connection().execute(query):
        found.setdefault(offer_id, []).append((number, value))
    return found


class ReturnStatus(StrEnum):
    TO_GIVE = "to_give"
    OVERDUE = "overdue"
    GIVEN = "given"
    GIVEN_LATE = "given_late"
    NOT_GIVEN = "not_given"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Standing:
    """How the return of one partner for one month stands; nothing of what it says."""

    supplier_id: int
    month: date
    call_offs: int
    versions: int = 0
    first_given_at: datetime | None = None
    last_given_at: datetime | None = None
    has_draft: bool = False

    @property
    def status(self) -> ReturnStatus:
        """What it is now: the last minute of the fifth working day is in time (RULE-51)."""
        return status_at(self.month, self.first_given_at, dates.now())

    @property
    def may_change(self) -> bool:
        """Whether it may still be given or corrected."""
        return dates.today() <= last_correction_day(self.month)

    @property
    def is_old(self) -> bool:
        """Whether it was never given and is asked for no more."""
        return self.status is ReturnStatus.NOT_GIVEN

    @property
    def title(self) -> str:
        return f"Return for {month_in_words(self.month)}"

    @property
    def due_on(self) -> date:
        return due_on(self.month)

    @property
    def slug(self) -> str:
        """The month as addresses spell it."""
        return f"{self.month:%Y-%m}"


def status_at(month: date, first_given_at: datetime | None, moment: datetime) -> ReturnStatus:
    """What a return that was asked for is at a moment."""
    if first_given_at is not None:
        return ReturnStatus.GIVEN if first_given_at <= due_at(month) else ReturnStatus.GIVEN_LATE
    if moment <= due_at(month):
        return ReturnStatus.TO_GIVE
    owed_until = dates.add_months(first_of_next(month), OWED_MONTHS)
    return ReturnStatus.OVERDUE if dates.as_london(moment).date() < owed_until else ReturnStatus.NOT_GIVEN


def standings(session: Session, supplier_id: int) -> list[Standing]:
    """Every return that a partner was asked for and may still give, and every one it gave, the newest first."""
    today = dates.today()
    newest = month_before(today)
    given = _given(session, supplier_id)
    counts: dict[date, int] = {}
    began = session.exec(
        select(sa.func.min(Post.starts_on)).where(
            Post.party_id == supplier_id, col(Post.role).in_(sorted(PARTNER_ROLES))
        )
    ).one()
    for first, last in _spans(session, supplier_id) if began else ():
        for month in dates.months_of(dates.Term(first, last)):
            if month > newest:
                break
            if first_of_next(month) >= began and today <= last_correction_day(month):
                counts[month] = counts.get(month, 0) + 1
    return [
        Standing(supplier_id, month, counts.get(month, 0), *given.get(month, ()))
        for month in sorted({*counts, *(m for m, found in given.items() if found[0])}, reverse=True)
    ]


def standing(session: Session, supplier_id: int, month: date) -> Standing | None:
    """How one return stands; None when it was neither asked for nor given."""
    return next((one for one in standings(session, supplier_id) if one.month == month), None)


def _spans(session: Session, supplier_id: int) -> Iterable[tuple[date, date]]:
    """First and last month in which each call-off of a partner ran, read as `live_in` reads them."""
    c = _call_off.c
    query = (
        sa.select(c.signed_at, c.starts_on, sa.func.coalesce(c.terminated_on, c.ends_on), c.closed_at)
        .join(_appointment, _appointment.c.id == c.appointment_id)
        .where(
            _appointment.c.supplier_id == supplier_id,
            c.signed_at.is_not(None),
            c.cancelled_at.is_(None),
            c.award_withdrawn_at.is_(None),
            c.starts_on.is_not(None),
        )
    )
    for signed_at, starts_on, last_day, closed_at in session.connection().execute(query):
        if last_day is None or last_day < starts_on:
            continue
        first = max(_month(starts_on), _month(dates.as_london(signed_at).date()))
        last = _month(last_day)
        if closed_at:
            last = min(last, _month(dates.as_london(closed_at).date()))
        if first <= last:
            yield first, last


def _month(day: date) -> date:
    return day.replace(day=1)


def _given(session: Session, supplier_id: int) -> dict[date, tuple[Any, ...]]:
    head, version = table_of(MonthlyReturn), table_of(ReturnVersion)
    query = (
        sa.select(
            head.c.month,
            head.c.versions,
            sa.func.min(version.c.given_at),
            sa.func.max(version.c.given_at),
            head.c.draft != "",
        )
        .outerjoin(version, version.c.return_id == head.c.id)
        .where(head.c.supplier_id == supplier_id)
        .group_by(head.c.id, head.c.month, head.c.versions, head.c.draft)
    )
    return {month: tuple(rest) for month, *rest in session.connection().execute(query)}
