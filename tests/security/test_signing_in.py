"""Guessing, spraying and flooding at the front door; cookies that are kept, planted or carried off."""

import re
import secrets
from datetime import timedelta

import pytest
from sqlmodel import func, select

from app import create_app
from framework.definitions import dates
from framework.people import signing_in, staffing, throttling
from framework.people.person import Person, Post, SignIn
from framework.records import database
from framework.records.audit import AuditRecord
from framework.records.messages import Message
from framework.records.once import SpentKey
from framework.web import visit as visiting
from tests.conftest import NOW
from tests.security.attacker import TOKEN

PASSWORD = "heron ladder mustard"
LINK = Message.key.startswith("password-link")


@pytest.fixture
def known(app, cast):
    with app.app_context(), database.writing() as session:
        signing_in.set_password(session, session.get(Person, cast.person["Asha"]), PASSWORD)


@pytest.fixture
def hashes(monkeypatch):
    """Counts hashes, and makes each of them cheap."""
    counted = []

    def cheap(password, against):
        counted.append(password)
        return password == PASSWORD and bool(against)

    monkeypatch.setattr(signing_in, "verify_password", cheap)
    monkeypatch.setattr(signing_in, "_nobody", lambda: "")
    return counted


def sign_in(someone, email="asha@example.org", password=PASSWORD, **how):
    return someone.strike("/sign-in", {"email": email, "password": password}, **how)


def how_many(app, model, *where):
    with app.app_context(), database.writing() as session:
        return session.exec(select(func.count()).select_from(model).where(*where)).one()


@pytest.mark.usefixtures("known")
def test_every_try_costs_one_hash_whoever_it_is_for(attack, hashes):
    for email in ("asha@example.org", "nobody@example.org", "bram@example.org", "ASHA@example.org "):
        hashes.clear()
        sign_in(attack(), email, "wrong words here")
        assert len(hashes) == 1, email


def test_every_link_asked_for_costs_one_token_whoever_it_is_for(attack, monkeypatch):
    made = []
    monkeypatch.setattr(signing_in, "password_link_token", lambda person: made.append(person) or "token")
    for email in ("asha@example.org", "nobody@example.org"):
        made.clear()
        attack().strike("/forgotten-password", {"email": email})
        assert len(made) == 1, email


@pytest.mark.usefixtures("known")
def test_one_password_sprayed_over_many_accounts_is_stopped_by_address(
    app, settings, attack, hashes, monkeypatch
):
    monkeypatch.setattr(throttling, "WRONG_SIGN_INS", 6)
    for number in range(6):
        assert sign_in(attack(), f"person{number}@example.org").status_code == 422
    hashes.clear()
    assert sign_in(attack()).status_code == 429
    assert not hashes
    # Another process counts with the same figures, another address is none the worse, and it passes.
    from tests.security.attacker import Attacker

    assert sign_in(Attacker(create_app(settings), "")).status_code == 429
    assert sign_in(attack(), environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 303
    with dates.at(NOW + timedelta(minutes=16)):
        assert sign_in(attack()).status_code == 303


@pytest.mark.usefixtures("known", "hashes")
def test_right_passwords_from_one_address_are_never_too_many(attack, monkeypatch):
    monkeypatch.setattr(throttling, "WRONG_SIGN_INS", 3)
    assert {sign_in(attack()).status_code for _ in range(6)} == {303}


def test_an_ipv6_line_counts_as_one_and_no_address_is_kept():
    one, two, other = (
        throttling.from_address("k" * 32, address)
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    )
    assert one == two != other
    assert throttling.from_address("k" * 32, "::ffff:192.0.2.1") == throttling.from_address(
        "k" * 32, "192.0.2.1"
    )
    assert "192" not in throttling.from_address("k" * 32, "192.0.2.1")


def test_nobodys_mailbox_is_flooded_and_nobody_is_told_so(app, attack):
    for second in range(8):
        with dates.at(NOW + timedelta(seconds=second)):
            answer = attack().strike("/forgotten-password", {"email": "asha@example.org"})
        assert answer.status_code == 200
    assert how_many(app, Message, LINK) == throttling.LINKS_SENT
    with dates.at(NOW + timedelta(minutes=61)):
        attack().strike("/forgotten-password", {"email": "asha@example.org"})
    assert how_many(app, Message, LINK) == throttling.LINKS_SENT + 1


def test_links_for_many_people_are_stopped_by_address(attack, monkeypatch):
    monkeypatch.setattr(throttling, "LINKS_ASKED_FOR", 2)
    codes = [
        attack().strike("/forgotten-password", {"email": f"x{n}@example.org"}).status_code for n in range(3)
    ]
    assert codes == [200, 200, 429]


@pytest.mark.usefixtures("known")
def test_a_locked_account_stays_shut_to_the_right_password_and_failures_are_on_record(
    app, attack, cast, hashes
):
    for _ in range(signing_in.TRIES):
        sign_in(attack(), password="wrong words here")
    assert sign_in(attack()).status_code == 422
    failed = how_many(app, AuditRecord, AuditRecord.action == "sign_in_failed")
    assert failed == signing_in.TRIES
    assert cast.person["Asha"]


@pytest.mark.usefixtures("known", "hashes")
def test_a_planted_cookie_is_exchanged_and_a_second_sign_in_ends_the_first(app, attack):
    someone = attack()
    with someone.client.session_transaction() as cookie:
        cookie["sign_in"] = "planted"
    assert sign_in(someone).status_code == 303
    with someone.client.session_transaction() as cookie:
        first = cookie["sign_in"]
    assert first != "planted"
    someone._token = ""
    assert sign_in(someone).status_code == 303
    carried_off = attack()
    with carried_off.client.session_transaction() as cookie:
        cookie["sign_in"] = first
    assert carried_off.look("/").status_code == 303
    assert how_many(app, SignIn, SignIn.ended_why == "signed in again") == 1


def test_cookies_are_out_of_reach_of_scripts_and_other_sites_and_secure_on_https(settings, attack):
    from dataclasses import replace

    said = attack().look("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    safe = create_app(replace(settings, public_url="https://tracker.example"))
    assert (
        "Secure"
        in safe.test_client().get("/sign-in", base_url="https://tracker.example").headers["Set-Cookie"]
    )


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/%2Fevil.example",
        "/%5Cevil.example",
        "%2F%2Fevil.example",
        "/%0d%0aSet-Cookie:x",
        "\\\\evil",
        "/\t/evil",
    ],
)
@pytest.mark.usefixtures("known", "hashes")
def test_encoded_ways_out_lead_home(attack, target):
    for address in (f"/sign-in?next={target}", f"/sign-in?next={target.replace('%', '%25')}"):
        answer = attack().strike(address, {"email": "asha@example.org", "password": PASSWORD})
        assert answer.headers["Location"] == "/", address


def test_links_in_messages_name_our_own_address_whatever_host_was_asked(app, settings, attack):
    from framework.records.mail import _with_addresses

    evil, nobody = "http://evil.example", attack()
    token = TOKEN.search(nobody.look("/sign-in", base_url=evil).get_data(as_text=True))[1]
    fields = {"email": "bram@example.org", "csrf_token": token}
    nobody.strike("/forgotten-password", fields, base_url=evil, headers={"X-Forwarded-Host": "evil.example"})
    with app.app_context(), database.writing() as session:
        text = session.exec(select(Message.text).where(LINK)).one()
    assert "evil" not in text
    assert f"{settings.public_url}/set-password/" in _with_addresses(text, settings.public_url)


def test_a_post_that_ends_in_the_middle_of_a_visit_ends_the_visit(app, attack, cast):
    asha = attack("Asha")
    assert asha.look("/call-offs/").status_code == 200
    with app.app_context(), database.writing() as session:
        post = session.exec(select(Post).where(Post.person_id == cast.person["Asha"])).one()
        staffing.end_post(session, actor=cast.visitor(session, "Ari"), post_id=post.id)
    assert asha.look("/call-offs/").status_code == 303
    assert asha.strike("/call-offs/new", {}).status_code in (303, 400)


def test_a_post_that_runs_out_overnight_opens_nothing_next_morning(app, attack, cast):
    asha = attack("Asha")
    with app.app_context(), database.writing() as session:
        post = session.exec(select(Post).where(Post.person_id == cast.person["Asha"])).one()
        post.ends_on = NOW.date()
        session.add(post)
    assert asha.look("/call-offs/").status_code == 200
    with dates.at(NOW + timedelta(hours=9)):
        asha.look("/")
    with dates.at(NOW + timedelta(hours=15)):
        assert asha.look("/call-offs/").status_code == 404


def posts(app):
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods:
            yield re.sub(r"<[^>]+>", "1", rule.rule)


def test_no_form_is_taken_without_its_own_token(app, attack):
    token = attack("Asha").token
    nell, nobody = attack("Nell"), attack()
    for address in posts(app):
        for someone in (nell, nobody):
            for fields in ({}, {"csrf_token": "made up"}, {"csrf_token": token}):
                answer = someone.strike(address, {"csrf_token": "", **fields})
                assert answer.status_code == 400, (address, fields)
                assert answer.headers["Cache-Control"] == "no-store"


def test_nobody_writes_keys_without_signing_in_or_overrides_a_method(app, attack):
    nobody = attack()
    for address in posts(app):
        nobody.strike(address, {"once": secrets.token_urlsafe(24)})
    assert how_many(app, SpentKey) == 0
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method"):
        answer = attack("Asha").look("/call-offs/new?_method=POST", headers={header: "POST"})
        assert answer.status_code == 200
    for method in ("put", "delete", "patch"):
        assert getattr(nobody.client, method)("/people/new").status_code in (400, 405)


def test_somebody_elses_key_opens_nothing(app, town, attack):
    key = secrets.token_urlsafe(24)
    assert attack("Nell").strike("/coming/feed", {"once": key}).status_code == 303
    stolen = attack("Faye").strike("/coming/feed", {"once": key})
    assert stolen.status_code == 400
    assert "Location" not in stolen.headers
    for odd in ("\x00", "k" * 5000, "²", ""):
        assert attack("Nell").strike("/coming/feed", {"once": odd}).status_code in (303, 400)


def test_guesses_are_on_record_up_to_a_bound_each_day(app, attack, monkeypatch):
    monkeypatch.setattr(visiting, "MOST_LOOKED_FOR", 4)
    monkeypatch.setattr(visiting, "MOST_REFUSED", 2)
    qi = attack("Qi")
    for number in range(9):
        assert qi.look(f"/offers/DP21-4-{number:04}-A").status_code == 404
    looked = AuditRecord.action.in_(("looked_for", "looked_for_often"))
    assert how_many(app, AuditRecord, looked) == 5
    nell = attack("Nell")
    for _ in range(5):
        assert nell.strike("/people/new", {"name": "N", "email": "bad", "role": "auditor"}).status_code == 422
    refused = AuditRecord.action.in_(("refused", "refused_often"))
    assert how_many(app, AuditRecord, refused) == 3
    with dates.at(NOW + timedelta(days=1)):
        attack("Qi").look("/offers/DP21-4-0001-A")
    assert how_many(app, AuditRecord, looked) == 6
