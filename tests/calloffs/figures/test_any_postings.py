"""Whatever is posted in whatever order, figures by every dimension are what the entries add up to, also as at an earlier day."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.figures.asking import sums_by
from calloffs.figures.dimension import DIMENSIONS, Dimension
from calloffs.figures.scope import scope_of
from calloffs.figures.sheet import sheet
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.spend.ledger import Amount, Posting
from calloffs.spend.verifying import verify
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.periods import period_of
from framework.people.party import Party
from framework.people.permissions import CLOCK, Visitor
from lots.appointment import Appointment
from tests.calloffs.spend.building import live_call_off
from tests.cast import RANKED, Cast

FIRST, LAST = date(2022, 3, 1), date(2022, 5, 31)
DAYS = st.dates(FIRST, LAST)
POSTINGS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from([EntryKind.INVOICE, EntryKind.PAYMENT]),
        st.lists(st.tuples(st.integers(1, 5_000), st.none() | DAYS), min_size=1, max_size=3),
        DAYS,
        st.booleans(),
    ),
    max_size=8,
)


def _call_offs(session: Session, cast: Cast) -> list[CallOff]:
    session.get_one(Party, cast.party["Southmere"]).calendar = "four_weeks"
    with dates.on(FIRST):
        found = [
            live_call_off(session, cast),
            live_call_off(session, cast, lot=7, partner=RANKED[0]),
            live_call_off(session, cast, lot=7, partner=RANKED[1], authority="Southmere"),
            live_call_off(session, cast, authority="Southmere"),
        ]
    found[0].programme, found[3].programme = "Libraries", "Secret"
    session.flush()
    return found


def _told(
    entry: LedgerEntry, call_off: CallOff, calendars: dict[int, str], suppliers: dict[Any, int], by: Dimension
) -> Any:
    """What an entry belongs to in one dimension, worked out here and not by the product's own sums."""
    day = entry.effective_on
    assert day is not None
    calendar = calendars[call_off.authority_id]
    return {
        "agreement": call_off.agreement_id,
        "lot": call_off.lot_id,
        "authority": call_off.authority_id,
        "partner": suppliers[call_off.appointment_id],
        "programme": call_off.programme,
        "year": day.year if day.month > 3 else day.year - 1,
        "period": (calendar, period_of(calendar, day).first_day),
        "month": (day.year, day.month),
    }[by.name]


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(postings=POSTINGS, as_at=DAYS)
def test_figures_by_every_dimension_are_what_the_entries_add_up_to(
    session: Session, cast: Cast, postings: list[Any], as_at: date
) -> None:
    try:
        _post(session, cast, postings, as_at)
    finally:
        session.rollback()
        session.connection(execution_options={"write": True})


def _post(session: Session, cast: Cast, postings: list[Any], as_at: date) -> None:
    call_offs = _call_offs(session, cast)
    for pick, kind, amounts, posted, taken_back in postings:
        lines = [Posting(Amount(Money(one), Money(one - 1)), "posted", day) for one, day in amounts]
        with dates.on(posted):
            ledger.post_lines(session, call_offs[pick], kind, lines, actor=CLOCK)
        if taken_back:
            with dates.on(posted + timedelta(days=3)):
                ledger.post(session, call_offs[pick], {kind: -lines[0].amount}, actor=CLOCK, reason="undone")
    assert verify(session).differences == []
    lead = cast.visitor(session, "Finn")
    _compare(session, lead, cast, call_offs, {}, LAST + timedelta(days=30))
    _compare(session, lead, cast, call_offs, {"as_at": as_at.isoformat()}, as_at)


def _compare(
    session: Session, who: Visitor, cast: Cast, call_offs: list[CallOff], said: dict[str, str], until: date
) -> None:
    calendars = {cast.party["Northbank"]: "months", cast.party["Southmere"]: "four_weeks"}
    of = {one.id: one for one in call_offs}
    suppliers: dict[Any, int] = {one.id: one.supplier_id for one in session.exec(select(Appointment))}
    entries = [
        one for one in session.exec(select(LedgerEntry)) if dates.as_london(one.posted_at).date() <= until
    ]
    scope = scope_of(session, who, said)
    whole = sums_by(session, scope)
    assert sum(one.count(kind) for one in whole.values() for kind in EntryKind) == len(entries)
    for by in DIMENSIONS:
        wanted: dict[Any, Counter[str]] = {}
        for entry in entries:
            belongs = _told(entry, of[entry.call_off_id], calendars, suppliers, by)
            if by.name == "programme" and of[entry.call_off_id].authority_id != cast.party["Northbank"]:
                belongs = "others"
            row = wanted.setdefault(belongs, Counter())
            row[entry.kind] += entry.amount_pence
        found = sheet(session, scope, said, by)
        names = ("reserved", "committed", "invoiced", "paid")
        shown = Counter(tuple(getattr(line.moved, name).pence for name in names) for line in found.lines)
        assert shown == Counter(tuple(row[kind] for kind in EntryKind) for row in wanted.values()), by.name
