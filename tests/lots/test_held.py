"""A partner sees everything that is held on it, takes it away as a file, and has what is wrong put right."""

import io
import json

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, select

from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.people.held import held_on
from framework.people.party import Party
from framework.records.messages import Message
from lots.correcting import answer_correction, ask_correction, request_of, waiting_for
from lots.correction_request import CorrectionRequest
from tests.calloffs.building import accepted, answer, person
from tests.cast import Cast


def company(session: Session, cast: Cast) -> Party:
    return session.get_one(Party, cast.party["Fennel Web"])


def lists(session: Session, cast: Cast, who: str = "Faye") -> dict[str, list[tuple]]:
    found = held_on(session, cast.visitor(session, who), company(session, cast))
    return {one.title: list(one.rows) for one in found}


def ask(session: Session, cast: Cast) -> CorrectionRequest:
    asked = ask_correction(
        session,
        actor=cast.visitor(session, "Faye"),
        supplier=company(session, cast),
        about="Your company",
        words="Our address has changed",
    )
    session.commit()
    return asked


def test_a_partner_sees_its_own_people_offers_and_accounts(session: Session, cast: Cast) -> None:
    accepted(session, cast, answer(person(name="Ann Example")))
    found = lists(session, cast)
    assert found["People you offered"][0][1] == "Ann Example"
    assert "faye" in found["People who sign in"][0][1]
    assert any("DP21-4" in str(row[0]) for row in found["Your places on lots"])


def test_nobody_sees_what_is_held_on_another(session: Session, cast: Cast) -> None:
    for who in ("Qi", "Asha", "Olu", "Opal"):
        with pytest.raises(NotFound):
            lists(session, cast, who)


def test_each_look_at_people_or_rates_is_shown_with_who_and_from_where(
    visit, session: Session, cast: Cast
) -> None:
    session.rollback()
    visit("Asha").get(f"/lots/DP21-4/partners/{cast.appointment[4, 'Fennel Web']}/rates")
    session.expire_all()
    looks = lists(session, cast)["Who looked at your people and rates"]
    assert [(row[1], row[2]) for row in looks] == [("Asha", "Northbank")]
    assert "Faye" not in str(looks)


def test_the_page_and_both_files_hold_the_same(visit, session: Session, cast: Cast) -> None:
    accepted(session, cast, answer(person(name="=cmd|'/c calc'!A1")))
    session.commit()
    supplier = company(session, cast)
    faye = visit("Faye")
    page = faye.get("/my-company/held")
    assert "People you offered: 1" in page.html
    told = json.loads(faye.get(f"/my-company/{supplier.id}/held.json").response.data)
    people = next(one for one in told["lists"] if one["title"] == "People you offered")
    assert people["rows"][0]["Name"] == "=cmd|'/c calc'!A1"
    assert people["rows"][0]["Day rate, net of VAT (pence)"] == 800_00
    book = load_workbook(io.BytesIO(faye.get(f"/my-company/{supplier.id}/held.xlsx").response.data))
    sheet = book["People you offered"]
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].value == "=cmd|'/c calc'!A1"
    assert sheet["E2"].value == 800
    assert len(book.sheetnames) == len(told["lists"]) + 1


def test_rivals_and_councils_find_no_such_files(visit, session: Session, cast: Cast) -> None:
    supplier_id = cast.party["Fennel Web"]
    session.rollback()
    for who in ("Qi", "Olu"):
        for ending in ("held.xlsx", "held.json", "corrections/new"):
            visit(who).get(f"/my-company/{supplier_id}/{ending}", status=404)


def test_a_correction_goes_to_the_framework_owner_and_comes_back_answered(
    visit, session: Session, cast: Cast
) -> None:
    supplier_id = cast.party["Fennel Web"]
    session.rollback()
    faye, olu = visit("Faye"), visit("Olu")
    faye.send(
        f"/my-company/{supplier_id}/corrections/new", {"about": "Your company", "words": ""}, status=422
    )
    faye.send(f"/my-company/{supplier_id}/corrections/new", {"about": "Your company", "words": "We moved"})
    asked = session.exec(select(CorrectionRequest.id)).one()
    session.rollback()
    assert "Fennel Web: Your company" in olu.get("/").html
    there = f"/partners/{supplier_id}/corrections/{asked}"
    assert "We moved" in olu.get(there).html
    olu.send(there, {"corrected": "yes", "answer": "Your address is the new one now"})
    assert "Your address is the new one now" in faye.get("/my-company/held").html
    assert "Fennel Web: Your company" not in olu.get("/").html
    told = session.exec(select(Message.subject)).all()
    assert any("asks for a correction" in one for one in told)
    assert any("is answered" in one for one in told)


def test_a_request_is_answered_once(session: Session, cast: Cast) -> None:
    asked = ask(session, cast)
    olu = cast.visitor(session, "Olu")
    assert [one.id for one, _ in waiting_for(session, olu)] == [asked.id]
    with pytest.raises(Refused):
        answer_correction(session, actor=olu, asked=asked, corrected=True, answer=" ")
    answer_correction(session, actor=olu, asked=asked, corrected=False, answer="It is right as it stands")
    with pytest.raises(ChangedMeanwhile):
        answer_correction(session, actor=olu, asked=asked, corrected=True, answer="No, it was not")


def test_only_who_looks_after_the_company_reads_or_answers_its_request(session: Session, cast: Cast) -> None:
    asked = ask(session, cast)
    for who in ("Asha", "Qi", "Zoe"):
        visitor = cast.visitor(session, who)
        with pytest.raises(NotFound):
            request_of(session, visitor, asked.supplier_id, asked.id)
        assert waiting_for(session, visitor) == []


def test_every_exchange_has_its_list_and_nobody_elses_is_in_it(session: Session, cast: Cast) -> None:
    found = lists(session, cast)
    for title in (
        "Questions you asked",
        "Feedback you were given",
        "Substitutes you proposed",
        "Your monthly returns, line by line",
        "What you proposed",
        "What you promised",
    ):
        assert found[title] == [], title
    assert ("Region", "Wales") in found["Your company"]
    assert len(found["Your insurances, certificates and statements"]) == 3


def test_whoever_at_the_council_opens_an_answer_with_people_is_shown_to_the_partner(
    visit, session: Session, cast: Cast
) -> None:
    call_off, _ = accepted(session, cast, answer(person(name="Ann Example")))
    reference = call_off.reference
    session.commit()
    session.close()
    visit("Asha").get(f"/call-offs/{reference}")
    visit("Asha").get(f"/call-offs/{reference}/award")
    visit("Faye").get("/my-company/held")
    looks = lists(session, cast)["Who looked at the people you offered"]
    assert [(row[1], row[2]) for row in looks] == [("Asha", "Northbank")] * 2
