"""The days by which finance publishes: the payments compliance notice of each half-year, and each quarter's payments over £30,000."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import partial
from urllib.parse import urlencode

from sqlmodel import Session, col, select

from calloffs.clocks.asked_for import term_in_words
from calloffs.clocks.compliance_report import ComplianceReport
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions.notices import REPORTING_DAYS, payments_compliance_due, payments_list_due
from framework.definitions.payments import COMPLIANCE_FROM, PUBLISHED_FROM, half_year_of, quarter_of
from framework.definitions.terms import Term
from framework.people.finding import holders
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.reminding import Dated


def compliance_due(session: Session, first: date, last: date, visitor: Visitor | None) -> Iterable[Dated]:
    """Compliance notices due between two days of every authority in an agreement, until its figures are approved (RULE-46, T-30)."""
    halves = [
        one
        for one in _spans(first, last, half_year_of)
        if one.last >= COMPLIANCE_FROM and first <= payments_compliance_due(one.last) <= last
    ]
    if not halves:
        return
    done = set(
        session.exec(
            select(col(ComplianceReport.authority_id), col(ComplianceReport.ends_on)).where(
                col(ComplianceReport.ends_on).in_([one.last for one in halves])
            )
        )
    )
    authorities = _authorities(session, visitor)
    for half in halves:
        for authority in authorities:
            if (authority.id, half.last) not in done:
                yield Dated(
                    f"compliance:{authority.id}:{half.last.isoformat()}",
                    f"The payments compliance notice of {authority.name} for {term_in_words(half)}",
                    payments_compliance_due(half.last),
                    f"/spend/payments/compliance?{urlencode({'authority': authority.name, 'half_year': half.last.isoformat()})}",
                    partial(_readers, session, authority.id),
                )


def large_payments_due(session: Session, first: date, last: date, visitor: Visitor | None) -> Iterable[Dated]:
    """Lists of payments over £30,000 due between two days, for authorities in an agreement that asks for them (RULE-47, T-31)."""
    quarters = [
        one
        for one in _spans(first, last, quarter_of)
        if one.last >= PUBLISHED_FROM and first <= payments_list_due(one.last) <= last
    ]
    if not quarters:
        return
    for authority in _authorities(session, visitor, commenced_from=PUBLISHED_FROM):
        for quarter in quarters:
            yield Dated(
                f"large_payments:{authority.id}:{quarter.last.isoformat()}",
                f"The payments over £30,000 of {authority.name} for {term_in_words(quarter)}",
                payments_list_due(quarter.last),
                f"/spend/payments/over-30000?{urlencode({'authority': authority.name, 'quarter': quarter.last.isoformat()})}",
                partial(_readers, session, authority.id),
            )


def _spans(first: date, last: date, of: Callable[[date], Term]) -> Iterator[Term]:
    span = of(first - timedelta(days=REPORTING_DAYS))
    while span.last <= last:
        yield span
        span = of(span.last + timedelta(days=1))


def _authorities(
    session: Session, visitor: Visitor | None, commenced_from: date | None = None
) -> list[Party]:
    members = (
        select(MemberAuthority.authority_id)
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(MemberAuthority.agreement_id))
        .where(col(FrameworkAgreement.confirmed_at).is_not(None))
    )
    if commenced_from is not None:
        members = members.where(col(FrameworkAgreement.commenced_on) >= commenced_from)
    query = select(Party).where(col(Party.id).in_(members)).order_by(col(Party.name))
    if visitor is not None:
        query = query.where(col(Party.id).in_(visitor.parties_where(Permission.PERIOD_CLOSE)))
    return list(session.exec(query))


def _readers(session: Session, authority_id: int) -> tuple[int, ...]:
    return tuple(person.id for person, _ in holders(session, authority_id, Permission.PERIOD_CLOSE))
