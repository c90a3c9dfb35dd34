"""Splitting money by agreed shares: on the running total, so that one posting or many give the same pence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from framework.definitions.money import WHOLE, Money, running_shares

Shares = tuple[tuple[int, int], ...]
"""(authority id, basis points), the buying authority first; together 100%."""


@dataclass(frozen=True, slots=True)
class Version:
    """Agreed shares and the first day whose money they split."""

    from_on: date
    shares: Shares


def in_force(versions: Sequence[Version], lead_id: int, day: date) -> Shares:
    """The shares that hold on a day: those of the newest version that began by then, else the buying authority alone."""
    place = _place(versions, day)
    return ((lead_id, WHOLE),) if place is None else versions[place].shares


def split(versions: Sequence[Version], lead_id: int, moves: Iterable[tuple[date, int]]) -> dict[int, Money]:
    """What each authority bears of moves (day, pence), each by the shares in force on its day; they add up to the penny."""
    found: dict[int, Money] = {}
    for by_authority in split_by(versions, lead_id, moves, lambda _day: date.min).values():
        for authority_id, amount in by_authority.items():
            found[authority_id] = found.get(authority_id, Money.zero()) + amount
    return found


def split_by(
    versions: Sequence[Version],
    lead_id: int,
    moves: Iterable[tuple[date, int]],
    period_on: Callable[[date], date],
) -> dict[date, dict[int, Money]]:
    """The same for each period: a share is rounded on the running total of its version, less what earlier periods have of it.

    `period_on` says in which period a day falls, by its first day. Neither the order nor the number of moves matters.
    """
    totals: dict[tuple[int, date], int] = {}
    for day, pence in moves:
        place = _place(versions, day)
        key = (-1 if place is None else place, period_on(day))
        totals[key] = totals.get(key, 0) + pence
    found: dict[date, dict[int, Money]] = {}
    running: dict[int, int] = {}
    before: dict[int, list[Money]] = {}
    for (place, period), pence in sorted(totals.items()):
        shares = ((lead_id, WHOLE),) if place < 0 else versions[place].shares
        running[place] = running.get(place, 0) + pence
        had = before.setdefault(place, [Money.zero()] * len(shares))
        steps = running_shares(Money(running[place]), had, [bp for _, bp in shares])
        before[place] = [one + step for one, step in zip(had, steps, strict=True)]
        row = found.setdefault(period, {})
        for (authority_id, _), step in zip(shares, steps, strict=True):
            row[authority_id] = row.get(authority_id, Money.zero()) + step
    return found


def split_whole(total: Money, shares: Shares) -> Mapping[int, Money]:
    """A standing total by the shares of one day."""
    parts = running_shares(total, [Money.zero()] * len(shares), [bp for _, bp in shares])
    return {authority_id: part for (authority_id, _), part in zip(shares, parts, strict=True)}


def _place(versions: Sequence[Version], day: date) -> int | None:
    found = [place for place, one in enumerate(versions) if one.from_on <= day]
    return found[-1] if found else None
