"""Returns in the browser: two steps for the partner, one list for each council, and nothing of anybody else's."""

from datetime import date

import pytest

from calloffs.spend.invoicing import record_invoice
from framework.definitions import dates
from tests.calloffs.returns.building import give, line, noted
from tests.calloffs.spend.building import bill, live_call_off


def _done(session):
    session.commit()
    session.close()


@pytest.fixture
def fennel(cast):
    return f"/returns/{cast.party['Fennel Web']}/2022-10"


@pytest.mark.usefixtures("both_databases")
def test_a_partner_gives_a_return_in_two_steps_from_home(session, cast, visit, fennel):
    own = live_call_off(session, cast, deliverables=("A <b>prototype</b>", "A report"))
    place = f"line_{own.id}"
    _done(session)
    faye = visit("Faye")
    with dates.on(date(2022, 11, 4)):
        home = faye.get("/")
        assert "Your return for October 2022" in home.text
        assert "Due Monday 7 November 2022, in 3 days" in home.text
        assert f"{fennel}/give" in home.links
        shown = faye.get(f"{fennel}/give")
        assert "1. A <b>prototype</b>" in shown.text
        checked = faye.follow(
            faye.send(
                shown,
                {
                    f"{place}-net": "£8,450.50",
                    f"{place}-delivered": "Screens\nand tests",
                    f"{place}-done_1": "y",
                    f"{place}-invoices": "INV-7, INV-8",
                },
            )
        )
        for said in ("£8,450.50", "Number 1", "INV-7, INV-8", "Nothing has been given yet", "step 2 of 2"):
            assert said in checked.text
        receipt = faye.follow(faye.send(checked, {}))
        assert (
            "Faye gave it on 4 November 2022, 12:00pm, London time: £8,450.50 net of VAT in all."
            in receipt.text
        )
        assert "Your return for October 2022" not in faye.get("/").text
        assert "Given 4 November 2022, 12:00pm" in faye.get("/returns/").text


def test_a_finance_reviewer_reads_on_home_what_is_missing_until_it_is_given(session, cast, visit, fennel):
    live_call_off(session, cast)
    _done(session)
    finn, faye = visit("Finn"), visit("Faye")
    assert "0 of 1 given, 0 unlike our own figures" in finn.get("/").text
    assert "Partners’ returns" not in visit("Asha").get("/").text
    faye.follow(faye.send(faye.follow(faye.send(f"{fennel}/give", {"no_business": "y"})), {}))
    assert "Partners’ returns" not in finn.get("/").text


def test_no_business_is_one_tick_and_the_check(session, cast, visit, fennel):
    live_call_off(session, cast)
    live_call_off(session, cast)
    _done(session)
    faye = visit("Faye")
    checked = faye.follow(faye.send(f"{fennel}/give", {"no_business": "y"}))
    assert "No business in October 2022 on any call-off" in checked.text
    assert "Given late" in faye.follow(faye.send(checked, {})).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1e5", "Enter an amount in pounds using numbers only"),
        ("£1,000.005", "no more than 2 numbers after the point"),
        ("9" * 39, "or less"),
        ("9" * 4000, "or less"),
        ("", "Enter what you invoiced"),
        ("１２", "using numbers only"),
        ("=1+1", "using numbers only"),
        ("12\x00.50\u202e", "using numbers only"),
    ],
)
def test_a_hostile_amount_is_answered_in_words_and_everything_typed_is_kept(
    session, cast, visit, fennel, typed, said
):
    own = live_call_off(session, cast)
    place = f"line_{own.id}"
    _done(session)
    faye = visit("Faye")
    answer = faye.send(
        f"{fennel}/give",
        {f"{place}-net": typed, f"{place}-delivered": "<script>alert(1)</script>"},
        status=422,
    )
    assert said in answer.errors[0]
    assert answer.values()[f"{place}-delivered"] == "<script>alert(1)</script>"
    assert "No return" not in faye.get("/returns/").text
    assert "Your draft is kept" not in faye.get("/returns/").text


def test_a_draft_is_saved_whatever_is_in_it_and_come_back_to(session, cast, visit, fennel):
    own = live_call_off(session, cast)
    place = f"line_{own.id}"
    _done(session)
    faye = visit("Faye")
    listed = faye.follow(faye.send(f"{fennel}/give", {f"{place}-net": "abc", "save": "yes"}))
    assert "Your draft is kept" in listed.text
    again = faye.get(f"{fennel}/give")
    assert again.values()[f"{place}-net"] == "abc"
    # What is not whole cannot be given by going to the check directly.
    assert faye.get(f"{fennel}/check", status=303).location == f"{fennel}/give"


def test_a_correction_asks_why_and_keeps_the_earlier_version_readable(session, cast, visit, fennel):
    own = live_call_off(session, cast)
    place = f"line_{own.id}"
    give(session, cast, line(own, "10,000", invoices=("A-1",)))
    _done(session)
    faye = visit("Faye")
    shown = faye.get(f"{fennel}/give")
    assert (shown.values()[f"{place}-net"], shown.values()[f"{place}-invoices"]) == ("10000.00", "A-1")
    assert (
        "Enter why you are correcting this return"
        in faye.send(shown, {f"{place}-net": "9,000"}, status=422).text
    )
    assert "Nothing here differs" in faye.send(f"{fennel}/give", {"reason": "Oops"}, status=422).text
    sent = faye.send(f"{fennel}/give", {f"{place}-net": "9,000", "reason": "Counted twice"})
    receipt = faye.follow(faye.send(faye.follow(sent), {}))
    for said in ("Version 2", "which counts", "Counted twice", "£9,000.00", "Version 1", "£10,000.00"):
        assert said in receipt.text


def test_a_colleague_who_gives_the_same_draft_later_is_told(session, cast, visit, fennel):
    own = live_call_off(session, cast)
    place = f"line_{own.id}"
    _done(session)
    faye, again = visit("Faye"), visit("Faye")
    checked = faye.follow(faye.send(f"{fennel}/give", {f"{place}-net": "1", f"{place}-delivered": "x"}))
    other = again.get(f"{fennel}/check")
    faye.send(checked, {})
    assert "Someone else changed this" in again.send(other, {}, status=422).text


def test_each_council_sees_its_own_lines_and_the_lead_owner_the_lots(session, cast, visit):
    norths = live_call_off(session, cast)
    souths = live_call_off(session, cast, authority="Southmere")
    quiet = live_call_off(session, cast, lot=7, partner="Quill Works", authority="Southmere")
    give(session, cast, line(norths, "10,000"), line(souths, "4,321.99", concerns="Southmere is slow"))
    _done(session)
    finn, fern, olu = (visit(name).get("/spend/returns?month=2022-10") for name in ("Finn", "Fern", "Olu"))
    assert norths.reference in finn.text
    assert souths.reference not in finn.text
    assert "4,321.99" not in finn.text
    assert souths.reference in fern.text
    assert norths.reference not in fern.text
    assert "Silent: was due 7 November 2022, 11:59pm" in fern.text
    assert "£14,321.99" in olu.text
    assert "Quill Works" in olu.text
    assert quiet.reference not in olu.text
    assert "By lot" not in fern.text
    finn_file = visit("Finn").get("/spend/returns.csv?month=2022-10").response.get_data(as_text=True)
    assert norths.reference in finn_file
    assert souths.reference not in finn_file
    lots = visit("Olu").get("/spend/returns-by-lot.csv?month=2022-10").response.get_data(as_text=True)
    assert "2022-10,DP21-4,Web technologies,2,2,14321.99,0.00" in lots
    assert (
        visit("Fern")
        .get("/spend/returns-by-lot.csv?month=2022-10")
        .response.get_data(as_text=True)
        .count("\n")
        == 1
    )
    for name, reference in (
        ("Finn", souths.reference),
        ("Olu", souths.reference),
        ("Fern", norths.reference),
        ("Qi", norths.reference),
    ):
        visit(name).get(f"/call-offs/{reference}/returns/2022-10", status=404)
    assert "Southmere is slow" in visit("Fern").get(f"/call-offs/{souths.reference}/returns/2022-10").text


def test_a_correction_of_anothers_line_tells_a_council_neither_its_reason_nor_that_it_was(
    session, cast, visit
):
    norths = live_call_off(session, cast)
    souths = live_call_off(session, cast, authority="Southmere")
    give(session, cast, line(norths), line(souths))
    give(session, cast, line(norths), line(souths, "1"), reason="Southmere paid twice")
    _done(session)
    shown = visit("Finn").get(f"/call-offs/{norths.reference}/returns/2022-10")
    assert "Southmere" not in shown.text
    assert "Version 2" not in shown.text
    assert "Southmere paid twice" in visit("Fern").get(f"/call-offs/{souths.reference}/returns/2022-10").text


def test_both_sides_see_the_difference_write_notes_and_the_council_settles_it(session, cast, visit):
    own = live_call_off(session, cast)
    record_invoice(
        session,
        actor=cast.visitor(session, "Finn"),
        call_off=own,
        facts=bill("INV-9", "9,000", dated=date(2022, 10, 31)),
    )
    give(session, cast, line(own, "10,000", invoices=("INV-10",)))
    noted(session, cast, own, by="Faye", words="INV-9 came in two parts")
    _done(session)
    address = f"/call-offs/{own.reference}/returns/2022-10"
    faye, finn = visit("Faye"), visit("Finn")
    shown = faye.get(address)
    for said in ("Differs", "£10,000.00", "£9,000.00", "£1,000.00", "INV-9", "INV-10", "came in two parts"):
        assert said in shown.text
    assert "Mark this difference" not in shown.text
    assert "1 difference to explain" in finn.get("/spend/returns?month=2022-10").text
    after = finn.follow(finn.send(address, {"words": "Dated a day early", "settles": "y"}))
    assert "Explained" in after.text
    assert "0 differences to explain" in finn.get("/spend/returns?month=2022-10").text
    assert "Explained" in faye.get(f"/returns/{cast.party['Fennel Web']}/2022-10").text
    assert "Partner’s returns" in finn.get(f"/call-offs/{own.reference}").text
    assert "Your returns" in faye.get(f"/call-offs/{own.reference}").text


def test_readers_without_a_hand_in_it_read_and_write_nothing(session, cast, visit):
    own = live_call_off(session, cast)
    give(session, cast, line(own))
    _done(session)
    address = f"/call-offs/{own.reference}/returns/2022-10"
    audra = visit("Audra").get(address)
    assert "Add the note" not in audra.html
    visit("Audra").post(address, {"words": "Hello", "once": "x"}, status=400)


@pytest.mark.parametrize("month", ["2022-13", "2022-1", "1999-10", "2022-10-01", "x", "2021-10", "2022-11"])
def test_a_month_that_was_not_asked_about_is_not_found(session, cast, visit, month):
    live_call_off(session, cast)
    _done(session)
    for rest in ("", "/give", "/check"):
        visit("Faye").get(f"/returns/{cast.party['Fennel Web']}/{month}{rest}", status=404)


def test_nobody_finds_the_return_of_another_company(session, cast, visit, fennel):
    own = live_call_off(session, cast)
    give(session, cast, line(own))
    _done(session)
    for name in ("Qi", "Finn", "Olu", "Stranger"):
        for rest in ("", "/give", "/check"):
            visit(name).get(f"{fennel}{rest}", status=404)
    assert "Fennel" not in visit("Qi").get("/returns/").text


def test_what_is_due_stands_under_coming_and_in_the_calendar(session, cast, visit):
    live_call_off(session, cast)
    _done(session)
    with dates.on(date(2022, 11, 4)):
        assert "Your return for October 2022 is due" in visit("Faye").get("/coming/").text
        assert "return for October" not in visit("Qi").get("/coming/").text
        assert "return for October" not in visit("Asha").get("/coming/").text


def test_the_months_go_on_from_one_to_the_next(session, cast, visit):
    live_call_off(session, cast)
    _done(session)
    shown = visit("Finn").get("/spend/returns")
    assert "October 2022" in shown.text
    assert "/spend/returns?month=2022-09" in shown.links
    assert "/spend/returns?month=2022-11" not in shown.links
