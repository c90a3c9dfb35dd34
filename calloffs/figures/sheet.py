"""A sheet of figures: rows by one dimension or by two, one inside the other, totals by VAT basis, and where each figure leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.figures.asking import Group, Sums, sums_by, total
from calloffs.figures.dimension import Dimension, Part
from calloffs.figures.scope import Scope
from calloffs.spend.balances import Figures
from calloffs.spend.entry import EntryKind
from calloffs.spend.verifying_figures import WORD
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions.money import Basis, Money
from framework.records.columns import table_of
from lots.lot import Lot

_SPANS = frozenset({"year", "period", "month", "calendar"})
_WORDS = {word: kind for kind, word in WORD.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its part and the part it stands inside, figures on their basis, and the filters that its entries answer to."""

    part: Part
    basis: str
    moved: Figures
    """What moved in the stretch asked for; where none was, everything so far."""
    standing: Figures | None
    """What stood at the end of the stretch; None where none was asked for."""
    filters: Mapping[str, str]
    inside: bool = False

    def entries(self, word: str, *, standing: bool = False) -> dict[str, str]:
        """The filters of the entries behind one figure ("reserved", "committed", "invoiced" or "paid")."""
        up_to = {"standing": "yes"} if standing and not _SPANS.isdisjoint(self.filters) else {}
        return {**self.filters, "kind": _WORDS[word].value, **up_to}


@dataclass(frozen=True, slots=True)
class Change:
    """What was posted after the day as at which figures are shown."""

    basis: str
    kind: EntryKind
    amount: Money
    count: int
    filters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows in order, the totals of each basis, and what changed since."""

    lines: tuple[Line, ...]
    totals: tuple[Line, ...]
    changes: tuple[Change, ...]
    limited: bool
    """Whether any row has a ceiling or an allocation."""
    timed: bool
    """Whether movements are shown with what stood at their end."""


Parts = tuple[tuple[Part, ...], Basis]


def sheet(
    session: Session, scope: Scope, filters: Mapping[str, str], by: Dimension, then: Dimension | None = None
) -> Sheet:
    """Figures by `by`, and inside each row by `then`; `filters` are those that `scope` was read from.

    `then` is not a stretch of days. Ceilings stand where the whole of a lot, an agreement or an allocation is shown, and are those of
    now also where figures are asked for as at an earlier day.
    """
    dimensions = [one for one in (by, then) if one is not None]
    keys = [key for one in dimensions for key in one.keys(scope)]
    timed = by.timed is not None
    shows_standing = timed or bool(scope.span)
    upto = replace(scope, span=replace(scope.span, standing=bool(scope.span)))
    found = _told(sums_by(session, upto, keys, timed=timed), scope, dimensions)
    if scope.span:
        moved = _told(sums_by(session, scope, keys, timed=timed), scope, dimensions)
    else:
        moved = found
    limits = _limits(session, scope, filters, by)
    own = {name: one for name, one in filters.items() if name != "standing"}
    several = len({basis for _, basis in found}) > 1
    # What has not moved in the stretch is shown as well where it stands at its end; a stretch in which nothing moved is not.
    shown = moved if timed else {**dict.fromkeys(found, Sums()), **moved}
    standing = _up_to(found) if timed else found
    lines: list[Line] = []
    for head, basis in sorted({((one[0],), basis) for one, basis in shown}, key=_order):
        inner = {one: sums for one, sums in shown.items() if one[0][:1] == head and one[1] == basis}
        part = head[0]
        lines.append(
            _line(
                (head, basis),
                sum(inner.values(), Sums()),
                _stood(standing, head, basis) if shows_standing else None,
                _own(own, basis, several),
                limits.get(part.filters.get("authority", ""), part.ceiling) if limits is not None else None,
            )
        )
        if then is not None:
            for group in sorted(inner, key=_order):
                lines.append(
                    _line(
                        group,
                        inner[group],
                        standing.get(group, Sums()) if shows_standing else None,
                        _own(own, basis, several),
                        inside=True,
                    )
                )
    return Sheet(
        tuple(lines),
        tuple(_totals(session, scope, moved, found, own, shows_standing)),
        tuple(_changes(session, scope, own)),
        any(one.moved.ceiling is not None for one in lines),
        shows_standing,
    )


def _told(found: Mapping[Group, Sums], scope: Scope, dimensions: Sequence[Dimension]) -> dict[Parts, Sums]:
    told: dict[Parts, Sums] = {}
    widths = [len(one.keys(scope)) for one in dimensions]
    for (values, moment, basis), sums in found.items():
        parts, at = [], 0
        for one, width in zip(dimensions, widths, strict=True):
            if one.timed is not None:
                assert moment is not None
                parts.append(one.timed(moment))
            else:
                parts.append(one.part(*values[at : at + width]))
            at += width
        key = (tuple(parts), basis)
        told[key] = told.get(key, Sums()) + sums
    return told


def _up_to(found: Mapping[Parts, Sums]) -> dict[Parts, Sums]:
    """Running sums: of each stretch, everything up to its end in the same calendar and the same inner part."""
    running: dict[Parts, Sums] = {}
    rests = {(parts[0].order[1], parts[1:], basis) for parts, basis in found}
    heads = {parts[0] for parts, _ in found}
    for calendar, rest, basis in rests:
        so_far = Sums()
        for head in sorted((one for one in heads if one.order[1] == calendar), key=lambda one: one.order):
            so_far += found.get(((head, *rest), basis), Sums())
            running[((head, *rest), basis)] = so_far
    return running


def _stood(standing: Mapping[Parts, Sums], head: tuple[Part, ...], basis: Basis) -> Sums:
    return sum(
        (sums for (parts, one), sums in standing.items() if parts[:1] == head and one == basis), Sums()
    )


def _own(filters: Mapping[str, str], basis: Basis, several: bool) -> Mapping[str, str]:
    """Where there are figures of both VAT bases, each leads to entries of its own alone."""
    return {**filters, "basis": basis.value} if several else filters


def _order(group: Parts) -> tuple[object, ...]:
    return (*(one.order for one in group[0]), group[1].value)


def _line(
    group: Parts,
    sums: Sums,
    standing: Sums | None,
    filters: Mapping[str, str],
    ceiling: Money | None = None,
    *,
    inside: bool = False,
) -> Line:
    parts, basis = group
    own = dict(filters)
    for part in parts:
        own.update(part.filters)
    return Line(
        parts[-1],
        basis.label,
        sums.figures(ceiling),
        None if standing is None else standing.figures(),
        own,
        inside,
    )


def _limits(
    session: Session, scope: Scope, filters: Mapping[str, str], by: Dimension
) -> dict[str, Money] | None:
    """Allocations by authority; an empty dict where parts bring their own; None where a limit would say nothing."""
    said = set(filters) - {"as_at"}
    if by.name == "agreement":
        return {} if said <= {"agreement"} else None
    if by.name == "lot":
        return {} if said <= {"agreement", "lot"} else None
    if by.name != "authority" or said != {"agreement"}:
        return None
    members = table_of(MemberAuthority)
    rows = session.connection().execute(
        sa.select(members.c.authority_id, members.c.allocation_pence).where(
            members.c.agreement_id == scope.agreement_id, members.c.allocation_pence.is_not(None)
        )
    )
    return {str(row[0]): Money(row[1]) for row in rows}


def _totals(
    session: Session,
    scope: Scope,
    moved: Mapping[Parts, Sums],
    found: Mapping[Parts, Sums],
    filters: Mapping[str, str],
    shows_standing: bool,
) -> list[Line]:
    now = total((((), None, basis), sums) for (_, basis), sums in moved.items())
    stood = total((((), None, basis), sums) for (_, basis), sums in found.items())
    ceiling = _whole_ceiling(session, scope, set(filters) - {"as_at"})
    return [
        _line(
            ((Part((), f"Total {basis.label}"),), basis),
            now.get(basis, Sums()),
            stood[basis] if shows_standing else None,
            _own(filters, basis, len(stood) > 1),
            ceiling,
        )
        for basis in sorted(stood, key=lambda one: one.value, reverse=True)
    ]


def _whole_ceiling(session: Session, scope: Scope, said: set[str]) -> Money | None:
    """The ceiling of the one lot or the one agreement that was asked for and nothing narrower."""
    if said == {"lot"} or said == {"agreement", "lot"}:
        pence = session.get_one(Lot, scope.lot_id).ceiling_pence
    elif said == {"agreement"}:
        pence = session.get_one(FrameworkAgreement, scope.agreement_id).ceiling_pence
    else:
        return None
    return None if pence is None else Money(pence)


def _changes(session: Session, scope: Scope, filters: Mapping[str, str]) -> list[Change]:
    if scope.as_at is None:
        return []
    since = replace(scope, as_at=None, since=scope.as_at)
    base = {name: one for name, one in filters.items() if name != "as_at"}
    found = total(sums_by(session, since).items())
    return [
        Change(
            basis.label,
            kind,
            sums.on_basis(kind),
            sums.count(kind),
            {**base, "since": scope.as_at.isoformat(), "kind": kind.value, "basis": basis.value},
        )
        for basis, sums in sorted(found.items())
        for kind in WORD
        if sums.count(kind)
    ]
