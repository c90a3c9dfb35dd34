"""Alerting: the row that proves a mark was reached, and one message to each owner, in the transaction that reached it."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.spend.ceiling_alert import AlertReader, CeilingAlert, Measure
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.people.finding import holders
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.people.person import Person
from framework.records import messages
from framework.records.columns import table_of
from lots.lot import Lot

_alerts, _readers, _members = (table_of(one) for one in (CeilingAlert, AlertReader, MemberAuthority))
AGREEMENT, MEMBER, LOT, CALL_OFF = "framework_agreement", "member_authority", "lot", "call_off"


@dataclass(frozen=True, slots=True)
class Reached:
    """What reached its marks: a scope, what was measured, where it stands and its limit, in pence on the agreement's basis."""

    scope: str
    scope_id: int
    measure: Measure
    stood_pence: int
    limit_pence: int


def alert(session: Session, call_off: CallOff, reached: Reached, marks: Sequence[int]) -> None:
    """Record every mark (the lowest first) and tell of the highest alone: passing two at once is one piece of news."""
    ids = [_record(session, call_off, reached, mark) for mark in marks]
    people = _owners(session, call_off, reached.scope)
    if not people:
        return
    session.connection().execute(
        _readers.insert(), [{"alert_id": ids[-1], "person_id": one.id} for one in people]
    )
    subject, lines = _words(session, call_off, reached, marks[-1])
    for person in people:
        messages.queue(
            session,
            key=f"ceiling-alert:{ids[-1]}:{person.id}",
            to_address=person.email,
            subject=subject[:200],
            text="\n\n".join([f"Hello {person.name},", *lines]) + "\n",
            person_id=person.id,
        )


def _record(session: Session, call_off: CallOff, reached: Reached, mark: int) -> int:
    # The scope's own row is held by the posting, so nobody else counts crossings of it meanwhile.
    same = sa.and_(
        _alerts.c.scope == reached.scope,
        _alerts.c.scope_id == reached.scope_id,
        _alerts.c.measure == reached.measure,
        _alerts.c.mark == mark,
    )
    connection = session.connection()
    before = connection.execute(
        sa.select(sa.func.coalesce(sa.func.max(_alerts.c.crossing), 0)).where(same)
    ).scalar_one()
    return int(
        connection.execute(
            _alerts.insert()
            .values(
                agreement_id=call_off.agreement_id,
                scope=reached.scope,
                scope_id=reached.scope_id,
                measure=reached.measure,
                mark=mark,
                crossing=before + 1,
                reached_at=dates.now(),
                stood_pence=reached.stood_pence,
                limit_pence=reached.limit_pence,
                call_off_id=call_off.id,
            )
            .returning(_alerts.c.id)
        ).scalar_one()
    )


def _owners(session: Session, call_off: CallOff, scope: str) -> list[Person]:
    """Who is told, each once: finance of the authority whose posting it was, and whoever owns the limit.

    Of a lot and of a whole agreement so are the approvers of every member authority; of an allocation its own.
    """
    wanted = [(call_off.authority_id, Permission.INVOICE_RECORD)]
    if scope == MEMBER:
        wanted.append((call_off.authority_id, Permission.CALL_OFF_APPROVE))
    elif scope != CALL_OFF:
        lead = session.get_one(FrameworkAgreement, call_off.agreement_id).lead_authority_id
        wanted.append((lead, Permission.AGREEMENT_OPEN))
        # Whoever approves at any member authority wants to know before the lot it calls off from runs out.
        members = session.connection().execute(
            sa.select(_members.c.authority_id).where(
                _members.c.agreement_id == call_off.agreement_id,
                sa.or_(_members.c.leaves_on.is_(None), _members.c.leaves_on >= dates.today()),
            )
        )
        wanted += [(authority_id, Permission.CALL_OFF_APPROVE) for authority_id in members.scalars()]
    found = {
        person.id: person
        for party_id, permission in wanted
        for person, _ in holders(session, party_id, permission)
    }
    if scope == CALL_OFF:
        owner = session.get_one(Person, call_off.owner_id)
        if owner.active:
            found[owner.id] = owner
    return sorted(found.values(), key=lambda person: person.id)


def _words(session: Session, call_off: CallOff, reached: Reached, mark: int) -> tuple[str, list[str]]:
    """Subject and paragraphs, with no amounts in them, and the address on a line of its own."""
    agreement = session.get_one(FrameworkAgreement, call_off.agreement_id)
    if reached.scope == CALL_OFF:
        return (
            f"{call_off.reference}: more is paid than is committed",
            [
                f"More has been paid on {call_off.reference} than is committed to it.",
                "Check the payments, or propose a variation that covers them.",
                f"/call-offs/{call_off.reference}",
            ],
        )
    if reached.scope == LOT:
        lot = session.get_one(Lot, call_off.lot_id)
        whose, what = f"Lot {lot.number} of {agreement.title}", "ceiling"
    elif reached.scope == MEMBER:
        authority = session.get_one(Party, call_off.authority_id)
        whose, what = f"{authority.name} under {agreement.title}", "allocation"
    else:
        whose, what = agreement.title, "ceiling"
    return (
        f"{whose}: {mark}% {reached.measure}",
        [
            f"{whose} has reached {mark}% of its {what} in money {reached.measure}.",
            "The page of its forecast says what is left and how long it may last. You are told once each time a mark is reached.",
            f"/forecast/{agreement.reference}",
        ],
    )
