"""Whose turn it was: counts and values that add up to the offers behind them, and nobody else's words."""

import csv
import io
from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from calloffs.answering import accept_offer, decline_offer
from calloffs.awarding import award_call_off
from calloffs.call_off import CallOff
from calloffs.offer import Offer
from calloffs.offering import make_offer, withdraw_offer
from calloffs.turn import Turn
from calloffs.turns import Turns, counted, headline, own_turns, turns
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.records import database
from lots.lot import Lot
from tests.calloffs.building import ANSWERS, TIME, answer, awarded, milestone, offered, person
from tests.calloffs.making import approved
from tests.cast import RANKED, Cast
from tests.statements import seen_by

WHY = "Nobody of ours is free then"
ENDS = ("waiting", "answered", "won", "not_awarded", "declined", "lapsed", "taken_back")


def _view(session, cast, name="Olu", lot=7, year=None) -> Turns:
    found = session.get_one(Lot, cast.lot[lot])
    agreement = session.get_one(FrameworkAgreement, cast.agreement)
    return turns(session, cast.visitor(session, name), found, agreement, year)


def _end(session: Session, cast: Cast, offer: Offer, end: str, who: str) -> None:
    """Bring an open offer to this end, by whoever does that."""
    partner, officer = cast.visitor(session, who), cast.visitor(session, "Asha")
    if end == "declined":
        decline_offer(session, actor=partner, offer=offer, reason=WHY)
    if end == "taken_back":
        withdraw_offer(session, actor=officer, offer=offer, reason="We ask for something else")
    if end in ("answered", "won", "not_awarded"):
        accept_offer(session, actor=partner, offer=offer, answer=answer())
    if end == "won":
        call_off = session.get_one(CallOff, offer.call_off_id)
        award_call_off(session, actor=officer, call_off=call_off, reason="Good value", feedback=WHY)
    if end == "not_awarded":
        withdraw_offer(session, actor=officer, offer=offer, reason="We ask for something else")


def _story(session: Session, cast: Cast, ends: list[str]) -> None:
    """One call-off for each end; a lapsed one is a deadline that has passed."""
    for end in ends:
        call_off = approved(session, cast, lot=7, charging_method=TIME)
        offer = make_offer(session, actor=cast.visitor(session, "Asha"), call_off=call_off, working_days=5)
        if end == "lapsed":
            offer.deadline_at = call_off.offer_deadline_at = dates.end_of(date(2022, 11, 21))
            session.flush()
        _end(session, cast, offer, end, "Qi")


@pytest.fixture
def emptied(both_databases, session, cast):
    """For many examples in one database: each ends with nothing kept."""
    session.commit()
    return session, cast


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(ends=st.lists(st.sampled_from(ENDS), max_size=6))
def test_the_sums_of_the_table_are_the_sums_of_its_rows(emptied, ends):
    session, cast = emptied
    database.begin_writing(session)
    try:
        _story(session, cast, ends)
        found = _view(session, cast)
        assert Counter(one.turn.value for one in found.rows) == Counter(ends)
        for tally in found.tallies:
            own = counted(tally.name, [one for one in found.rows if one.partner == tally.name])
            assert tally == own
            assert tally.asked == sum(tally.counts.values())
        assert sum(one.asked for one in found.tallies) == found.total.asked == len(ends)
        for sums in ("asked_value", "won_value"):
            parts = [getattr(one, sums) for one in found.tallies]
            assert sum(parts, Money.zero()) == getattr(found.total, sums)
        won = [one.value for one in found.rows if one.turn is Turn.WON]
        assert found.total.won_value == sum(won, Money.zero())
    finally:
        session.rollback()


def test_every_partner_of_the_lot_is_there_also_one_that_was_never_asked(session, cast):
    offered(session, cast, lot=7)
    found = _view(session, cast)
    assert [(one.name, one.asked) for one in found.tallies] == [
        (RANKED[0], 1),
        (RANKED[1], 0),
        (RANKED[2], 0),
    ]
    assert "rank 1, the highest that can be asked" in found.rows[0].route


def test_a_call_off_that_went_on_to_the_next_partner_counts_for_both(session, cast):
    call_off, first = offered(session, cast, lot=7)
    decline_offer(session, actor=cast.visitor(session, "Qi"), offer=first, reason=WHY)
    second = make_offer(session, actor=cast.visitor(session, "Asha"), call_off=call_off, working_days=5)
    _end(session, cast, second, "won", ANSWERS["Fennel Web"])
    found = _view(session, cast, "Asha")
    quill, fennel, _ = found.tallies
    assert (quill.counts[Turn.DECLINED], quill.won_value) == (1, Money.zero())
    assert (fennel.won, fennel.won_value) == (1, Money.pounds(8_000))
    assert [one.why for one in found.rows] == ["Good value", WHY]
    assert headline(found) == (
        "So far, 2 offers were made on this lot and 1 awarded, £8,000.00 net of VAT. Fennel Web won 100% of that value."
    )


def test_the_day_of_the_offer_decides_the_financial_year_in_london(session, cast):
    _, before = offered(session, cast, lot=7)
    _, after = offered(session, cast, lot=7)
    # 31 March 2022, 11:30pm in London is still the old year; in UTC it is 10:30pm.
    before.offered_at = dates.end_of(date(2022, 3, 31))
    session.flush()
    found = _view(session, cast)
    assert found.years == ((2022, "2022/23"), (2021, "2021/22"))
    assert [one.reference for one in _view(session, cast, year=2021).rows] == [before.reference]
    this = _view(session, cast, year=2022)
    assert [one.reference for one in this.rows] == [after.reference]
    assert this.total.asked == 1
    assert headline(this).startswith("In 2022/23, 1 offer was made")


def test_members_see_the_others_as_a_sum_and_the_leads_owner_sees_each_without_their_words(
    session, cast, visit
):
    awarded(session, cast, lot=4, title="Northbank’s own")
    theirs, offer = offered(session, cast, lot=4, who="Cara", title="Southmere’s secret")
    decline_offer(
        session, actor=cast.visitor(session, "Faye"), offer=offer, reason="Only Southmere hears this"
    )
    session.commit()
    reference = theirs.reference
    session.close()
    seen = {}
    for name in ("Asha", "Cara", "Olu", "Finn", "Audra"):
        page = visit(name).get("/lots/DP21-4/turns")
        seen[name] = page.text
        assert ("Other members of the agreement" in page.text) is (name != "Olu"), name
        assert (reference in page.html) is (name in ("Cara", "Olu")), name
        assert ("Southmere’s secret" in page.html) is (name == "Cara"), name
        assert ("Only Southmere hears this" in page.html) is (name == "Cara"), name
        assert "2 offers were made on this lot and 1 awarded, £8,000.00 net of VAT" in page.text
    assert "net of VAT" in seen["Asha"]
    assert "as at 22 November 2022" in seen["Asha"]
    for name in ("Zed", "Faye", "Qi", "Stranger", "Ari"):
        visit(name).get("/lots/DP21-4/turns", status=404)
        visit(name).get("/lots/DP21-4/turns.csv", status=404)


def test_the_lots_page_leads_there_and_the_file_has_every_row_shown(session, cast, visit):
    awarded(session, cast, lot=4, title="=cmd()")
    _, offer = offered(session, cast, lot=4)
    decline_offer(session, actor=cast.visitor(session, "Faye"), offer=offer, reason="=1+1")
    session.commit()
    session.close()
    asha = visit("Asha")
    assert "/lots/DP21-4/turns" in asha.get("/lots/DP21-4").links
    page = asha.get("/lots/DP21-4/turns?year=2022")
    assert "/lots/DP21-4/turns.csv?year=2022" in page.links
    answered = asha.client.get("/lots/DP21-4/turns.csv?year=2022")
    assert answered.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(answered.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [(one["outcome"], one["maximum_value_pounds"], one["basis"]) for one in rows] == [
        ("Declined", "20000.00", "net of VAT"),
        ("Awarded", "8000.00", "net of VAT"),
    ]
    assert rows[0]["reason"] == "'=1+1"
    for wrong in ("?year=1999", "?year=x", "?year=99999"):
        asha.get(f"/lots/DP21-4/turns{wrong}", status=404)


def test_a_lot_on_which_nothing_was_offered_says_so(cast, visit):
    page = visit("Asha").get("/lots/DP21-4/turns")
    assert "no work has been offered on this lot" in page.text


def test_a_partner_reads_its_own_line_for_each_lot_and_no_other(session, cast):
    awarded(session, cast, lot=4)
    awarded(session, cast, answer(person(rate=800, days=5), deliverables=(milestone(),)), lot=4)
    _, offer = offered(session, cast, lot=4)
    decline_offer(session, actor=cast.visitor(session, "Faye"), offer=offer, reason=WHY)
    offered(session, cast, lot=7)
    (mine,) = own_turns(session, cast.visitor(session, "Faye"))
    assert (
        mine.sentence
        == "You were asked 3 times: 2 awarded, 1 declined. Awarded to you: £12,000.00 net of VAT."
    )
    assert [one.lot.reference for one in own_turns(session, cast.visitor(session, "Qi"))] == ["DP21-7"]
    assert own_turns(session, cast.visitor(session, "Tess")) == []


def test_one_statement_reads_the_offers_however_many_there_are(app, session, cast):
    for _ in range(2):
        offered(session, cast, lot=4)
    session.commit()
    few = len(seen_by(app, lambda: _view(session, cast, lot=4)))
    session.rollback()
    database.begin_writing(session)
    for _ in range(3):
        offered(session, cast, lot=4)
    session.commit()
    assert len(session.exec(select(Offer.id)).all()) == 5
    session.expire_all()
    assert len(seen_by(app, lambda: _view(session, cast, lot=4))) == few


def test_the_page_has_a_column_for_every_end(cast, visit):
    page = visit("Asha").get("/lots/DP21-4/turns")
    heads = ["".join(one.itertext()) for one in page.all("th") if one.get("scope") == "col"]
    assert (heads[:2], heads[-3:]) == (["Partner", "Asked"], ["Partner", "Asked for", "Awarded"])
    assert sorted(heads[2:-3]) == sorted(one.short for one in Turn)
