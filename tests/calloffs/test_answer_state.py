"""Answering as a task list: what is there, what is missing, what the limits are; and an offer that ends too late."""

from datetime import date

from calloffs.call_off import ChargingMethod
from calloffs.offering import late_from
from framework.definitions import dates
from tests.calloffs.building import offered
from tests.calloffs.making import approved


def test_a_saved_answer_says_what_is_there_and_what_is_missing(session, cast, visit):
    _, offer = offered(session, cast)
    session.commit()
    address = f"/offers/{offer.reference}"
    session.close()
    faye = visit("Faye")
    page = faye.get(f"{address}/answer")
    for said in (
        "At least one person is needed",
        "At least one skill is needed",
        "At least one deliverable is needed",
        "approach 20,000 (about 3,000 words)",
        "in 7 days",
    ):
        assert said in page.text, said
    typed = {
        "people-0-work": "4:Developer",
        "skills-0-skill": "Accessible forms",
        "skills-0-depth": "expert",
        "approach": "Step by step",
        "save": "yes",
    }
    shown = faye.follow(faye.send(page, typed))
    assert "Your answer so far" in shown.text
    for said in (
        "1 person, 1 not complete",
        "1 skill",
        "At least one deliverable is needed",
        "12 characters",
    ):
        assert said in shown.text, said
    assert "of which 12 are used" in faye.get(f"{address}/answer").text
    assert "Your answer so far" not in visit("Asha").get("/").text


def test_a_fixed_price_is_one_of_the_parts(session, cast, visit):
    _, offer = offered(session, cast, charging_method=ChargingMethod.FIXED)
    session.commit()
    address = f"/offers/{offer.reference}/answer"
    session.close()
    page = visit("Faye").get(address)
    assert "Price Not entered" in page.text


def test_the_first_number_of_days_that_reaches_the_first_day_of_the_work(clock):
    today = dates.today()  # Tuesday 22 November 2022
    assert late_from(date(2022, 11, 23), today) == 1
    assert late_from(date(2022, 11, 25), today) == 3
    assert late_from(date(2022, 11, 27), today) == 4  # a Sunday: the Monday after is the next that counts
    assert late_from(date(2023, 3, 1), today) is None
    assert late_from(None, today) is None


def test_the_officer_is_warned_of_a_deadline_after_the_work_has_begun(session, cast, visit):
    call_off = approved(session, cast, lot=4, starts_on=date(2022, 11, 25))
    session.commit()
    reference = call_off.reference
    session.close()
    asha = visit("Asha")
    page = asha.get(f"/call-offs/{reference}/offer")
    assert "The work begins on 25 November 2022. With 3 working days or more the answer may come" in page.text
    shown = asha.follow(asha.send(page, {"working_days": "3"}))
    assert "ends on or after the first day of the work, 25 November 2022" in shown.text
    later = visit("Asha").get(f"/call-offs/{reference}").text
    assert "ends on or after" in later


def test_an_offer_in_good_time_has_no_warning(session, cast, visit):
    call_off, _ = offered(session, cast, working_days=2)
    session.commit()
    reference = call_off.reference
    session.close()
    assert "ends on or after" not in visit("Asha").get(f"/call-offs/{reference}").text
