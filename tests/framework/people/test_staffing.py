"""An administrator manages the people and settings of one authority, and nothing else."""

import pytest
from sqlmodel import select

from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from framework.people import beginning, finding, staffing
from framework.people.permissions import Permission, Role
from framework.people.person import Person, Post
from framework.records.messages import Message


def give(session, cast, **changes):
    wanted = {
        "actor": cast.visitor(session, "Ari"),
        "party_id": cast.party["Northbank"],
        "name": "Nell",
        "email": "Nell@Example.org",
        "role": Role.APPROVER,
        "limit": Money.pounds(10_000),
        **changes,
    }
    return staffing.give_post(session, **wanted)


def test_a_new_person_gets_the_role_and_a_link(session, cast):
    person, post = give(session, cast)
    assert (person.email, post.limit_pence) == ("nell@example.org", 10_000_00)
    assert "/set-password/" in session.exec(select(Message.text).where(Message.person_id == person.id)).one()
    assert finding.visitor(session, person.id).may(Permission.CALL_OFF_APPROVE, cast.party["Northbank"])


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"limit": None}, "limit", "most that this approver may approve"),
        ({"limit": Money.zero()}, "limit", "more than £0"),
        ({"role": Role.AUDITOR}, "limit", "Only an approver has a limit"),
        ({"email": "not an address"}, "email", "e-mail address"),
        ({"email": "x@y.z\nBcc: all@example.org"}, "email", "e-mail address"),
        ({"name": "  "}, "name", "name"),
        ({"email": "ari@example.org", "role": Role.AUDITOR, "limit": None}, "email", "yourself"),
        ({"email": "faye@example.org", "role": Role.AUDITOR, "limit": None}, "email", "another organisation"),
        ({"email": "bram@example.org"}, "role", "already has this role"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(session, cast, changes, field, words):
    with pytest.raises(Refused) as refused:
        give(session, cast, **changes)
    refusal = refused.value.refusals[0]
    assert refusal.field == field
    assert words in refusal.sentence


@pytest.mark.parametrize(
    "changes", [{"role": Role.PARTNER_USER, "limit": None}, {"party": "Southmere"}, {"party": "Fennel Web"}]
)
def test_a_partners_role_and_anothers_authority_are_not_to_be_given(session, cast, changes):
    if "party" in changes:
        changes = {"party_id": cast.party[changes["party"]]}
    with pytest.raises(NotFound):
        give(session, cast, **changes)


def test_an_ended_role_is_over_at_once(session, cast):
    person, post = give(session, cast)
    staffing.end_post(session, actor=cast.visitor(session, "Ari"), post_id=post.id)
    session.flush()
    assert finding.visitor(session, person.id).posts == ()


def test_nobody_ends_their_own_role(session, cast):
    own = session.exec(select(Post.id).where(Post.person_id == cast.person["Ari"])).one()
    with pytest.raises(Refused, match="your own role"):
        staffing.end_post(session, actor=cast.visitor(session, "Ari"), post_id=own)


def test_an_administrator_sees_people_and_no_records(visit):
    ari = visit("Ari")
    assert "Bram" in ari.get("/people/").text
    ari.get("/call-offs/", status=404)


def test_only_administrators_open_the_people_pages(visit):
    for name in ("Asha", "Olu", "Faye", "Opal"):
        visit(name).get("/people/", status=404)


def test_another_authoritys_post_is_not_found(visit, app, session, cast):
    theirs = session.exec(select(Post.id).where(Post.person_id == cast.person["Cara"])).one()
    session.rollback()
    session.close()
    visit("Ari").get(f"/people/posts/{theirs}/end", status=404)
    for nothing in ("0", "-1", "abc", "99999999999999999999"):
        visit("Ari").get(f"/people/posts/{nothing}/end", status=404)


def test_the_form_keeps_what_was_typed(visit):
    page = visit("Ari").send(
        "/people/new", {"name": "Nell", "email": "nell", "role": "approver", "limit": "lots"}, status=422
    )
    values = page.values()
    assert (values["name"], values["email"], values["role"], values["limit"]) == (
        "Nell",
        "nell",
        "approver",
        "lots",
    )
    assert page.errors == ["Enter an amount in pounds using numbers only, like 12,500 or 12,500.00"]


def test_a_form_sent_twice_acts_once(visit, app, session):
    session.rollback()
    session.close()
    ari = visit("Ari")
    shown = ari.get("/people/new")
    filled = {**shown.values(), "name": "Nell", "email": "nell@example.org", "role": "auditor"}
    first = ari.post("/people/new", filled)
    second = ari.post("/people/new", filled)
    assert first.location == second.location
    with app.app_context():
        from framework.records.database import current

        nell = current().exec(select(Person).where(Person.email == "nell@example.org")).one()
        assert len(current().exec(select(Post).where(Post.person_id == nell.id)).all()) == 1


def test_settings_are_checked_and_kept(visit):
    ari = visit("Ari")
    page = ari.send("/authority/settings", {"colour": "red; } body {", "ppon": "X"}, status=422)
    assert len(page.errors) == 2
    ari.send("/authority/settings", {"colour": "#AA2200", "case_threshold": "25,000", "valid_days": "30"})
    assert "--app-authority-colour:#aa2200" in ari.client.get(f"/style/authority/{1}.css").get_data(
        as_text=True
    )
    assert ari.get("/authority/settings").values()["case_threshold"] == "25000.00"


def test_the_operator_adds_an_authority_and_sees_no_records(visit, app):
    opal = visit("Opal")
    opal.send("/installation/", {"authority": "Harbour Council", "name": "Hal", "email": "hal@example.org"})
    assert "Harbour Council (HC)" in opal.get("/installation/").text
    again = opal.send(
        "/installation/", {"authority": "Harbour Council", "name": "H", "email": "h@example.org"}, status=422
    )
    assert "already here" in again.errors[0]
    for address in ("/people/", "/call-offs/"):
        opal.get(address, status=404)


def test_an_installation_is_begun_once(session):
    with pytest.raises(Refused, match="has people already"):
        beginning.begin(
            session, name="A", email="a@example.org", authority="B", password="heron ladder mustard"
        )
