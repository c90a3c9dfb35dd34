"""Whose turn it was: who was asked on a lot, what they answered and who won, by number and by value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.offer import Offer
from calloffs.turn import Turn, turn_of
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money, percent_of
from framework.definitions.terms import Term, financial_year, financial_year_term
from framework.people.party import Party
from framework.people.permissions import Permission, Role, Visitor
from lots import finding as lots_finding
from lots.appointment import Appointment
from lots.lot import Lot

# What `turn_of` and the rows below read; anything else would cost a statement for each row.
_OFFER = (
    "reference",
    "call_off_id",
    "appointment_id",
    "route",
    "offered_at",
    "deadline_at",
    "accepted_at",
    "declined_at",
)
_OFFER_WHY = ("decline_reason", "withdrawn_at", "withdraw_reason")
_CALL_OFF = (
    "reference",
    "title",
    "authority_id",
    "value_net_pence",
    "award_reason",
    "submitted_at",
    "rejected_at",
)
_CALL_OFF_WHEN = (
    "returned_at",
    "approved_at",
    "approval_valid_until",
    "accepted_at",
    "offer_deadline_at",
    "cancelled_at",
)
_CALL_OFF_END = ("awarded_at", "award_withdrawn_at", "closed_at", "signed_at", "issued_at")
_ENDS = ("terminated_on", "ends_on", "starts_on", "suspended_at")


@dataclass(frozen=True, slots=True)
class Asking:
    """One offer of the lot: to whom, why, and what became of it."""

    reference: str
    call_off: str
    title: str | None
    """None for another member's call-off."""
    authority_id: int
    authority: str
    appointment_id: int
    partner: str
    offered_at: datetime
    turn: Turn
    value: Money
    """The call-off's maximum value as it stands now, net of VAT."""
    route: str
    """Why this partner: the lot's only one, or what its mechanism found."""
    why: str
    """Why it was declined, withdrawn or awarded, in the words typed; empty for another member's call-off."""

    @property
    def offered_on(self) -> date:
        """The London day on which it was offered."""
        return dates.as_london(self.offered_at).date()


@dataclass(slots=True)
class Tally:
    """Offers counted: how many of each outcome, and their value net of VAT. The outcomes add up to those asked."""

    name: str
    counts: dict[Turn, int] = field(default_factory=lambda: dict.fromkeys(Turn, 0))
    asked_value: Money = field(default_factory=Money.zero)
    won_value: Money = field(default_factory=Money.zero)

    @property
    def asked(self) -> int:
        return sum(self.counts.values())

    @property
    def won(self) -> int:
        return self.counts[Turn.WON]

    def add(self, one: Asking) -> None:
        self.counts[one.turn] += 1
        self.asked_value += one.value
        if one.turn is Turn.WON:
            self.won_value += one.value


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of a lot in a period, as this visitor may read them."""

    year: int | None
    """First calendar year of the financial year shown; None for all of it."""
    years: tuple[tuple[int, str], ...]
    """Financial years in which something was offered: first calendar year and "2022/23"."""
    rows: tuple[Asking, ...]
    """Newest first: those of the visitor's own authorities, or of every member for the lead's framework owner."""
    tallies: tuple[Tally, ...]
    """Those rows by partner, partners that were never asked among them."""
    others: Tally | None
    """Other members' offers together, for readers who see no more of them; None where there are none or all are in `rows`."""
    total: Tally

    @property
    def period(self) -> str:
        return dict(self.years).get(self.year, "") if self.year is not None else ""


def turns(
    session: Session, visitor: Visitor, lot: Lot, agreement: FrameworkAgreement, year: int | None = None
) -> Turns:
    """Whose turn it was on a lot that the caller has found through the visitor; `year` is a financial year's first calendar year.

    The day on which an offer was made decides the year. The lead authority's framework owner reads every member's offers, without
    words typed at other councils; other readers read their own authorities' and the sum of the others'.
    """
    whole = visitor.parties_where(Permission.CALL_OFF_READ)
    leads = visitor.holds(Role.FRAMEWORK_OWNER, agreement.lead_authority_id)
    every = [_asking(row, whole) for row in session.exec(_offers().where(CallOff.lot_id == lot.id))]
    firsts = sorted({first_year(one.offered_on) for one in every}, reverse=True)
    years = tuple((one, financial_year(date(one, 4, 1))) for one in firsts)
    chosen = year if year in firsts else None
    within = [one for one in every if chosen is None or first_year(one.offered_on) == chosen]
    rows = [one for one in within if leads or one.authority_id in whole]
    rest = [one for one in within if not (leads or one.authority_id in whole)]
    partners = lots_finding.partners_of(session, [lot])[lot.id]
    by_place = {place.id: Tally(party.name) for place, party in partners}
    for one in rows:
        by_place[one.appointment_id].add(one)
    return Turns(
        chosen,
        years,
        tuple(rows),
        tuple(by_place.values()),
        counted("Other members of the agreement", rest) if rest else None,
        counted("Together", within),
    )


def counted(name: str, askings: Iterable[Asking]) -> Tally:
    """These offers as one tally."""
    tally = Tally(name)
    for one in askings:
        tally.add(one)
    return tally


def first_year(day: date) -> int:
    """The first calendar year of the financial year a day falls in."""
    term: Term = financial_year_term(day)
    return term.first.year


def headline(found: Turns) -> str:
    """The view in a sentence or two, for whoever reads no table."""
    total = found.total
    when = f"In {found.period}, " if found.period else "So far, "
    if not total.asked:
        return f"{when}no work has been offered on this lot."
    offers = "1 offer was" if total.asked == 1 else f"{total.asked} offers were"
    sentence = f"{when}{offers} made on this lot and {total.won} awarded, {total.won_value} net of VAT."
    first = max(found.tallies, key=lambda one: one.won_value, default=None)
    if found.others is None and first is not None and len(found.tallies) > 1 and total.won_value.pence:
        sentence += f" {first.name} won {percent_of(first.won_value, total.won_value)} of that value."
    return sentence


@dataclass(frozen=True, slots=True)
class OwnTurns:
    """A partner's own turns on one lot: nothing of anybody else."""

    lot: Lot
    tally: Tally

    @property
    def sentence(self) -> str:
        """Such as "You were asked 4 times: 3 awarded, 1 declined. Awarded £20,000.00 net of VAT"."""
        tally = self.tally
        times = "once" if tally.asked == 1 else f"{tally.asked} times"
        parts = [f"{number} {turn.label.lower()}" for turn, number in tally.counts.items() if number]
        return f"You were asked {times}: {', '.join(parts)}. Awarded to you: {tally.won_value} net of VAT."


def own_turns(session: Session, visitor: Visitor) -> list[OwnTurns]:
    """How often the visitor's own company was asked on each of its lots, what it answered and won. Lots never asked on are left out."""
    mine = visitor.parties_where(Permission.OFFER_READ)
    found: dict[int, OwnTurns] = {}
    rows = session.exec(_offers(Lot).where(col(Appointment.supplier_id).in_(mine)))
    for *row, lot in rows:
        own = found.setdefault(lot.id, OwnTurns(lot, Tally(lot.reference)))
        own.tally.add(_asking(row, frozenset()))
    return sorted(found.values(), key=lambda one: one.lot.reference)


def _offers(*more: Any) -> Any:
    partner: Any = sa.orm.aliased(Party)
    query = (
        select(Offer, CallOff, Party.name, partner.name, *more)
        .join(CallOff, col(CallOff.id) == col(Offer.call_off_id))
        .join(Party, col(Party.id) == col(CallOff.authority_id))
        .join(Appointment, col(Appointment.id) == col(Offer.appointment_id))
        .join(partner, partner.id == col(Appointment.supplier_id))
        .order_by(col(Offer.id).desc())
        .options(
            sa.orm.load_only(*_columns(Offer, _OFFER + _OFFER_WHY), raiseload=True),
            sa.orm.load_only(
                *_columns(CallOff, _CALL_OFF + _CALL_OFF_WHEN + _CALL_OFF_END + _ENDS), raiseload=True
            ),
        )
    )
    return query.join(Lot, col(Lot.id) == col(CallOff.lot_id)) if more else query


def _columns(noun: Any, names: Sequence[str]) -> list[Any]:
    return [getattr(noun, name) for name in names]


def _asking(row: Sequence[Any], whole: frozenset[int]) -> Asking:
    offer, call_off, authority, partner = row
    turn = turn_of(offer, call_off)
    own = call_off.authority_id in whole
    why = {
        Turn.DECLINED: offer.decline_reason,
        Turn.WON: call_off.award_reason,
        Turn.LAPSED: "",
    }.get(turn, offer.withdraw_reason)
    return Asking(
        reference=offer.reference,
        call_off=call_off.reference,
        title=call_off.title if own else None,
        authority_id=call_off.authority_id,
        authority=authority,
        appointment_id=offer.appointment_id,
        partner=partner,
        offered_at=offer.offered_at,
        turn=turn,
        value=call_off.value,
        route=offer.route,
        why=why if own else "",
    )
