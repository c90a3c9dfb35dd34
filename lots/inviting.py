"""Inviting a company to lots by e-mail: a random link of which only a digest is kept, good for 7 days and for one use."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound, refuse, require
from framework.people import throttling
from framework.people.finding import holders
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Visitor
from framework.people.person import Person, Post
from framework.people.registering import led_by, registered_like
from framework.records import audit, messages
from lots.appointing import invited_to
from lots.appointment import Appointment
from lots.invitation import Invitation, InvitationLot, InvitationStatus
from lots.inviting_rules import FIRST_USER_RULES, RULES, InviteIntent
from lots.lot import Lot
from lots.opening import take

GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation with the secret of its link, which is nowhere else."""

    invitation: Invitation
    token: str


def invite(
    session: Session,
    *,
    actor: Visitor,
    agreement_id: int,
    lot_ids: Sequence[int],
    company_name: str,
    contact_name: str,
    email: str,
    supplier_id: int | None = None,
) -> Sent:
    """Invite a company to one or more lots of one agreement; the mail holds the link and nothing else that matters.

    Raises `NotFound`, and `Refused` with every reason: a closed live framework (RULE-09), a lot that has its number of partners,
    invited ones counted (check 2), an excluded supplier (RULE-08) or one of the wrong size (RULE-54), a company that is
    registered already, an address of somebody at a council or at another company.
    """
    agreement = take(session, actor, agreement_id)
    lots = _lots(session, agreement, lot_ids)
    supplier = _supplier(session, supplier_id)
    company_name = supplier.name if supplier else " ".join(company_name.split())
    intent = _intent(
        session, actor, agreement, lots, supplier, company_name, contact_name, email, gives_places=True
    )
    require(intent, RULES)
    return _send(session, actor, intent)


def invite_first_user(
    session: Session, *, actor: Visitor, appointment: Appointment, contact_name: str, email: str
) -> Sent:
    """Invite somebody to sign in for a partner that nobody signs in for yet, from its place; on live agreements too.

    Raises `Refused`, `NotFound`.
    """
    lot = session.exec(select(Lot).where(Lot.id == appointment.lot_id)).one()
    agreement = take(session, actor, lot.agreement_id)
    supplier = session.get_one(Party, appointment.supplier_id)
    intent = _intent(
        session, actor, agreement, [lot], supplier, supplier.name, contact_name, email, gives_places=False
    )
    require(intent, FIRST_USER_RULES)
    return _send(session, actor, intent)


def send_again(session: Session, *, actor: Visitor, invitation: Invitation) -> Sent:
    """A new link for the same invitation, good for 7 days from now; the old link dies. Raises `Refused`, `NotFound`."""
    agreement, invitation = _held(session, actor, invitation)
    if invitation.status_at(dates.now()) is InvitationStatus.EXPIRED and invitation.gives_places:
        lots = lots_of(session, invitation)
        require(
            _intent(
                session,
                actor,
                agreement,
                lots,
                session.get(Party, invitation.supplier_id) if invitation.supplier_id else None,
                invitation.company_name,
                invitation.contact_name,
                invitation.email,
                gives_places=True,
                again=invitation.id,
            ),
            RULES,
        )
    token = secrets.token_urlsafe(32)
    invitation.token_digest = digest_of(token)
    invitation.sent_at = dates.now()
    invitation.expires_at = dates.now() + GOOD_FOR
    invitation.times_sent += 1
    session.add(invitation)
    _mail(session, actor, agreement, invitation, token)
    _record(session, actor, "invitation_sent_again", agreement, invitation)
    return Sent(invitation, token)


def withdraw_invitation(session: Session, *, actor: Visitor, invitation: Invitation) -> None:
    """Withdraw an invitation that nobody accepted: its link dies and its places are free. Raises `Refused`, `NotFound`."""
    agreement, invitation = _held(session, actor, invitation)
    invitation.withdrawn_at = dates.now()
    session.add(invitation)
    _record(session, actor, "invitation_withdrawn", agreement, invitation)


def digest_of(token: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def lots_of(session: Session, invitation: Invitation) -> list[Lot]:
    """The lots that an invitation is about, by number."""
    return list(
        session.exec(
            select(Lot)
            .join(InvitationLot, col(InvitationLot.lot_id) == col(Lot.id))
            .where(InvitationLot.invitation_id == invitation.id)
            .order_by(col(Lot.number))
        )
    )


def whose_address(session: Session, email: str, supplier: Party | None) -> str:
    """Whose an e-mail address is: "new", "theirs" (somebody of this supplier alone), "council" or "elsewhere"."""
    person = session.exec(select(Person).where(Person.email == email)).one_or_none()
    if person is None:
        return "new"
    kinds = session.exec(
        select(Party.id, Party.kind)
        .join(Post, col(Post.party_id) == col(Party.id))
        .where(Post.person_id == person.id)
    ).all()
    if person.is_operator or any(kind is PartyKind.AUTHORITY for _, kind in kinds):
        return "council"
    theirs = {number for number, _ in kinds}
    return "theirs" if person.active and supplier and theirs == {supplier.id} else "elsewhere"


def _intent(
    session: Session,
    actor: Visitor,
    agreement: FrameworkAgreement,
    lots: Sequence[Lot],
    supplier: Party | None,
    company_name: str,
    contact_name: str,
    email: str,
    *,
    gives_places: bool,
    again: int | None = None,
) -> InviteIntent:
    if throttling.refused_too_often(session, actor.person_id):
        refuse("Too much was refused today for you to invite anybody else. Try again tomorrow")
    email = email.strip().lower()
    there: dict[int, list[tuple[Appointment, Party]]] = {one.id: [] for one in lots}
    for place, party in session.exec(
        select(Appointment, Party)
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .where(col(Appointment.lot_id).in_(list(there)))
        .order_by(col(Appointment.rank))
    ):
        there[place.lot_id].append((place, party))
    others = session.exec(
        select(Invitation.id).where(
            Invitation.agreement_id == agreement.id,
            Invitation.email == email,
            col(Invitation.accepted_at).is_(None),
            col(Invitation.withdrawn_at).is_(None),
            col(Invitation.expires_at) > dates.now(),
        )
    ).all()
    leads = led_by(session, supplier.id) if supplier else frozenset()
    return InviteIntent(
        agreement=agreement,
        company_name=company_name,
        contact_name=" ".join(contact_name.split()),
        email=email,
        supplier=supplier,
        known=None if supplier else registered_like(session, company_name),
        lots=lots,
        gives_places=gives_places,
        there=there,
        invited={one.id: invited_to(session, one, unless=again) for one in lots},
        address_is=whose_address(session, email, supplier),
        supplier_has_people=supplier is not None
        and bool(holders(session, supplier.id, Permission.OFFER_READ)),
        leads_all=leads <= actor.parties_where(Permission.AGREEMENT_OPEN),
        twice=any(one != again for one in others),
    )


def _lots(session: Session, agreement: FrameworkAgreement, lot_ids: Sequence[int]) -> list[Lot]:
    wanted = set(lot_ids)
    found = session.exec(
        select(Lot).where(Lot.agreement_id == agreement.id, col(Lot.id).in_(wanted)).order_by(col(Lot.number))
    ).all()
    if len(found) != len(wanted):
        raise NotFound
    return list(found)


def _supplier(session: Session, supplier_id: int | None) -> Party | None:
    if supplier_id is None:
        return None
    supplier = session.get(Party, supplier_id)
    if supplier is None or supplier.kind is not PartyKind.SUPPLIER:
        raise NotFound
    return supplier


def _held(session: Session, actor: Visitor, invitation: Invitation) -> tuple[FrameworkAgreement, Invitation]:
    agreement = take(session, actor, invitation.agreement_id)
    session.refresh(invitation)
    status = invitation.status_at(dates.now())
    if status in (InvitationStatus.ACCEPTED, InvitationStatus.WITHDRAWN):
        refuse(f"This invitation was {status.value} already")
    return agreement, invitation


def _send(session: Session, actor: Visitor, intent: InviteIntent) -> Sent:
    if not throttling.may_send_invitation(session, actor.person_id):
        refuse(f"You sent {throttling.INVITATIONS_SENT} invitations today. Send the next one tomorrow")
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        agreement_id=intent.agreement.id,
        supplier_id=intent.supplier.id if intent.supplier else None,
        company_name=intent.company_name,
        contact_name=intent.contact_name,
        email=intent.email,
        gives_places=intent.gives_places,
        token_digest=digest_of(token),
        sent_at=dates.now(),
        expires_at=dates.now() + GOOD_FOR,
        invited_by_id=actor.person_id,
    )
    session.add(invitation)
    session.flush()
    for lot in intent.lots:
        session.add(InvitationLot(invitation_id=invitation.id, lot_id=lot.id))
    session.flush()
    _mail(session, actor, intent.agreement, invitation, token)
    _record(session, actor, "company_invited", intent.agreement, invitation)
    return Sent(invitation, token)


def _mail(
    session: Session, actor: Visitor, agreement: FrameworkAgreement, invitation: Invitation, token: str
) -> None:
    council = session.get_one(Party, agreement.lead_authority_id)
    messages.queue(
        session,
        key=f"invitation:{invitation.id}:{invitation.times_sent}",
        to_address=invitation.email,
        subject=f"{council.name} invites you to its framework tracker"[:200],
        text=(
            f"Hello {invitation.contact_name},\n\n{council.name} invites your company. See what it is about, and answer, here:"
            f"\n\n/invitations/{token}\n\n"
            f"The link works once, until {dates.in_words(dates.as_london(invitation.expires_at).date())}. "
            "If you did not expect this message, do nothing.\n"
        ),
    )


def _record(
    session: Session, actor: Visitor, action: str, agreement: FrameworkAgreement, invitation: Invitation
) -> None:
    lots = ", ".join(lot.reference for lot in lots_of(session, invitation))
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=audit.Subject(
            "invitation",
            invitation.id,
            f"{invitation.company_name} ({lots})"[:200],
            agreement.lead_authority_id,
        ),
        facts={"lots": lots, "until": dates.as_london(invitation.expires_at).date()},
        words={"contact": f"{invitation.contact_name} {invitation.email}"},
    )
