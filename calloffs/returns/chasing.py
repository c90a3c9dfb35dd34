"""The mails about returns: asking on the first of the month, chasing silence from the sixth working day.

Nothing is planned ahead. Who is asked and who is silent is read from facts when the job runs; each message has a unique key, so
that any number of processes write once. After days without a run only the newest of a return's mails goes, marked late, and none
that is more than 14 days late. A partner is chased three times, five working days apart; after that its silence stays on the pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.returns.asking import had_people, live_in
from calloffs.returns.monthly_return import (
    DUE_IN,
    MonthlyReturn,
    day_of_week,
    due_on,
    first_of_next,
    last_of,
    month_before,
    month_in_words,
)
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.people.finding import holders
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.people.person import Person
from framework.records import messages
from framework.records.columns import table_of
from lots.appointment import Appointment

TOO_LATE = timedelta(days=14)
"""How late a mail may still go."""
CHASES = (1, 2, 3)
_APART = 5
"""Working days from one chase to the next."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One of a return's mails: "ask", or the number of the chase, and the day on which it is due."""

    name: str
    day: date


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A call-off whose partner has not given its return, and who in a council should know."""

    supplier_id: int
    partner: str
    reference: str
    owner_id: int
    lead_authority_id: int


def stages(month: date) -> tuple[Stage, ...]:
    """Every mail of a return in order: the ask on the first of the next month, the chases from its sixth working day (RULE-51)."""
    return (
        Stage("ask", first_of_next(month)),
        *(
            Stage(
                f"chase-{number}", dates.add_working_days(last_of(month), DUE_IN + 1 + _APART * (number - 1))
            )
            for number in CHASES
        ),
    )


def newest_stage(month: date, today: date) -> Stage | None:
    """The stage that a day has reached; None before the first, and when it is too late for its mail."""
    reached = [one for one in stages(month) if one.day <= today]
    return reached[-1] if reached and today - reached[-1].day <= TOO_LATE else None


def chase(session: Session) -> int:
    """Queue every mail that fell due about returns not yet given; returns how many are new. The caller commits."""
    today = dates.today()
    newest = month_before(today)
    queued = 0
    for month in (dates.add_months(newest, -1), newest):
        stage = newest_stage(month, today)
        if stage is None:
            continue
        silent = list(_unanswered(session, month))
        queued += _tell_partners(session, month, stage, silent, today)
        if stage.name != "ask":
            queued += _tell_councils(session, month, stage, silent, today)
    return queued


def _unanswered(session: Session, month: date) -> Iterator[Unanswered]:
    call_off, appointment, party, agreement, head = (
        table_of(model) for model in (CallOff, Appointment, Party, FrameworkAgreement, MonthlyReturn)
    )
    query = (
        sa.select(
            party.c.id, party.c.name, call_off.c.reference, call_off.c.owner_id, agreement.c.lead_authority_id
        )
        .select_from(call_off)
        .join(appointment, appointment.c.id == call_off.c.appointment_id)
        .join(party, party.c.id == appointment.c.supplier_id)
        .join(agreement, agreement.c.id == call_off.c.agreement_id)
        .outerjoin(head, sa.and_(head.c.supplier_id == party.c.id, head.c.month == month))
        .where(live_in(month), had_people(month), sa.func.coalesce(head.c.versions, 0) == 0)
        .order_by(party.c.name, call_off.c.reference)
    )
    for row in session.connection().execute(query):
        yield Unanswered(*row)


def _tell_partners(session: Session, month: date, stage: Stage, silent: list[Unanswered], today: date) -> int:
    late = stage.day < today
    of_each: dict[int, list[Unanswered]] = {}
    for one in silent:
        of_each.setdefault(one.supplier_id, []).append(one)
    said, due = month_in_words(month), day_of_week(due_on(month))
    queued = 0
    for supplier_id, theirs in of_each.items():
        if stage.name == "ask":
            subject = f"Your return for {said}: due {due}"
            first = f"Please say what you delivered and invoiced in {said}, by 11:59pm on {due}. If there was nothing, “no business” is an answer."
        else:
            subject = f"Your return for {said} was due {due}"
            first = f"We have no return from you for {said}. It was due by 11:59pm on {due}. If there was nothing, “no business” is an answer."
        lines = [
            first,
            "It asks about: " + ", ".join(one.reference for one in theirs) + ".",
            f"/returns/{supplier_id}/{month:%Y-%m}/give",
        ]
        for person, _ in holders(session, supplier_id, Permission.RETURN_GIVE):
            key = f"return-{stage.name}:{supplier_id}:{month:%Y-%m}:{person.id}"
            queued += _queue(session, key, person, subject, lines, stage if late else None)
    return queued


def _tell_councils(session: Session, month: date, stage: Stage, silent: list[Unanswered], today: date) -> int:
    """One mail for each officer who has such a call-off and each framework owner of a lead authority, with a line for each partner."""
    said = month_in_words(month)
    told: dict[int, dict[str, set[str]]] = {}
    people: dict[int, Person] = {}
    for one in silent:
        told.setdefault(one.owner_id, {}).setdefault(one.partner, set()).add(one.reference)
    for authority_id in {one.lead_authority_id for one in silent}:
        for person, _ in holders(session, authority_id, Permission.AGREEMENT_OPEN):
            people[person.id] = person
            for one in silent:
                if one.lead_authority_id == authority_id:
                    told.setdefault(person.id, {}).setdefault(one.partner, set()).add(one.reference)
    queued = 0
    for person_id, partners in sorted(told.items()):
        reader = people.get(person_id) or session.get_one(Person, person_id)
        lines = [
            f"These partners have given no return for {said}. It was due {day_of_week(due_on(month))}, and they are asked again today.",
            "\n".join(
                f"{partner}: {', '.join(sorted(references))}"
                for partner, references in sorted(partners.items())
            ),
            f"/spend/returns?month={month:%Y-%m}",
        ]
        key = f"returns-silent:{month:%Y-%m}:{person_id}"
        subject = f"No return for {said} from {_count(len(partners))}"
        queued += _queue(session, key, reader, subject, lines, stage if stage.day < today else None)
    return queued


def _count(partners: int) -> str:
    return "1 partner" if partners == 1 else f"{partners} partners"


def _queue(
    session: Session, key: str, person: Person, subject: str, lines: list[str], late: Stage | None
) -> bool:
    if not person.active:
        return False
    if late is not None:
        subject = f"Late reminder: {subject}"
        lines = [*lines, f"This reminder was due on {dates.in_words(late.day)} and goes out late."]
    return messages.queue(
        session,
        key=key,
        to_address=person.email,
        subject=subject[:200],
        text="\n\n".join([f"Hello {person.name},", *lines]) + "\n",
        person_id=person.id,
    )
