"""The figures of the payments compliance notice (RULE-46), made anew each time they are asked for; all sums include VAT.

Day 1 is the day after receipt; days on which a dispute stopped the clock are left out. A payment of part of an invoice counts as a
payment. "Fell due" counts invoices by their last day to pay, which is a day earlier than the notice's own bands. An invoice that is
disputed now has not fallen due. Nothing is guessed: lines that lack a day or an amount are counted apart.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.clocks.compliance_report import COUNTED, ComplianceFigures
from calloffs.clocks.dispute import DisputeEvent
from calloffs.clocks.disputing import standing
from calloffs.clocks.paid import (
    fell_due,
    invoice,
    line,
    lines_received,
    made_and_standing,
    own_lines,
    paid,
    paid_in_time,
    payment,
)
from framework.definitions.money import half_up
from framework.definitions.payments import (
    PAYMENT_DAYS,
    days_to_pay,
    half_year_of,
    is_late,
)
from framework.definitions.terms import Term
from framework.records.columns import table_of

_SECOND_BAND_UNTIL = 60
_CHOICES = 8
_event = table_of(DisputeEvent)


def figures(session: Session, authority_id: int, half: Term) -> ComplianceFigures:
    """The figures of an authority in a half-year, as at now, in a number of statements that does not grow."""
    found = ComplianceFigures()
    _paid(session, authority_id, half, found)
    _due(session, authority_id, half, found)
    _left_out(session, authority_id, half, found)
    return found


def mean_tenths(found: ComplianceFigures) -> int | None:
    """Mean days to pay in tenths of a day, half up; None where nothing was paid."""
    return half_up(found.days * 10, found.payments) if found.payments else None


def share(part: int, whole: int) -> int | None:
    """A share in basis points, half up; None of nothing."""
    return half_up(part * 10_000, whole) if whole else None


def halves(today: date) -> list[Term]:
    """The half-year that runs and the seven before it, the newest first."""
    found = [half_year_of(today)]
    while len(found) < _CHOICES:
        found.append(half_year_of(found[-1].first - timedelta(days=1)))
    return found


def changed_since(then: ComplianceFigures, now: ComplianceFigures) -> list[tuple[str, int, int]]:
    """Figures that are not what they were when they were approved: name, then, now."""
    return [
        (name, getattr(then, name), getattr(now, name))
        for name in COUNTED
        if getattr(then, name) != getattr(now, name)
    ]


def _paid(session: Session, authority_id: int, half: Term, found: ComplianceFigures) -> None:
    rows = paid([authority_id], half).subquery()
    disputed = sa.select(_event.c.invoice_id)
    # Days are counted here and not in SQL, whose two dialects count them differently; equal pairs of days come as one row.
    query = (
        sa.select(
            rows.c.received_on,
            rows.c.paid_on,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(rows.c.gross_pence), 0),
            sa.func.sum(sa.case((rows.c.gross_pence.is_(None), 1), else_=0)),
        )
        .where(
            rows.c.received_on.is_not(None),
            sa.or_(rows.c.invoice_id.is_(None), rows.c.invoice_id.not_in(disputed)),
        )
        .group_by(rows.c.received_on, rows.c.paid_on)
    )
    connection = session.connection()
    for received_on, paid_on, times, pence, bare in connection.execute(query):
        _count(found, days_to_pay(received_on, paid_on), times, pence)
        found.without_gross += int(bare)
    ever = sa.select(rows).where(rows.c.invoice_id.in_(disputed))
    once = connection.execute(ever).all()
    stood = standing(session, [one.invoice_id for one in once])
    for one in once:
        days = days_to_pay(one.received_on, one.paid_on, stood[one.invoice_id].days(one.paid_on))
        _count(found, days, 1, one.gross_pence)


def _count(found: ComplianceFigures, days: int, times: int, pence: int) -> None:
    found.payments += times
    found.payments_pence += int(pence)
    found.days += days * times
    if days <= PAYMENT_DAYS:
        found.first_band += times
    elif days <= _SECOND_BAND_UNTIL:
        found.second_band += times
    else:
        found.third_band += times


def _due(session: Session, authority_id: int, half: Term, found: ComplianceFigures) -> None:
    connection, in_time = session.connection(), paid_in_time()
    late = in_time < invoice.c.gross_pence
    query = sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(invoice.c.gross_pence), 0),
        sa.func.coalesce(sa.func.sum(sa.case((late, 1), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((late, invoice.c.gross_pence - in_time), else_=0)), 0),
    ).where(*fell_due([authority_id], half))
    number, pence, not_in_time, unpaid = connection.execute(query).one()
    found.fell_due, found.fell_due_pence = int(number), int(pence)
    found.not_in_time, found.not_in_time_pence = int(not_in_time), int(unpaid)
    lines = (
        own_lines([authority_id])
        .with_only_columns(
            line.c.received_on,
            line.c.paid_on,
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(line.c.gross_pence), 0),
        )
        .where(*lines_received(half))
        .group_by(line.c.received_on, line.c.paid_on)
    )
    for received_on, paid_on, times, gross in connection.execute(lines):
        found.fell_due += times
        found.fell_due_pence += int(gross)
        if is_late(received_on, paid_on):
            found.not_in_time += times
            found.not_in_time_pence += int(gross)


def _left_out(session: Session, authority_id: int, half: Term, found: ComplianceFigures) -> None:
    below = sa.func.coalesce(line.c.gross_pence, line.c.net_pence) <= 0
    lines = (
        own_lines([authority_id])
        .with_only_columns(
            *_times(
                below,
                sa.and_(~below, line.c.paid_on.is_(None)),
                sa.and_(~below, line.c.paid_on.is_not(None), line.c.received_on.is_(None)),
            )
        )
        .where(line.c.accounting_on.between(half.first, half.last))
    )
    connection = session.connection()
    credited, without_paid, without_received = connection.execute(lines).one()
    own = sa.select(invoice.c.id).where(invoice.c.authority_id == authority_id)
    made = made_and_standing(
        [payment.c.invoice_id.in_(own), payment.c.paid_on.between(half.first, half.last)]
    ).subquery()
    refunds = sa.select(sa.func.count()).select_from(made).where(made.c.gross_pence < 0)
    disputed = (
        sa.select(sa.func.count())
        .select_from(invoice)
        .where(
            invoice.c.authority_id == authority_id,
            invoice.c.due_on.between(half.first, half.last),
            invoice.c.disputed_on.is_not(None),
        )
    )
    found.credits = int(credited) + int(connection.execute(refunds).scalar_one())
    found.disputed = int(connection.execute(disputed).scalar_one())
    found.without_paid, found.without_received = int(without_paid), int(without_received)


def _times(*when: Any) -> Iterable[Any]:
    return [sa.func.coalesce(sa.func.sum(sa.case((one, 1), else_=0)), 0) for one in when]
