"""A version of a skillset: begun, submitted, taken back, accepted in place of the one before, or returned with a reason (RULE-83)."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused, refuse
from framework.people import finding as people
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit, messages
from framework.records.sheet import after_colon
from lots import skillset_finding as finding
from lots.appointment import Appointment
from lots.finding import Place
from lots.person_rules import MOST_PEOPLE, Card, PersonFacts, against
from lots.skillset import Skillset, SkillsetStatus
from lots.skillset_rows import write
from lots.telling import about_place

MOST_REASON = 1000


def about_skillset(place: Place, skillset: Skillset) -> audit.Subject:
    """A version as the subject of an audit record that its own supplier alone reads."""
    return audit.Subject(
        "skillset",
        skillset.id,
        f"skillset version {skillset.version} on lot {place.lot.reference}",
        place.supplier.id,
    )


def start_skillset(session: Session, *, actor: Visitor, place: Place, empty: bool = False) -> Skillset:
    """The draft of the next version: the one there is, or a new one with the people of the newest version (none when `empty`).

    Raises `Refused` when a version is waiting for the council, or the supplier holds no place on the lot any more (RULE-83).
    """
    permitted(actor, Permission.COMPANY_KEEP, place.supplier.id)
    holds_a_place(place)
    known = finding.versions(session, place.appointment.id)
    if known.open:
        if known.open.status is SkillsetStatus.SUBMITTED:
            refuse("You have sent this version to the council. Take it back before you change it")
        return known.open
    newest = known.latest
    skillset = Skillset(
        appointment_id=place.appointment.id,
        version=newest.version + 1 if newest else 1,
        created_at=dates.now(),
        created_by_id=actor.person_id,
    )
    session.add(skillset)
    try:
        session.flush()
    except IntegrityError:
        # A colleague began the same version in the same moment.
        raise ChangedMeanwhile from None
    copied: list[PersonFacts] = []
    if newest and not empty:
        copied = finding.people_of(session, newest)
        write(session, skillset, copied)
    audit.record(
        session,
        actor=actor,
        action="skillset_started",
        subject=about_skillset(place, skillset),
        facts={"version": skillset.version, "people": len(copied)},
    )
    return skillset


def submit_skillset(session: Session, *, actor: Visitor, place: Place, skillset: Skillset) -> None:
    """Send a draft to the framework owner. Raises `Refused` with everything that is wrong with anybody in it."""
    permitted(actor, Permission.COMPANY_KEEP, place.supplier.id)
    holds_a_place(place)
    _held(session, place, skillset)
    if skillset.status is not SkillsetStatus.DRAFT:
        refuse("This version was sent already")
    said = finding.people_of(session, skillset)
    faults = faults_of(said, finding.card_for(session, place.appointment.id))
    if faults:
        raise Refused(*faults)
    skillset.submitted_at, skillset.submitted_by_id = dates.now(), actor.person_id
    session.add(skillset)
    audit.record(
        session,
        actor=actor,
        action="skillset_submitted",
        subject=about_place(place.agreement, place.lot, place.appointment, place.supplier),
        facts={"version": skillset.version, "people": len(said)},
    )
    where = f"/lots/{place.lot.reference}/partners/{place.appointment.id}/people/{skillset.version}"
    for person, _ in people.holders(session, place.agreement.lead_authority_id, Permission.AGREEMENT_OPEN):
        _tell(
            session,
            place,
            skillset,
            person,
            f"{place.supplier.name} has sent its people for lot {place.lot.reference}",
            [f"Version {skillset.version} waits for you to accept it or send it back.", where],
        )


def withdraw_skillset(session: Session, *, actor: Visitor, place: Place, skillset: Skillset) -> None:
    """Take a submitted version back to a draft. Raises `Refused` once it was decided."""
    permitted(actor, Permission.COMPANY_KEEP, place.supplier.id)
    _held(session, place, skillset)
    if skillset.status is not SkillsetStatus.SUBMITTED:
        refuse("The council has decided on this version already, so it cannot be taken back")
    skillset.submitted_at = skillset.submitted_by_id = None
    session.add(skillset)
    audit.record(
        session,
        actor=actor,
        action="skillset_taken_back",
        subject=about_place(place.agreement, place.lot, place.appointment, place.supplier),
        facts={"version": skillset.version},
    )


def accept_skillset(session: Session, *, actor: Visitor, place: Place, skillset: Skillset) -> None:
    """Accept a submitted version; the one accepted before is superseded in the same transaction.

    Raises `Refused` when it is no longer submitted or no longer fits the rate card, `ChangedMeanwhile` when another was accepted
    in the same moment.
    """
    permitted(actor, Permission.AGREEMENT_OPEN, place.agreement.lead_authority_id)
    _held(session, place, skillset)
    _must_wait(skillset)
    holds_a_place(place)
    said = finding.people_of(session, skillset)
    faults = faults_of(said, finding.card_for(session, place.appointment.id, place.supplier.name))
    if faults:
        raise Refused(Refusal("This version no longer fits. Send it back with a reason"), *faults)
    before = finding.versions(session, place.appointment.id).in_force
    if before:
        before.superseded_at = dates.now()
        session.add(before)
        session.flush()
    skillset.accepted_at, skillset.accepted_by_id = dates.now(), actor.person_id
    session.add(skillset)
    try:
        session.flush()
    except IntegrityError:
        raise ChangedMeanwhile from None
    audit.record(
        session,
        actor=actor,
        action="skillset_accepted",
        subject=about_place(place.agreement, place.lot, place.appointment, place.supplier),
        facts={"version": skillset.version, "people": len(said)},
    )
    _tell_partner(session, place, skillset, "has accepted your people", "It is now in force.")


def return_skillset(
    session: Session, *, actor: Visitor, place: Place, skillset: Skillset, reason: str
) -> None:
    """Send a submitted version back with a reason. Raises `Refused` without one."""
    permitted(actor, Permission.AGREEMENT_OPEN, place.agreement.lead_authority_id)
    _held(session, place, skillset)
    _must_wait(skillset)
    if not reason.strip():
        refuse("Enter what the partner should change. The partner sees it", "reason")
    if len(reason.strip()) > MOST_REASON:
        refuse(f"The reason must be {MOST_REASON:,} characters or fewer", "reason")
    skillset.returned_at, skillset.returned_by_id = dates.now(), actor.person_id
    skillset.return_reason = reason.strip()
    session.add(skillset)
    audit.record(
        session,
        actor=actor,
        action="skillset_returned",
        subject=about_place(place.agreement, place.lot, place.appointment, place.supplier),
        facts={"version": skillset.version},
        words={"reason": reason.strip()},
    )
    _tell_partner(session, place, skillset, "has sent your people back", "The page says what to change.")


def holds_a_place(place: Place) -> None:
    """RULE-83: people are put forward only on a lot that the supplier is on, while its agreement lives. Raises `Refused`."""
    over = place.agreement.closed_at or place.agreement.cancelled_at or place.agreement.recorded_as_past
    if place.appointment.ended_on is not None and place.appointment.ended_on <= dates.today():
        raise Refused(
            Refusal(f"{place.supplier.name} is no longer on lot {place.lot.reference}", rule="RULE-83")
        )
    if over:
        raise Refused(Refusal("This agreement is over, so nobody can be put forward", rule="RULE-83"))


def faults_of(said: list[PersonFacts], card: Card | None) -> list[Refusal]:
    """Everything that keeps a version from being sent, person by person."""
    if not said:
        return [Refusal("Add at least one person before you send this")]
    found = [
        Refusal(f"{person.called}: {after_colon(one.sentence)}", rule=one.rule, left=one.left)
        for person in said
        for one in against(person, card)
    ]
    if len(said) > MOST_PEOPLE:
        found.append(Refusal(f"Put {MOST_PEOPLE} people or fewer in one version"))
    return found


def _held(session: Session, place: Place, skillset: Skillset) -> None:
    # The place first and then the version, so that two accepts of one place wait for one another on either database.
    if skillset.appointment_id != place.appointment.id:
        raise NotFound
    session.exec(
        select(Appointment.id).where(col(Appointment.id) == place.appointment.id).with_for_update()
    ).one()
    session.refresh(skillset, with_for_update=True)


def _must_wait(skillset: Skillset) -> None:
    if skillset.status is not SkillsetStatus.SUBMITTED:
        raise ChangedMeanwhile(
            Refusal(f"This version is {skillset.status.label.lower()} now, so there is nothing to decide")
        )


def _tell_partner(session: Session, place: Place, skillset: Skillset, what: str, then: str) -> None:
    for person in people.partner_people(session, place.supplier.id):
        _tell(
            session,
            place,
            skillset,
            person,
            f"The council {what} for lot {place.lot.reference}",
            [
                f"This is about version {skillset.version}. {then}",
                f"/my-company/people/{place.appointment.id}",
            ],
        )


def _tell(
    session: Session, place: Place, skillset: Skillset, to: people.Person, subject: str, lines: list[str]
) -> None:
    # Neither names nor figures go into a mail; the moment in the key lets a version be sent, taken back and sent again.
    messages.queue(
        session,
        key=f"skillset:{skillset.id}:{dates.now().isoformat()}:{to.id}"[:200],
        to_address=to.email,
        subject=subject[:200],
        text="\n\n".join([f"Hello {to.name},", *lines]) + "\n",
        person_id=to.id,
    )
