"""Closing an accounting period: every figure frozen as it is, in order, once. What is posted to it later is shown, never refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.periods.figures import Line, Moved, lines, moved_now, moved_then, stamp_of
from calloffs.periods.period_closing import ClosedFigure, PeriodClosing
from calloffs.spend.entry import LedgerEntry
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.periods import Period, period_of, periods_of
from framework.definitions.rules import ChangedMeanwhile, NotFound, refuse
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Visitor, permitted
from framework.people.person import Person
from framework.records import audit
from framework.records.columns import table_of

_entry = table_of(LedgerEntry)


def authority(session: Session, visitor: Visitor, authority_id: int) -> Party:
    """An authority whose spend the visitor reads. Raises `NotFound`."""
    if authority_id not in visitor.parties_where(Permission.SPEND_READ):
        raise NotFound
    found = session.get(Party, authority_id)
    if found is None or found.kind is not PartyKind.AUTHORITY:
        raise NotFound
    return found


def authorities(session: Session, visitor: Visitor) -> list[Party]:
    """Authorities whose spend the visitor reads, by name."""
    mine = visitor.parties_where(Permission.SPEND_READ)
    return list(
        session.exec(
            select(Party)
            .where(col(Party.id).in_(mine), Party.kind == PartyKind.AUTHORITY)
            .order_by(col(Party.name))
        )
    )


def closed_periods(session: Session, authority_id: int) -> list[PeriodClosing]:
    """Every closed period of an authority, in order."""
    return list(
        session.exec(
            select(PeriodClosing)
            .where(PeriodClosing.authority_id == authority_id)
            .order_by(col(PeriodClosing.period_on))
        )
    )


def is_closed(session: Session, authority_id: int, day: date) -> PeriodClosing | None:
    """The closed period of an authority in which a day falls, if there is one."""
    return session.exec(
        select(PeriodClosing).where(
            PeriodClosing.authority_id == authority_id,
            col(PeriodClosing.period_on) <= day,
            col(PeriodClosing.last_on) >= day,
        )
    ).first()


def next_to_close(calendar: str, closed: Sequence[PeriodClosing], today: date) -> Period | None:
    """The one period that may be closed next: after the last closed one or, before any is, the newest that is over."""
    found = _after(calendar, closed[-1].last_on if closed else None, today)
    return found if found.last_day < today else None


def _after(calendar: str, closed_to: date | None, today: date) -> Period:
    if closed_to is None:
        return period_of(calendar, period_of(calendar, today).first_day - timedelta(days=1))
    return period_of(calendar, closed_to + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Closes:
    """The period that an authority closes next, and whether it is over."""

    authority_id: int
    authority: str
    period: Period
    is_over: bool


def closes_next(session: Session, visitor: Visitor) -> list[Closes]:
    """What each authority at which the visitor closes periods closes next, by its name."""
    party, closing = table_of(Party).c, table_of(PeriodClosing).c
    newest = sa.select(sa.func.max(closing.last_on)).where(closing.authority_id == party.id).scalar_subquery()
    rows = session.connection().execute(
        sa.select(party.id, party.name, party.calendar, newest)
        .where(
            party.id.in_(visitor.parties_where(Permission.PERIOD_CLOSE)),
            party.kind == PartyKind.AUTHORITY,
        )
        .order_by(party.name)
    )
    found, today = [], dates.today()
    for number, name, calendar, closed_to in rows:
        period = _after(calendar, closed_to, today)
        found.append(Closes(number, name, period, period.last_day < today))
    return found


def period_named(calendar: str, day: date) -> Period:
    """The period that begins on a day. Raises `NotFound` where none does."""
    found = period_of(calendar, day)
    if found.first_day != day:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Looked:
    """A period as a page shows it."""

    period: Period
    closing: PeriodClosing | None
    closed_by: str
    lines: list[Line]
    stamp: str
    why_not: str
    """Why it cannot be closed now; blank when it can."""


def look(session: Session, found: Party, period: Period) -> Looked:
    """The figures of a period and whether it can be closed. The caller has seen that the visitor may read them."""
    closed = closed_periods(session, found.id)
    closing = next((one for one in closed if one.period_on == period.first_day), None)
    now, belongs = moved_now(session, found.id, period.first_day)
    then: Moved = {}
    by = ""
    if closing is not None:
        then, belonged = moved_then(session, closing)
        belongs = {**belongs, **belonged}
        by = session.exec(select(Person.name).where(Person.id == closing.closed_by_id)).one()
    why_not = _why_not(period, closing, closed)
    return Looked(period, closing, by, lines(session, then, now, belongs), stamp_of(now), why_not)


def _why_not(period: Period, closing: PeriodClosing | None, closed: Sequence[PeriodClosing]) -> str:
    if closing is not None:
        return f"{period.name.capitalize()} is closed already"
    if period.last_day >= dates.today():
        return f"{period.name.capitalize()} runs until {dates.in_words(period.last_day)}: close it when it is over"
    if closed and closed[-1].last_on + timedelta(days=1) != period.first_day:
        if period.first_day < closed[0].period_on:
            first = closed[0].period.name
            return f"The first period that was closed is {first}: those before it are left as they are"
        return f"Close {period_of(period.calendar, closed[-1].last_on + timedelta(days=1)).name} first"
    return ""


def close_period(
    session: Session, *, actor: Visitor, authority_id: int, period_on: date, seen: str
) -> PeriodClosing:
    """Close the period that begins on a day, freezing every figure of it. `seen` is the stamp of what its reader saw.

    Raises `Refused` when it is not over, not next or closed already, `ChangedMeanwhile` when its figures moved since, `NotFound`.
    """
    permitted(actor, Permission.PERIOD_CLOSE, authority_id)
    found = hold(session, authority_id)
    period = period_named(found.calendar, period_on)
    closed = closed_periods(session, authority_id)
    why_not = _why_not(period, next((one for one in closed if one.period_on == period_on), None), closed)
    if why_not:
        refuse(why_not)
    moved, belongs = moved_now(session, authority_id, period_on)
    if stamp_of(moved) != seen:
        raise ChangedMeanwhile
    newest = session.connection().execute(
        sa.select(sa.func.max(_entry.c.id)).where(_entry.c.authority_id == authority_id)
    )
    assert actor.person_id is not None
    closing = PeriodClosing(
        authority_id=authority_id,
        calendar=found.calendar,
        period_on=period.first_day,
        last_on=period.last_day,
        last_entry_id=newest.scalar() or 0,
        closed_at=dates.now(),
        closed_by_id=actor.person_id,
    )
    session.add(closing)
    session.flush()
    rows = [
        {
            "closing_id": closing.id,
            "call_off_id": call_off_id,
            "agreement_id": belongs[call_off_id].agreement_id,
            "lot_id": belongs[call_off_id].lot_id,
            "appointment_id": belongs[call_off_id].appointment_id,
            "kind": kind,
            "amount_pence": amount,
            "net_pence": net,
        }
        for (call_off_id, kind), (amount, net) in sorted(moved.items())
    ]
    if rows:
        session.connection().execute(table_of(ClosedFigure).insert(), rows)
    audit.record(
        session,
        actor=actor,
        action="period_closed",
        subject=audit.Subject("party", found.id, found.name, found.id),
        facts={"period": period.name, "last_day": period.last_day, "figures": len(rows)},
    )
    return closing


def hold(session: Session, authority_id: int) -> Party:
    """Take the authority's row, and that of each of its agreements, so that nothing is posted meanwhile; read it afresh.

    Every posting moves its agreement's row first, so whatever is posted afterwards has a later number than all that is seen here.
    """
    session.flush()
    found = session.exec(
        select(Party)
        .where(Party.id == authority_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    session.exec(
        select(FrameworkAgreement.id)
        .where(
            col(FrameworkAgreement.id).in_(
                select(MemberAuthority.agreement_id).where(MemberAuthority.authority_id == authority_id)
            )
        )
        .order_by(col(FrameworkAgreement.id))
        .with_for_update(key_share=True)
    ).all()
    return found


def year_of(calendar: str, day: date) -> list[Period]:
    """The periods of the financial year in which a day falls, the newest first."""
    return list(reversed(periods_of(calendar, day)))
