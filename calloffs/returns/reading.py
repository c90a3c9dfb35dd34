"""Reading what was returned: the newest version, every version before it, and what was said of one call-off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.returns.asking import AskedCallOff, Standing, asked_of, standing
from calloffs.returns.giving import LineFacts
from calloffs.returns.monthly_return import MonthlyReturn, ReturnDays, ReturnLine, ReturnVersion
from framework.definitions.money import Money
from framework.definitions.quantities import quarter_days_shown
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.people.person import Person
from framework.records.columns import table_of

Said = tuple[ReturnLine, list[ReturnDays]]


@dataclass(frozen=True, slots=True)
class OwnReturn:
    """A partner's own return: how it stands, its head when there is one, and the call-offs it speaks of."""

    supplier: Party
    standing: Standing
    head: MonthlyReturn | None
    asked: list[AskedCallOff]


@dataclass(frozen=True, slots=True)
class Given:
    """One version as it was given, by whom, and what it says of each call-off."""

    version: ReturnVersion
    by: str
    lines: tuple[tuple[str, str, Said], ...]
    """Reference and title of the call-off, and what was said of it."""

    @property
    def total(self) -> Money:
        """Net of VAT."""
        return sum((said[0].net for _, _, said in self.lines), Money.zero())

    @property
    def told(self) -> list[tuple[str, str, LineFacts, list[tuple[int, str]]]]:
        """Reference and title of each call-off, what was said of it, and its days by level in words."""
        return [
            (reference, title, facts_of(*said), days_in_words(facts_of(*said)))
            for reference, title, said in self.lines
        ]


def own_suppliers(session: Session, visitor: Visitor) -> list[Party]:
    """The suppliers whose returns this visitor gives, by name."""
    ids = visitor.parties_where(Permission.RETURN_GIVE)
    return list(session.exec(select(Party).where(col(Party.id).in_(ids)).order_by(col(Party.name))))


def own_return(session: Session, visitor: Visitor, supplier_id: int, month: date) -> OwnReturn:
    """A return of the visitor's own company, asked for or given. Raises `NotFound`."""
    permitted(visitor, Permission.RETURN_GIVE, supplier_id)
    stands = standing(session, supplier_id, month)
    supplier = session.get(Party, supplier_id)
    if stands is None or supplier is None:
        raise NotFound
    head = head_of(session, supplier_id, month)
    before = [line.call_off_id for line, _ in newest_lines(session, head)] if head else []
    return OwnReturn(supplier, stands, head, asked_of(session, supplier_id, month, before))


def head_of(session: Session, supplier_id: int, month: date) -> MonthlyReturn | None:
    """The head of a return, once somebody began to fill it in."""
    return session.exec(
        select(MonthlyReturn).where(MonthlyReturn.supplier_id == supplier_id, MonthlyReturn.month == month)
    ).one_or_none()


def newest_lines(session: Session, head: MonthlyReturn) -> list[Said]:
    """What the newest version says, a line for each call-off; empty while nothing was given."""
    rows = session.exec(
        select(ReturnLine)
        .join(ReturnVersion, col(ReturnVersion.id) == col(ReturnLine.version_id))
        .where(
            ReturnVersion.return_id == head.id,
            ReturnVersion.number == head.versions,
            col(ReturnLine.reverses_id).is_(None),
        )
        .order_by(col(ReturnLine.id))
    ).all()
    days = _days(session, [one.id for one in rows])
    return [(one, days.get(one.id, [])) for one in rows]


def versions_of(session: Session, head: MonthlyReturn) -> list[Given]:
    """Every version, the newest first."""
    rows = session.exec(
        select(ReturnVersion, Person.name, ReturnLine, CallOff.reference, CallOff.title)  # type: ignore[call-overload]
        .join(Person, col(Person.id) == col(ReturnVersion.given_by_id))
        .join(ReturnLine, col(ReturnLine.version_id) == col(ReturnVersion.id))
        .join(CallOff, col(CallOff.id) == col(ReturnLine.call_off_id))
        .where(ReturnVersion.return_id == head.id, col(ReturnLine.reverses_id).is_(None))
        .order_by(col(ReturnVersion.number).desc(), col(CallOff.reference))
    ).all()
    days = _days(session, [line.id for _, _, line, _, _ in rows])
    found: dict[int, tuple[ReturnVersion, str, list[tuple[str, str, Said]]]] = {}
    for version, by, line, reference, title in rows:
        found.setdefault(version.id, (version, by, []))[2].append(
            (reference, title, (line, days.get(line.id, [])))
        )
    return [Given(version, by, tuple(lines)) for version, by, lines in found.values()]


def said_of(session: Session, call_off_id: int, month: date) -> list[tuple[ReturnVersion, str, Said]]:
    """Each version that said something new of one call-off, the newest first. A correction of other lines alone is left out,
    with its reason: it is another council's."""
    rows = session.exec(
        select(ReturnVersion, Person.name, ReturnLine)
        .join(ReturnLine, col(ReturnLine.version_id) == col(ReturnVersion.id))
        .join(Person, col(Person.id) == col(ReturnVersion.given_by_id))
        .where(
            ReturnLine.call_off_id == call_off_id,
            ReturnLine.month == month,
            col(ReturnLine.reverses_id).is_(None),
        )
        .order_by(col(ReturnVersion.number))
    ).all()
    days = _days(session, [line.id for _, _, line in rows])
    found: list[tuple[ReturnVersion, str, Said]] = []
    before: LineFacts | None = None
    for version, by, line in rows:
        said = (line, days.get(line.id, []))
        if facts_of(*said) != before:
            found.append((version, by, said))
        before = facts_of(*said)
    return found[::-1]


def months_of_call_off(session: Session, call_off_id: int, most: int = 12) -> list[tuple[date, Money]]:
    """The newest months in which something was returned on a call-off, with what was invoiced, net of VAT: sums over the log."""
    line = table_of(ReturnLine)
    query = (
        sa.select(line.c.month, sa.func.sum(line.c.net_pence))
        .where(line.c.call_off_id == call_off_id)
        .group_by(line.c.month)
        .order_by(line.c.month.desc())
        .limit(most)
    )
    rows = session.connection().execute(query)
    return [(month, Money(int(pence))) for month, pence in rows]


def facts_of(line: ReturnLine, days: Iterable[ReturnDays]) -> LineFacts:
    """What a kept line says, as it was said."""
    return LineFacts(
        call_off_id=line.call_off_id,
        no_business=line.no_business,
        net=None if line.no_business else line.net,
        delivered=line.delivered,
        done=line.deliverable_numbers,
        days={one.level: one.quarter_days for one in days},
        invoices=line.invoice_numbers,
        forecast=line.forecast,
        concerns=line.concerns,
    )


def days_in_words(said: LineFacts) -> list[tuple[int, str]]:
    """Days worked by level, as a person writes them."""
    return [(level, quarter_days_shown(quarters)) for level, quarters in sorted(said.days.items())]


def _days(session: Session, lines: list[int]) -> dict[int, list[ReturnDays]]:
    found: dict[int, list[ReturnDays]] = {}
    if lines:
        query = (
            select(ReturnDays)
            .where(col(ReturnDays.line_id).in_(lines))
            .order_by(col(ReturnDays.line_id), col(ReturnDays.level))
        )
        for one in session.exec(query):
            found.setdefault(one.line_id, []).append(one)
    return found
