"""The visit around every page."""


def test_a_stranger_is_sent_to_sign_in(visit):
    page = visit("").get("/", status=303)
    assert page.location.endswith("/sign-in")


def test_home_opens_for_everyone_who_is_signed_in(visit):
    for name in ("Asha", "Bram", "Finn", "Olu", "Audra", "Ari", "Faye", "Opal"):
        assert visit(name).get("/").all("h1")


def test_a_page_that_is_not_there_is_not_found(visit):
    visit("Asha").get("/nowhere", status=404)
