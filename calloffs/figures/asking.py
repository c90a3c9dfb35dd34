"""Asking for figures: sums of the figures of periods by any dimensions, never of entries, so that a page costs the same with many lines.

As at an earlier day: the figures of today less what was posted since.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.figures.scope import Scope, asked, authority, joined
from calloffs.figures.spans import entry, figure, of_entries, of_figures
from calloffs.spend.balances import Figures, visible_agreements
from calloffs.spend.entry import EntryKind
from calloffs.spend.verifying_figures import WORD
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.periods import period_of
from framework.records.columns import table_of

_ENDS = ("_pence", "_net_pence", "_count")
_COLUMNS = tuple(f"{word}{end}" for word in WORD.values() for end in _ENDS)


@dataclass(frozen=True, slots=True)
class Sums:
    """Of each kind of entry: pence on the agreement's basis, pence net of VAT, and how many entries."""

    numbers: tuple[int, ...] = (0,) * len(_COLUMNS)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(tuple(one + two for one, two in zip(self.numbers, other.numbers, strict=True)))

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(tuple(one - two for one, two in zip(self.numbers, other.numbers, strict=True)))

    def __bool__(self) -> bool:
        return any(self.numbers)

    def on_basis(self, kind: EntryKind) -> Money:
        """The sum of one kind on the agreement's basis."""
        return Money(self.numbers[_place(kind)])

    def net(self, kind: EntryKind) -> Money:
        """The sum of one kind net of VAT."""
        return Money(self.numbers[_place(kind) + 1])

    def count(self, kind: EntryKind) -> int:
        """How many entries of one kind."""
        return self.numbers[_place(kind) + 2]

    def figures(self, ceiling: Money | None = None) -> Figures:
        """The four of them on the agreement's basis, under a ceiling where there is one."""
        reserved, committed, invoiced, paid = (self.on_basis(kind) for kind in WORD)
        return Figures(reserved, committed, invoiced, paid, ceiling)

    @classmethod
    def of(cls, kind: EntryKind, on_basis: int, net: int, count: int) -> "Sums":
        """The sums of entries of one kind."""
        numbers = [0] * len(_COLUMNS)
        numbers[_place(kind) : _place(kind) + 3] = [on_basis, net, count]
        return cls(tuple(numbers))


def _place(kind: EntryKind) -> int:
    return tuple(WORD).index(kind) * len(_ENDS)


@dataclass(frozen=True, slots=True)
class Moment:
    """The stretch of a figure: the first day of its month and of its period, in the authority's calendar."""

    calendar: str
    month_on: date
    period_on: date


Group = tuple[tuple[Any, ...], Moment | None, Basis]


def sums_by(
    session: Session, scope: Scope, keys: Sequence[sa.ColumnElement[Any]] = (), *, timed: bool = False
) -> dict[Group, Sums]:
    """Sums by the columns `keys` (of whatever `scope.joined` joins), by stretch where `timed`, and always by VAT basis.

    Two statements at most, whatever is behind them: figures of periods, and where it is asked as at an earlier day, what was
    posted since.
    """
    if scope.since is not None:
        found = _posted_after(session, scope, scope.since, keys, timed)
    else:
        found = _figures(session, scope, keys, timed)
    if scope.as_at is not None:
        for group, sums in _posted_after(session, scope, scope.as_at, keys, timed).items():
            found[group] = found.get(group, Sums()) - sums
    return {group: sums for group, sums in found.items() if sums}


def total(groups: Iterable[tuple[Group, Sums]]) -> dict[Basis, Sums]:
    """The sums of each VAT basis; net and gross are never added."""
    found: dict[Basis, Sums] = {}
    for (_, _, basis), sums in groups:
        found[basis] = found.get(basis, Sums()) + sums
    return found


def _figures(
    session: Session, scope: Scope, keys: Sequence[sa.ColumnElement[Any]], timed: bool
) -> dict[Group, Sums]:
    basis = table_of(FrameworkAgreement).c.basis
    times = [authority.c.calendar, figure.c.month_on, figure.c.period_on] if timed else []
    asked_for = {f"{WORD[kind]}{end}" for kind in scope.kinds for end in _ENDS}
    wanted = [figure.c[name] if not scope.kinds or name in asked_for else sa.literal(0) for name in _COLUMNS]
    labelled = [key.label(f"key_{place}") for place, key in enumerate(keys)]
    rows = session.connection().execute(
        sa.select(*labelled, *times, basis, *(sa.func.sum(one) for one in wanted))
        .select_from(joined(figure, figure.c.call_off_id))
        .where(*asked(scope), *of_figures(scope.span, authority.c.calendar))
        .group_by(*_names(keys), *times, basis)
    )
    found: dict[Group, Sums] = {}
    width = len(keys)
    for row in rows:
        moment = Moment(*row[width : width + 3]) if timed else None
        after = width + (3 if timed else 0)
        group = (tuple(row[:width]), moment, row[after])
        found[group] = found.get(group, Sums()) + Sums(tuple(int(one) for one in row[after + 1 :]))
    return found


def _names(keys: Sequence[sa.ColumnElement[Any]]) -> list[str]:
    """Keys are grouped by name: said twice, PostgreSQL would take what is bound in them for two different things."""
    return [f"key_{place}" for place in range(len(keys))]


def after_the(day: date) -> sa.ColumnElement[bool]:
    """Entries that were posted after the end of a London day."""
    return entry.c.posted_at > dates.end_of(day)


def _posted_after(
    session: Session, scope: Scope, day: date, keys: Sequence[sa.ColumnElement[Any]], timed: bool
) -> dict[Group, Sums]:
    basis = table_of(FrameworkAgreement).c.basis
    # Entries without a day of their own are told apart by the moment they were posted, and put into their day here.
    moment = sa.case((entry.c.effective_on.is_(None), entry.c.posted_at))
    times = [authority.c.calendar, entry.c.effective_on, moment.label("moment_")] if timed else []
    labelled = [key.label(f"key_{place}") for place, key in enumerate(keys)]
    where = [*asked(scope), *of_entries(scope.span, authority.c.calendar), after_the(day)]
    # The agreements are named first, so that the way to what was posted since is by agreement and moment.
    recent = entry.alias("recent")
    where.append(
        entry.c.id.in_(
            sa.select(recent.c.id).where(
                recent.c.agreement_id.in_(_agreements(session, scope)),
                recent.c.posted_at > dates.end_of(day),
            )
        )
    )
    if scope.kinds:
        where.append(entry.c.kind.in_(sorted(scope.kinds)))
    rows = session.connection().execute(
        sa.select(
            *labelled,
            *times,
            basis,
            entry.c.kind,
            sa.func.sum(entry.c.amount_pence),
            sa.func.sum(entry.c.net_pence),
            sa.func.count(),
        )
        .select_from(joined(entry, entry.c.call_off_id))
        .where(*where)
        .group_by(*_names(keys), *times[:-1], *(["moment_"] if timed else []), basis, entry.c.kind)
    )
    found: dict[Group, Sums] = {}
    width = len(keys)
    for row in rows:
        after = width + (3 if timed else 0)
        when = _moment(*row[width:after]) if timed else None
        group = (tuple(row[:width]), when, row[after])
        kind, on_basis, net, count = row[after + 1 :]
        found[group] = found.get(group, Sums()) + Sums.of(EntryKind(kind), int(on_basis), int(net), count)
    return found


def _agreements(session: Session, scope: Scope) -> list[int]:
    table = table_of(FrameworkAgreement)
    if scope.agreement_id is not None:
        return [scope.agreement_id]
    query = sa.select(table.c.id).where(visible_agreements(scope.visitor))
    return list(session.connection().execute(query).scalars())


def _moment(calendar: str, day: date | None, posted_at: datetime | None) -> Moment:
    if day is None:
        assert posted_at is not None
        day = dates.as_london(posted_at).date()
    return Moment(calendar, day.replace(day=1), period_of(calendar, day).first_day)
