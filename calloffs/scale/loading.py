"""Loading a scale into an empty database.

Not through the actions: one call-off takes them some thirty transactions, each made durable, so 200,000 would take days. The rows are
made here as the actions leave them, in order of time, and written in blocks. That the result is the same in shape is not believed but
checked: `tracker verify` must find nothing.
"""

import heapq
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import SQLModel

from calloffs.scale import asking, stage
from calloffs.scale.life import Books
from calloffs.scale.living import told
from calloffs.scale.sheets import Sheets
from calloffs.scale.sign_ins import to_be_named
from calloffs.scale.sizes import Size
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.party import Party
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

_BEFORE = 40 * 31
"""Days before today on which the first council begins."""
_A_CALL_OFF = Money.pounds(70_000)
"""What a lot's ceiling holds for each call-off expected under it."""


def load(size: Size, seed: int = 1) -> dict[int, str]:
    """Make everything of this size up to this moment; returns a few people who may be given passwords, by number.

    The same seed, size and moment make the same records: only the secrets of sign-in differ. The database must be
    empty. Each block is a transaction of its own, so a load that is broken off leaves a part: begin again with an empty database.
    """
    now = dates.now()
    today = dates.today()
    chance = random.Random(seed)  # noqa: S311  # made-up records, not secrets
    sheets, books = Sheets(random.Random(seed + 1)), Books()  # noqa: S311
    since = today - timedelta(days=_BEFORE)
    councils = stage.councils(sheets, size, since)
    suppliers = stage.suppliers(sheets, size, since, today)
    asked: list[asking.Ask] = []
    for number in range(size.agreements):
        grounds = _agreement(sheets, chance, size, number, councils, suppliers)
        asked += asking.asks(chance, grounds, _part(size.call_offs, size.agreements, number), today)
    asking.share_invoices(asked, size.invoices, today)
    asked.sort(key=lambda one: one.drafted_on)
    sheets.write()
    _tell(sheets, (told(sheets, books, one, now, chance) for one in asked))
    sheets.write()
    _settle(sheets, books, asked, councils)
    sheets.finish()
    return to_be_named(councils[:2], suppliers[:3])


def _part(whole: int, parts: int, number: int) -> int:
    """The share of one of equal parts, so that all of them make the whole."""
    return whole * (number + 1) // parts - whole * number // parts


def _agreement(
    sheets: Sheets,
    chance: random.Random,
    size: Size,
    number: int,
    councils: list[stage.Council],
    suppliers: list[tuple[int, str, int, str]],
) -> list[stage.Ground]:
    """An agreement with its lots and partners. The first two councils share the first ten agreements with whoever leads."""
    lead = number % len(councils)
    wanted = [lead, (lead + 1) % len(councils), *((0, 1) if number < 10 else ())]
    members = [councils[one] for one in dict.fromkeys(wanted)]
    lots = _part(size.lots, size.agreements, number)
    partners = _part(size.partners, size.agreements, number)
    expected = -(-_part(size.call_offs, size.agreements, number) // lots)
    ceiling = Money(max(expected, 4) * _A_CALL_OFF.pence)
    # Each lot has one partner, and the rest of them share the last lots.
    places = [1] * lots
    several = max(1, (partners - lots) // 4)
    for spare in range(max(0, partners - lots)):
        places[-1 - spare % min(several, lots)] += 1
    first = size.partners * number // size.agreements
    _, grounds = stage.agreement(
        sheets, number, dates.today(), members, [(ceiling, count) for count in places]
    )
    taken = 0
    for ground, count in zip(grounds, places, strict=True):
        for _ in range(count):
            stage.appoint(sheets, ground, suppliers[(first + taken) % len(suppliers)], chance)
            taken += 1
    return grounds


def _tell(sheets: Sheets, stories: Iterator[Iterator[datetime]]) -> None:
    """Tell every story, whichever act comes next first. A story is begun when its time comes, so only those that run are held."""
    running: list[tuple[datetime, int, Iterator[datetime]]] = []
    for number, story in enumerate(stories):
        begun = next(story)
        _until(sheets, running, begun)
        heapq.heappush(running, (begun, number, story))
    _until(sheets, running, None)


def _until(
    sheets: Sheets, running: list[tuple[datetime, int, Iterator[datetime]]], moment: datetime | None
) -> None:
    while running and (moment is None or running[0][0] <= moment):
        _, number, story = running[0]
        following = next(story, None)
        if following is None:
            heapq.heappop(running)
        else:
            heapq.heapreplace(running, (following, number, story))
        sheets.write_when_many()


def _settle(sheets: Sheets, books: Books, asked: list[asking.Ask], councils: list[stage.Council]) -> None:
    """Set what every scope holds, and the last numbers given out."""
    scopes: dict[str, type[SQLModel]] = {
        "agreement": FrameworkAgreement,
        "lot": Lot,
        "member": MemberAuthority,
        "appointment": Appointment,
    }
    for scope, model in scopes.items():
        rows: list[dict[str, Any]] = [
            {"b_id": number, **held} for (name, number), held in books.sums.items() if name == scope
        ]
        sheets.settle(table_of(model), rows)
    lots = {one.lot.id: one.lot.call_offs for one in asked}
    sheets.settle(
        table_of(Lot), [{"b_id": number, "last_call_off_number": last} for number, last in lots.items()]
    )
    sheets.settle(table_of(Party), [{"b_id": one.id, "last_case_number": one.cases} for one in councils])
