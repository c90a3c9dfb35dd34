"""Promising: the same person on two call-offs at once is flagged to whoever can still do something about it (check 12)."""

from datetime import date

from calloffs.awarding import expected
from calloffs.promising import Promised, busy, cannot_do_both, offered_twice
from calloffs.substituting import consent, propose_substitute
from framework.definitions import dates
from tests.calloffs.building import accepted, answer, awarded, offered, person
from tests.calloffs.substitutes import a_substitute, signed

MANY = 40  # every working day of the term, 1 December 2022 to 31 January 2023


def _people(offer_answer):
    return [(one.name, one.quarter_days) for one in offer_answer.people]


def test_the_same_person_cannot_work_more_days_than_there_are():
    january = (date(2023, 1, 2), date(2023, 1, 31))  # 20 working days: the 2nd and 3rd are holidays somewhere
    full = Promised("Nia", *january, 20 * 4)
    assert cannot_do_both(full, Promised("nia", *january, 1))
    assert cannot_do_both(full, Promised(" NIA ", *january, 1))
    assert not cannot_do_both(full, Promised("Ned", *january, 20 * 4))
    half = Promised("Nia", *january, 10 * 4)
    assert not cannot_do_both(half, half)
    assert cannot_do_both(half, Promised("Nia", *january, 10 * 4 + 1))
    assert not cannot_do_both(full, Promised("Nia", date(2023, 2, 1), date(2023, 2, 28), 20 * 4))


def test_check_12_a_person_offered_twice_for_the_same_days_is_flagged_to_the_buyer(session, cast):
    one, _ = accepted(session, cast, answer(person(rate=400, days=MANY, name="Nia")))
    given = answer(person(rate=400, days=MANY, name="NIA"), person())
    other, _ = accepted(session, cast, given)
    asha = cast.visitor(session, "Asha")
    supplier = cast.party["Fennel Web"]
    found = offered_twice(session, asha, other, _people(given), supplier)
    assert len(found) == 1
    assert f"NIA is also offered on {one.reference}" in found[0]
    assert found[0] in expected(session, asha, other).warnings
    zed = cast.visitor(session, "Zed")
    assert "another council’s call-off" in offered_twice(session, zed, other, _people(given), supplier)[0]
    faye = cast.visitor(session, "Faye")
    assert one.reference in offered_twice(session, faye, other, _people(given), supplier)[0]
    nobody = answer(person(rate=400, days=MANY))
    assert offered_twice(session, asha, other, _people(nobody), supplier) == []
    rival = cast.party["Quill Works"]
    assert offered_twice(session, asha, other, _people(given), rival) == []


def test_somebody_named_on_two_lines_of_one_answer_is_flagged(session, cast):
    call_off, _ = offered(session, cast)
    twice = [("Nia", MANY * 4), ("Nia", MANY * 4)]
    found = offered_twice(session, cast.visitor(session, "Faye"), call_off, twice, cast.party["Fennel Web"])
    assert found == ["Nia is offered more than once here: there are not enough working days for all of it"]


def test_check_12_substitutes_proposed_and_agreed_count_and_whoever_they_replaced_is_free(session, cast):
    running = signed(session, cast, answer(person(rate=400, days=MANY, name="Nia")))
    faye, asha = (cast.visitor(session, name) for name in ("Faye", "Asha"))
    supplier = cast.party["Fennel Web"]
    other, _ = offered(session, cast)
    assert offered_twice(session, faye, other, [("Ola", MANY * 4)], supplier) == []
    new = a_substitute(session, running, name="Ola", rate=400, days=MANY)
    proposed = propose_substitute(session, actor=faye, call_off=running, new=new)
    assert len(offered_twice(session, faye, other, [("Ola", MANY * 4)], supplier)) == 1
    assert len(offered_twice(session, faye, other, [("Nia", MANY * 4)], supplier)) == 1
    consent(session, actor=asha, call_off=running, number=proposed.number)
    assert len(offered_twice(session, faye, other, [("Ola", MANY * 4)], supplier)) == 1
    assert offered_twice(session, faye, other, [("Nia", MANY * 4)], supplier) == []


def test_somebody_is_busy_on_awarded_work_until_it_ends(session, cast):
    supplier = cast.party["Fennel Web"]
    accepted(session, cast, answer(person(rate=400, days=MANY, name="Nia Vaughan")))
    assert busy(session, {supplier}) == {}
    awarded(session, cast, answer(person(rate=400, days=MANY, name="Nia  VAUGHAN")))
    (one,) = busy(session, {supplier})[supplier]
    assert (one.name_key, one.until, one.is_full_time) == ("nia vaughan", date(2023, 1, 31), True)
    assert busy(session, {cast.party["Quill Works"]}) == {}
    with dates.on(date(2023, 1, 31)):
        assert busy(session, {supplier})
    with dates.on(date(2023, 2, 1)):
        assert busy(session, {supplier}) == {}


def test_a_partner_sees_the_clash_before_its_answer_is_sent(session, cast, visit):
    one, _ = accepted(session, cast, answer(person(rate=400, days=MANY, name="Nia")))
    reference = one.reference
    _, offer = offered(session, cast)
    address = f"/offers/{offer.reference}/answer"
    session.commit()
    faye = visit("Faye")
    typed = {
        "people-0-name": "Nia",
        "people-0-work": "4:Developer",
        "people-0-day_rate": "400",
        "people-0-days": str(MANY),
        "skills-0-skill": "Accessible forms",
        "skills-0-depth": "expert",
        "deliverables-0-description": "A tested form",
        "deliverables-0-criteria": "Nine of ten finish it",
        "deliverables-0-due_on": ["20", "1", "2023"],
    }
    shown = faye.send(address, typed, status=200)
    assert f"Nia is also offered on {reference}" in shown.text
    assert "has not been sent" in shown.text
    assert shown.values()["people-0-name"] == "Nia"
    assert faye.follow(faye.send(shown, {})).text.count("Accepted")


def test_more_days_than_the_term_has_are_pointed_out_to_both_sides(session, cast, visit):
    given = answer(person(rate=400, days=60, name="Nia"), person())
    call_off, _ = accepted(session, cast, given)
    (said,) = expected(session, cast.visitor(session, "Asha"), call_off).warnings
    assert said.startswith("Nia is offered for 60 days, but there are only ")
    assert "working days from 1 December 2022 to 31 January 2023" in said
    twice = [("Nia", 30 * 4), ("Nia", 200 * 4)]
    found = offered_twice(session, cast.visitor(session, "Asha"), call_off, twice, cast.party["Fennel Web"])
    assert len(found) == 2
