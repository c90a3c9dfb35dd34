"""Accruals: what was earned on each running call-off by a month or period end and not invoiced by then, net of VAT.

The rule: milestones with a price that are accepted or due by the day, where a call-off has such; else what is committed, without options
that nobody has used, by the days of its term that have passed, both ends counted, half up to the penny. Less what was invoiced. Below
nothing it is a prepayment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff, CallOffOption
from calloffs.offer import Deliverable
from calloffs.periods.period_closing import AccrualAdjustment
from calloffs.spend.period_figure import PeriodFigure
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.london import start_of
from framework.definitions.money import Money, half_up
from framework.definitions.periods import period_of
from framework.definitions.rules import NotFound
from framework.definitions.terms import Term, add_months
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

_MONTHS = 24
_call_off, _option, _figure, _deliverable, _adjustment, _agreement, _lot, _place = (
    table_of(one)
    for one in (
        *(CallOff, CallOffOption, PeriodFigure, Deliverable, AccrualAdjustment),
        *(FrameworkAgreement, Lot, Appointment),
    )
)
_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")


def earned_by_days(committed: Money, term: Term, day: date) -> tuple[Money, int, int]:
    """What is earned of an amount by the end of a day, the days that have passed and the days of the term, both ends counted."""
    passed = max(0, min((day - term.first).days + 1, term.days))
    return Money(half_up(committed.pence * passed, term.days)), passed, term.days


@dataclass(frozen=True, slots=True)
class Accrued:
    """One call-off at the end of a day. Every amount is net of VAT."""

    call_off_id: int
    reference: str
    title: str
    authority: str
    agreement: str
    lot: str
    partner: str
    programme: str
    cost_centre: str
    starts_on: date
    ends_on: date
    by_milestones: bool
    days_passed: int | None
    days_of_term: int | None
    committed: Money
    earned: Money
    invoiced: Money
    paid: Money
    adjustment: Money
    """What somebody put on top of the rule, or took from it."""
    reason: str

    @property
    def ruled(self) -> Money:
        """The accrual by the rule, never below nothing."""
        return max(self.earned - self.invoiced, Money.zero())

    @property
    def prepaid(self) -> Money:
        """Invoiced before it was earned."""
        return max(self.invoiced - self.earned, Money.zero())

    @property
    def accrual(self) -> Money:
        """The accrual by the rule with what somebody adjusted."""
        return self.ruled + self.adjustment

    @property
    def creditors(self) -> Money:
        """Invoiced and not paid by then; below nothing where more was paid than invoiced."""
        return self.invoiced - self.paid


def days_to_choose(calendars: Iterable[str], today: date) -> list[date]:
    """Month and period ends of the last two years up to yesterday, the newest first."""
    found = set()
    for months in range(_MONTHS):
        month = add_months(today.replace(day=1), -months)
        found.add(month - timedelta(days=1))
        for calendar in calendars:
            found |= {period_of(calendar, month + timedelta(days=more)).last_day for more in (0, 14, 27)}
    return sorted((one for one in found if one < today), reverse=True)


def ends_for(visitor: Visitor, session: Session) -> list[date]:
    """The days the visitor may choose: ends of months, and of periods of their authorities."""
    rows = session.connection().execute(
        sa.select(_authority.c.calendar)
        .where(_authority.c.id.in_(visitor.parties_where(Permission.SPEND_READ)))
        .distinct()
    )
    return days_to_choose(sorted(rows.scalars()), dates.today())


def accrued(session: Session, visitor: Visitor, day: date, reference: str = "") -> list[Accrued]:
    """Every call-off of the visitor's authorities that ran by the end of a day and was not closed by then, by reference.

    The day is the end of a month, or of a period of the authority: authorities for which it is neither are left out.
    """
    rows = session.connection().execute(_running(visitor, day, reference)).all()
    month_end = (day + timedelta(days=1)).day == 1
    rows = [one for one in rows if month_end or period_of(one.calendar, day).last_day == day]
    sums = _moved_by(session, visitor, day, month_end)
    milestones = _milestones(session, visitor, day)
    adjusted = _adjusted(session, visitor, day)
    return [_accrued(one, day, sums, milestones, adjusted) for one in rows]


def words_of(session: Session, visitor: Visitor, day: date, name: str) -> list[str]:
    """The authorities, agreements, lots, partners or programmes of the call-offs that ran at the end of a day, in order."""
    running = _running(visitor, day, "").order_by(None).subquery()
    found = session.connection().execute(sa.select(running.c[name]).distinct().order_by(running.c[name]))
    return [one for one in found.scalars() if one]


def one_accrued(session: Session, visitor: Visitor, reference: str, day: date) -> Accrued:
    """One call-off at the end of a day. Raises `NotFound`."""
    if day not in ends_for(visitor, session):
        raise NotFound
    found = accrued(session, visitor, day, reference)
    if not found:
        raise NotFound
    return found[0]


def _accrued(
    one: sa.Row[tuple[object, ...]],
    day: date,
    sums: dict[int, tuple[int, int, int]],
    milestones: dict[int, int],
    adjusted: dict[int, tuple[int | None, str]],
) -> Accrued:
    committed, invoiced, paid = (Money(pence) for pence in sums.get(one.id, (0, 0, 0)))
    by_milestones = one.id in milestones
    if by_milestones:
        earned, passed, whole = Money(milestones[one.id]), None, None
    else:
        # An option is committed from the award on (RULE-25), and nobody earns it before it is used.
        earned, passed, whole = earned_by_days(
            max(committed - Money(int(one.unused_net)), Money.zero()),
            Term(one.starts_on, one.ends_on),
            min(day, one.terminated_on or day),
        )
    ruled = max(earned - invoiced, Money.zero())
    said, reason = adjusted.get(one.id, (None, ""))
    return Accrued(
        one.id,
        one.reference,
        one.title,
        one.authority,
        one.agreement,
        one.lot,
        one.partner or "",
        one.programme,
        one.cost_centre,
        one.starts_on,
        one.ends_on,
        by_milestones,
        passed,
        whole,
        committed,
        earned,
        invoiced,
        paid,
        Money.zero() if said is None else Money(said) - ruled,
        reason if said is not None else "",
    )


def _ran(visitor: Visitor, day: date) -> list[sa.ColumnElement[bool]]:
    after = start_of(day + timedelta(days=1))
    return [
        _call_off.c.authority_id.in_(sorted(visitor.parties_where(Permission.SPEND_READ))),
        _call_off.c.signed_at < after,
        sa.or_(_call_off.c.closed_at.is_(None), _call_off.c.closed_at >= after),
        _call_off.c.starts_on <= day,
        _call_off.c.ends_on.is_not(None),
    ]


def _used_by(day: date) -> sa.ColumnElement[int]:
    """What the options of a call-off come to that were used by the end of a day, net of VAT."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(_option.c.price_net_pence), 0))
        .where(_option.c.call_off_id == _call_off.c.id, _option.c.used_at < start_of(day + timedelta(days=1)))
        .scalar_subquery()
    )


def _running(visitor: Visitor, day: date, reference: str) -> sa.Select[tuple[object, ...]]:
    query = (
        sa.select(
            *(
                _call_off.c[name]
                for name in (
                    *("id", "reference", "title", "programme", "cost_centre"),
                    *("starts_on", "ends_on", "terminated_on"),
                )
            ),
            (_call_off.c.options_net_pence - _used_by(day)).label("unused_net"),
            _authority.c.name.label("authority"),
            _authority.c.calendar,
            _agreement.c.reference.label("agreement"),
            _lot.c.reference.label("lot"),
            _partner.c.name.label("partner"),
        )
        .join(_authority, _authority.c.id == _call_off.c.authority_id)
        .join(_agreement, _agreement.c.id == _call_off.c.agreement_id)
        .join(_lot, _lot.c.id == _call_off.c.lot_id)
        .outerjoin(_place, _place.c.id == _call_off.c.appointment_id)
        .outerjoin(_partner, _partner.c.id == _place.c.supplier_id)
        .where(*_ran(visitor, day))
        .order_by(_call_off.c.reference)
    )
    return query.where(_call_off.c.reference == reference) if reference else query


def _moved_by(
    session: Session, visitor: Visitor, day: date, month_end: bool
) -> dict[int, tuple[int, int, int]]:
    """(committed, invoiced, paid) net of VAT by the end of a day: sums of the figures of months or periods, which are whole by then."""
    column = _figure.c.month_on if month_end else _figure.c.period_on
    rows = session.connection().execute(
        sa.select(
            _figure.c.call_off_id,
            *(sa.func.sum(_figure.c[f"{word}_net_pence"]) for word in ("committed", "invoiced", "paid")),
        )
        .join(_call_off, _call_off.c.id == _figure.c.call_off_id)
        .where(*_ran(visitor, day), column <= day)
        .group_by(_figure.c.call_off_id)
    )
    return {one: (int(committed), int(invoiced), int(paid)) for one, committed, invoiced, paid in rows}


def _milestones(session: Session, visitor: Visitor, day: date) -> dict[int, int]:
    """Net pence of priced milestones accepted or due by the end of a day, for each call-off that has any with a price."""
    after = start_of(day + timedelta(days=1))
    done = sa.or_(_deliverable.c.due_on <= day, _deliverable.c.accepted_at < after)
    rows = session.connection().execute(
        sa.select(
            _call_off.c.id,
            sa.func.sum(sa.case((done, _deliverable.c.payment_net_pence), else_=0)),
        )
        .join(_deliverable, _deliverable.c.offer_id == _call_off.c.offer_id)
        .where(
            *_ran(visitor, day),
            _deliverable.c.payment_net_pence.is_not(None),
            _deliverable.c.waived_reason == "",
        )
        .group_by(_call_off.c.id)
    )
    return {one: int(pence) for one, pence in rows}


def _adjusted(session: Session, visitor: Visitor, day: date) -> dict[int, tuple[int | None, str]]:
    rows = session.connection().execute(
        sa.select(_adjustment.c.call_off_id, _adjustment.c.accrual_net_pence, _adjustment.c.reason)
        .join(_call_off, _call_off.c.id == _adjustment.c.call_off_id)
        .where(*_ran(visitor, day), _adjustment.c.on_day == day)
        .order_by(_adjustment.c.id)
    )
    return {one: (pence, reason) for one, pence, reason in rows}


def added(rows: Sequence[Accrued]) -> dict[str, Money]:
    """The sums of the rows, by the names of the table's columns."""
    return {
        name: sum((read(one) for one in rows), Money.zero())
        for name, read in {
            "committed": lambda one: one.committed,
            "earned": lambda one: one.earned,
            "invoiced": lambda one: one.invoiced,
            "ruled": lambda one: one.ruled,
            "prepaid": lambda one: one.prepaid,
            "adjustment": lambda one: one.adjustment,
            "accrual": lambda one: one.accrual,
            "paid": lambda one: one.paid,
            "creditors": lambda one: one.creditors,
        }.items()
    }
