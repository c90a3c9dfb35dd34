"""The forecast where people see it: its page and picture, the lot, the approver, what if, home, and the same figures as a table."""

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from calloffs.spend import ledger
from calloffs.spend.ceiling_alert import AlertReader
from calloffs.spend.entry import EntryKind
from calloffs.spend.ledger import Amount
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.permissions import CLOCK
from framework.records import once
from tests.calloffs.making import raised
from tests.calloffs.spend.building import live_call_off


@pytest.fixture
def history(session: Session, cast):
    """£100,000 committed on lot 4 in each of August, September and October 2022, and £200,000 reserved since."""
    for month in (8, 9, 10):
        with dates.at(datetime(2022, month, 10, 9, tzinfo=UTC)):
            live_call_off(session, cast, lot=4, value="100,000")
    live_call_off(session, cast, lot=4, value="200,000", reserved_only=True)
    session.commit()


def _points(text: str, kind: str) -> list[tuple[int, int]]:
    found = re.search(rf'class="{kind}"[^>]* points="([^"]*)"', text)
    assert found, kind
    return [tuple(map(int, one.split(","))) for one in found[1].split()]  # type: ignore[misc]


def test_each_lot_has_its_headline_its_picture_and_the_same_figures_in_a_table(history, visit):
    page = visit("Finn").get("/forecast/DP21")
    # £500,000 is left of a million: 110,000 a month is gone in late March or April, 90,000 in May.
    said = "Lot 4 Web technologies: the ceiling runs out between April 2023 and May 2023, before the agreement ends on 31 May 2023"
    assert said in page.text
    assert "Lot 1 Smart city technologies: not enough data for a forecast" in page.text
    assert "£500,000 of £1,000,000 left" in page.text
    assert "The slow rate is a tenth below the lowest" in page.text
    svg = re.search(r'<svg class="app-chart"[^>]*lot-4-title.*?</svg>', page.html, re.S)
    assert svg
    assert "<title id=" in svg[0]
    assert "<desc id=" in svg[0]
    assert "style=" not in svg[0]
    line, fan = _points(svg[0], "app-chart__line"), _points(svg[0], "app-chart__fan")
    # The plot is 214 units high for £1,000,000: 300,000 stands at 262 - 64, and the fan begins with the reservation on top.
    assert line[0] == (8, 262)
    assert line[-1][1] == 262 - 64
    assert fan[0] == (line[-1][0], 262 - 107)
    assert min(y for _, y in fan) == 48
    assert "£300,000.00" in page.text


def test_the_table_and_its_file_say_the_same_pence(history, visit):
    finn = visit("Finn")
    rows = list(
        csv.DictReader(
            io.StringIO(finn.get("/spend/tables/forecast.csv?lot=DP21-4").response.text.lstrip("\ufeff"))
        )
    )
    assert len(rows) == 1
    assert rows[0]["left"] == "500000.00"
    assert rows[0]["slow_rate"] == "90000.00"
    page = finn.get("/forecast/DP21")
    months = list(
        csv.DictReader(
            io.StringIO(finn.get("/spend/tables/burn-up.csv?lot=DP21-4").response.text.lstrip("\ufeff"))
        )
    )
    assert [one["committed"] for one in months[:4]] == ["100000.00"] * 3 + ["0.00"]
    for one in months:
        for name in ("total", "slow", "fast"):
            if one[name]:
                assert str(Money.pounds(one[name])) in page.text
    finn.get("/spend/tables/forecast.csv?lot=DP99-4", 404)


def test_what_if_tells_the_new_left_and_month_and_keeps_what_was_typed(history, visit):
    asha = visit("Asha")
    shown = asha.get("/forecast/DP21/what-if?lot=DP21-4&amount=400,000")
    assert "£100,000 of £1,000,000 left, lasts until about December 2022" in shown.text
    assert "Without it: £500,000 of £1,000,000 left" in shown.text
    assert (
        "It does not fit: it is £0.01 more than is left"
        in asha.get("/forecast/DP21/what-if?lot=DP21-4&amount=500,000.01").text
    )
    wrong = asha.get("/forecast/DP21/what-if?lot=DP21-4&amount=lots", 422)
    assert 'value="lots"' in wrong.html
    asha.get("/forecast/DP21/what-if?lot=DP99&amount=5", 422)
    assert "DP21-4-T" in asha.get("/forecast/DP21/what-if").text
    chosen = asha.get("/forecast/DP21/what-if?lot=DP21-4")
    assert chosen.values()["lot"] == "DP21-4"


def test_the_lot_says_how_long_it_lasts_and_the_approver_what_is_left_after_this(
    session, cast, history, visit
):
    ledger.hold(session, cast.agreement)
    call_off = raised(session, cast, lot=4)
    reference = call_off.reference
    left = Money.pounds(500_000) - Money(call_off.reserved_pence)
    session.commit()
    said = visit("Bram").get(f"/call-offs/{reference}/approve").text
    assert f"After this: {left.short} of £1,000,000 left, lasts until about" in said
    lot = visit("Cara").get("/lots/DP21-4").text
    assert f"{left.short} of £1,000,000 left, lasts until about" in lot


def test_nobody_outside_the_agreement_sees_its_forecast(history, visit):
    for name in ("Zed", "Faye", "Stranger"):
        visit(name).get("/forecast/DP21", 404)
    assert "DP21" not in visit("Zed").get("/forecast/").text


def test_home_shows_ceilings_close_to_full_until_they_are_seen_or_below_again(session, cast, visit):
    call_off = live_call_off(session, cast, lot=4, value="800,000")
    session.commit()
    finn, olu = visit("Finn"), visit("Olu")
    words = "Lot 4 Web technologies, Digital Partners: 75% of its ceiling is committed"
    home = finn.get("/")
    assert words in home.text
    assert "50% of its ceiling" not in home.text
    assert words in olu.get("/").text
    assert "Ceilings close to full" not in visit("Asha").get("/").text
    alert = session.exec(select(AlertReader.alert_id)).first()
    session.rollback()
    asha = visit("Asha")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', asha.get("/").html)
    assert token
    asha.post(f"/forecast/alerts/{alert}/seen", {"once": once.new_key(), "csrf_token": token[1]}, 404)
    finn.send(home, {}, to=f"/forecast/alerts/{alert}/seen")
    assert words not in finn.get("/").text
    assert words in olu.get("/").text
    less = Amount(Money.pounds(100_000), Money.pounds(100_000))
    for step, stands in ((-less, False), (less, True)):
        ledger.hold(session, cast.agreement)
        moved = {EntryKind.COMMITMENT: step}
        ledger.post(
            session,
            call_off,
            moved,
            actor=CLOCK,
            reason="varied",
            appointment_id=call_off.appointment_id,
        )
        session.commit()
        assert (words in olu.get("/").text) is stands
    # Reached again: it alerts again, also whoever had seen it before.
    assert words in finn.get("/").text


def test_an_agreement_that_has_ended_forecasts_nothing(session, cast, history, visit):
    with dates.at(date(2023, 6, 1)):
        text = visit("Finn").get("/forecast/DP21").text
    assert "the agreement ended on 31 May 2023" in text
    assert "Start now" not in text
    assert "Start a new procurement by" not in text
