"""What every call-off asks for and how far it comes, before any of it is told."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from calloffs.scale.moments import working
from calloffs.scale.stage import Council, Ground
from framework.definitions.money import Money

# What stands at a desk today, the same few under each agreement however much lies behind it: where it stands, and how many
# days ago it was drafted.
WAITING = (
    *(("draft", 2), ("draft", 9), ("submitted", 4), ("submitted", 6), ("submitted", 11), ("returned", 9)),
    *(("approved", 9), ("approved", 14), ("offered", 9), ("offered", 11), ("offered", 13)),
    *(("accepted", 17), ("accepted", 21), ("awarded", 20), ("awarded", 25), ("signed", 25)),
)
_SLACK = 6
"""Days that bank holidays and weekends may push an act back, so that nothing is told of the future."""
STOPPED = (
    *("rejected", "rejected", "cancelled", "cancelled", "ran_out", "ran_out"),
    *("award_withdrawn", "declined_first", "declined_first"),
)


@dataclass(slots=True)
class Ask:
    """One call-off to be: where, by whom, for how much (net of VAT, without options and expenses), from when, and its fate."""

    lot: Ground
    council: Council
    base: Money
    drafted_on: date
    fate: str
    months: int
    invoices: int = 0


def asks(
    chance: random.Random, grounds: list[Ground], count: int, today: date, *, share: int = 55
) -> list[Ask]:
    """The call-offs of one agreement, the earliest first. Together they stay within `share` hundredths of each lot's ceiling."""
    terms = grounds[0].agreement
    first, last = (
        terms.starts_on + timedelta(days=30),
        min(today - timedelta(days=30), terms.ends_on - timedelta(days=120)),
    )
    waiting = WAITING[: count // 4] if terms.ends_on > today + timedelta(days=60) else ()
    days = [(last - first).days * one // max(1, count - len(waiting)) for one in range(count - len(waiting))]
    plan = [(working(first + timedelta(days=day)), _fate(chance)) for day in days]
    plan += [(working(today - timedelta(days=back + _SLACK)), fate) for fate, back in waiting]
    plan.sort(key=lambda one: one[0])
    places = [grounds[one % len(grounds)] for one in range(count)]
    chance.shuffle(places)
    weights = [chance.randrange(40, 160) for _ in range(count)]
    whole: dict[int, int] = {}
    for lot, weight in zip(places, weights, strict=True):
        whole[lot.id] = whole.get(lot.id, 0) + weight
    found = []
    for number, ((day, fate), lot, weight) in enumerate(zip(plan, places, weights, strict=True)):
        pence = lot.ceiling.pence * share // 100 * weight // whole[lot.id] // 100 * 100
        council = terms.members[number % len(terms.members)]
        found.append(Ask(lot, council, Money(pence), day, fate, chance.randrange(3, 13)))
    return found


def _fate(chance: random.Random) -> str:
    drawn = chance.randrange(100)
    return STOPPED[drawn] if drawn < len(STOPPED) else "run"


def share_invoices(found: list[Ask], count: int, today: date) -> None:
    """Give every call-off that runs its part of `count` invoice lines, by how long it has run; all of them are given out."""
    running = [one for one in found if one.fate in ("run", "declined_first")]
    elapsed = [max(1, min((today - one.drafted_on).days - 45, one.months * 30)) for one in running]
    total, so_far, given = sum(elapsed), 0, 0
    for one, days in zip(running, elapsed, strict=True):
        so_far += days
        one.invoices = count * so_far // total - given
        given += one.invoices
