"""Offering on its pages: the officer sees who is asked and why, and what to look out for."""

from datetime import date

from sqlmodel import select

from calloffs.offering import make_offer
from calloffs.waiting import having
from framework.definitions import dates
from lots.evidence import Evidence
from lots.lot import Lot
from tests.calloffs.building import offered
from tests.calloffs.making import approved


def test_the_page_says_which_partner_and_why_and_offers_no_choice(session, cast, visit):
    call_off = approved(session, cast, lot=7)
    evidence = session.exec(select(Evidence).where(Evidence.supplier_id == cast.party["Quill Works"])).all()
    for one in evidence:
        one.expires_on = date(2022, 11, 21)
    session.commit()
    reference = call_off.reference
    session.close()
    asha = visit("Asha")
    assert "Offer to Quill Works" in asha.get(f"/call-offs/{reference}").text
    page = asha.get(f"/call-offs/{reference}/offer")
    assert "Quill Works: rank 1" in page.text
    assert "Tern Systems" in page.text
    assert "This does not stop an offer, but it stops signing" in page.text
    assert set(page.values()) == {"csrf_token", "once", "working_days", "message"}
    wrong = asha.send(page, {"working_days": "21", "message": "Please <b>hurry</b>"}, status=422)
    assert wrong.errors == ["Working days must be a whole number from 1 to 20"]
    assert wrong.values()["message"] == "Please <b>hurry</b>"
    shown = asha.follow(asha.send(wrong, {"working_days": "2"}))
    assert "to Quill Works" in shown.text
    assert "24 November 2022, 11:59pm" in shown.text
    qi = visit("Qi")
    assert "Please <b>hurry</b>" in qi.get(f"/offers/{reference}-O1").text
    assert asha.get(f"/call-offs/{reference}/offer", status=303).location.endswith(reference)


def test_an_offer_is_withdrawn_from_its_page_with_a_reason_the_partner_reads(session, cast, visit):
    call_off, offer = offered(session, cast)
    session.commit()
    address = f"/offers/{offer.reference}/withdraw"
    session.close()
    asha = visit("Asha")
    assert address in asha.get(f"/call-offs/{call_off.reference}").links
    assert asha.send(address, {"reason": ""}, status=422).errors == [
        "Enter why you are withdrawing the offer"
    ]
    shown = asha.follow(asha.send(address, {"reason": "The brief changes this week"}))
    assert "The brief changes this week" in shown.text
    assert "The brief changes this week" in visit("Faye").get(f"/offers/{offer.reference}").text
    for name in ("Cara", "Bram", "Faye"):
        visit(name).get(address, status=404)


def test_the_partner_has_it_since_the_offer_and_not_since_the_approval(session, cast):
    call_off = approved(session, cast)
    with dates.on(date(2022, 11, 28)):
        make_offer(session, actor=cast.visitor(session, "Asha"), call_off=call_off, working_days=5)
    with dates.on(date(2022, 11, 30)):
        assert having(call_off, owner="Asha", authority="Northbank", partner=None).days == 2


def test_a_lot_that_warns_names_what_lapses_before_the_call_off_ends(session, cast, visit):
    call_off = approved(session, cast)
    lot = session.get_one(Lot, call_off.lot_id)
    call_off.ends_on = date(2023, 9, 30)
    session.commit()
    page = visit("Asha").get(f"/call-offs/{call_off.reference}/offer")
    assert "before the call-off ends" not in page.text
    lot.warns_on_offers = True
    session.add(lot)
    session.commit()
    page = visit("Asha").get(f"/call-offs/{call_off.reference}/offer")
    assert (
        "lapses on 30 June 2023, before the call-off ends on 30 September 2023. Ask for its renewal in time"
        in page.text
    )
