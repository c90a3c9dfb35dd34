"""The visit around every page."""

from sqlmodel import select

from framework.people.party import Party
from framework.records import database


def test_a_stranger_is_sent_to_sign_in(visit):
    page = visit("").get("/", status=303)
    assert page.location.endswith("/sign-in")


def test_home_opens_for_everyone_who_is_signed_in(visit):
    for name in ("Asha", "Bram", "Finn", "Olu", "Audra", "Ari", "Faye", "Opal"):
        assert visit(name).get("/").all("h1")


def test_a_page_that_is_not_there_is_not_found(visit):
    visit("Asha").get("/nowhere", status=404)


def test_the_sample_says_so_on_every_page_even_before_signing_in(app, visit):
    assert "Sample." not in visit("").get("/sign-in").text
    with app.app_context(), database.writing() as session:
        for party in session.exec(select(Party)):
            party.is_sample = True
    for name in ("", "Opal", "Asha", "Faye"):
        page = visit(name).get("/" if name else "/sign-in")
        assert "Every council, company, person and amount here is invented" in page.text, name
