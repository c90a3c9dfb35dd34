"""The pages of an award: what it comes to, and how both sides learn of it and of its withdrawal."""

from datetime import date

from sqlmodel import select

from lots.evidence import Evidence
from tests.calloffs.building import WHY, accepted, answer, person, pounds


def test_awarding_on_the_page_shows_what_it_comes_to(session, cast, visit):
    call_off, _ = accepted(session, cast, answer(person(rate=800, days=30)), expenses=pounds(500))
    session.commit()
    reference = call_off.reference
    session.close()
    asha = visit("Asha")
    assert "has accepted" in asha.get("/").text
    page = asha.get(f"/call-offs/{reference}/award")
    for said in ("Fennel Web", "£24,000.00", "£500.00", "£24,500.00", "£20,500.00", "Ask an approver"):
        assert said in page.text, said
    address = f"/call-offs/{reference}/award"
    wrong = asha.send(page, {"reason": "Good <i>value</i>"}, to=address, status=422)
    assert "£4,000.00 more than the £20,500.00" in wrong.errors[0]
    assert wrong.values(address)["reason"] == "Good <i>value</i>"
    asha.follow(asha.send(wrong, {}, to=f"/call-offs/{reference}/ask-price"))
    assert "An approver has been asked" in asha.get(address).text
    assert asha.get(address).values()["reason"] == ""
    visit("Bram").send(f"/call-offs/{reference}/approve-price", {"outcome": "approved"})
    assert "Awarded" in asha.follow(asha.send(address, {"reason": "Still good value", "feedback": WHY})).text
    for name in ("Bram", "Cara", "Faye"):
        visit(name).get(f"/call-offs/{reference}/award", status=404)


def test_the_award_and_its_withdrawal_are_told_to_both_sides(session, cast, visit):
    call_off, offer = accepted(session, cast)
    evidence = session.exec(select(Evidence).where(Evidence.supplier_id == cast.party["Fennel Web"])).all()
    for one in evidence:
        one.expires_on = date(2022, 11, 21)
    session.commit()
    reference, address = call_off.reference, f"/offers/{offer.reference}"
    session.close()
    asha, faye = visit("Asha"), visit("Faye")
    page = asha.get(f"/call-offs/{reference}/award")
    assert "professional indemnity" in page.text.lower()
    shown = asha.follow(asha.send(page, {"reason": "Good value", "feedback": WHY}))
    assert "Awarded" in shown.text
    assert "£8,000.00" in shown.text
    assert "Awarded" in faye.get("/offers/").text
    assert "£850.00" in faye.get(f"/call-offs/{reference}").text
    withdrawal = f"/call-offs/{reference}/withdraw-award"
    assert withdrawal in shown.links
    assert asha.send(withdrawal, {"reason": ""}, status=422).errors == [
        "Enter why you are withdrawing the award"
    ]
    shown = asha.follow(asha.send(withdrawal, {"reason": "The grant fell through"}))
    assert "Award withdrawn" in shown.text
    assert "The grant fell through" in faye.get(address).text
    for said in (
        f"Asha offered {reference} to Fennel Web as offer {reference}-O1, to be answered by 29 November 2022, 11:59pm. "
        "Why this partner: Fennel Web is the only active partner of lot 4",
        f"Faye accepted offer {reference}-O1 for Fennel Web at £8,000.00 net of VAT",
        f"Asha awarded {reference} to Fennel Web for £8,000.00 net of VAT; £8,000.00 is now committed",
        f"Asha withdrew the award of {reference} to Fennel Web; £8,000.00 went back to headroom",
    ):
        assert said in shown.text, said
    assert "Award withdrawn" in faye.get("/offers/").text
