"""The rules of matching (RULE-91): which call-off a line speaks of, why, how sure that is, and what speaks against it.

Pure: facts in, suggestions out. A rule answers with candidates and its reason in words; a match is certain only when one rule that
can be certain names exactly one call-off and nothing speaks against it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz, process

from calloffs.matching import folding, naming
from calloffs.matching.spend_match import Why
from framework.definitions import dates
from framework.definitions.money import Basis, Money

LIKE = 88
"""From how alike two names are, in a hundred, one is suggested for the other."""
MOST = 5
"""How many suggestions are given for one line."""
_WORDS = re.compile(r"[A-Z0-9]+(?:[-/][A-Z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An awarded call-off of the line's own authority, as the rules need it. Balances are on the agreement's basis."""

    call_off_id: int
    reference: str
    title: str
    order: str
    """Its purchase order number as it was entered; blank for none."""
    agreement_id: int
    basis: Basis
    lot_id: int
    lot: str
    supplier_id: int
    partner: str
    signed_on: date | None
    starts_on: date | None
    last_day: date | None
    closed_on: date | None
    committed: Money
    invoiced: Money
    paid: Money

    def holds(self, day: date) -> bool:
        """Whether a day lies in its term, both ends included."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.last_day is None or day <= self.last_day
        )

    def live_on(self, day: date) -> bool:
        """Whether it was signed, not closed, and running on the day."""
        return self.signed_on is not None and self.closed_on is None and self.holds(day)


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says that the rules go by."""

    order: str
    reference: str
    narrative: str
    supplier_number: str
    supplier_name: str
    company_number: str
    day: date
    """The invoice's day, else the day of receipt, else of payment."""
    learned: int | None = None
    """The party that its supplier number was learned to mean at this source."""
    registered: int | None = None
    """The party with its company number."""
    named: int | None = None
    """The partner whose own name its supplier has."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A call-off for a line: the surest reason, in words, and everything that speaks against it."""

    candidate: Candidate
    why: Why
    because: str
    certain: bool
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """Everything of one authority that a line of it can be matched to."""

    candidates: tuple[Candidate, ...]
    by_order: Mapping[str, tuple[Candidate, ...]]
    by_reference: Mapping[str, Candidate]
    by_supplier: Mapping[int, tuple[Candidate, ...]]
    names: Mapping[int, str] = field(default_factory=dict)
    """Folded names of the partners, for likeness."""


def known_of(candidates: Iterable[Candidate]) -> Known:
    """Candidates, laid out so that each rule finds its own at once."""
    found = tuple(candidates)
    orders: dict[str, list[Candidate]] = {}
    suppliers: dict[int, list[Candidate]] = {}
    for one in found:
        if one.order.strip():
            orders.setdefault(folding.order_number(one.order), []).append(one)
        suppliers.setdefault(one.supplier_id, []).append(one)
    return Known(
        found,
        {order: tuple(ones) for order, ones in orders.items()},
        {folding.reference(one.reference): one for one in found},
        {supplier: tuple(ones) for supplier, ones in suppliers.items()},
        {supplier: folding.company_name(ones[0].partner) for supplier, ones in suppliers.items()},
    )


def suggestions(said: Said, known: Known, *, by_name: bool = True) -> list[Suggestion]:
    """Suggestions for a line, the best first, at most MOST; the first is certain or none is."""
    evidence = [_Evidence(why, *found) for why, look in LOOKS for found in look(said, known)]
    if by_name and not evidence:
        evidence += [_Evidence(Why.NAME, *found) for found in by_likeness(said, known)]
    strongest: dict[int, tuple[_Evidence, Candidate]] = {}
    for one in evidence:
        for candidate in one.found:
            strongest.setdefault(candidate.call_off_id, (one, candidate))
    made = [_judged(said, known, evidence, one, candidate) for one, candidate in strongest.values()]
    order = list(Why)
    made.sort(
        key=lambda one: (not one.certain, len(one.against), order.index(one.why), one.candidate.reference)
    )
    return made[:MOST]


@dataclass(frozen=True, slots=True)
class _Evidence:
    why: Why
    found: tuple[Candidate, ...]
    words: str
    sure: bool
    """Whether this rule alone may make a match certain."""


Found = Iterator[tuple[tuple[Candidate, ...], str, bool]]


def by_purchase_order(said: Said, known: Known) -> Found:
    """The purchase order number of a call-off of this authority."""
    if said.order.strip() and (found := known.by_order.get(folding.order_number(said.order))):
        yield found, f"Purchase order {said.order.strip()} is this call-off’s", len(found) == 1


def by_reference(said: Said, known: Known) -> Found:
    """The call-off's own reference in its own column."""
    if said.reference.strip() and (found := known.by_reference.get(folding.reference(said.reference))):
        yield (found,), f"The line gives the call-off reference {found.reference}", True


def by_supplier_number(said: Said, known: Known) -> Found:
    """A supplier number that was learned, and one live call-off of that partner on the day."""
    if said.learned is not None:
        words = f"Supplier number {said.supplier_number.strip()} was matched to {{partner}} before"
        yield from _in_window(said, known, said.learned, words)


def by_company_number(said: Said, known: Known) -> Found:
    """The partner's company number, and one live call-off of that partner on the day."""
    if said.registered is not None:
        yield from _in_window(
            said,
            known,
            said.registered,
            f"Company number {folding.company_number(said.company_number)} is {{partner}}’s",
        )


def _in_window(said: Said, known: Known, supplier_id: int, words: str) -> Found:
    own = known.by_supplier.get(supplier_id, ())
    live = tuple(one for one in own if one.live_on(said.day))
    day = dates.in_words(said.day)
    if live:
        only = "its only call-off" if len(live) == 1 else f"one of its {len(live)} call-offs"
        said_of = words.replace("{partner}", live[0].partner)
        yield live, f"{said_of}, and this is {only} that ran on {day}", len(live) == 1


def in_narrative(said: Said, known: Known) -> Found:
    """A call-off's reference as a whole word of the narrative or another free cell: never certain."""
    for found in _named(said, known):
        yield (found,), f"The line’s text mentions {found.reference}", False


def outside_window(said: Said, known: Known) -> Found:
    """The partner's call-offs when none of them ran on the day, the nearest first: never certain."""
    supplier_id = said.learned or said.registered
    own = () if supplier_id is None else known.by_supplier.get(supplier_id, ())
    if own and not any(one.live_on(said.day) for one in own):
        open_ones = sorted(
            (one for one in own if one.closed_on is None), key=lambda one: _away(one, said.day)
        )
        if open_ones:
            words = f"The numbers on the line are {own[0].partner}’s, though none of its call-offs ran on {dates.in_words(said.day)}"
            yield tuple(open_ones[:2]), words, False


def by_likeness(said: Said, known: Known) -> Found:
    """A partner whose name is like the supplier's: never certain."""
    name = folding.company_name(said.supplier_name)
    if len(name) < 4 or not known.names:
        return
    for _name, score, supplier_id in process.extract(
        name, known.names, scorer=fuzz.token_sort_ratio, score_cutoff=LIKE, limit=2
    ):
        own = known.by_supplier[supplier_id]
        live = tuple(one for one in own if one.live_on(said.day))
        open_ones = sorted(
            (one for one in own if one.closed_on is None), key=lambda one: _away(one, said.day)
        )
        if live or open_ones:
            same = "is" if score == 100 else "is like"
            words = f"“{said.supplier_name.strip()[:80]}” {same} the name of {own[0].partner}"
            yield live or tuple(open_ones[:2]), words, False


# Where a line is looked for, the surest first. A new rule is one function and its name here.
LOOKS: tuple[tuple[Why, Callable[[Said, Known], Found]], ...] = (
    (Why.PURCHASE_ORDER, by_purchase_order),
    (Why.CALL_OFF_REFERENCE, by_reference),
    (Why.SUPPLIER_NUMBER, by_supplier_number),
    (Why.COMPANY_NUMBER, by_company_number),
    (Why.CALL_OFF_REFERENCE, in_narrative),
    (Why.SUPPLIER_NUMBER, outside_window),
)


def _judged(
    said: Said, known: Known, evidence: list[_Evidence], one: _Evidence, candidate: Candidate
) -> Suggestion:
    against = tuple(_against(said, known, evidence, one, candidate))
    return Suggestion(candidate, one.why, one.words, one.sure and not against, against)


def _against(
    said: Said, known: Known, evidence: list[_Evidence], own: _Evidence, candidate: Candidate
) -> Iterator[str]:
    """Whatever keeps a match from being certain, in words."""
    if own.why is Why.PURCHASE_ORDER and len(own.found) > 1:
        others = ", ".join(one.reference for one in own.found if one is not candidate)
        yield f"The same purchase order number is on {others}"
    for other in evidence:
        if candidate in other.found or other.why is Why.NAME:
            continue
        pointed = " or ".join(one.reference for one in other.found[:3])
        if other.why is Why.PURCHASE_ORDER:
            yield f"The purchase order number is {pointed}’s"
        elif other.why is Why.CALL_OFF_REFERENCE:
            yield f"The line names {pointed}"
    yield from _unlike_numbers(said, own, candidate)
    for supplier_id, whose in ((said.learned, "supplier number"), (said.registered, "company number")):
        if supplier_id is not None and supplier_id != candidate.supplier_id:
            partner = known.by_supplier[supplier_id][0].partner if supplier_id in known.by_supplier else ""
            meant = f"{partner}’s" if partner else "another company’s"
            yield f"The line’s {whose} is {meant}, and the call-off is {candidate.partner}’s"
    yield from _other_name(said, candidate)
    if candidate.closed_on is not None:
        yield f"{candidate.reference} was closed on {dates.in_words(candidate.closed_on)}"
    if candidate.signed_on is None:
        yield f"{candidate.reference} is not signed by both sides yet"
    elif said.day < candidate.signed_on:
        yield f"It is dated before {candidate.reference} was signed on {dates.in_words(candidate.signed_on)}"
    if candidate.last_day is not None and said.day > candidate.last_day:
        yield f"It is dated after the last day of {candidate.reference}, {dates.in_words(candidate.last_day)}"


def _other_name(said: Said, candidate: Candidate) -> Iterator[str]:
    """The supplier's name is another partner's, or wholly unlike this one's and none of its numbers is known to be this one's."""
    if naming.same(said.supplier_name, candidate.partner):
        return
    another = said.named is not None and said.named != candidate.supplier_id
    known_to_be = candidate.supplier_id in (said.learned, said.registered)
    if another or (not known_to_be and naming.unlike(said.supplier_name, candidate.partner)):
        name = said.supplier_name.strip()[:80]
        yield f"The line names {name}; this call-off is {candidate.partner}’s"


def _unlike_numbers(said: Said, own: _Evidence, candidate: Candidate) -> Iterator[str]:
    order, given = folding.order_number(said.order), candidate.order.strip()
    if own.why is not Why.PURCHASE_ORDER and order and given and order != folding.order_number(given):
        yield f"The line’s purchase order {said.order.strip()} is not {given}, which is the call-off’s"
    elif own.why in (Why.SUPPLIER_NUMBER, Why.COMPANY_NUMBER) and order and not given:
        yield f"The line has purchase order {said.order.strip()}, and the call-off has none"
    reference = folding.reference(said.reference)
    if (
        own.why in (Why.SUPPLIER_NUMBER, Why.COMPANY_NUMBER)
        and reference
        and reference != folding.reference(candidate.reference)
    ):
        yield f"The line gives the reference {said.reference.strip()}, which is not the call-off’s"


def _named(said: Said, known: Known) -> list[Candidate]:
    """Call-offs whose reference stands in the line's text as a whole word."""
    if not said.narrative:
        return []
    # Every reference ends in a number, and most words of a text have none.
    found = _WORDS.findall(said.narrative.upper())
    words = {folding.reference(word) for word in found if any(one.isdigit() for one in word)}
    return [known.by_reference[word] for word in sorted(words) if word in known.by_reference]


def _away(one: Candidate, day: date) -> int:
    if one.holds(day):
        return 0
    ends = [abs((day - end).days) for end in (one.starts_on, one.last_day) if end]
    return min(ends, default=0)
