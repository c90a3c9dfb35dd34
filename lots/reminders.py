"""The first floor's reminders: a partner's insurance or certificate that runs out, and the end of a suspension."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from sqlmodel import Session, and_, col, func, or_, select

from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.people.company_record import FactsConfirmed
from framework.people.finding import holders
from framework.people.keeping import ASKED_AGAIN_AFTER
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.reminding import Dated, Kind, Offset
from lots.appointment import Appointment
from lots.evidence import Evidence
from lots.finding_evidence import followed_by_another
from lots.forward.reminding import promise_due
from lots.lot import Lot


def evidence_runs_out(session: Session, first: date, last: date, visitor: Visitor | None) -> Iterable[Dated]:
    """The newest policy or certificate of each kind, of suppliers that hold a place, whose last day lies between two days."""
    query = (
        select(Evidence, Party)
        .join(Party, col(Party.id) == col(Evidence.supplier_id))
        .where(
            col(Evidence.expires_on) >= first,
            col(Evidence.expires_on) <= last,
            col(Evidence.struck_at).is_(None),
            col(Evidence.sent_back_at).is_(None),
            ~followed_by_another(),
            col(Evidence.supplier_id).in_(_partners(visitor)),
        )
    )
    for evidence, supplier in session.exec(query):
        yield Dated(
            f"evidence:{evidence.id}",
            f"{supplier.name}: {evidence.name}",
            evidence.expires_on,
            f"/partners/{supplier.id}" if visitor is None or not visitor.is_partner else "/my-company",
            partial(_readers, session, supplier.id),
        )


def _partners(visitor: Visitor | None):  # type: ignore[no-untyped-def]  # a select whose type has no short name
    places = (
        select(Appointment.supplier_id)
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .where(col(Appointment.ended_on).is_(None), col(FrameworkAgreement.recorded_as_past).is_(False))
    )
    if visitor is None:
        return places
    mine = visitor.parties_where(Permission.AGREEMENT_READ)
    member = select(MemberAuthority.agreement_id).where(col(MemberAuthority.authority_id).in_(mine))
    own = visitor.parties_where(Permission.OFFER_READ)
    return places.where(
        or_(
            col(Appointment.supplier_id).in_(own),
            col(FrameworkAgreement.lead_authority_id).in_(mine),
            # A draft is its lead's alone: a member learns of nobody who is only joining.
            and_(col(FrameworkAgreement.id).in_(member), col(FrameworkAgreement.confirmed_at).is_not(None)),
        )
    )


def _readers(session: Session, supplier_id: int) -> tuple[int, ...]:
    """The partner's own people, and the framework owners of the agreements on which it holds a place."""
    leads = session.exec(
        select(FrameworkAgreement.lead_authority_id)
        .join(Lot, col(Lot.agreement_id) == col(FrameworkAgreement.id))
        .join(Appointment, col(Appointment.lot_id) == col(Lot.id))
        .where(Appointment.supplier_id == supplier_id, col(Appointment.ended_on).is_(None))
        .distinct()
    ).all()
    found = {person.id for person, _ in holders(session, supplier_id, Permission.OFFER_READ)}
    for lead in leads:
        found |= {person.id for person, _ in holders(session, lead, Permission.AGREEMENT_OPEN)}
    return tuple(sorted(found))


def partner_returns(session: Session, first: date, last: date, visitor: Visitor | None) -> Iterable[Dated]:
    """Suspended partners whose first day back, the morning after the last day of the suspension, lies between two days."""
    query = (
        select(Appointment, Lot, Party)
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .where(
            col(Appointment.suspended_until) >= first - timedelta(days=1),
            col(Appointment.suspended_until) < last,
            col(Appointment.ended_on).is_(None),
            col(Appointment.supplier_id).in_(_partners(visitor)),
        )
    )
    if visitor is not None:
        # Only the agreement's own people and the partner itself: another council's agreement with it is nobody else's business.
        mine = visitor.parties_where(Permission.AGREEMENT_READ)
        member = select(MemberAuthority.agreement_id).where(col(MemberAuthority.authority_id).in_(mine))
        lead = select(FrameworkAgreement.id).where(col(FrameworkAgreement.lead_authority_id).in_(mine))
        query = query.where(
            or_(
                col(Appointment.supplier_id).in_(visitor.parties_where(Permission.OFFER_READ)),
                col(Lot.agreement_id).in_(member),
                col(Lot.agreement_id).in_(lead),
            )
        )
    for appointment, lot, supplier in session.exec(query):
        assert appointment.suspended_until is not None
        own = visitor is not None and visitor.is_partner
        yield Dated(
            f"appointment:{appointment.id}",
            f"{supplier.name} on lot {lot.reference}",
            appointment.suspended_until + timedelta(days=1),
            "/my-company" if own else f"/partners/{supplier.id}",
            partial(_readers, session, supplier.id),
        )


def facts_grow_old(session: Session, first: date, last: date, visitor: Visitor | None) -> Iterable[Dated]:
    """Suppliers that hold a place and whose company facts were last said to be right a year before a day between two days."""
    newest = func.max(FactsConfirmed.at)
    query = (
        select(Party, newest)
        .join(FactsConfirmed, col(FactsConfirmed.supplier_id) == col(Party.id))
        .where(col(Party.id).in_(_partners(visitor)))
        .group_by(col(Party.id))
    )
    for supplier, said_at in session.exec(query):
        day = (dates.as_london(said_at) + ASKED_AGAIN_AFTER).date()
        if not first <= day <= last:
            continue
        own = visitor is not None and visitor.is_partner
        yield Dated(
            f"facts:{supplier.id}",
            f"The company facts of {supplier.name}",
            day,
            "/my-company" if own else f"/partners/{supplier.id}",
            partial(_own_people, session, supplier.id),
        )


def _own_people(session: Session, supplier_id: int) -> tuple[int, ...]:
    return tuple(sorted(one.id for one, _ in holders(session, supplier_id, Permission.COMPANY_KEEP)))


# RULE-61, RULE-96. A new reminder is one Kind here, its text above and its test.
KINDS = (
    Kind(
        "evidence_end",
        "runs out",
        "Record its replacement before then. A lapsed policy or certificate blocks signing; work already signed goes on.",
        tuple(Offset(days=days) for days in (60, 30, 7)),
        evidence_runs_out,
    ),
    Kind(
        "partner_returns",
        "may be offered work again",
        "The suspension ends by itself the evening before.",
        (Offset(days=0),),
        partner_returns,
    ),
    Kind(
        "facts_old",
        "were last confirmed a year ago",
        "Look at them on My company. One press says that they are still right.",
        (Offset(days=0),),
        facts_grow_old,
    ),
    Kind(
        "promise_due",
        "is due",
        "Tick off what is delivered, so that the council can confirm it. A change needs the council’s agreement.",
        tuple(Offset(days=days) for days in (30, 7, 0)),
        promise_due,
    ),
)
