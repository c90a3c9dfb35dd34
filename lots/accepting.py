"""Accepting an invitation: a new person signs up, or somebody who signs in already presses one button; the link is then spent."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refusal, Refused, refuse
from framework.holding import hold
from framework.people import signing_in
from framework.people.finding import holders
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Visitor
from framework.people.person import Person, Post
from framework.people.registering import first_role, registered_like, short_name_for
from framework.people.staffing import add_person
from framework.records import audit
from lots.appointing import admits_suppliers, contract_manager_for, excluded, full, invited_to, wrong_size
from lots.appointment import Appointment
from lots.invitation import Invitation, InvitationStatus
from lots.inviting import digest_of, lots_of, whose_address
from lots.lot import Lot
from lots.telling import about_place


@dataclass(frozen=True, slots=True)
class Invited:
    """What the page of a link tells: who invites, to what, and whether the address signs in already."""

    invitation: Invitation
    agreement: FrameworkAgreement
    council: Party
    lots: list[Lot]
    signs_in: bool


def by_link(session: Session, token: str) -> Invited | None:
    """The open invitation of a link; None for any other link, whatever is wrong with it. Reads only."""
    invitation = session.exec(
        select(Invitation).where(Invitation.token_digest == digest_of(token))
    ).one_or_none()
    if invitation is None or invitation.status_at(dates.now()) is not InvitationStatus.OPEN:
        return None
    agreement = session.get_one(FrameworkAgreement, invitation.agreement_id)
    if agreement.cancelled_at is not None or agreement.closed_at is not None:
        return None
    return Invited(
        invitation,
        agreement,
        session.get_one(Party, agreement.lead_authority_id),
        lots_of(session, invitation),
        whose_address(session, invitation.email, None) != "new",
    )


def sign_up(session: Session, *, token: str, name: str, password: str) -> Person:
    """Make somebody new a user of the invited company, its administrator when it has none, and give it its places.

    The password follows the same rules as everybody's. Raises `NotFound` for a link that is not open (any more), and `Refused`.
    """
    invitation, agreement = _take(session, token)
    name = " ".join(name.split())
    if not name or len(name) > 120:
        refuse("Enter your name, in 120 characters or fewer", field="name")
    if session.exec(select(Person.id).where(Person.email == invitation.email)).first() is not None:
        refuse("Somebody already signs in with your e-mail address. Sign in, then open the link again")
    if invitation.supplier_id and holders(session, invitation.supplier_id, Permission.OFFER_READ):
        refuse("Somebody of your company signs in already. Ask them to add you as a colleague")
    person = add_person(session, name=name, email=invitation.email)
    signing_in.set_password(session, person, password)
    _join(session, invitation, agreement, person)
    return person


def accept(session: Session, *, actor: Visitor, token: str) -> None:
    """Take the invitation up as somebody who signs in already. Raises `NotFound`, also for anybody else's invitation."""
    invitation, agreement = _take(session, token)
    person = session.get(Person, actor.person_id) if actor.person_id else None
    if person is None or person.email != invitation.email or not person.active:
        raise NotFound
    supplier = session.get(Party, invitation.supplier_id) if invitation.supplier_id else None
    whose = whose_address(session, invitation.email, supplier)
    if whose == "council":
        refuse("You sign in for a council, so you cannot act for a company")
    if whose == "elsewhere" and _has_posts(session, person):
        refuse("You sign in for another company. Ask the council to invite an address of this one")
    _join(session, invitation, agreement, person)


def _take(session: Session, token: str) -> tuple[Invitation, FrameworkAgreement]:
    found = session.exec(
        select(Invitation.agreement_id).where(Invitation.token_digest == digest_of(token))
    ).one_or_none()
    if found is None:
        raise NotFound
    # The agreement first, as everywhere: of two acceptances at one moment the second finds the link spent.
    agreement = hold(session, found)
    invitation = session.exec(
        select(Invitation)
        .where(Invitation.token_digest == digest_of(token))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if invitation is None or invitation.status_at(dates.now()) is not InvitationStatus.OPEN:
        raise NotFound
    return invitation, agreement


def _has_posts(session: Session, person: Person) -> bool:
    return session.exec(select(Post.id).where(Post.person_id == person.id)).first() is not None


def _join(session: Session, invitation: Invitation, agreement: FrameworkAgreement, person: Person) -> None:
    lots = lots_of(session, invitation)
    supplier = _company(session, invitation)
    refusals = _refusals(session, invitation, agreement, lots, supplier)
    if refusals:
        raise Refused(*refusals)
    actor = Visitor(person.id, person.name)
    mine = {one.id for one, _ in holders(session, supplier.id, Permission.OFFER_READ)}
    if person.id not in mine:
        role = first_role(session, supplier.id)
        session.add(Post(person_id=person.id, party_id=supplier.id, role=role, starts_on=dates.today()))
    invitation.accepted_at, invitation.accepted_by_id = dates.now(), person.id
    invitation.supplier_id = supplier.id
    session.add(invitation)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="invitation_accepted",
        subject=audit.Subject(
            "invitation", invitation.id, invitation.company_name, agreement.lead_authority_id
        ),
    )
    if invitation.gives_places:
        for lot in lots:
            _give_place(session, actor, agreement, lot, supplier)


def _company(session: Session, invitation: Invitation) -> Party:
    if invitation.supplier_id is not None:
        return session.get_one(Party, invitation.supplier_id)
    if registered_like(session, invitation.company_name) is not None:
        # Registered meanwhile: whoever holds this link was not invited for that company.
        refuse("Your company has been registered since. Ask the council to send you a new invitation")
    supplier = Party(
        kind=PartyKind.SUPPLIER,
        name=invitation.company_name,
        short_name=short_name_for(session, invitation.company_name),
    )
    session.add(supplier)
    session.flush()
    return supplier


def _refusals(
    session: Session,
    invitation: Invitation,
    agreement: FrameworkAgreement,
    lots: list[Lot],
    supplier: Party,
) -> list[Refusal]:
    if not invitation.gives_places:
        return []
    found = [one for one in (admits_suppliers(agreement), excluded(supplier)) if one is not None]
    for lot in lots:
        rows = session.exec(
            select(Appointment, Party)
            .join(Party, col(Party.id) == col(Appointment.supplier_id))
            .where(Appointment.lot_id == lot.id)
        ).all()
        own = [place for place, party in rows if party.id == supplier.id]
        if any(place.ended_on is not None for place in own):
            found.append(
                Refusal(
                    f"{supplier.name} has left lot {lot.number} and cannot come back to it", rule="RULE-09"
                )
            )
        if own:
            continue
        # Names of other companies are not for the reader of an invitation.
        there = [party.name for place, party in rows if place.ended_on is None]
        if full(lot, there, invited_to(session, lot, unless=invitation.id)):
            found.append(
                Refusal(
                    f"Lot {lot.number} has all the partners that it takes. Ask the council that invited you",
                    rule="LOT-PARTNERS",
                )
            )
        if supplier.is_sme is False and (refusal := wrong_size(lot, supplier)):
            found.append(refusal)
    return found


def _give_place(
    session: Session, actor: Visitor, agreement: FrameworkAgreement, lot: Lot, supplier: Party
) -> None:
    places = session.exec(select(Appointment).where(Appointment.lot_id == lot.id)).all()
    if any(one.supplier_id == supplier.id for one in places):
        return
    name, email = contract_manager_for(session, supplier.id, "", "")
    appointment = Appointment(
        lot_id=lot.id,
        supplier_id=supplier.id,
        rank=max((one.rank for one in places if one.ended_on is None), default=0) + 1,
        created_at=dates.now(),
        invited_at=dates.now(),
        contract_manager=name,
        contract_manager_email=email,
    )
    session.add(appointment)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="partner_joins",
        subject=about_place(agreement, lot, appointment, supplier),
        facts={"lot": lot.reference},
    )
