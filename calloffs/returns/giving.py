"""Giving a return: a draft is kept and come back to, then one of the partner's people gives it, once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlmodel import Session, select

from calloffs.returns.asking import AskedCallOff, asked_of
from calloffs.returns.monthly_return import (
    MonthlyReturn,
    ReturnDays,
    ReturnLine,
    ReturnVersion,
    first_of_next,
    last_correction_day,
    month_in_words,
)
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, require
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from framework.records.audit import Subject
from framework.records.database import insert_once

MOST_NUMBERS = 60
"""Invoice numbers on one line."""
_A_COLLEAGUE = (
    "A colleague kept, gave or corrected this return while you were filling it in. Nothing of yours was kept or given. "
    "Look at what it says now before you go on"
)


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What a partner says of one call-off. Amounts are net of VAT; `net` below nothing is a credit; days are quarter days by level."""

    call_off_id: int
    no_business: bool = False
    net: Money | None = None
    delivered: str = ""
    done: tuple[int, ...] = ()
    days: Mapping[int, int] = field(default_factory=dict)
    invoices: tuple[str, ...] = ()
    forecast: Money | None = None
    concerns: str = ""


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """What a partner says of a month: a line for each call-off, or "no business" for all at once."""

    lines: tuple[LineFacts, ...] = ()
    no_business: bool = False

    @property
    def total(self) -> Money:
        """Net of VAT."""
        return sum((one.net for one in self.lines if one.net is not None), Money.zero())


class Seen(NamedTuple):
    """What its writer had before them: how many versions were given, and how often a draft was kept."""

    versions: int = 0
    draft_saves: int = 0


@dataclass(frozen=True, slots=True)
class Intent:
    """Everything that the rules of giving and correcting are asked about."""

    month: date
    today: date
    asked: Mapping[int, AskedCallOff]
    lines: tuple[LineFacts, ...]
    corrects: bool = False
    reason: str = ""
    before: tuple[LineFacts, ...] = ()
    """What the newest version says."""


def save_draft(
    session: Session, *, actor: Visitor, supplier_id: int, month: date, typed: str, seen: Seen
) -> int:
    """Keep what was typed, to come back to; the number of the draft kept.

    Raises `NotFound`, or `ChangedMeanwhile` when a colleague kept or gave another meanwhile.
    """
    permitted(actor, Permission.RETURN_GIVE, supplier_id)
    head = hold(session, supplier_id, month)
    as_seen(head, seen)
    head.draft, head.draft_saves = typed, head.draft_saves + 1
    session.flush()
    return head.draft_saves


def check_return(
    session: Session, *, actor: Visitor, supplier_id: int, month: date, facts: ReturnFacts
) -> None:
    """Ask every rule of giving about a first version, and change nothing. Raises `Refused` and `NotFound` as giving does."""
    permitted(actor, Permission.RETURN_GIVE, supplier_id)
    asked = {one.id: one for one in asked_of(session, supplier_id, month)}
    require(Intent(month, dates.today(), asked, spoken(facts, asked)), RULES)


def give_return(
    session: Session, *, actor: Visitor, supplier_id: int, month: date, facts: ReturnFacts, seen: Seen
) -> ReturnVersion:
    """Give the first version. Late is allowed, and said.

    Raises `Refused` with every reason, `NotFound`, or `ChangedMeanwhile` when a colleague was first.
    """
    permitted(actor, Permission.RETURN_GIVE, supplier_id)
    head = hold(session, supplier_id, month)
    as_seen(head, seen)
    if head.versions:
        raise ChangedMeanwhile(Refusal(_A_COLLEAGUE))
    asked = {one.id: one for one in asked_of(session, supplier_id, month)}
    if not asked:
        raise NotFound
    lines = spoken(facts, asked)
    require(Intent(month, dates.today(), asked, lines), RULES)
    return write_down(session, actor=actor, head=head, lines=lines, asked=asked)


def hold(session: Session, supplier_id: int, month: date) -> MonthlyReturn:
    """The head of a return, made when it is not there, and held until the transaction ends."""
    if session.get(Party, supplier_id) is None or month != month.replace(day=1):
        raise NotFound
    insert_once(
        session,
        MonthlyReturn,
        ["supplier_id", "month"],
        supplier_id=supplier_id,
        month=month,
        versions=0,
        draft="",
        draft_saves=0,
    )
    return session.exec(
        select(MonthlyReturn)
        .where(MonthlyReturn.supplier_id == supplier_id, MonthlyReturn.month == month)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def as_seen(head: MonthlyReturn, seen: Seen) -> None:
    if Seen(head.versions, head.draft_saves) != seen:
        raise ChangedMeanwhile(Refusal(_A_COLLEAGUE))


def spoken(facts: ReturnFacts, asked: Mapping[int, AskedCallOff]) -> tuple[LineFacts, ...]:
    """The lines as they are kept: "no business" for all is a line for each. Raises `NotFound` for a call-off not asked about."""
    if facts.no_business:
        return tuple(LineFacts(call_off_id, no_business=True) for call_off_id in asked)
    if any(one.call_off_id not in asked for one in facts.lines):
        raise NotFound
    return facts.lines


def write_down(
    session: Session,
    *,
    actor: Visitor,
    head: MonthlyReturn,
    lines: Iterable[LineFacts],
    asked: Mapping[int, AskedCallOff],
    reason: str = "",
    reverses: Iterable[tuple[ReturnLine, list[ReturnDays]]] = (),
) -> ReturnVersion:
    """One more version with its lines, after the reversals of the version before, and the record. Call it under `hold`."""
    assert actor.person_id is not None
    head.versions += 1
    head.draft = ""
    version = ReturnVersion(
        return_id=head.id,
        number=head.versions,
        given_at=dates.now(),
        given_by_id=actor.person_id,
        reason=reason,
    )
    session.add(version)
    session.flush()
    for old, days in reverses:
        gone = ReturnLine(
            version_id=version.id,
            call_off_id=old.call_off_id,
            month=old.month,
            reverses_id=old.id,
            net_pence=-old.net_pence,
        )
        _add(session, gone, {one.level: -one.quarter_days for one in days})
    total = Money.zero()
    for said in lines:
        net = said.net or Money.zero()
        total += net
        line = ReturnLine(
            version_id=version.id,
            call_off_id=said.call_off_id,
            month=head.month,
            net_pence=net.pence,
            no_business=said.no_business,
            delivered=said.delivered,
            done=",".join(str(one) for one in said.done),
            invoices="\n".join(said.invoices),
            forecast_net_pence=None if said.forecast is None else said.forecast.pence,
            concerns=said.concerns,
        )
        _add(session, line, said.days)
        _tell(session, actor, head, asked[said.call_off_id], line, version.number)
    audit.record(
        session,
        actor=actor,
        action="return_corrected" if version.number > 1 else "return_given",
        subject=about(session, head),
        facts={"version": version.number, "net": total},
        words={"reason": reason},
    )
    return version


def _add(session: Session, line: ReturnLine, days: Mapping[int, int]) -> None:
    session.add(line)
    session.flush()
    session.add_all(
        ReturnDays(line_id=line.id, level=level, quarter_days=quarters)
        for level, quarters in sorted(days.items())
        if quarters
    )
    session.flush()


def about(session: Session, head: MonthlyReturn) -> Subject:
    """A return as the subject of an audit record, which only its own partner reads: it speaks of several councils."""
    name = session.get_one(Party, head.supplier_id).name
    words = f"the return of {name} for {month_in_words(head.month)}"
    return Subject("monthly_return", head.id, words, head.supplier_id)


def _tell(
    session: Session, actor: Visitor, head: MonthlyReturn, asked: AskedCallOff, line: ReturnLine, number: int
) -> None:
    """The call-off's own authority reads what was said of it, and nothing of the other lines."""
    partner = session.get_one(Party, head.supplier_id).name
    audit.record(
        session,
        actor=actor,
        action="return_line_given",
        subject=Subject("call_off", asked.id, asked.reference, asked.authority_id),
        facts={
            "month": month_in_words(head.month),
            "net": line.net,
            "version": number,
            "partner": partner,
        },
    )


# Rules: each answers with what stands in the way, or with nothing.


def the_month_is_over(intent: Intent) -> Refusal | None:
    """A return is asked for from the first of the next month, in London."""
    if intent.today < first_of_next(intent.month):
        return Refusal(
            f"The return for {month_in_words(intent.month)} can be given from {dates.in_words(first_of_next(intent.month))}"
        )
    return None


def it_is_not_too_late(intent: Intent) -> Refusal | None:
    """Given and corrected until the financial year after its own ends, 31 March included (RULE-93)."""
    last = last_correction_day(intent.month)
    if intent.today > last:
        return Refusal(
            f"The return for {month_in_words(intent.month)} could be given or corrected until {dates.in_words(last)}. "
            "Tell the council’s finance team what has to change",
            rule="RULE-93",
        )
    return None


def every_call_off_is_answered(intent: Intent) -> Iterable[Refusal]:
    """A line for each call-off that was asked about."""
    there = {one.call_off_id for one in intent.lines}
    if len(there) != len(intent.lines):
        yield Refusal("Each call-off has one line in a return")
    for call_off_id, asked in intent.asked.items():
        if call_off_id not in there:
            yield Refusal(
                f"Say what you invoiced on {asked.reference}, or that there was no business",
                f"line_{call_off_id}-net",
            )


def each_line_is_whole(intent: Intent) -> Iterable[Refusal]:
    """Either no business and nothing else, or an amount and what was delivered."""
    for one in intent.lines:
        name = intent.asked[one.call_off_id].reference
        place = f"line_{one.call_off_id}"
        if one.no_business:
            if one.net or one.delivered or one.done or one.invoices or any(one.days.values()):
                yield Refusal(
                    f"Choose one for {name}: no business, or what you delivered and invoiced",
                    f"{place}-no_business",
                )
            continue
        if one.net is None:
            yield Refusal(
                f"Enter what you invoiced on {name} this month, net of VAT: 0 if nothing", f"{place}-net"
            )
        if not one.delivered.strip() and not one.done:
            yield Refusal(
                f"Say what you delivered on {name}, or tick a deliverable, or choose no business",
                f"{place}-delivered",
            )


def each_line_names_what_there_is(intent: Intent) -> Iterable[Refusal]:
    """Deliverables and levels that the call-off has, invoice numbers that may be real, and a forecast of nothing or more."""
    for one in intent.lines:
        asked, place = intent.asked[one.call_off_id], f"line_{one.call_off_id}"
        if not set(one.done) <= {number for number, _ in asked.deliverables}:
            yield Refusal(f"{asked.reference} has no such deliverable", f"{place}-delivered")
        if not all(1 <= level <= 7 and quarters >= 0 for level, quarters in one.days.items()):
            yield Refusal("Levels go from 1 to 7, and days are 0 or more", f"{place}-net")
        if len(one.invoices) > MOST_NUMBERS or any(not 0 < len(number) <= 60 for number in one.invoices):
            yield Refusal(
                f"Enter at most {MOST_NUMBERS} invoice numbers of at most 60 characters, with commas between them",
                f"{place}-invoices",
            )
        if one.forecast is not None and one.forecast.pence < 0:
            yield Refusal("Enter a forecast of £0 or more", f"{place}-forecast")


def a_correction_has_a_reason(intent: Intent) -> Refusal | None:
    if intent.corrects and not intent.reason.strip():
        return Refusal("Enter why you are correcting this return", "reason")
    return None


def a_correction_changes_something(intent: Intent) -> Refusal | None:
    if intent.corrects and set(map(_compared, intent.lines)) == set(map(_compared, intent.before)):
        return Refusal("Nothing here differs from what you gave before. Change what is wrong, or go back")
    return None


def _compared(one: LineFacts) -> tuple[object, ...]:
    days = tuple(sorted((level, quarters) for level, quarters in one.days.items() if quarters))
    net = one.net or Money.zero()
    rest = (one.delivered, one.done, one.invoices, one.forecast, one.concerns)
    return (one.call_off_id, one.no_business, net, days, *rest)


# A new rule is one function and its name here.
RULES = (
    the_month_is_over,
    it_is_not_too_late,
    every_call_off_is_answered,
    each_line_is_whole,
    each_line_names_what_there_is,
    a_correction_has_a_reason,
    a_correction_changes_something,
)
