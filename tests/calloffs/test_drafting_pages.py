"""The request from draft to approval, on its real pages."""

from tests.calloffs.making import an_approved_case


def _day(name, day, month, year):
    return {name: [str(day), str(month), str(year)]}


def draft_by_forms(visit, session, cast, *, value="20,000", name="Asha"):
    case = an_approved_case(session, cast, amount=100_000)
    session.commit()
    asha = visit(name)
    asha.send("/call-offs/new", {"lot": "DP21-3", "title": "Design of the parking form"})
    at = "/call-offs/DP21-3-0001"
    asha.send(
        f"{at}/draft/what",
        {"background": "40,000 people", "outcome_wanted": "They finish", "in_scope": "Design"},
    )
    money = {
        "base": value,
        "charging_method": "fixed",
        **_day("starts_on", 1, 12, 2022),
        **_day("ends_on", 31, 1, 2023),
    }
    asha.send(f"{at}/draft/money", money)
    asha.send(f"{at}/draft/case", {"case_id": str(case.id)})
    asha.send(f"{at}/draft/terms", {"off_payroll": "contracted_out", "conflicts_declared": "y"})
    return asha, at


def test_a_request_goes_from_draft_to_approved_by_plain_forms(visit, session, cast):
    asha, at = draft_by_forms(visit, session, cast)
    tasks = asha.get(f"{at}/draft")
    assert "Incomplete" not in tasks.text
    check = asha.get(f"{at}/raise")
    assert "Before you can raise it" not in check.text
    shown = asha.follow(asha.send(check, {}))
    assert "Submitted" in shown.text
    assert "An approver at Northbank has it now, to decide, since today" in shown.text
    assert "£20,000.00 net of VAT, £24,000.00 including VAT at 20%" in shown.text
    bram = visit("Bram")
    home = bram.get("/")
    assert "DP21-3-0001 Design of the parking form" in home.text
    assert "Lot 3 then has" not in home.text or "£980,000.00" in home.text
    decided = bram.follow(bram.send(f"{at}/approve", {"outcome": "approved"}))
    assert "Approved" in decided.text
    assert "Bram approved the request, £20,000.00 net of VAT, with a limit of £250,000.00" in decided.text
    assert "Asha has it now, to offer to a partner" in asha.get(at).text
