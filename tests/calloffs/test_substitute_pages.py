"""Changing people on the pages of both sides: home, the call-off, the forms, and what nobody else may open."""

from datetime import date

import pytest

from calloffs.substituting import propose_substitute
from tests.calloffs.building import answer, person
from tests.calloffs.substitutes import a_substitute, signed

LIKE = "Both have built forms for ten years"


@pytest.fixture
def reference(session, cast):
    found = signed(session, cast).reference
    session.commit()
    return found


@pytest.fixture
def proposed(session, cast):
    running = signed(session, cast)
    new = a_substitute(session, running)
    propose_substitute(session, actor=cast.visitor(session, "Faye"), call_off=running, new=new)
    found = running.reference
    session.commit()
    return found


def _typed(**other):
    return {
        "name": "Ola Rees",
        "work": "4:Developer",
        "day_rate": "780",
        "days": "8",
        "starts_on": ["12", "12", "2022"],
        "like_for_like": LIKE,
        "reason": "Nia is ill",
        **other,
    }


def test_check_13_both_sides_find_every_change_in_the_file(reference, visit):
    faye, asha = visit("Faye"), visit("Asha")
    page = faye.get(f"/call-offs/{reference}")
    assert "People on this call-off" in page.text
    link = next(one for one in page.links if "leaving=person-" in one)
    form = faye.get(link)
    assert form.values()["work"] == "4:Developer"
    assert form.values()["day_rate"] == "800.00"
    page = faye.follow(faye.send(form, _typed()))
    assert "Waits for the council" in page.text
    home = asha.get("/")
    decide = f"/call-offs/{reference}/substitutes/1/decision"
    assert decide in home.links
    assert "Ola Rees" not in home.text
    shown = asha.get(decide)
    assert "Ola Rees" in shown.text
    assert LIKE in shown.text
    page = asha.follow(asha.send(shown, {"decision": "yes", "reason": "Welcome"}))
    for text in (page.text, faye.get(f"/call-offs/{reference}").text):
        for said in ("in the place of Nia", LIKE, "Nia is ill", "Welcome", "Agreed", "12 December 2022"):
            assert said in text
    assert "Asha agreed to substitute 1" in page.text
    assert decide not in asha.get("/").links
    assert visit("Audra").get(f"/call-offs/{reference}").text.count("Ola Rees")


def test_what_was_typed_stays_and_each_fault_is_told_beside_its_field(reference, visit):
    page = visit("Faye").send(
        f"/call-offs/{reference}/substitutes/new",
        _typed(name="", day_rate="lots", starts_on=["31", "2", "2023"], leaving=None),
        status=422,
    )
    assert len(page.errors) == 3
    assert page.values()["like_for_like"] == LIKE
    assert page.values()["day_rate"] == "lots"
    page = visit("Faye").send(
        f"/call-offs/{reference}/substitutes/new?leaving={_key(reference, visit)}",
        _typed(day_rate="849"),
        status=422,
    )
    assert "above the £800.00 of Nia" in page.errors[0]


def _key(reference, visit):
    links = visit("Faye").get(f"/call-offs/{reference}").links
    return next(one for one in links if "leaving=" in one).split("leaving=")[1]


def test_a_refusal_without_a_reason_keeps_the_choice(proposed, visit):
    asha = visit("Asha")
    address = f"/call-offs/{proposed}/substitutes/1/decision"
    page = asha.send(address, {"decision": "no"}, status=422)
    assert page.errors == ["Enter why not. The partner will see it"]
    assert page.values()["decision"] == "no"
    asha.send(page, {"reason": "Not deep enough"})
    assert "Not deep enough" in visit("Faye").get(f"/call-offs/{proposed}").text
    assert asha.get(address, status=303).location.endswith(f"/call-offs/{proposed}#people")


def test_the_partner_takes_a_proposal_back(proposed, visit):
    faye = visit("Faye")
    page = faye.follow(faye.send(f"/call-offs/{proposed}/substitutes/1/withdraw", {}))
    assert "Taken back" in page.text
    assert faye.get(f"/call-offs/{proposed}/substitutes/1/withdraw", status=303)


def test_all_that_is_wrong_with_a_change_is_said_at_once(reference, visit):
    faye = visit("Faye")
    form = faye.get(
        next(one for one in faye.get(f"/call-offs/{reference}").links if "leaving=person-" in one)
    )
    nothing = {"name": "", "day_rate": "849", "days": "90", "starts_on": ["", "", ""], "like_for_like": ""}
    wrong = faye.send(form, _typed(**nothing), status=422)
    assert len(wrong.errors) == len(set(wrong.errors))
    for said in (
        "Enter the name of the person who comes",
        "Enter what makes the new person as good as the one who leaves",
        "£849.00 a day is above the £800.00 of Nia. A substitute costs no more",
        "Nia has 10 days, so no more can pass to the new person",
        "Enter the first day",
    ):
        assert said in wrong.errors, said


def test_a_clash_and_a_lower_clearance_are_shown_before_the_buyer_decides(session, cast, visit):
    elsewhere = signed(session, cast, answer(person(name="Ola", rate=400, days=42))).reference
    running = signed(session, cast, answer(person(name="Nia", clearance="sc")))
    less = "No system of the council is touched in these days"
    new = a_substitute(session, running, starts_on=date(2022, 12, 5), difference=less)
    propose_substitute(session, actor=cast.visitor(session, "Faye"), call_off=running, new=new)
    reference = running.reference
    session.commit()
    shown = visit("Asha").get(f"/call-offs/{reference}/substitutes/1/decision").text
    assert f"Ola is also offered on {elsewhere}" in shown
    assert "Ola holds no clearance, where Nia holds Security check (SC)" in shown
    assert less in shown


@pytest.mark.parametrize("name", ["Qi", "Tess", "Zed", "Zoe", "Stranger", "Opal", "Ari"])
def test_nobody_else_finds_these_pages(proposed, visit, name):
    who = visit(name)
    for rest in ("new", "1/decision", "1/withdraw"):
        who.get(f"/call-offs/{proposed}/substitutes/{rest}", status=404)


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("Asha", "new"),
        ("Asha", "1/withdraw"),
        ("Bram", "1/decision"),
        ("Audra", "1/decision"),
        ("Faye", "1/decision"),
    ],
)
def test_neither_side_does_what_is_the_others(proposed, visit, name, rest):
    visit(name).get(f"/call-offs/{proposed}/substitutes/{rest}", status=404)


def test_a_number_that_is_not_there_is_not_found(proposed, visit):
    visit("Asha").get(f"/call-offs/{proposed}/substitutes/2/decision", status=404)
    visit("Faye").get(f"/call-offs/{proposed}/substitutes/99999999999/withdraw", status=404)


def test_who_was_replaced_is_no_longer_offered_to_leave(session, cast, proposed, visit):
    page = visit("Faye").get(f"/call-offs/{proposed}/substitutes/new")
    assert "a change of theirs waits for the council" in page.text
    assert not [one for one in visit("Faye").get(f"/call-offs/{proposed}").links if "leaving=" in one]
