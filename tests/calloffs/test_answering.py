"""Answering: the partner sees only its own offer, and says who, what, when and for how much."""

from tests.calloffs.building import offered


def test_the_story_through_pages(app, session, cast, visit):
    call_off, offer = offered(session, cast)
    session.commit()
    session.close()
    faye, asha = visit("Faye"), visit("Asha")
    home = faye.get("/")
    assert f"/offers/{offer.reference}" in home.links
    page = faye.get("/offers/")
    page = faye.get(f"/offers/{offer.reference}")
    form = faye.get(f"/offers/{offer.reference}/answer")
    more = faye.send(form, {"people-0-name": "Nia", "add": "people"}, status=200)
    assert more.values()["people-0-name"] == "Nia"
    assert "people-1-name" in more.values()
    saved = faye.send(more, {"save": "yes"})
    assert "Go on with your answer" in faye.follow(saved).text
    again = faye.get(f"/offers/{offer.reference}/answer")
    assert again.values()["people-0-name"] == "Nia"
    wrong = faye.send(again, {}, status=422)
    assert wrong.errors
    typed = {
        "people-0-work": "4:Developer",
        "people-0-day_rate": "851",
        "people-0-days": "10",
        "skills-0-skill": "Forms",
        "skills-0-depth": "expert",
        "deliverables-0-description": "A form",
        "deliverables-0-criteria": "It works",
        "deliverables-0-due_on": ["20", "1", "2023"],
    }
    wrong = faye.send(again, typed, status=422)
    assert wrong.errors == [
        "Developer at level 4: £851.00 a day is above £850.00, the most on version 1 of your rate card"
    ]
    done = faye.send(wrong, {"people-0-day_rate": "850"})
    assert "£8,500.00" in faye.follow(done).text
    assert "has accepted" in asha.get("/").text
    page = asha.get(f"/call-offs/{call_off.reference}")
    assert f"/call-offs/{call_off.reference}/award" in page.links
    page = asha.get(f"/call-offs/{call_off.reference}/award")
    done = asha.send(page, {"reason": "Good value"})
    assert "Awarded" in asha.follow(done).text
    assert "Awarded" in faye.get("/offers/").text
    faye.get(f"/call-offs/{call_off.reference}")
