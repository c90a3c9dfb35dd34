"""Beginning on one lot with what the partner has on another of its own: its rates, or its people. Nothing is saved here."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from framework.definitions.rules import NotFound
from framework.people.permissions import Visitor
from framework.records.sheet import Sheet, SheetRow
from lots import finding, rate_finding
from lots import skillset_finding as skillsets
from lots.finding import Place
from lots.rate_card import RateCard
from lots.rate_proposal import RateProposal
from lots.rate_rules import RateLine, key_of
from lots.skillset import Skillset, SkillsetPerson
from lots.skillset_sheet import cells_of
from lots.skillset_words import TITLES


@dataclass(frozen=True, slots=True)
class Source:
    """A place that there is something to copy from: a rate card or proposal, or a version of people."""

    place: Place
    what: RateCard | RateProposal | Skillset

    @property
    def standing(self) -> str:
        """The version, or for rates that never became a card how they stand."""
        return (
            self.what.status.label.lower()
            if isinstance(self.what, RateProposal)
            else f"version {self.what.version}"
        )

    @property
    def called(self) -> str:
        """As a button says it: "lot DP21-4 (version 2)"."""
        return f"lot {self.place.lot.reference} ({self.standing})"


@dataclass(frozen=True, slots=True)
class CopiedRates:
    """Rates of another lot, net of VAT, with what the lot they go to offers and they leave out."""

    source: Source
    lines: list[RateLine]
    hours_per_day_hundredths: int
    left_out: list[tuple[str, int]]
    """Roles and levels of the newest card here that would no longer be offered."""


def sources_of_rates(session: Session, visitor: Visitor, place: Place) -> list[Source]:
    """The partner's other lots with rates: the newest card of each, or what was drafted or sent where there is none yet."""
    others = _others(session, visitor, place)
    cards, proposals = _newest_cards(session, others), _newest_proposals(session, others)
    found = {number: cards.get(number) or proposals.get(number) for number in others}
    return [Source(others[number], what) for number, what in found.items() if what]


def rates_of(session: Session, visitor: Visitor, place: Place, from_id: int) -> CopiedRates:
    """The rates of another of the partner's places. Raises `NotFound` where they are not its own, and where there are none."""
    source = _chosen(sources_of_rates(session, visitor, place), from_id)
    what = source.what
    assert not isinstance(what, Skillset)
    if isinstance(what, RateProposal):
        lines = rate_finding.lines_of(session, what)
    else:
        lines = [(role, level, rate) for (role, level), rate in finding.rates_of(session, what.id).items()]
    kept = {key_of(role, level) for role, level, _ in lines}
    cards = finding.rate_cards(session, place.appointment.id)
    here = cards[0][1] if cards else {}
    left_out = [(role, level) for role, level in here if key_of(role, level) not in kept]
    return CopiedRates(source, lines, what.hours_per_day_hundredths, left_out)


def sources_of_people(session: Session, visitor: Visitor, place: Place) -> list[Source]:
    """The partner's other lots with people: of each the version in force, or else the newest."""
    others = _others(session, visitor, place)
    every = skillsets.newest_of(session, others)
    chosen = {number: one.in_force or one.latest for number, one in every.items()}
    filled = set(
        session.exec(
            select(SkillsetPerson.skillset_id)
            .where(col(SkillsetPerson.skillset_id).in_([one.id for one in chosen.values() if one]))
            .distinct()
        )
    )
    return [Source(others[number], one) for number, one in chosen.items() if one and one.id in filled]


def people_of(session: Session, visitor: Visitor, place: Place, from_id: int) -> Sheet:
    """The people of another of the partner's places as a sheet, to be checked like any other before anybody is put into a version.

    Raises `NotFound` where they are not its own, and where there is nobody.
    """
    source = _chosen(sources_of_people(session, visitor, place), from_id)
    assert isinstance(source.what, Skillset)
    people = skillsets.people_of(session, source.what)
    rows = [
        SheetRow(0, tuple(TITLES.values())),
        *(SheetRow(number, tuple(cells_of(person))) for number, person in enumerate(people, start=1)),
    ]
    return Sheet(tuple(rows), (f"Copied from {source.called}",))


def _others(session: Session, visitor: Visitor, place: Place) -> dict[int, Place]:
    # Of the same company only: somebody who acts for two companies carries nothing from one to the other.
    return {
        one.appointment.id: one
        for one in finding.own_places(session, visitor, place.supplier.id)
        if one.appointment.id != place.appointment.id and one.appointment.ended_on is None
    }


def _newest_cards(session: Session, places: Iterable[int]) -> dict[int, RateCard]:
    rows = session.exec(
        select(RateCard).where(col(RateCard.appointment_id).in_(list(places))).order_by(col(RateCard.version))
    )
    return {one.appointment_id: one for one in rows}


def _newest_proposals(session: Session, places: Iterable[int]) -> dict[int, RateProposal]:
    rows = session.exec(
        select(RateProposal)
        .where(col(RateProposal.appointment_id).in_(list(places)), col(RateProposal.withdrawn_at).is_(None))
        .order_by(col(RateProposal.id))
    )
    return {one.appointment_id: one for one in rows}


def _chosen(sources: list[Source], from_id: int) -> Source:
    for one in sources:
        if one.place.appointment.id == from_id:
            return one
    raise NotFound
