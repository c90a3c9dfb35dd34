"""Finding skillsets: a partner's own versions, and for councils the submitted and accepted ones of agreements they may see."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from framework import finding as agreements
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from lots import finding
from lots.appointment import Appointment
from lots.finding import Place
from lots.lot import Lot
from lots.person_rules import Card, PersonFacts
from lots.person_warnings import Elsewhere
from lots.rate_card import RateCard
from lots.rate_finding import lines_of, open_proposal
from lots.skillset import Skillset, SkillsetPerson, SkillsetPlace, SkillsetSkill, SkillsetStatus
from lots.workforce import Depth
from lots.workforce import Place as WorkPlace

_SHOWN = 50
SHOWN_TO_COUNCILS = (
    SkillsetStatus.SUBMITTED,
    SkillsetStatus.RETURNED,
    SkillsetStatus.ACCEPTED,
    SkillsetStatus.SUPERSEDED,
)


@dataclass(frozen=True, slots=True)
class Versions:
    """Every version of one place, the newest first, and the ones that matter now."""

    every: tuple[Skillset, ...]

    @property
    def in_force(self) -> Skillset | None:
        """The accepted one."""
        return self._first(SkillsetStatus.ACCEPTED)

    @property
    def latest(self) -> Skillset | None:
        return self.every[0] if self.every else None

    @property
    def open(self) -> Skillset | None:
        """The draft or the submitted one, of which there is at most one."""
        latest = self.latest
        return (
            latest if latest and latest.status in (SkillsetStatus.DRAFT, SkillsetStatus.SUBMITTED) else None
        )

    @property
    def shown(self) -> Skillset | None:
        """What its partner is shown first: the newest one."""
        return self.open or self.latest

    def numbered(self, version: int) -> Skillset:
        """The version with this number. Raises `NotFound`."""
        for one in self.every:
            if one.version == version:
                return one
        raise NotFound

    def _first(self, status: SkillsetStatus) -> Skillset | None:
        return next((one for one in self.every if one.status is status), None)


def versions(session: Session, appointment_id: int) -> Versions:
    """The caller has fetched the place through the visitor."""
    return Versions(
        tuple(
            session.exec(
                select(Skillset)
                .where(Skillset.appointment_id == appointment_id)
                .order_by(col(Skillset.version).desc())
            )
        )
    )


def people_in(session: Session, skillset_ids: Iterable[int]) -> dict[int, list[PersonFacts]]:
    """The people of each version by their numbers, with skills and places, in three statements."""
    ids = list(skillset_ids)
    found: dict[int, list[PersonFacts]] = {one: [] for one in ids}
    if not ids:
        return found
    mine = select(SkillsetPerson.id).where(col(SkillsetPerson.skillset_id).in_(ids))
    skills: dict[int, list[SkillsetSkill]] = {}
    for skill in session.exec(
        select(SkillsetSkill).where(col(SkillsetSkill.person_id).in_(mine)).order_by(col(SkillsetSkill.id))
    ):
        skills.setdefault(skill.person_id, []).append(skill)
    places: dict[int, list[SkillsetPlace]] = {}
    for place in session.exec(
        select(SkillsetPlace).where(col(SkillsetPlace.person_id).in_(mine)).order_by(col(SkillsetPlace.id))
    ):
        places.setdefault(place.person_id, []).append(place)
    for row in session.exec(
        select(SkillsetPerson)
        .where(col(SkillsetPerson.skillset_id).in_(ids))
        .order_by(col(SkillsetPerson.skillset_id), col(SkillsetPerson.number))
    ):
        found[row.skillset_id].append(
            facts_of(
                row,
                skills=tuple((one.skill, one.depth) for one in skills.get(row.id, ())),
                places=tuple(one.place for one in places.get(row.id, ())),
            )
        )
    return found


def facts_of(
    row: SkillsetPerson, *, skills: tuple[tuple[str, Depth], ...], places: tuple[WorkPlace, ...]
) -> PersonFacts:
    """A row as the partner said it."""
    return PersonFacts(
        role=row.role,
        level=row.level,
        skills=skills,
        quarter_days=row.quarter_days_a_week,
        available_from=row.available_from,
        available_to=row.available_to,
        places=places,
        employment=row.employment,
        off_payroll=row.off_payroll,
        name=row.name or "",
        clearance=row.clearance,
        clearance_on=row.clearance_on,
        day_rate=row.day_rate,
        number=row.number,
    )


def people_of(session: Session, skillset: Skillset | None) -> list[PersonFacts]:
    """The people of one version, or nobody."""
    return people_in(session, [skillset.id])[skillset.id] if skillset else []


def card_for(session: Session, appointment_id: int, supplier: str = "") -> Card | None:
    """The rate card that people are held to: the one in force today, else the first to come, else the rates that were sent.

    None when there is none. With `supplier`, the card says whose it is: its reader is not the partner.
    """
    found = finding.rate_card_in_force(session, appointment_id, dates.today())
    if found is None:
        card = session.exec(
            select(RateCard)
            .where(RateCard.appointment_id == appointment_id)
            .order_by(col(RateCard.version))
            .limit(1)
        ).one_or_none()
        if card is None:
            return _card_sent(session, appointment_id, supplier)
        found = (card, finding.rates_of(session, card.id))
    return Card.of(found[0].version, found[1], supplier)


def _card_sent(session: Session, appointment_id: int, supplier: str) -> Card | None:
    # A partner who joins sends rates and people together: the one is held to the other before either is accepted.
    sent = open_proposal(session, appointment_id)
    if sent is None or sent.submitted_at is None:
        return None
    return Card.of(0, {(role, level): rate for role, level, rate in lines_of(session, sent)}, supplier)


def elsewhere(session: Session, place: Place) -> list[Elsewhere]:
    """The people in the accepted versions of the same partner's other lots, for doubled days."""
    rows = session.exec(
        select(Skillset.id, Lot.reference)
        .join(Appointment, col(Appointment.id) == col(Skillset.appointment_id))
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .where(
            Appointment.supplier_id == place.supplier.id,
            Appointment.id != place.appointment.id,
            col(Appointment.ended_on).is_(None),
            col(Skillset.accepted_at).is_not(None),
            col(Skillset.superseded_at).is_(None),
        )
    ).all()
    lots = dict(rows)
    people = people_in(session, lots)
    return [Elsewhere(lots[number], person) for number, every in people.items() for person in every]


def named_place(session: Session, lot: str, supplier: str) -> tuple[Card | None, list[Elsewhere]]:
    """What people on a lot are held to, for the command line: the partner's rate card and its people on other lots.

    Raises ValueError with a sentence when there is no such partner on no such lot.
    """
    row = session.exec(
        select(Appointment, Lot, FrameworkAgreement, Party)
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .where(Lot.reference == lot, Party.name == supplier)
    ).one_or_none()
    if row is None:
        raise ValueError(f"{supplier} is not a partner on lot {lot}")
    place = Place(*row)
    return card_for(session, place.appointment.id), elsewhere(session, place)


def by_role_and_level(people: Sequence[PersonFacts]) -> list[tuple[str, int, int]]:
    """How many people there are of each role and level: what those are shown who may not read names."""
    counted = Counter((one.role, one.level or 0) for one in people)
    return [(role, level, number) for (role, level), number in sorted(counted.items())]


# What councils see


def reads_people(session: Session, visitor: Visitor, agreement: FrameworkAgreement) -> bool:
    """Whether the visitor may read named people under this agreement: at its lead authority or one of its members."""
    mine = visitor.parties_where(Permission.SKILLSETS_READ)
    if agreement.lead_authority_id in mine:
        return True
    return bool(mine) and any(party.id in mine for _, party in agreements.members(session, agreement))


def for_council(
    session: Session, visitor: Visitor, appointment_id: int, version: int
) -> tuple[Place, Skillset]:
    """A version that was submitted, for the lead authority's framework owner; accepted ones for all who read people.

    Raises `NotFound` for everybody else, for partners, and for drafts.
    """
    place = finding.appointment(session, visitor, appointment_id)
    found = versions(session, appointment_id).numbered(version)
    if found.status not in SHOWN_TO_COUNCILS or not reads_people(session, visitor, place.agreement):
        raise NotFound
    was_accepted = found.accepted_at is not None
    if not was_accepted and place.agreement.lead_authority_id not in visitor.parties_where(
        Permission.AGREEMENT_OPEN
    ):
        raise NotFound
    return place, found


def waiting(session: Session, visitor: Visitor) -> list[tuple[Skillset, Lot, Party]]:
    """Submitted versions that wait for this framework owner, the oldest first, at most 50."""
    leads = visitor.parties_where(Permission.AGREEMENT_OPEN)
    if not leads:
        return []
    rows = session.exec(
        select(Skillset, Lot, Party)
        .join(Appointment, col(Appointment.id) == col(Skillset.appointment_id))
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .where(
            col(Skillset.submitted_at).is_not(None),
            col(Skillset.accepted_at).is_(None),
            col(Skillset.returned_at).is_(None),
            col(FrameworkAgreement.lead_authority_id).in_(leads),
            # Of a place that has ended nothing waits any more.
            or_(col(Appointment.ended_on).is_(None), col(Appointment.ended_on) > dates.today()),
        )
        .order_by(col(Skillset.submitted_at), col(Skillset.id))
        .limit(_SHOWN)
    )
    return [(skillset, lot, supplier) for skillset, lot, supplier in rows]


def newest_of(session: Session, appointment_ids: Iterable[int]) -> dict[int, Versions]:
    """The versions of each of several places, in one statement."""
    found: dict[int, list[Skillset]] = {one: [] for one in appointment_ids}
    for one in session.exec(
        select(Skillset)
        .where(col(Skillset.appointment_id).in_(list(found)))
        .order_by(col(Skillset.version).desc())
    ):
        found[one.appointment_id].append(one)
    return {number: Versions(tuple(every)) for number, every in found.items()}
