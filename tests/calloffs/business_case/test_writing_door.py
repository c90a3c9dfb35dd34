"""The pages on which a case is written, checked, submitted and withdrawn."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from calloffs.business_case.case import BusinessCase, CaseBenefit, CaseFunding
from calloffs.business_case.lines import facts_of
from framework.definitions import dates
from framework.people.permissions import Role
from framework.people.person import Post
from framework.records import database
from tests.calloffs.business_case.cases import COMPLETE, decided, submitted, written
from tests.cast import Cast
from tests.visiting import Visiting

Visit = Callable[[str], Visiting]

TYPED = {
    "title": "A planning service that residents can finish",
    "kind": "service_improvement",
    "need": "Four in ten applications come back incomplete",
    "baseline": "Two people go on retyping forms",
    "one_off_0": "£30,000",
    "one_off_1": "5000",
    "recurring_1": "15,000.00",
    "benefits-0-description": "Less retyping",
    "benefits-0-owner": "Head of planning",
    "benefits-0-measure": "Hours a week",
    "benefits-0-is_cashable": "y",
    "benefits-0-yearly": "20,000",
    "funding-0-source": "Transformation reserve",
    "funding-0-cost_code": "TR-0042",
    "funding-0-amount": "50,000",
}


def count(app: Flask) -> int:
    with app.app_context(), database.writing() as session:
        return len(session.exec(select(BusinessCase)).all())


def test_a_case_is_written_checked_and_submitted(visit: Visit) -> None:
    asha = visit("Asha")
    assert "There are no business cases yet" in asha.get("/cases/").text
    saved = asha.send("/cases/new", {**TYPED, "then": "check"})
    check = asha.follow(saved)
    assert saved.location == "/cases/BC-NB-0001/check"
    assert "The case asks for £50,000.00 net of VAT" in check.text
    assert "Bram: can approve up to £250,000.00 net of VAT" in check.text
    assert "Brook: can approve up to £50,000.00 net of VAT" in check.text
    assert "less than the case asks for" not in check.text
    case = asha.follow(asha.send(check, {}))
    assert "Submitted" in case.text
    assert "Asha submitted BC-NB-0001 for a decision on £50,000.00 net of VAT" in case.text
    assert "Check and submit" not in case.text


def test_add_another_keeps_everything_typed_and_saves_nothing(app: Flask, visit: Visit) -> None:
    asha = visit("Asha")
    typed = {**TYPED, "one_off_2": "not money"}
    more = asha.send("/cases/new", {**typed, "add": "benefits"}, status=200)
    assert more.errors == []
    values = more.values()
    assert {name: values[name] for name in typed} == typed
    assert values["benefits-1-description"] == ""
    again = asha.send(more, {"add": "funding"}, status=200)
    assert again.values()["funding-1-source"] == ""
    assert again.values()["benefits-1-owner"] == ""
    assert count(app) == 0


def test_blank_spare_rows_are_left_out(app: Flask, visit: Visit) -> None:
    asha = visit("Asha")
    form = asha.send("/cases/new", {**TYPED, "add": "benefits"}, status=200)
    form = asha.send(form, {"add": "benefits"}, status=200)
    form = asha.send(form, {"add": "funding"}, status=200)
    asha.send(
        form,
        {
            "benefits-2-description": "Happier residents",
            "benefits-2-owner": "Head of planning",
            "benefits-2-measure": "Yearly survey",
            "funding-0-amount": "40,000",
            "funding-1-source": "Planning revenue",
            "funding-1-cost_code": "PL-0007",
            "funding-1-amount": "10,000",
        },
    )
    with app.app_context(), database.writing() as session:
        case = session.exec(select(BusinessCase)).one()
        assert facts_of(session, case) == COMPLETE


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Enter a title for the case"),
        ({"kind": None}, "Choose the type of case"),
        ({"kind": "nonsense"}, "Choose one of the options"),
        ({"one_off_0": "thirty"}, "Enter an amount in pounds using numbers only"),
        ({"one_off_0": "-5"}, "Enter an amount of £0 or more"),
        ({"funding-0-amount": "0"}, "Funding line 1 must be more than £0"),
        ({"benefits-0-yearly": "1.234"}, "no more than 2 numbers after the point"),
        ({"title": "x" * 201}, "Title must be 200 characters or fewer"),
        ({"need": "x" * 8001}, "What is needed must be 8,000 characters or fewer"),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    app: Flask, visit: Visit, wrong: dict[str, Any], sentence: str
) -> None:
    asha = visit("Asha")
    sent = {**TYPED, **wrong}
    page = asha.send("/cases/new", sent, status=422)
    assert any(sentence in error for error in page.errors), page.errors
    values = page.values()
    for name, value in sent.items():
        if value != "nonsense":
            assert values.get(name) == value, name
    assert count(app) == 0
    href = next(link for link in page.links if link.startswith("#") and link != "#main-content")
    assert page.tree is not None
    assert any(one.get("id") == href[1:] for one in page.tree.iter())


def test_a_refusal_stands_beside_the_row_it_is_about(visit: Visit) -> None:
    asha = visit("Asha")
    form = asha.send("/cases/new", {**TYPED, "add": "funding"}, status=200)
    form = asha.send(form, {"add": "funding"}, status=200)
    # The second row is left blank, so the third row is the second line.
    page = asha.send(form, {"funding-2-source": "Reserve", "funding-2-amount": "0"}, status=422)
    assert "#funding-2-amount" in page.links


def test_hand_made_rows_do_no_harm(visit: Visit) -> None:
    asha = visit("Asha")
    odd = {f"benefits-{number}-owner": "x" for number in ("9" * 5000, "²", "-1", "a")}
    asha.send("/cases/new", {**TYPED, **odd})
    many = {f"funding-{number}-source": "x" for number in range(60)}
    page = asha.send("/cases/new", {**TYPED, **many, "add": "funding"}, status=200)
    assert "funding-30-source" not in page.values()


def test_what_is_still_needed_is_listed_before_submitting(visit: Visit) -> None:
    asha = visit("Asha")
    asha.send("/cases/new", {"title": "Begun", "kind": "invest_to_save", "one_off_0": "10"})
    page = asha.get("/cases/BC-NB-0001/check")
    for sentence in (
        "Say what is needed and why",
        "Say what happens if nothing is done",
        "Enter at least one benefit",
        "the funding is £10.00 less than the costs",
    ):
        assert sentence in page.text
    assert "Submit for decision" not in page.text
    shown = asha.get("/cases/BC-NB-0001/change?missing=1")
    assert "Say what is needed and why" in shown.errors
    assert {"#need", "#baseline", "#benefits", "#funding"} <= set(shown.links)
    # The check page has no form while something is missing, so the request is made by hand.
    bare = asha.get("/cases/BC-NB-0001/change").values()
    refused = asha.post(
        "/cases/BC-NB-0001/check",
        {"csrf_token": bare["csrf_token"], "once": bare["once"], "seen": bare["seen"]},
        422,
    )
    assert "Say what is needed and why" in refused.errors


def test_a_case_is_changed_and_its_lines_replaced(
    app: Flask, session: Session, cast: Cast, visit: Visit
) -> None:
    case = written(session, cast)
    session.commit()
    asha = visit("Asha")
    form = asha.get(f"/cases/{case.reference}/change")
    assert form.values()["benefits-1-description"] == "Happier residents"
    assert form.values()["one_off_0"] == "30000.00"
    asha.send(
        form,
        {
            "title": "Renamed",
            "benefits-1-description": "",
            "benefits-1-owner": "",
            "benefits-1-measure": "",
        },
    )
    with app.app_context(), database.writing() as own:
        assert own.exec(select(BusinessCase.title)).one() == "Renamed"
        assert len(own.exec(select(CaseBenefit)).all()) == 1
        assert len(own.exec(select(CaseFunding)).all()) == 2


def test_a_change_on_an_old_page_is_told_so_and_the_words_are_kept(
    session: Session, cast: Cast, visit: Visit
) -> None:
    case = written(session, cast)
    session.commit()
    asha, again = visit("Asha"), visit("Asha")
    old = asha.get(f"/cases/{case.reference}/change")
    again.send(f"/cases/{case.reference}/change", {"title": "First"})
    page = asha.send(old, {"title": "Second"}, status=422)
    assert any("Someone else changed this" in one for one in page.errors)
    assert page.values()["title"] == "Second"
    assert "Second" in asha.follow(asha.send(page, {})).text


def test_the_reason_of_a_return_is_shown_where_the_case_is_put_right(
    session: Session, cast: Cast, visit: Visit
) -> None:
    case = decided(session, cast, "returned", reason="Where are the figures?")
    session.commit()
    asha = visit("Asha")
    for address in ("/", f"/cases/{case.reference}", f"/cases/{case.reference}/change"):
        assert "Where are the figures?" in asha.get(address).text


def test_a_case_is_withdrawn_with_a_reason(session: Session, cast: Cast, visit: Visit) -> None:
    case = submitted(session, cast)
    session.commit()
    asha = visit("Asha")
    page = asha.send(f"/cases/{case.reference}/withdraw", {}, status=422)
    assert page.errors == ["Say why the case is withdrawn"]
    shown = asha.follow(asha.send(page, {"reason": "Bought elsewhere"}))
    assert "Withdrawn" in shown.text
    assert "Bought elsewhere" in shown.text


def test_a_case_that_is_closed_to_changes_leads_back_to_its_page(
    session: Session, cast: Cast, visit: Visit
) -> None:
    waiting, approved = submitted(session, cast), decided(session, cast)
    session.commit()
    asha = visit("Asha")
    for reference in (waiting.reference, approved.reference):
        for step in ("change", "check"):
            assert asha.get(f"/cases/{reference}/{step}", 303).location == f"/cases/{reference}"
    assert asha.get(f"/cases/{approved.reference}/withdraw", 303)


def test_who_may_not_write_finds_no_such_page(session: Session, cast: Cast, visit: Visit) -> None:
    case = written(session, cast)
    session.commit()
    for name in ("Audra", "Olu", "Bram", "Finn", "Cara", "Zed", "Faye", "Ari", "Stranger"):
        for step in ("change", "check", "withdraw"):
            visit(name).get(f"/cases/{case.reference}/{step}", 404)
    for name in ("Audra", "Bram", "Faye"):
        visit(name).get("/cases/new", 404)
    cara = visit("Cara")
    cara.post(f"/cases/{case.reference}/change", cara.get("/cases/new").values(), 404)
    assert visit("").get("/cases/new", 303).location.startswith("/sign-in")


def test_someone_who_writes_for_two_councils_says_for_which(
    session: Session, cast: Cast, visit: Visit
) -> None:
    session.add(
        Post(
            person_id=cast.person["Asha"],
            party_id=cast.party["Southmere"],
            role=Role.COMMISSIONING_MANAGER,
            starts_on=dates.today(),
        )
    )
    session.commit()
    asha = visit("Asha")
    for wrong in (str(cast.party["Elsewhere"]), "", None, "9" * 30):
        page = asha.send("/cases/new", {**TYPED, "authority": wrong}, status=422)
        assert page.values()["title"] == TYPED["title"]
    saved = asha.send("/cases/new", {**TYPED, "authority": str(cast.party["Southmere"])})
    assert saved.location == "/cases/BC-SM-0001"
