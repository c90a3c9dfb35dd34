"""The table of figures for pivot tables: one row for each agreement, lot, authority, partner, programme, financial year and period."""

from collections.abc import Iterator
from typing import Any

from calloffs.figures.asking import Group, Moment, Sums, sums_by, total
from calloffs.figures.choices import CORE
from calloffs.figures.completeness import completeness
from calloffs.figures.dimension import NAMED
from calloffs.figures.entries import AGREED
from calloffs.figures.scope import scope_of
from calloffs.spend.verifying_figures import WORD
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.definitions.money import Basis
from framework.definitions.periods import period_of
from framework.people.permissions import Permission

_BY = tuple(NAMED[name] for name in ("agreement", "lot", "authority", "partner", "programme"))
_SUMS = tuple(f"{word}{end}" for end in ("", "_net") for word in WORD.values())


def _rows(asking: Asking) -> Iterator[Row]:
    left = asking.most
    for place, (group, sums) in enumerate(_found(asking), start=1):
        if place <= asking.after:
            continue
        if left == 0:
            return
        left = None if left is None else left - 1
        yield _row(asking, group, sums, place)


def _found(asking: Asking) -> list[tuple[tuple[tuple[Any, ...], str, Any, Basis], Sums]]:
    """Sums by the words of every dimension and by period; months of one period are added up."""
    scope = scope_of(asking.session, asking.visitor, asking.filters)
    widths = [len(one.keys(scope)) for one in _BY]
    keys = [key for one in _BY for key in one.keys(scope)]
    found: dict[tuple[tuple[Any, ...], str, Any, Basis], Sums] = {}
    for (values, moment, basis), sums in sums_by(asking.session, scope, keys, timed=True).items():
        assert moment is not None
        parts, at = [], 0
        for one, width in zip(_BY, widths, strict=True):
            parts.append(one.part(*values[at : at + width]))
            at += width
        group = (tuple(parts), moment.calendar, moment.period_on, basis)
        found[group] = found.get(group, Sums()) + sums
    return sorted(found.items(), key=lambda one: (*(part.order for part in one[0][0]), *one[0][1:3]))


def _row(asking: Asking, group: tuple[tuple[Any, ...], str, Any, Basis], sums: Sums, place: int) -> Row:
    parts, calendar, period_on, basis = group
    period = period_of(calendar, period_on)
    filters = {name: value for name, value in asking.filters.items() if value}
    for part in parts:
        filters |= part.filters
    filters |= {"period": period_on.isoformat(), "calendar": calendar, "basis": basis.value}
    return Row(
        (
            *(part.words for part in parts),
            period.year,
            period.number,
            period.first_day,
            period.last_day,
            basis.label,
            *(sums.on_basis(kind) for kind in WORD),
            *(sums.net(kind) for kind in WORD),
        ),
        ("table.show", {"key": "entries", **filters}),
        place,
    )


def _totals(asking: Asking) -> list[Total]:
    found = _found(asking)
    groups: list[tuple[Group, Sums]] = [
        (((), Moment(calendar, period_on, period_on), basis), sums)
        for (_, calendar, period_on, basis), sums in found
    ]
    rows: dict[Basis, int] = {}
    for group, _ in found:
        rows[group[3]] = rows.get(group[3], 0) + 1
    return [
        Total(
            basis.label,
            dict(
                zip(
                    _SUMS,
                    [*(sums.on_basis(kind) for kind in WORD), *(sums.net(kind) for kind in WORD)],
                    strict=True,
                )
            ),
            rows[basis],
        )
        for basis, sums in sorted(total(groups).items(), key=lambda one: one[0].value, reverse=True)
    ]


TABLE = FactTable(
    key="figures",
    title="Figures by period, for pivot tables",
    permission=Permission.SPEND_READ,
    columns=(
        Column("agreement", "Agreement", Kind.CODE),
        Column("lot", "Lot", Kind.CODE),
        Column("authority", "Authority"),
        Column("partner", "Partner"),
        Column("programme", "Programme"),
        Column("year", "Financial year", Kind.CODE),
        Column("period", "Period", Kind.COUNT),
        Column("first_day", "First day", Kind.DAY),
        Column("last_day", "Last day", Kind.DAY),
        Column("basis", "Basis"),
        *(Column(word, word.capitalize(), Kind.MONEY, AGREED, summed=True) for word in WORD.values()),
        *(
            Column(
                f"{word}_net", f"{word.capitalize()}, net of VAT", Kind.MONEY, Basis.NET.label, summed=True
            )
            for word in WORD.values()
        ),
    ),
    rows=_rows,
    totals=_totals,
    how="What moved in each accounting period, by the day each entry counts for. Add the periods up to a day for what stood then. "
    "The partner is the one that the call-off is with now.",
    filters=(*CORE, Filter("as_at", "Posted up to the end of")),
    said=lambda asking: list(completeness(asking.session, asking.visitor).sentences),
)
"""Rows lead to their entries."""
