"""Who supplies what: skills by partner, those that too few supply first; and the skills that a lot is expected to supply."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import Refusal, Refused
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots import finding
from lots.appointment import AppointmentStatus
from lots.lot import Lot
from lots.lot_skill import LotSkill
from lots.on_offer import in_force
from lots.skillset import Skillset, SkillsetPerson, SkillsetSkill
from lots.telling import about_lot
from lots.workforce import Depth, key_of

MOST_SKILLS = 200

# Which skills the floors above saw bought: (session, lot ids) -> skills by lot. Filled by app.py.
BOUGHT: list[Callable[[Session, Collection[int]], Mapping[int, Sequence[str]]]] = []


@dataclass(frozen=True, slots=True)
class Cell:
    """People of one partner with one skill, and how deep it goes; nobody where `people` is 0."""

    people: int = 0
    deepest: Depth | None = None


@dataclass(frozen=True, slots=True)
class SkillRow:
    """One skill and who supplies it, partner by partner in the order of the matrix."""

    skill: str
    expected: bool
    bought: bool
    cells: tuple[Cell, ...]

    @property
    def suppliers(self) -> int:
        """How many partners have somebody with the skill."""
        return sum(one.people > 0 for one in self.cells)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Skills by partner. Only active partners and accepted skillsets count; the skill with the fewest partners comes first."""

    partners: tuple[Party, ...]
    rows: tuple[SkillRow, ...]
    without_skillset: tuple[Party, ...]
    """Active partners whose skillset nobody has accepted yet."""

    def supplied(self, row: SkillRow) -> list[tuple[Party, Cell]]:
        """The partners that have somebody with the skill of this row."""
        return [(party, one) for party, one in zip(self.partners, row.cells, strict=True) if one.people]

    @property
    def headline(self) -> str:
        """The gaps in one sentence."""
        if not self.rows:
            return "No skill is expected or on offer yet."
        none = sum(row.suppliers == 0 for row in self.rows)
        one = sum(row.suppliers == 1 for row in self.rows)
        few = f"{one or 'none'} {'have' if one > 1 else 'has'} only one"
        of = f"{len(self.rows)} {'skill' if len(self.rows) == 1 else 'skills'}"
        if none == 0:
            return f"No gap: each of {of} has a partner; {few}."
        return f"{none} of {of} {'has' if none == 1 else 'have'} no partner; {few}."


def matrix(session: Session, lots: Sequence[Lot], day: date) -> Matrix:
    """The matrix of lots already fetched through the visitor, on a London day; a handful of statements however many they are."""
    numbers = [one.id for one in lots]
    places = [
        (place, party)
        for here in finding.partners_of(session, lots).values()
        for place, party in here
        if place.status_on(day) is AppointmentStatus.ACTIVE
    ]
    supplier_of = {place.id: party.id for place, party in places}
    partners = {party.id: party for _, party in places}
    words: dict[str, str] = {}
    who: dict[tuple[str, int], list[tuple[str, int, Depth]]] = {}
    rows = session.exec(
        select(
            Skillset.appointment_id,
            SkillsetPerson.id,
            SkillsetPerson.name,
            SkillsetSkill.key,
            SkillsetSkill.skill,
            SkillsetSkill.depth,
        )  # type: ignore[call-overload]
        .select_from(Skillset)
        .join(SkillsetPerson, col(SkillsetPerson.skillset_id) == col(Skillset.id))
        .join(SkillsetSkill, col(SkillsetSkill.person_id) == col(SkillsetPerson.id))
        .where(*in_force(supplier_of))
        .order_by(col(SkillsetSkill.id))
    )
    for appointment_id, _, name, key, skill, depth in rows:
        words.setdefault(key, skill)
        who.setdefault((key, supplier_of[appointment_id]), []).append(
            (key_of(name or ""), appointment_id, depth)
        )
    expected = {key: skill for one in expected_of(session, numbers).values() for key, skill in one}
    bought = {
        key_of(skill): skill for ask in BOUGHT for some in ask(session, numbers).values() for skill in some
    }
    ordered = sorted(partners.values(), key=lambda party: party.name.casefold())
    found = [
        SkillRow(
            skill=skill,
            expected=key in expected,
            bought=key in bought,
            cells=tuple(_cell(who.get((key, party.id), [])) for party in ordered),
        )
        for key, skill in {**bought, **words, **expected}.items()
    ]
    found.sort(key=lambda row: (row.suppliers, not row.expected, row.skill.casefold()))
    have = {
        supplier_of[one]
        for one in session.exec(select(Skillset.appointment_id).where(*in_force(supplier_of)))
    }
    return Matrix(tuple(ordered), tuple(found), tuple(party for party in ordered if party.id not in have))


def _cell(people: Sequence[tuple[str, int, Depth]]) -> Cell:
    """Somebody named on two lots is one person; of those not named, as many as the lot with the most of them has."""
    named = {name for name, _, _ in people if name}
    unnamed: dict[int, int] = {}
    for name, appointment_id, _ in people:
        if not name:
            unnamed[appointment_id] = unnamed.get(appointment_id, 0) + 1
    depths = [depth for _, _, depth in people]
    return Cell(
        len(named) + max(unnamed.values(), default=0),
        max(depths, key=list(Depth).index, default=None),
    )


def expected_of(session: Session, lot_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Keys and words of the skills that each lot is expected to supply, in one statement."""
    found: dict[int, list[tuple[str, str]]] = {one: [] for one in lot_ids}
    for one in session.exec(
        select(LotSkill).where(col(LotSkill.lot_id).in_(list(found))).order_by(col(LotSkill.key))
    ):
        found[one.lot_id].append((one.key, one.skill))
    return found


def keep_expected(
    session: Session, *, actor: Visitor, lot: Lot, agreement: FrameworkAgreement, skills: Sequence[str]
) -> None:
    """Write down which skills the lot is expected to supply, in place of what stood there. The same list again changes nothing.

    For the framework owner of the lead authority. Raises `Refused`, `NotFound`.
    """
    permitted(actor, Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    wanted = {key_of(one): " ".join(one.split()) for one in skills if one.strip()}
    refusals = [
        Refusal(f"“{one[:40]}…” must be 120 characters or fewer", "skills")
        for one in wanted.values()
        if len(one) > 120
    ]
    if len(wanted) > MOST_SKILLS:
        refusals.append(Refusal(f"Enter no more than {MOST_SKILLS} skills", "skills"))
    if agreement.recorded_as_past or agreement.closed_at or agreement.cancelled_at:
        refusals.append(Refusal(f"{agreement.title} is over, so nothing more is expected of it", "skills"))
    if refusals:
        raise Refused(*refusals)
    session.exec(select(Lot.id).where(Lot.id == lot.id).with_for_update(key_share=True)).one()
    known = {one.key: one for one in session.exec(select(LotSkill).where(LotSkill.lot_id == lot.id))}
    added = [wanted[key] for key in wanted if key not in known]
    removed = [one.skill for key, one in known.items() if key not in wanted]
    if not added and not removed:
        return
    for key, one in known.items():
        if key not in wanted:
            session.delete(one)
    for key in wanted:
        if key not in known:
            session.add(
                LotSkill(
                    lot_id=lot.id,
                    skill=wanted[key],
                    key=key,
                    added_at=dates.now(),
                    added_by_id=actor.person_id,
                )
            )
    audit.record(
        session,
        actor=actor,
        action="lot_skills_kept",
        subject=about_lot(agreement, lot),
        facts={"skills": (len(known), len(wanted))},
        words={
            "added": f"Added: {', '.join(added)}" if added else "",
            "removed": f"Taken out: {', '.join(removed)}" if removed else "",
        },
    )
