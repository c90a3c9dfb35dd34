"""When the sample's councils load what they paid: two whole months each, part of this one, a wrong file, and one that waits."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from sqlmodel import Session

from calloffs.sample.calendar import Diary, Span
from calloffs.sample.extract_acts import (
    Extract,
    match_by_hand,
    match_certain,
    open_source,
    set_sponsor_aside,
)
from calloffs.sample.extract_rows import Early, Named, Past, Travel, Twice
from calloffs.sample.running import Way
from calloffs.sample.telling import Telling
from framework.definitions import dates

PAST_ITS_VALUE = "Small fixes to the events calendar"
"""Has a line past its value, which finance accepted."""
BEFORE_SIGNATURE = "School admissions pages"
"""Has a line from before both sides had signed."""
IN_WORDS = "Planning pages that people can use"
"""A line's text mentions it."""
TWO_MEANT = (
    "Programme manager for the new civic offices’ technology",
    "Street lighting control, second district",
)
"""A line has the order of the one and the reference of the other."""
TRAVELLED = ("Licences and permits application", TWO_MEANT[1])
"""Their expenses are loaded, and certain, and nobody has matched them yet."""
ONLY_BY_LINE = TWO_MEANT
"""Call-offs of the first council whose bills nobody records: they come with the lines."""
_ACCEPTED = "Two more fixes were asked for by phone. A variation is being written."


def plan(diary: Diary, span: Span, tellings: Sequence[Telling]) -> None:
    """Put the extracts into the diary, and say of each bill whether a line has it. For after every bill is planned."""
    told = {one.story.title: one for one in tellings}
    month = span.today.replace(day=1)
    last_month, before = dates.add_months(month, -1), dates.add_months(month, -2)
    for council, word in enumerate(("accounts-payable", "payments")):
        own = [one for one in tellings if one.story.council == council]
        diary.put(before + timedelta(days=8), 11, partial(open_source, council=council))
        first = Extract(council, f"{word}-{before:%Y-%m}", before, last_month - timedelta(days=1), own)
        second = Extract(council, f"{word}-{last_month:%Y-%m}", last_month, month - timedelta(days=1), own)
        files = [(first, last_month + timedelta(days=3)), (second, month + timedelta(days=4))]
        if council == 0:
            first.wrong_once, second.before = True, first
            files += _this_month(month, own, told, word)
            diary.put(month + timedelta(days=6), 15, partial(set_sponsor_aside, council=council))
            accepted = partial(accept_past, telling=told[PAST_ITS_VALUE])
            diary.put(month + timedelta(days=12), 15, accepted)
        else:
            _wrong_file(diary, month, own)
            files += _latest(diary, span, month, own, told, word)
        loaded = []
        for one, day in files:
            fell = diary.put(day, 11, one.load)
            if one.matched:
                fell = diary.put(
                    day + timedelta(days=1), 11, partial(match_certain, council=council), after=fell
                )
            if fell < span.today:
                loaded.append(one)
        if council == 0 and (waiting := _waiting(span, month, own, word)):
            # What nobody confirms is forgotten after a day.
            diary.put_last(waiting.take_up)
            loaded.append(waiting)
        _share_out(span, own, loaded)


def _this_month(
    month: date, own: Sequence[Telling], told: dict[str, Telling], word: str
) -> list[tuple[Extract, date]]:
    """The first ten days of this month."""
    last = month + timedelta(days=9)
    part = Extract(0, f"{word}-{month:%Y-%m}-to-{last:%d}", month, last, own, lines=60)
    day = dates.next_working_day(month + timedelta(days=3))
    part.more = [
        Past(told[PAST_ITS_VALUE], day),
        Named(told[IN_WORDS], day),
        Twice(told[TWO_MEANT[0]], told[TWO_MEANT[1]], day),
        *(Travel(told[one], day) for one in TRAVELLED),
    ]
    part.matched = False
    return [(part, last + timedelta(days=1))]


def _waiting(span: Span, month: date, own: Sequence[Telling], word: str) -> Extract | None:
    """The days after these ten, in a file that waits to be confirmed."""
    first, until = month + timedelta(days=10), span.today - timedelta(days=5)
    if until < first + timedelta(days=2):
        return None
    waiting = Extract(0, f"{word}-{month:%Y-%m}-to-{until:%d}", first, until, own, lines=64)
    waiting.awry = True
    return waiting


def _latest(
    diary: Diary, span: Span, month: date, own: Sequence[Telling], told: dict[str, Telling], word: str
) -> list[tuple[Extract, date]]:
    """This month so far, with work from before a signature."""
    last = span.today - timedelta(days=6)
    if last < month + timedelta(days=5):
        return []
    part = Extract(1, f"{word}-{month:%Y-%m}-to-{last:%d}", month, last, own, lines=40)
    early = told[BEFORE_SIGNATURE]
    part.more = [Early(early, dates.working_day_before(last))]
    day = span.today - timedelta(days=4)
    diary.put(
        day + timedelta(days=2),
        15,
        partial(match_by_hand, telling=early, invoice=Early.invoice),
        after=max(day + timedelta(days=1), early.fell),
    )
    return [(part, day)]


def _wrong_file(diary: Diary, month: date, own: Sequence[Telling]) -> None:
    """A file of the test system, loaded by mistake and taken back the next day."""
    last_month = dates.add_months(month, -1)
    wrong = Extract(1, f"trial-{last_month:%Y-%m}", last_month, month - timedelta(days=1), (), lines=40)
    fell = diary.put(month + timedelta(days=1), 11, wrong.load)
    diary.put(month + timedelta(days=2), 10, wrong.take_back, after=fell)


def _share_out(span: Span, own: Sequence[Telling], loaded: Sequence[Extract]) -> None:
    """What a loaded file pays is not paid by hand as well; on call-offs that close meanwhile everything is done by hand."""
    for telling in own:
        if telling.raised_on < telling.closed <= span.today:
            continue
        by_line = telling.story.council == 1 or telling.story.title in ONLY_BY_LINE
        for bill in telling.bills.values():
            if bill.way is Way.BY_HAND and any(one.first <= bill.paid_on <= one.last for one in loaded):
                bill.way = Way.BY_LINE if by_line else Way.PAID_BY_LINE


def accept_past(session: Session, telling: Telling) -> None:
    """Match the line past a call-off's value all the same, with a reason."""
    match_by_hand(session, telling, Past.invoice, _ACCEPTED)
