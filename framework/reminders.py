"""The ground floor's reminders: an agreement's end, and the last day to give notice of its next option."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from sqlmodel import Session, col, func, or_, select

from framework.agreement import ExtensionOption, FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.people.finding import holders
from framework.people.permissions import Permission, Visitor
from framework.reminding import Dated, Kind, Offset


def _ending(session: Session, first: date, last: date, visitor: Visitor | None) -> list[FrameworkAgreement]:
    query = select(FrameworkAgreement).where(
        col(FrameworkAgreement.ends_on) >= first,
        col(FrameworkAgreement.ends_on) <= last,
        col(FrameworkAgreement.confirmed_at).is_not(None),
        col(FrameworkAgreement.closed_at).is_(None),
        col(FrameworkAgreement.cancelled_at).is_(None),
        col(FrameworkAgreement.recorded_as_past).is_(False),
    )
    if visitor is not None:
        mine = visitor.parties_where(Permission.AGREEMENT_READ)
        member = select(MemberAuthority.agreement_id).where(col(MemberAuthority.authority_id).in_(mine))
        query = query.where(
            or_(col(FrameworkAgreement.lead_authority_id).in_(mine), col(FrameworkAgreement.id).in_(member))
        )
    return list(session.exec(query))


def _owners(session: Session, agreement: FrameworkAgreement) -> tuple[int, ...]:
    """Framework owners of every member authority."""
    members = session.exec(
        select(MemberAuthority.authority_id).where(MemberAuthority.agreement_id == agreement.id)
    ).all()
    parties = {agreement.lead_authority_id, *members}
    found = {
        person.id
        for party_id in parties
        for person, _ in holders(session, party_id, Permission.AGREEMENT_OPEN)
    }
    return tuple(sorted(found))


def agreement_ends(session: Session, first: date, last: date, visitor: Visitor | None) -> Iterable[Dated]:
    """Agreements whose last day lies between two days."""
    for agreement in _ending(session, first, last, visitor):
        yield Dated(
            f"agreement:{agreement.id}",
            f"{agreement.reference} {agreement.title}",
            agreement.ends_on,
            f"/agreements/{agreement.reference}",
            partial(_owners, session, agreement),
        )


def option_notice(session: Session, first: date, last: date, visitor: Visitor | None) -> Iterable[Dated]:
    """Last days to give notice of an agreement's next unused option (RULE-95)."""
    longest = dates.add_months(last, 30)
    agreements = {one.id: one for one in _ending(session, first, longest, visitor)}
    if not agreements:
        return
    unused = (
        select(ExtensionOption.agreement_id, func.min(ExtensionOption.number).label("number"))
        .where(col(ExtensionOption.agreement_id).in_(agreements), col(ExtensionOption.used_at).is_(None))
        .group_by(col(ExtensionOption.agreement_id))
        .subquery()
    )
    options = session.exec(
        select(ExtensionOption).join(
            unused,
            (col(ExtensionOption.agreement_id) == unused.c.agreement_id)
            & (col(ExtensionOption.number) == unused.c.number),
        )
    )
    for option in options:
        agreement = agreements[option.agreement_id]
        on = last_notice_day(agreement, option)
        if first <= on <= last:
            yield Dated(
                f"agreement:{agreement.id}:option:{option.number}",
                f"Notice to extend {agreement.reference} {agreement.title} by {option.months} months",
                on,
                f"/agreements/{agreement.reference}",
                partial(_owners, session, agreement),
            )


def last_notice_day(agreement: FrameworkAgreement, option: ExtensionOption) -> date:
    """Last day on which notice of the option may be given: the agreement's last day less the notice (RULE-95, RULE-98)."""
    if option.notice_months:
        return dates.last_notice_day(agreement.ends_on, dates.NoticePeriod(months=option.notice_months))
    return agreement.ends_on - timedelta(days=option.notice_days)


# RULE-96. A new reminder is one Kind here, its text above and its test.
KINDS = (
    Kind(
        "agreement_end",
        "ends",
        "Decide what follows: an option to extend, a new procurement or neither. A new procurement takes 9 to 12 months.",
        tuple(Offset(months=months) for months in (18, 12, 9, 6, 3, 1)),
        agreement_ends,
    ),
    Kind(
        "option_notice",
        "must be given at the latest",
        "After that day the option needs the partners’ written agreement. The decision itself has to be made before it.",
        tuple(Offset(days=days) for days in (90, 67, 60, 30, 7, 0)),
        option_notice,
    ),
)
