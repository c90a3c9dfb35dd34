"""Rates that the sample's partners propose: a rise by the clause of lot 7, one that waits, and one that was sent back."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlmodel import Session

from calloffs.sample.calendar import Diary, Span
from calloffs.sample.people import RATES, SamplePartner, rate_of
from calloffs.sample.places import BLUESTONE, FIELDFARE, HEDGEROW, owner, place_of
from framework.definitions import dates
from framework.definitions.money import Money
from lots.rate_deciding import accept_proposal, return_proposal
from lots.rate_finding import newest_version, proposals
from lots.rate_proposing import save_proposal, submit_proposal

Lines = list[tuple[str, int, Money]]


def plan(diary: Diary, span: Span) -> None:
    """A rise accepted after the first year, then what the last month brought."""
    rise = dates.add_months(span.starts_on, 12)
    fell = diary.put(
        rise + timedelta(days=4), 10, _Proposes(BLUESTONE, rise + timedelta(days=30), _two_percent_more)
    )
    diary.put(fell + timedelta(days=5), 14, _accept, after=fell)
    ahead = dates.add_months(span.today.replace(day=1), 2)
    fell = diary.put(span.today - timedelta(days=24), 11, _Proposes(HEDGEROW, ahead, _fewer_roles))
    diary.put(fell + timedelta(days=6), 15, _return, after=fell)
    diary.put(span.today - timedelta(days=4), 11, _Proposes(FIELDFARE, ahead, _a_new_role))


def the_card(partner: SamplePartner) -> Lines:
    """What the partner charges in its first version."""
    return [
        (role, level, rate_of(partner, role, level)) for role, levels in RATES.items() for level in levels
    ]


def _two_percent_more(partner: SamplePartner) -> Lines:
    return [(role, level, Money(rate.pence * 102 // 100)) for role, level, rate in the_card(partner)]


def _fewer_roles(partner: SamplePartner) -> Lines:
    return [
        line for line in the_card(partner) if line[0] in ("Developer", "Designer", "Web operations engineer")
    ]


def _a_new_role(partner: SamplePartner) -> Lines:
    lines = [line for line in the_card(partner) if line[0] != "Cyber security consultant"]
    return [*lines, ("Agile coach", 5, Money.pounds(745)), ("Service manager", 6, Money.pounds(905))]


class _Proposes:
    """A partner writes its next rates and sends them."""

    def __init__(
        self, partner: SamplePartner, from_on: date, lines: Callable[[SamplePartner], Lines]
    ) -> None:
        self.partner, self.from_on, self.lines = partner, from_on, lines

    def __call__(self, session: Session) -> None:
        actor, place = place_of(session, self.partner)
        proposal = save_proposal(
            session,
            actor=actor,
            place=place,
            from_on=self.from_on,
            rates=self.lines(self.partner),
            basis_version=newest_version(session, place),
        )
        submit_proposal(session, actor=actor, place=place, proposal=proposal, revision=proposal.revision)


def _accept(session: Session) -> None:
    _, place = place_of(session, BLUESTONE)
    newest = proposals(session, place.appointment.id)[0]
    accept_proposal(session, actor=owner(session), place=place, proposal=newest)


def _return(session: Session) -> None:
    _, place = place_of(session, HEDGEROW)
    return_proposal(
        session,
        actor=owner(session),
        place=place,
        proposal=proposals(session, place.appointment.id)[0],
        reason="Content designers and user researchers are missing, and two live call-offs use them. Did you mean to stop offering them?",
    )
