"""The pages of an offer: what a partner reads and fills in, and that nobody else gets in."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from calloffs.call_off import ChargingMethod
from calloffs.drafting import OptionFacts
from framework.definitions import dates
from framework.records import database
from framework.records.audit import AuditRecord
from tests.calloffs.building import awarded, offered, pounds
from tests.visiting import Page

FIXED = ChargingMethod.FIXED


def _whole(**more: Any) -> dict[str, Any]:
    return {
        "people-0-name": "Nia",
        "people-0-work": "4:Developer",
        "people-0-day_rate": "800",
        "people-0-days": "10",
        "skills-0-skill": "Forms",
        "skills-0-depth": "expert",
        "deliverables-0-description": "A form",
        "deliverables-0-criteria": "It works",
        "deliverables-0-due_on": ["20", "1", "2023"],
        **more,
    }


@pytest.fixture
def waiting(session, cast):
    """An offer that waits for Fennel Web, on a call-off worth £20,000 net."""
    _, offer = offered(session, cast, expenses=pounds(500))
    session.commit()
    session.close()
    return f"/offers/{offer.reference}"


def test_a_partner_reads_the_brief_the_terms_its_rates_and_whom_to_ask(waiting, visit):
    faye = visit("Faye")
    assert waiting in faye.get("/").links
    assert "29 November 2022, 11:59pm" in faye.get("/").text
    page = faye.get(waiting)
    for said in (
        "Northbank",
        "Asha",
        "asha@example.org",
        "The service is used by 40,000 people a year",
        "1 December 2022",
        "£20,500.00 net of VAT",
        "29 November 2022, 11:59pm",
        "in 7 days",
        "£935.00",
        "Version 1 of your rate card",
    ):
        assert said in page.text, said
    for secret in ("Bram", "BC-", "C-00", "headroom", "Quill", "£1,000,000.00"):
        assert secret not in page.text.replace("C-0000", ""), secret


@pytest.mark.parametrize("name", ["Qi", "Tess", "Asha", "Cara", "Olu", "Opal", "Stranger"])
def test_a_rival_and_everybody_else_finds_no_such_offer(waiting, visit, name):
    who = visit(name)
    for address in (waiting, f"{waiting}/answer", f"{waiting}/decline"):
        who.get(address, status=404)


def test_a_rival_cannot_send_anything_to_anothers_offer(waiting, session, cast, visit):
    _, own = offered(session, cast, lot=7)
    session.commit()
    session.close()
    qi = visit("Qi")
    for what in ("answer", "decline"):
        values = qi.get(f"/offers/{own.reference}/{what}").values()
        qi.post(f"{waiting}/{what}", {**values, **_whole(reason="Mine")}, status=404)
    assert waiting in visit("Faye").get("/").links


def test_a_guess_at_anothers_offer_is_remembered(waiting, visit, app, cast):
    visit("Qi").get(waiting, status=404)
    with app.app_context():
        told = database.current().exec(select(AuditRecord).where(AuditRecord.action == "looked_for")).one()
        assert (told.actor_id, told.subject) == (cast.person["Qi"], waiting)


@pytest.mark.parametrize("reference", ["DP21-4-0001-O9", "x", "-1", "9" * 40])
def test_offers_that_do_not_exist_are_not_found(visit, reference):
    visit("Faye").get(f"/offers/{reference}", status=404)
    visit("Faye").get(f"/offers/{reference}/answer", status=404)
    visit("Asha").get(f"/offers/{reference}/withdraw", status=404)


def test_adding_a_row_keeps_everything_typed_and_saves_nothing(waiting, visit):
    faye = visit("Faye")
    page = faye.get(f"{waiting}/answer")
    for rows in ("people", "skills", "deliverables"):
        page = faye.send(page, _whole(add=rows) if rows == "people" else {"add": rows}, status=200)
    values = page.values()
    assert {"people-1-name", "skills-1-skill", "deliverables-1-criteria"} <= set(values)
    assert values["people-0-work"] == "4:Developer"
    assert values["deliverables-0-due_on"] == ["20", "1", "2023"]
    assert "All people together: £8,000.00" in page.text
    assert faye.get(f"{waiting}/answer").values()["people-0-name"] == ""
    faye.send(page, {"add": "nothing-there"}, status=200)


def test_an_unfinished_answer_is_saved_to_come_back_to_and_no_one_else_reads_it(waiting, visit):
    faye = visit("Faye")
    page = faye.get(f"{waiting}/answer")
    saved = faye.send(page, {"people-0-name": "Nia", "people-0-days": "lots", "save": "yes"})
    shown = faye.follow(saved)
    assert "You have saved an unfinished answer" in shown.text
    again = faye.get(f"{waiting}/answer")
    assert (again.values()["people-0-name"], again.values()["people-0-days"]) == ("Nia", "lots")
    assert again.errors == []
    call_off = waiting.removeprefix("/offers/").removesuffix("-O1")
    assert "Nia" not in visit("Asha").get(f"/call-offs/{call_off}").text


def test_a_wrong_answer_keeps_what_was_typed_with_a_sentence_beside_each_field(waiting, visit):
    faye = visit("Faye")
    typed = {
        "people-0-name": "<script>Nia</script>",
        "people-0-work": "5:Designer",
        "people-0-day_rate": "lots",
        "skills-0-skill": "Forms",
        "deliverables-0-due_on": ["31", "2", "2023"],
    }
    page = faye.send(f"{waiting}/answer", typed, status=422)
    assert page.values()["people-0-name"] == "<script>Nia</script>"
    assert page.values()["deliverables-0-due_on"] == ["31", "2", "2023"]
    assert page.values()["people-0-day_rate"] == "lots"
    assert len(page.errors) == 7
    assert "Choose how deep the skill is" in page.errors
    assert all(
        link in page.html for link in ('href="#people-0-day_rate"', 'href="#deliverables-0-due_on-day"')
    )


def test_a_refusal_stands_beside_its_own_row_though_blank_rows_come_before_it(waiting, visit):
    faye = visit("Faye")
    page = faye.send(f"{waiting}/answer", {"add": "people"}, status=200)
    typed = {name.replace("people-0", "people-1"): value for name, value in _whole().items()}
    page = faye.send(page, {**typed, "people-1-day_rate": "851"}, status=422)
    assert 'href="#people-1-day_rate"' in page.html
    assert "above £850.00" in page.errors[0]
    shown = faye.follow(faye.send(page, {"people-1-day_rate": "850"}))
    assert "£8,500.00" in shown.text


def test_a_role_that_is_not_on_the_card_cannot_be_sent_by_hand(waiting, visit):
    page = visit("Faye").send(f"{waiting}/answer", _whole(**{"people-0-work": "5:Designer"}), status=422)
    assert page.errors == ["Choose one of the options"]


def test_an_answer_sent_twice_counts_once(waiting, visit):
    faye = visit("Faye")
    page: Page = faye.get(f"{waiting}/answer")
    values = {**page.values(), **_whole()}
    faye.post(f"{waiting}/answer", values)
    faye.post(f"{waiting}/answer", values)
    assert "You accepted on 22 November 2022" in faye.get(waiting).text
    assert faye.get(f"{waiting}/answer", status=303).location.endswith(waiting)


def test_an_answer_above_the_maximum_value_is_sent_and_says_what_follows(waiting, visit):
    faye = visit("Faye")
    shown = faye.follow(faye.send(f"{waiting}/answer", _whole(**{"people-0-days": "25.25"})))
    assert "Your answer comes to £20,700.00" in shown.text
    assert "further approval" in shown.text


def test_declining_on_the_page_shows_the_reason_to_the_council(waiting, visit):
    faye = visit("Faye")
    page = faye.send(f"{waiting}/decline", {"reason": ""}, status=422)
    assert page.errors == ["Enter why you are declining. The council will see it"]
    faye.follow(faye.send(page, {"reason": "No one is free"}))
    assert "Declined" in faye.get("/offers/").text
    call_off = waiting.removeprefix("/offers/").removesuffix("-O1")
    assert "No one is free" in visit("Asha").get(f"/call-offs/{call_off}").text


def test_a_lapsed_offer_shows_that_it_lapsed_and_takes_no_answer(waiting, visit):
    with dates.at(datetime(2022, 11, 29, 23, 50, tzinfo=UTC)):
        faye = visit("Faye")
        page = faye.get(f"{waiting}/answer")
    with dates.at(datetime(2022, 11, 30, 0, 5, tzinfo=UTC)):
        wrong = faye.send(page, _whole(), status=422)
        assert "has lapsed" in wrong.errors[0]
        assert wrong.values()["people-0-name"] == "Nia"
        shown = faye.get(waiting)
        assert "The time to answer ended" in shown.text
        assert f"{waiting}/answer" not in shown.links
        assert "Lapsed" in faye.get("/offers/").text
        assert waiting not in faye.get("/").links


def test_a_partner_with_no_offers_is_told_what_to_expect(visit):
    assert "No work has been offered to you yet" in visit("Tess").get("/offers/").text
    assert "You will get an e-mail when one does" in visit("Tess").get("/").text


def test_the_fixed_price_form_asks_for_price_and_payments(session, cast, visit):
    options = (OptionFacts(3, 30, pounds(5_000)),)
    _, offer = offered(session, cast, charging_method=FIXED, options=options)
    session.commit()
    session.close()
    faye = visit("Faye")
    assert "Option 1 to extend" in faye.get(f"/offers/{offer.reference}").text
    typed = _whole(**{"fixed_price": "9,000", "deliverables-0-payment": "8,000"})
    page = faye.send(f"/offers/{offer.reference}/answer", typed, status=422)
    assert "differ by £1,000.00" in page.errors[0]
    shown = faye.follow(faye.send(page, {"deliverables-0-payment": "9,000"}))
    assert "This is a fixed price; the people’s lines add up to £8,000.00" in shown.text


def test_the_list_of_offers_shows_what_became_of_each(session, cast, visit):
    awarded(session, cast)
    offered(session, cast)
    session.commit()
    session.close()
    text = visit("Faye").get("/offers/").text
    assert "Awarded" in text
    assert "Offered" in text


def test_the_list_of_offers_costs_the_same_however_long_it_is(session, cast, visit):
    asked = []

    def count(*_about):
        asked.append(1)

    event.listen(session.get_bind(), "before_cursor_execute", count)
    costs = []
    for more in (1, 3):
        for _ in range(more):
            offered(session, cast)
        session.commit()
        session.close()
        faye = visit("Faye")
        asked.clear()
        assert faye.get("/offers/").text.count("Answer by") == (1 if more == 1 else 4)
        costs.append(len(asked))
        database.begin_writing(session)
    assert costs[0] == costs[1] > 0
