"""The pages of a novation: proposed with the deed, agreed by another, told to both companies, shut to rivals."""

import io

import pytest
from sqlmodel import func, select

from framework.people.party import Party
from framework.records import database
from framework.records.audit import AuditRecord
from framework.records.stored_document import StoredDocument
from lots.appointment import Appointment
from lots.lot import Lot, SizeRule
from lots.novation import Novation
from tests.calloffs.spend.building import live_call_off
from tests.framework.records import files

RIVALS = ("Tess", "Faye", "Qi")


@pytest.fixture
def place(cast):
    return f"/lots/DP21-7/partners/{cast.appointment[7, 'Quill Works']}"


def sent(file_name="deed.pdf", content=None, **fields):
    return {
        "supplier_id": "",
        "name": "Heron Data Ltd",
        "company_number": "557725",
        "on": ["1", "12", "2022"],
        "restructuring": "takeover",
        "reason": "Heron bought <b>everything</b>",
        "conditions_met": "y",
        "notice_reference": "2022/S 000-000001",
        "notice_on": ["22", "11", "2022"],
        **fields,
        "file": (io.BytesIO(files.pdf() if content is None else content), file_name),
    }


def ask(app, query):
    with app.app_context(), database.writing() as session:
        found = session.exec(query).all()
        session.expunge_all()
        return found


def test_a_novation_is_proposed_by_one_agreed_by_another_and_seen_by_both_companies(app, visit, cast, place):
    olu = visit("Olu")
    assert f"{place}/novate" in olu.get(place).links
    page = olu.follow(olu.send(f"{place}/novate", sent()))
    assert "Somebody else who confirms agreements" in page.text
    assert "Heron bought <b>everything</b>" in page.text
    assert f"{place}/novation" in olu.get(place).links
    assert f"{place}/remove" not in olu.get(place).links
    bram = visit("Bram")
    home = bram.get("/")
    assert "Novations to agree" in home.text
    assert "Removals to agree" not in home.text
    bram.get(f"{place}/removal", status=404)
    page = bram.follow(bram.send(f"{place}/novation", {"outcome": "agree"}))
    assert "This place passes to Heron Data Ltd on 1 December 2022" in page.text
    assert "reg 72(1)(d)(ii)" in page.text
    bram.get(f"{place}/novation", status=404)
    (new,) = ask(app, select(Novation.appointment_id))
    theirs = olu.get(f"/lots/DP21-7/partners/{new}")
    assert "This place came from Quill Works on 1 December 2022" in theirs.text
    assert "Version" not in theirs.text.split("Rate card")[1][:20]
    assert (
        "Heron Data Ltd takes over from Quill Works on 1 December 2022" in visit("Qi").get("/my-company").text
    )
    assert "Heron" not in visit("Tess").get("/my-company").text
    assert "Heron Data Ltd" in olu.get("/lots/DP21-7").text


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_kept(app, visit, cast, place):
    olu = visit("Olu")
    page = olu.send(
        f"{place}/novate", sent(restructuring="", reason="", company_number="no", name=""), status=422
    )
    assert len(page.errors) == 4
    page = olu.send(f"{place}/novate", {**sent(), "file": (io.BytesIO(b""), "")}, status=422)
    assert page.errors == ["Choose the deed, or other evidence of what happened, as a PDF"]
    assert "Heron bought <b>everything</b>" in page.values()["reason"]
    page = olu.send(f"{place}/novate", sent(content=b"MZ"), status=422)
    assert len(page.errors) == 1
    page = olu.send(
        f"{place}/novate", {**sent(), "file": (io.BytesIO(files.workbook()), "a.xlsx")}, status=422
    )
    assert len(page.errors) == 1
    assert ask(app, select(func.count()).select_from(Novation)) == [0]
    assert ask(app, select(Party).where(Party.name == "Heron Data Ltd")) == []
    assert ask(app, select(StoredDocument).where(StoredDocument.kind == "novation")) == []


def test_a_lot_for_small_companies_points_to_where_a_company_is_registered_with_its_size(
    app, visit, cast, place
):
    with app.app_context(), database.writing() as session:
        session.get_one(Lot, cast.lot[7]).size_rule = SizeRule.SME_ONLY
    page = visit("Olu").get(f"{place}/novate")
    assert "/partners/new" in page.links
    page = visit("Olu").send(f"{place}/novate", sent(), status=422)
    assert "small and medium-sized enterprises only" in page.errors[0]


def test_the_deed_is_a_download_for_councils_and_the_look_is_noted(app, visit, cast, place):
    visit("Olu").send(f"{place}/novate", sent())
    # While it waits only those who may agree read it.
    for name in ("Asha", "Audra", "Cara", "Zed", *RIVALS):
        visit(name).get(f"{place}/deed", status=404)
    visit("Bram").send(f"{place}/novation", {"outcome": "agree"})
    for name in ("Zed", *RIVALS):
        visit(name).get(f"{place}/deed", status=404)
    answer = visit("Audra").client.get(f"{place}/deed")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.get_data().startswith(b"%PDF")
    assert files.MAKER.encode() not in answer.get_data()
    (look,) = ask(app, select(AuditRecord).where(AuditRecord.action == "looked_at"))
    assert "deed" in look.facts
    visit("Olu").get(f"/lots/DP21-4/partners/{place.rpartition('/')[2]}/deed", status=404)


def test_nobody_else_comes_to_the_pages(visit, cast, place):
    for name in ("Bram", "Asha", "Cara", "Dev", "Zed", "Zoe", "Ari", *RIVALS):
        visit(name).get(f"{place}/novate", status=404)
    visit("Olu").get(f"{place}/novation", status=404)
    visit("Olu").send(f"{place}/novate", sent())
    for name in ("Asha", "Audra", "Cara", "Dev", "Zed", "Zoe", *RIVALS):
        visit(name).get(f"{place}/novation", status=404)


def test_live_call_offs_are_named_with_their_plans_to_the_council_and_the_predecessor_alone(app, visit, cast):
    with app.app_context(), database.writing() as session:
        reference = live_call_off(session, cast).reference
    place = f"/lots/DP21-4/partners/{cast.appointment[4, 'Fennel Web']}"
    olu = visit("Olu")
    page = olu.send(f"{place}/novate", sent(), status=422)
    assert page.errors == [f"Say what happens to call-off {reference}, in 2,000 characters or fewer"]
    quill = {"supplier_id": str(cast.party["Quill Works"]), "name": "", "company_number": ""}
    olu.send(f"{place}/novate", sent(**quill, **{f"plan-{reference}": "They finish by March"}))
    page = visit("Bram").get(f"{place}/novation")
    assert f"{reference} stays with Fennel Web They finish by March" in page.text
    visit("Bram").send(f"{place}/novation", {"outcome": "agree"})
    assert "They finish by March" in visit("Faye").get("/my-company").text
    theirs = visit("Qi").get("/my-company").text
    assert "Quill Works takes over from Fennel Web on 1 December 2022" in theirs
    assert reference not in theirs
    visit("Qi").get(f"/call-offs/{reference}", status=404)
    visit("Faye").get(f"/call-offs/{reference}")


def test_a_refused_novation_leaves_the_page_as_it_was(app, visit, cast, place):
    visit("Olu").send(f"{place}/novate", sent())
    page = visit("Bram").follow(visit("Bram").send(f"{place}/novation", {"outcome": "refuse"}))
    assert "Taken over after a restructuring" not in page.text
    assert f"{place}/novate" in visit("Olu").get(place).links
    assert ask(
        app, select(func.count()).select_from(Appointment).where(Appointment.lot_id == cast.lot[7])
    ) == [3]
    visit("Olu").get(f"{place}/deed", status=404)
