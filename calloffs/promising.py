"""What partners have promised of their people: somebody offered twice for the same days, and until when somebody is busy."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.answering import TO_BE_NAMED
from calloffs.call_off import CallOff
from calloffs.offer import Offer, OfferedPerson
from calloffs.serving import serving, substitutions_of
from calloffs.substitution import Substitution, SubstitutionStatus
from framework.definitions import dates
from framework.definitions.quantities import quarter_days_in_words
from framework.people.permissions import Permission, Visitor
from lots.appointment import Appointment
from lots.busy import Busy
from lots.workforce import key_of


@dataclass(frozen=True, slots=True)
class Promised:
    """Somebody's days on one call-off: from first day to last, both included."""

    name: str
    starts_on: date
    ends_on: date
    quarter_days: int


@dataclass(frozen=True, slots=True)
class Promise:
    """Days promised by a supplier, and on which call-off."""

    supplier_id: int
    call_off: CallOff
    promised: Promised


def cannot_do_both(one: Promised, other: Promised) -> bool:
    """Whether the two are for the same person, overlap, and ask for more working days than the two terms together have."""
    if key_of(one.name) != key_of(other.name):
        return False
    if one.starts_on > other.ends_on or other.starts_on > one.ends_on:
        return False
    there_are = _working_days(min(one.starts_on, other.starts_on), max(one.ends_on, other.ends_on))
    return one.quarter_days + other.quarter_days > there_are * 4


def _working_days(first: date, last: date) -> int:
    days = (first + timedelta(days=after) for after in range((last - first).days + 1))
    return sum(dates.is_working_day(day) for day in days)


def promises(session: Session, supplier_ids: Iterable[int], *, awarded: bool = False) -> list[Promise]:
    """Days of named people on accepted call-offs that have not ended, substitutes included; two statements.

    With `awarded` only those of awarded call-offs, and of substitutes only those that the buyer has agreed to.
    """
    last_day = sa.func.coalesce(col(CallOff.terminated_on), col(CallOff.ends_on))
    query = select(OfferedPerson, CallOff, Appointment.supplier_id)
    if awarded:
        # From the place straight to what runs on it: `ix_call_off_promised` holds nothing else.
        query = (
            query.select_from(Appointment)
            .join(CallOff, col(CallOff.appointment_id) == col(Appointment.id))
            .join(OfferedPerson, col(OfferedPerson.offer_id) == col(CallOff.offer_id))
            .where(col(CallOff.awarded_at).is_not(None))
        )
    else:
        query = (
            query.select_from(Appointment)
            .join(Offer, col(Offer.appointment_id) == col(Appointment.id))
            .join(CallOff, col(CallOff.id) == col(Offer.call_off_id))
            .join(OfferedPerson, col(OfferedPerson.offer_id) == col(Offer.id))
            .where(col(Offer.accepted_at).is_not(None), col(Offer.withdrawn_at).is_(None))
        )
    rows = session.exec(
        query.where(
            col(Appointment.supplier_id).in_(list(supplier_ids)),
            col(CallOff.cancelled_at).is_(None),
            col(CallOff.award_withdrawn_at).is_(None),
            col(CallOff.closed_at).is_(None),
            col(CallOff.starts_on).is_not(None),
            last_day >= dates.today(),
        )
    ).all()
    people: dict[int, list[OfferedPerson]] = {}
    call_offs: dict[int, tuple[CallOff, int]] = {}
    # Sorted here: for the sake of the order, a database would walk through every call-off there is.
    for person, call_off, supplier_id in sorted(rows, key=lambda row: (row[1].id, row[0].id)):
        people.setdefault(call_off.id, []).append(person)
        call_offs[call_off.id] = call_off, supplier_id
    replaced = substitutions_of(session, call_offs)
    found = []
    for number, (call_off, supplier_id) in call_offs.items():
        there = [
            Promised(one.name, one.first, one.last, one.quarter_days)
            for one in serving(call_off, people[number], replaced[number])
            if one.first <= one.last and one.quarter_days > 0
        ]
        if not awarded:
            there += [_proposed(call_off, one) for one in replaced[number] if _is_open(one)]
        found += [
            Promise(supplier_id, call_off, one)
            for one in there
            if key_of(one.name) not in ("", key_of(TO_BE_NAMED))
        ]
    return found


def _is_open(one: Substitution) -> bool:
    return one.status is SubstitutionStatus.PROPOSED


def _proposed(call_off: CallOff, one: Substitution) -> Promised:
    assert call_off.last_day is not None
    return Promised(one.name or "", one.starts_on, call_off.last_day, one.quarter_days)


def promised_twice(
    session: Session,
    visitor: Visitor,
    *,
    supplier_id: int,
    call_off: CallOff,
    wanted: Sequence[Promised],
) -> list[str]:
    """A warning for each of the named people whom the supplier has promised elsewhere for days that cannot both be worked.

    The other call-off is named only to those who may read it: its own council and the supplier itself.
    """
    named = [one for one in wanted if key_of(one.name) not in ("", key_of(TO_BE_NAMED))]
    warnings = []
    for index, one in enumerate(named):
        if any(cannot_do_both(one, other) for other in named[:index]):
            warnings.append(
                f"{one.name} is offered more than once here: there are not enough working days for all of it"
            )
    elsewhere = [one for one in promises(session, [supplier_id]) if one.call_off.id != call_off.id]
    for one in named:
        for other in elsewhere:
            if cannot_do_both(one, other.promised):
                warnings.append(
                    f"{one.name} is also offered on {_said(visitor, supplier_id, other.call_off)} for overlapping days: "
                    "there are not enough working days for both"
                )
    return list(dict.fromkeys(warnings))


def _said(visitor: Visitor, supplier_id: int, call_off: CallOff) -> str:
    may_read = visitor.may(Permission.CALL_OFF_READ, call_off.authority_id)
    own = visitor.may(Permission.OFFER_READ, supplier_id)
    return call_off.reference if may_read or own else "another council’s call-off"


def over_the_term(call_off: CallOff, people: Iterable[tuple[str, int]]) -> list[Promised]:
    """Names and quarter days as promises over the whole term of a call-off; none where it has no term yet."""
    first, last = call_off.starts_on, call_off.last_day
    if first is None or last is None:
        return []
    return [Promised(name, first, last, quarter_days) for name, quarter_days in people]


def offered_twice(
    session: Session,
    visitor: Visitor,
    call_off: CallOff,
    people: Iterable[tuple[str, int]],
    supplier_id: int,
) -> list[str]:
    """What to look at in the people of an answer, as names and quarter days over the call-off's term.

    More days than the term has working days, and then all that `promised_twice` finds.
    """
    wanted = over_the_term(call_off, people)
    twice = promised_twice(session, visitor, supplier_id=supplier_id, call_off=call_off, wanted=wanted)
    return [*too_many_days(wanted), *twice]


def too_many_days(wanted: Iterable[Promised]) -> list[str]:
    """A warning for each who is offered for more days than there are working days from first day to last; also for one not named."""
    found = []
    for one in wanted:
        there_are = _working_days(one.starts_on, one.ends_on) * 4
        if one.quarter_days > there_are:
            found.append(
                f"{one.name or TO_BE_NAMED} is offered for {quarter_days_in_words(one.quarter_days)}, but there are only "
                f"{quarter_days_in_words(there_are).replace('day', 'working day')} from {dates.in_words(one.starts_on)} to "
                f"{dates.in_words(one.ends_on)}"
            )
    return found


def busy(session: Session, supplier_ids: Collection[int]) -> dict[int, list[Busy]]:
    """For the floor below: the days of named people on awarded call-offs that have not ended, by supplier."""
    found: dict[int, list[Busy]] = {}
    for one in promises(session, supplier_ids, awarded=True):
        there = one.promised
        found.setdefault(one.supplier_id, []).append(
            Busy(key_of(there.name), there.starts_on, there.ends_on, there.quarter_days)
        )
    return found
