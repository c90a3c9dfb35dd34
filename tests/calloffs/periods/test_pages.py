"""Closing a period and taking accruals away, in two steps each; later changes are shown as such."""

from datetime import date

import pytest

from tests.calloffs.periods.test_accruing import awarded
from tests.calloffs.sharing.sharing_made import pay

OCTOBER = date(2022, 10, 3)


@pytest.fixture
def made(session, cast):
    call_off = awarded(session, cast)
    pay(session, call_off, (OCTOBER, 10_000))
    session.commit()
    session.close()
    return call_off


def test_finance_11_look_and_close_and_later_changes_are_shown_as_such(made, session, cast, visit):
    finn, north = visit("Finn"), cast.party["Northbank"]
    assert "/spend/periods/" in finn.get("/spend/").links
    shown = finn.follow(finn.get("/spend/periods/", 303))
    assert "Next to close: period 7 of 2022/23" in shown.text
    assert "£100.00" in shown.text
    address = f"/spend/periods/{north}/2022-10-01"
    missed = finn.send(shown, {}, to=f"{address}/close", status=422)
    assert missed.errors == ["Tick that you have looked at these figures, for closing cannot be undone"]
    assert "£100.00" in missed.text
    with session:
        session.add(made)
        pay(session, made, (OCTOBER, 100))
        session.commit()
    # What was ticked is kept with any refusal, but not when the figures are no longer those that were looked at.
    moved = finn.send(missed, {"looked": "y"}, to=f"{address}/close", status=422)
    assert "Someone else changed this" in moved.errors[0]
    assert "looked" not in moved.values(f"{address}/close")
    finn.send(moved, {"looked": "y"}, to=f"{address}/close")
    with session:
        session.add(made)
        pay(session, made, (OCTOBER, 500))
        session.commit()
    told = finn.get(address)
    assert "Changed later: now £106.00, £5.00 more" in told.text
    assert "2 entries posted later" in told.text
    table = next(one for one in told.links if one.startswith("/spend/tables/late-changes?"))
    assert "£5.00" in finn.get(table).text
    year = finn.get(f"/spend/periods/{north}")
    assert "Every period that is over is closed" in year.text
    assert table in year.links


def test_readers_look_and_only_finance_closes_or_chooses_the_calendar(made, cast, visit):
    north = cast.party["Northbank"]
    audra = visit("Audra")
    shown = audra.get(f"/spend/periods/{north}/2022-10-01")
    assert "£100.00" in shown.text
    assert "Close period 7" not in shown.text
    audra.get(f"/spend/periods/{north}/calendar", 404)
    for name in ("Fern", "Zoe", "Faye"):
        someone = visit(name)
        for rest in ("", "/2022-10-01", "/calendar"):
            someone.get(f"/spend/periods/{north}{rest}", 404)
    for day in ("2022-10-02", "october"):
        visit("Finn").get(f"/spend/periods/{north}/{day}", 404)


def test_finance_chooses_a_calendar_until_a_period_is_closed(made, cast, visit):
    finn, north = visit("Finn"), cast.party["Northbank"]
    address = f"/spend/periods/{north}/calendar"
    same = finn.send(address, {"calendar": "months"}, status=422)
    assert "This is the calendar you close by already" in same.errors
    finn.send(address, {"calendar": "four_weeks"})
    shown = finn.get(f"/spend/periods/{north}")
    assert "Next to close: period 8 of 2022/23" in shown.text
    assert "Choose another calendar" in shown.text


def test_finance_6_two_steps_to_the_accruals_as_a_workbook(made, cast, visit):
    finn = visit("Finn")
    assert "/spend/tables/accruals" in finn.get("/spend/").links
    shown = finn.get("/spend/tables/accruals")
    assert "At the end of 31 October 2022 £17,164.15 was earned and not invoiced, net of VAT" in shown.text
    book = next(one for one in shown.links if one.startswith("/spend/tables/accruals.xlsx"))
    assert finn.get(book).response.get_data()[:2] == b"PK"


def test_one_accrual_shows_its_working_and_may_be_adjusted_with_a_reason(made, cast, visit):
    finn, address = visit("Finn"), f"/spend/accruals/{made.reference}/2022-10-31"
    assert "By days: 61 of 212" in finn.get(address).text
    kept = finn.send(address, {"accrual": "1,000"}, status=422)
    assert "Enter why the accrual is another one" in kept.errors
    assert kept.values(address)["accrual"] == "1,000"
    finn.send(address, {"accrual": "1,000", "reason": "Work began late"})
    told = finn.get(address).text
    assert "Finn, 22 November 2022" in told
    assert "Work began late" in told
    listed = finn.get("/spend/tables/accruals").text
    assert (
        "£17,164.15 was earned and not invoiced, net of VAT. With adjustments of -£16,164.15 the accrual is £1,000.00"
        in listed
    )
    audra = visit("Audra")
    assert "Adjust the accrual" not in audra.get(address).text
    for name in ("Fern", "Zoe", "Faye"):
        visit(name).get(address, 404)
    finn.get(f"/spend/accruals/{made.reference}/2022-10-30", 404)
