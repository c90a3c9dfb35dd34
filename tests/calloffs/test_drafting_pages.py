"""The request from draft to approval, on its real pages."""

import pytest

from tests.calloffs.making import an_approved_case, drafted


def _day(name, day, month, year):
    return {name: [str(day), str(month), str(year)]}


def draft_by_forms(visit, session, cast, *, value="20,000", name="Asha"):
    case = an_approved_case(session, cast, amount=100_000)
    session.commit()
    asha = visit(name)
    asha.send("/call-offs/new", {"lot": "DP21-3", "title": "Design of the parking form"})
    at = "/call-offs/DP21-3-0001"
    asha.send(
        f"{at}/draft/what",
        {"background": "40,000 people", "outcome_wanted": "They finish", "in_scope": "Design"},
    )
    money = {
        "base": value,
        "charging_method": "fixed",
        **_day("starts_on", 1, 12, 2022),
        **_day("ends_on", 31, 1, 2023),
    }
    asha.send(f"{at}/draft/money", money)
    asha.send(f"{at}/draft/case", {"case_id": str(case.id)})
    asha.send(f"{at}/draft/terms", {"off_payroll": "contracted_out", "conflicts_declared": "y"})
    return asha, at


def test_a_request_goes_from_draft_to_approved_by_plain_forms(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast)
    tasks = asha.get(f"{at}/draft")
    assert "Incomplete" not in tasks.text
    check = asha.get(f"{at}/raise")
    assert "Before you can raise it" not in check.text
    shown = asha.follow(asha.send(check, {}))
    assert "Submitted" in shown.text
    assert "An approver at Northbank has it now, to decide, since today" in shown.text
    assert "£20,000.00 net of VAT, £24,000.00 including VAT at 20%" in shown.text
    bram = visit("Bram")
    home = bram.get("/")
    assert "DP21-3-0001 Design of the parking form" in home.text
    assert "Lot 3 then has" not in home.text or "£980,000.00" in home.text
    decided = bram.follow(bram.send(f"{at}/approve", {"outcome": "approved"}))
    assert "Approved" in decided.text
    assert "Bram approved the request, £20,000.00 net of VAT, with a limit of £250,000.00" in decided.text
    assert "Asha has it now, to offer to a partner" in asha.get(at).text


def test_a_refused_raise_names_what_is_left_and_where_to_put_it_right(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast, value="1,000,000.01")
    refused = asha.send(f"{at}/raise", {}, status=422)
    assert any("Lot 3 has £1,000,000.00 (net of VAT) left under its ceiling" in one for one in refused.errors)
    assert f"{at}/draft/money#base" in refused.links
    assert "Draft" in asha.get(at).text


def test_a_form_sent_twice_raises_once(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast)
    values = asha.get(f"{at}/raise").values()
    assert asha.post(f"{at}/raise", values).location == asha.post(f"{at}/raise", values).location
    assert visit("Asha").get(at).text.count("Asha raised DP21-3-0001") == 1


def test_what_was_typed_is_kept_when_it_cannot_be_read(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast)
    wrong = {
        "base": "12,5,00",
        **_day("starts_on", 31, 2, 2023),
        "options-0-months": "x",
        "expenses_policy": "Rail",
    }
    refused = asha.send(f"{at}/draft/money", wrong, status=422)
    assert len(refused.errors) >= 3
    shown = refused.values()
    assert (shown["base"], shown["options-0-months"], shown["expenses_policy"]) == ("12,5,00", "x", "Rail")
    assert shown["starts_on"] == ["31", "2", "2023"]
    assert "£20,000.00 net of VAT" in asha.get(at).text


def test_half_an_option_is_refused_and_a_blank_one_is_ignored(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast)
    refused = asha.send(f"{at}/draft/money", {"options-0-months": "6"}, status=422)
    assert refused.errors == ["Enter the price of the option, 0 if it costs nothing more"]
    refused = asha.send(f"{at}/draft/money", {"options-0-price": "5"}, status=422)
    assert refused.errors == ["Enter how many months the option lasts"]
    asha.send(
        f"{at}/draft/money",
        {"options-0-months": "6", "options-0-notice_days": "30", "options-0-price": "5,000"},
    )
    assert "£25,000.00 net of VAT" in asha.get(at).text


def test_another_row_and_a_check_save_nothing_and_keep_what_is_typed(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast)
    more = asha.send(
        f"{at}/draft/money", {"base": "990,000", "options-0-months": "6", "then": "add"}, status=200
    )
    assert "options-1-months" in more.values()
    assert more.values()["base"] == "990,000"
    more = {**more.values(), "options-1-price": "10,000.01", "then": "check"}
    checked = asha.post(f"{at}/draft/money", more, 200)
    assert "It does not fit" in checked.text
    assert "Maximum value: £1,000,000.01 net of VAT" in checked.text
    assert "£20,000.00 net of VAT" in asha.get(at).text


def test_whether_it_fits_is_answered_in_place(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast)
    part = asha.get(f"{at}/fits?base=1,000,000", headers={"HX-Request": "true"})
    assert "It fits" in part.html
    assert "<html" not in part.html
    part = asha.get(f"{at}/fits?base=1,000,000&options-0-price=0.01", headers={"HX-Request": "true"})
    assert "Lot 3 has £1,000,000.00 (net of VAT) left under its ceiling" in part.html
    assert "<h1" in asha.get(f"{at}/fits?base=nonsense&vat_rate_bp=9").html
    visit("Cara").get(f"{at}/fits", 404)


def test_a_case_that_is_not_listed_cannot_be_chosen(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast)
    theirs = an_approved_case(session, cast, authority="Southmere")
    session.commit()
    for forged in (str(theirs.id), "999999", "-1", "x"):
        asha.send(f"{at}/draft/case", {"case_id": forged}, status=422)


def test_returned_with_a_reason_put_right_and_raised_again(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast)
    asha.send(f"{at}/raise", {})
    bram = visit("Bram")
    unsaid = bram.send(f"{at}/approve", {"outcome": "returned"}, status=422)
    assert unsaid.errors == ["Say why, so that the commissioning manager knows what to do"]
    bram.send(f"{at}/approve", {"outcome": "returned", "reason": "Say who does the testing"})
    shown = asha.get(at)
    assert "Say who does the testing" in shown.text
    assert "£0.00" in shown.text
    asha.send(f"{at}/draft/money", {"base": "21,000"})
    asha.send(f"{at}/raise", {})
    again = bram.get(f"{at}/approve")
    assert "Changed since it was first raised" in again.text
    assert "base value from £20,000.00 to £21,000.00" in again.text


def test_an_approver_who_saw_an_earlier_request_must_look_again(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast)
    asha.send(f"{at}/raise", {})
    bram = visit("Bram")
    seen = bram.get(f"{at}/approve").values()
    asha.send(f"{at}/withdraw-request", {"reason": "More"})
    asha.send(f"{at}/draft/money", {"base": "99,000"})
    asha.send(f"{at}/raise", {})
    stale = bram.post(f"{at}/approve", {**seen, "outcome": "approved"}, 422)
    assert "Someone else changed this" in stale.errors[0]
    assert "Submitted" in asha.get(at).text


def test_the_small_forms_work(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast)
    asha.send(f"{at}/copy", {"title": "A copy", "lot": "DP21-4"})
    assert "A copy" in asha.get("/call-offs/DP21-4-0001/draft").text
    asha.get(f"{at}/hand-over")
    asha.send(f"{at}/raise", {})
    visit("Bram").send(f"{at}/approve", {"outcome": "approved", "conditions": "Weekly reports"})
    asha.send(f"{at}/purchase-order", {"number": ""}, status=422)
    visit("Finn").send(f"{at}/purchase-order", {"number": "PO-<b>1</b>", "programme": "Libraries"})
    asha.send(f"{at}/purchase-order", {"programme": "x" * 121}, status=422)
    shown = asha.get(at)
    assert "No cost centre, Libraries" in shown.text
    assert "Finn set the programme of DP21-3-0001 from none to Libraries" in shown.text
    assert "PO-<b>1</b>" in shown.text
    assert "Weekly reports" in shown.text
    asha.send(f"{at}/cancel", {}, status=422)
    asha.send(f"{at}/cancel", {"reason": "Not needed"})
    assert "Cancelled" in asha.get(at).text
    assert "Asha cancelled DP21-3-0001" in asha.get(at).text


def test_home_says_what_waits_and_the_list_what_to_do_when_empty(visit, session, cast):
    session.rollback()
    assert "There are no call-offs yet" in visit("Asha").get("/call-offs/").text
    session.connection(execution_options={"write": True})
    asha, at = draft_by_forms(visit, session, cast)
    assert "You have it, to finish and raise, since today" in asha.get("/").text
    assert "You has it" not in asha.get("/").text
    asha.send(f"{at}/raise", {})
    assert "An approver at Northbank has it, to decide" in asha.get("/").text
    assert "Request: £20,000.00 net of VAT" in visit("Bram").get("/").text
    assert "Lot 3 then has £980,000.00 left (net of VAT)" in visit("Bram").get("/").text
    assert "Request: £20,000.00" not in visit("Dev").get("/").text
    part = asha.get("/call-offs/?status=waiting", headers={"HX-Request": "true"})
    assert "<html" not in part.html
    assert "DP21-3-0001" in part.html
    assert "No call-off matches" in asha.get("/call-offs/?status=live").text


def test_words_of_a_hostile_hand_stay_words(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast)
    asha.send(
        f"{at}/draft/what",
        {"title": "<script>alert(1)</script> & 'Tŷ'", "background": "{{ 7*7 }}\n<img src=x>"},
    )
    shown = asha.get(at)
    assert "<script>alert" not in shown.html
    assert "{{ 7*7 }}" in shown.text


@pytest.mark.parametrize(
    ("page", "mine", "theirs"),
    [
        ("what", {"background": "Mine"}, {"background": "Theirs"}),
        ("money", {"base": "11,000"}, {"base": "21,000"}),
        ("terms", {"cost_centre": "00123"}, {"cost_centre": "00456"}),
    ],
)
def test_words_saved_meanwhile_are_not_overwritten_unseen(visit, session, cast, page, mine, theirs):
    reference = drafted(session, cast).reference
    session.commit()
    session.close()
    asha = visit("Asha")
    address = f"/call-offs/{reference}/draft/{page}"
    in_one_tab, in_another = asha.get(address), asha.get(address)
    asha.send(in_one_tab, theirs)
    refused = asha.send(in_another, mine, status=422)
    assert "Someone else saved this page while you were writing" in refused.errors[0]
    name = next(iter(mine))
    assert refused.values()[name] == mine[name]
    kept = asha.get(address).values()[name].replace(".00", "").replace(",", "")
    assert kept == theirs[name].replace(",", "")
    asha.send(refused, {})
    kept = asha.get(address).values()[name].replace(".00", "").replace(",", "")
    assert kept == mine[name].replace(",", "")
