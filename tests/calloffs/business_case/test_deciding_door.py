"""The page on which a case is decided, and what waits for an approver on home."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from calloffs.business_case.deciding import decide_case
from calloffs.business_case.writing import submit_case
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.permissions import Role
from framework.people.person import Post
from tests.calloffs.business_case.cases import costing, decided, submitted, written
from tests.cast import Cast
from tests.visiting import Visiting

Visit = Callable[[str], Visiting]


def test_an_approver_decides_two_clicks_from_home(session: Session, cast: Cast, visit: Visit) -> None:
    with dates.on(dates.today() - timedelta(days=3)):
        case = submitted(session, cast)
    session.commit()
    bram = visit("Bram")
    home = bram.get("/")
    assert "Business cases to decide" in home.text
    assert "£50,000.00 net of VAT, from Asha, waiting 3 days" in home.text
    address = f"/cases/{case.reference}/decide"
    assert address in home.links
    page = bram.get(address)
    for words in (
        "Asked for, net of VAT £50,000.00",
        "Your limit, net of VAT £250,000.00",
        "Left to call off if you approve it all £50,000.00",
        "Four in ten applications come back incomplete",
        "Two people go on retyping forms",
    ):
        assert words in page.text
    shown = bram.follow(bram.send(page, {"outcome": "approved", "conditions": "Report monthly"}))
    assert "Left, net of VAT £50,000.00 as at 22 November 2022" in shown.text
    assert "Approval lasts until 20 February 2023" in shown.text
    assert "Report monthly" in shown.text
    assert "Bram approved BC-NB-0001 for £50,000.00 net of VAT until 20 February 2023" in shown.text
    assert "No business case waits for you" in bram.get("/").text


def test_less_may_be_approved_until_another_day(session: Session, cast: Cast, visit: Visit) -> None:
    case = submitted(session, cast)
    session.commit()
    bram = visit("Bram")
    sent = bram.send(
        f"/cases/{case.reference}/decide",
        {"outcome": "approved", "amount": "40,000", "valid_until": ["1", "12", "2022"]},
    )
    shown = bram.follow(sent).text
    assert "Approved, net of VAT £40,000.00" in shown
    assert "Approval lasts until 1 December 2022" in shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose whether to approve, return or reject the case"),
        ({"outcome": "returned"}, "Say why the case is returned"),
        ({"outcome": "rejected", "reason": "  "}, "Say why the case is rejected"),
        ({"outcome": "approved", "amount": ""}, "Enter the amount you approve"),
        ({"outcome": "approved", "amount": "fifty"}, "Enter an amount in pounds using numbers only"),
        ({"outcome": "approved", "amount": "50,000.02"}, "The case asks for £50,000.01 net of VAT"),
        (
            {"outcome": "approved"},
            "Your limit is £50,000.00 net of VAT and this approval is £50,000.01",
        ),
        (
            {"outcome": "approved", "amount": "5", "valid_until": ["21", "11", "2022"]},
            "The approval must last until today or later",
        ),
        (
            {"outcome": "approved", "amount": "5", "valid_until": ["31", "2", "2023"]},
            "must be a real date",
        ),
    ],
)
def test_a_refused_decision_says_why_beside_its_field_and_keeps_the_words(
    session: Session, cast: Cast, visit: Visit, typed: dict[str, object], sentence: str
) -> None:
    case = submitted(session, cast, costing(50_000_01))
    session.commit()
    page = visit("Brook").send(f"/cases/{case.reference}/decide", {"conditions": "Kept", **typed}, status=422)
    assert any(sentence in one for one in page.errors), page.errors
    values = page.values()
    assert values["conditions"] == "Kept"
    for name in ("amount", "valid_until"):
        if name in typed:
            assert values[name] == typed[name]
    assert "Submitted" in visit("Brook").get(f"/cases/{case.reference}").text


def test_a_case_decided_meanwhile_is_not_decided_again(session: Session, cast: Cast, visit: Visit) -> None:
    case = submitted(session, cast, costing(100))
    session.commit()
    bram, brook = visit("Bram"), visit("Brook")
    address = f"/cases/{case.reference}/decide"
    both = bram.get(address), brook.get(address)
    bram.send(both[0], {"outcome": "approved"})
    late = brook.send(both[1], {"outcome": "rejected", "reason": "No"}, status=422)
    assert any("Someone else changed this" in one for one in late.errors)
    assert brook.get(address, 303).location == f"/cases/{case.reference}"


def test_an_approver_who_wrote_the_case_is_told_that_another_must_decide(
    session: Session, cast: Cast, visit: Visit
) -> None:
    session.add(
        Post(
            person_id=cast.person["Asha"],
            party_id=cast.party["Northbank"],
            role=Role.APPROVER,
            limit_pence=Money.pounds(500_000).pence,
            starts_on=dates.today(),
        )
    )
    session.flush()
    case = submitted(session, cast)
    session.commit()
    asha = visit("Asha")
    assert "No business case waits for you" in asha.get("/").text
    assert "Decide this case" not in asha.get(f"/cases/{case.reference}").text
    page = asha.get(f"/cases/{case.reference}/decide")
    assert "another approver must decide it" in page.text
    fields = asha.get("/cases/new").values()
    refused = asha.post(
        f"/cases/{case.reference}/decide",
        {**fields, "outcome": "approved", "amount": "5", "seen": str(case.version)},
        422,
    )
    assert any("another approver must decide it" in one for one in refused.errors)


def test_only_an_approver_of_the_authority_has_the_page(session: Session, cast: Cast, visit: Visit) -> None:
    case = submitted(session, cast)
    session.commit()
    for name in ("Asha", "Audra", "Finn", "Olu", "Dev", "Zoe", "Faye", "Ari"):
        visit(name).get(f"/cases/{case.reference}/decide", 404)
    dev = visit("Dev")
    assert "Business cases to decide" in dev.get("/").text
    assert case.reference not in dev.get("/").text


def test_home_shows_an_author_their_drafts_and_an_approver_the_oldest_first(
    session: Session, cast: Cast, visit: Visit
) -> None:
    asha = cast.visitor(session, "Asha")
    first, second = written(session, cast), written(session, cast)
    with dates.on(dates.today() - timedelta(days=2)):
        submit_case(session, actor=asha, case=second)
    submit_case(session, actor=asha, case=first)
    draft = written(session, cast)
    back = decided(session, cast, "returned", reason="Too dear")
    session.commit()
    waiting = [link for link in visit("Bram").get("/").links if link.endswith("/decide")]
    assert waiting == [f"/cases/{second.reference}/decide", f"/cases/{first.reference}/decide"]
    home = visit("Asha").get("/")
    assert f"/cases/{draft.reference}/change" in home.links
    assert f"/cases/{back.reference}" in home.links
    assert "Returned: Too dear" in home.text
    assert "Business cases to decide" not in home.text
    assert back.reference not in visit("Cara").get("/").text


def test_a_decision_sent_twice_is_one_decision(session: Session, cast: Cast, visit: Visit) -> None:
    case = submitted(session, cast)
    session.commit()
    bram = visit("Bram")
    page = bram.get(f"/cases/{case.reference}/decide")
    assert bram.send(page, {"outcome": "approved"}).location == f"/cases/{case.reference}"
    assert bram.send(page, {"outcome": "approved"}).location == f"/cases/{case.reference}"
    assert bram.get(f"/cases/{case.reference}").html.count("Approved by Bram") == 1


def test_the_record_of_a_decision_names_the_limit_as_it_was(session: Session, cast: Cast) -> None:
    case = submitted(session, cast)
    decision = decide_case(session, actor=cast.visitor(session, "Bram"), case=case, outcome="approved")
    session.commit()
    assert decision.limit_net_pence == Money.pounds(250_000).pence
