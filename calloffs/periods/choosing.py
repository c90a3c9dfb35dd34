"""Choosing by which periods an authority closes its books: only before it has closed one."""

import sqlalchemy as sa
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.periods.closing import closed_periods, hold
from calloffs.periods.figures import WORD
from calloffs.sharing.recharge_statement import RechargeStatement
from calloffs.spend import period_moving
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.spend.period_figure import PeriodFigure
from framework.definitions import dates
from framework.definitions.periods import calendars
from framework.definitions.rules import Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from framework.records.columns import table_of

_call_off, _entry, _figure = (table_of(one) for one in (CallOff, LedgerEntry, PeriodFigure))


def choose_calendar(session: Session, *, actor: Visitor, authority_id: int, calendar: str) -> None:
    """Close by another calendar from now on; every figure by period is made again from the entries, in this transaction.

    Raises `Refused` once a period is closed or a recharge is raised (their figures stand by the old one), `NotFound`.
    """
    permitted(actor, Permission.PERIOD_CLOSE, authority_id)
    found = hold(session, authority_id)
    refusals = []
    if calendar not in calendars():
        refusals.append(Refusal("Choose a calendar", "calendar"))
    elif calendar == found.calendar:
        refusals.append(Refusal("This is the calendar you close by already", "calendar"))
    if closed_periods(session, authority_id):
        refusals.append(Refusal("A period is closed by the calendar you have: it can no longer change"))
    raised = select(RechargeStatement.id).where(RechargeStatement.payee_id == authority_id).limit(1)
    if session.exec(raised).first() is not None:
        refusals.append(Refusal("A recharge is raised by the calendar you have: it can no longer change"))
    if refusals:
        raise Refused(*refusals)
    before, found.calendar = found.calendar, calendar
    session.flush()
    _make_again(session, authority_id)
    audit.record(
        session,
        actor=actor,
        action="calendar_changed",
        subject=audit.Subject("party", found.id, found.name, found.id),
        facts={"calendar": (calendars()[before], calendars()[calendar])},
    )


def _make_again(session: Session, authority_id: int) -> None:
    connection = session.connection()
    own = sa.select(_call_off.c.id).where(_call_off.c.authority_id == authority_id)
    connection.execute(_figure.delete().where(_figure.c.call_off_id.in_(own)))
    for call_off in session.exec(select(CallOff).where(CallOff.authority_id == authority_id)).all():
        entries = connection.execute(
            sa.select(
                _entry.c.kind,
                _entry.c.effective_on,
                _entry.c.posted_at,
                _entry.c.amount_pence,
                _entry.c.net_pence,
            ).where(_entry.c.call_off_id == call_off.id)
        )
        movements = [
            (f"{WORD[EntryKind(kind)]}_pence", day or dates.as_london(posted_at).date(), on_basis, net)
            for kind, day, posted_at, on_basis, net in entries
        ]
        if movements:
            period_moving.move(session, call_off, movements)
