"""Signing in: passwords, locks, and a row per device that ends when it should."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from framework.definitions import dates
from framework.people import signing_in, staffing
from framework.people.permissions import Role
from framework.people.person import Person, SignIn
from framework.records.database import writing
from framework.records.messages import Message
from tests.conftest import NOW

PASSWORD = "heron ladder mustard"


@pytest.fixture
def asha_with_password(app, cast):
    with app.app_context(), writing() as session:
        signing_in.set_password(session, session.get(Person, cast.person["Asha"]), PASSWORD)


def sign_in(visiting, password=PASSWORD, email="asha@example.org", status=303, address="/sign-in"):
    return visiting.send(address, {"email": email, "password": password}, status=status)


@pytest.mark.usefixtures("asha_with_password")
def test_the_right_password_opens_home_and_signing_out_ends_the_row(visit, app):
    nobody = visit("")
    assert nobody.follow(sign_in(nobody)).text
    with nobody.client.session_transaction() as cookie:
        kept = cookie["sign_in"]
    nobody.post("/sign-out", {"csrf_token": token(nobody)})
    with nobody.client.session_transaction() as cookie:
        cookie["sign_in"] = kept
    assert nobody.get("/", status=303).location.startswith("/sign-in")


def token(visiting):
    return re.search(r'name="csrf_token" value="([^"]+)"', visiting.get("/").html)[1]


@pytest.mark.usefixtures("asha_with_password")
def test_a_password_is_kept_as_argon2id_only(app, cast):
    with app.app_context(), writing() as session:
        assert session.get(Person, cast.person["Asha"]).password.startswith("$argon2id$")


@pytest.mark.usefixtures("asha_with_password")
def test_an_unknown_address_and_a_wrong_password_are_told_the_same(visit):
    wrong = sign_in(visit(""), "not the right words", status=422)
    unknown = sign_in(visit(""), email="nobody@example.org", status=422)
    assert wrong.errors == unknown.errors
    assert 'value="asha@example.org"' in wrong.html
    assert "not the right words" not in wrong.html


@pytest.mark.usefixtures("asha_with_password")
def test_five_wrong_tries_lock_the_account_for_a_while(visit, app, cast):
    for _ in range(signing_in.TRIES):
        sign_in(visit(""), "not the right words", status=422)
    sign_in(visit(""), status=422)
    with dates.at(NOW + timedelta(minutes=2)):
        sign_in(visit(""))
    with app.app_context(), writing() as session:
        assert session.get(Person, cast.person["Asha"]).failed_sign_ins == 0


@pytest.mark.usefixtures("asha_with_password")
@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/%09/evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a:b@evil",
    ],
)
def test_next_never_leads_away_from_here(visit, target):
    nobody = visit("")
    shown = nobody.get("/sign-in")
    answer = nobody.post(
        f"/sign-in?next={target}", {**shown.values(), "email": "asha@example.org", "password": PASSWORD}
    )
    assert answer.location == "/"


@pytest.mark.usefixtures("asha_with_password")
def test_next_leads_back_to_a_page_of_ours(visit):
    nobody = visit("")
    shown = nobody.get("/sign-in")
    answer = nobody.post(
        "/sign-in?next=/call-offs/%3Fmine=1",
        {**shown.values(), "email": "asha@example.org", "password": PASSWORD},
    )
    assert answer.location == "/call-offs/?mine=1"


def test_a_device_not_used_for_the_set_hours_is_signed_out(visit, settings):
    asha = visit("Asha")
    with dates.at(NOW + timedelta(hours=settings.session_hours - 1)):
        asha.get("/")
    with dates.at(NOW + timedelta(hours=2 * settings.session_hours - 2)):
        asha.get("/")
    with dates.at(NOW + timedelta(hours=3 * settings.session_hours)):
        asha.get("/", status=303)


def test_a_new_role_and_an_ended_role_sign_the_person_out(visit, app, cast):
    asha = visit("Asha")
    asha.get("/")
    with app.app_context(), writing() as session:
        ari = cast.visitor(session, "Ari")
        staffing.give_post(
            session,
            actor=ari,
            party_id=cast.party["Northbank"],
            name="Asha",
            email="asha@example.org",
            role=Role.AUDITOR,
        )
    asha.get("/", status=303)


def test_a_password_link_works_once_and_signs_out_everywhere(visit, app, cast):
    bram = visit("Bram")
    nobody = visit("")
    sent = nobody.send("/forgotten-password", {"email": "bram@example.org"}, status=200)
    unknown = nobody.send("/forgotten-password", {"email": "nobody@example.org"}, status=200)
    assert sent.text.replace("bram", "nobody") == unknown.text
    with app.app_context(), writing() as session:
        text = session.exec(select(Message.text)).one()
    link = re.search(r"/set-password/\S+", text)[0]
    short = nobody.send(link, {"password": "short", "again": "short"}, status=422)
    assert "12 characters" in short.errors[0]
    unlike = nobody.send(link, {"password": PASSWORD, "again": PASSWORD + "s"}, status=422)
    assert "not the same" in unlike.errors[0]
    nobody.send(link, {"password": PASSWORD, "again": PASSWORD})
    bram.get("/", status=303)
    nobody.get(link, status=410)
    sign_in(visit(""), email="bram@example.org")


def test_a_made_up_link_is_over(visit):
    visit("").get("/set-password/made-up", status=410)


def test_pages_for_people_signed_in_are_not_stored_anywhere(visit):
    assert visit("Asha").get("/").response.headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused(visit):
    assert visit("Ari").client.post("/people/new", data={"name": "X"}).status_code == 400


def test_every_answer_carries_a_policy_without_anything_unsafe(visit):
    policy = visit("").get("/sign-in").response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_sign_ins_are_rows_that_say_why_they_ended(visit, app, cast):
    visit("Asha")
    with app.app_context(), writing() as session:
        signing_in.end_all(session, cast.person["Asha"], "role changed")
    with app.app_context(), writing() as session:
        assert session.exec(
            select(SignIn.ended_why).where(SignIn.person_id == cast.person["Asha"])
        ).all() == ["role changed"]
