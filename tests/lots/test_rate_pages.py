"""The pages of proposed rates: typed, pasted or uploaded by the partner, compared and answered by the framework owner."""

import io

import pytest
from sqlmodel import select

from framework.definitions.money import Money
from framework.records import database
from framework.records.audit import AuditRecord
from lots.rate_card import RateCard
from lots.rate_proposal import RateProposal
from lots.rates_template import as_csv, as_xlsx

DAY = {"from_on": ["1", "12", "2022"]}


@pytest.fixture
def mine(cast):
    return f"/my-company/rates/{cast.appointment[4, 'Fennel Web']}"


@pytest.fixture
def theirs(cast):
    return f"/lots/DP21-4/partners/{cast.appointment[4, 'Fennel Web']}/rates"


@pytest.fixture
def read(app):
    def rows(statement):
        with app.app_context():
            found = list(database.current().exec(statement))
            database.current().close()
            return found

    return rows


def cell(page, value):
    return next(name for name, held in page.values().items() if held == value)


def proposed(faye, mine, rate="900"):
    """Faye lowers a rate, saves, checks and sends; where the proposal is."""
    page = faye.get(f"{mine}/propose")
    page = faye.send(page, {**DAY, cell(page, "935.00"): rate})
    shown = faye.follow(page)
    faye.send(shown, {"do": "send"})
    return page.location


def test_a_partner_proposes_in_three_steps_and_the_owner_accepts_in_two(visit, mine, theirs, read):
    faye, olu = visit("Faye"), visit("Olu")
    assert "Propose new rates" in faye.get(mine).text
    page = faye.get(f"{mine}/propose")
    spare = next(name for name, held in page.values().items() if name.endswith("-role") and not held)
    new = {spare: "Tester", spare.replace("role", "level_2"): "£ 1 115,5"}
    page = faye.send(page, {**DAY, cell(page, "935.00"): "900", **new}, status=422)
    (error,) = page.errors
    assert "Level 2 (“£ 1 115,5”)" in error
    page = faye.send(page, {spare.replace("role", "level_2"): "£ 1,115.5"})
    shown = faye.follow(page)
    for words in ("£900.00 Fall from £935.00", "£1,115.50 New", "Fall: 1", "Same: 4", "not sent"):
        assert words in shown.text
    assert "has not been sent" in visit("Faye").get("/").text
    waits = faye.follow(faye.send(shown, {"do": "send"}))
    assert "Sent on 22 November 2022" in waits.text
    faye.get(f"{mine}/propose", status=303)
    home = olu.get("/")
    (link,) = [one for one in home.links if "/rates/proposals/" in one]
    compared = olu.get(link)
    assert "£900.00 Fall from £935.00" in compared.text
    page = olu.send(compared, {}, status=422)
    assert page.errors == ["Choose whether you accept these rates"]
    card = olu.follow(olu.send(compared, {"outcome": "accepted"}))
    assert "Version 2, from 1 December 2022 (not in force yet)" in card.text
    assert "Proposed by the partner and accepted by Olu" in card.text
    assert "Version 1, from 1 June 2021 (in force today)" in card.text
    assert "Version 2, from 1 December 2022 (not in force yet)" in faye.get(mine).text
    looked = read(select(AuditRecord).where(AuditRecord.action == "looked_at"))
    assert looked


def test_what_was_sent_back_shows_its_reason_and_can_be_sent_again(visit, mine, theirs):
    faye, olu = visit("Faye"), visit("Olu")
    where = proposed(faye, mine)
    number = where.rpartition("/")[2]
    page = olu.send(f"{theirs}/proposals/{number}", {"outcome": "returned", "reason": " "}, status=422)
    assert page.errors == ["Give the reason. The partner reads it"]
    olu.send(page, {"outcome": "returned", "reason": "Please ask for less"})
    assert "Sent back with a reason" in faye.get("/").text
    for address in (mine, where, f"{mine}/propose"):
        assert "Please ask for less" in faye.get(address).text
    page = faye.get(f"{mine}/propose")
    again = faye.send(page, {**DAY, cell(page, "900.00"): "890"})
    faye.send(faye.follow(again), {"do": "send"})
    assert again.location != where


def test_a_draft_is_kept_and_may_be_thrown_away(visit, mine, theirs, read):
    faye = visit("Faye")
    page = faye.get(f"{mine}/propose")
    page = faye.send(page, {**DAY, cell(page, "935.00"): "900"})
    number = page.location.rpartition("/")[2]
    assert "900.00" in faye.get(f"{mine}/propose").values().values()
    # A draft is the partner's own.
    visit("Olu").get(f"{theirs}/proposals/{number}", status=404)
    back = faye.follow(faye.send(faye.follow(page), {"do": "withdraw"}))
    assert "Your draft" not in back.text
    visit("Olu").get(f"{theirs}/proposals/{number}", status=404)


def test_two_colleagues_on_the_same_draft_do_not_write_over_each_other(visit, mine):
    faye = visit("Faye")
    old = faye.get(f"{mine}/propose")
    faye.send(faye.get(f"{mine}/propose"), {**DAY, cell(old, "935.00"): "900"})
    page = faye.send(old, {**DAY, cell(old, "935.00"): "800"}, status=422)
    assert "Someone else changed this" in page.errors[0]
    assert "800" in page.values().values()


def test_another_role_is_added_with_everything_typed_kept(visit, mine, read):
    faye = visit("Faye")
    page = faye.get(f"{mine}/propose")
    before = len([name for name in page.values() if name.endswith("-role")])
    page = faye.send(page, {cell(page, "935.00"): "dear", "add": "row"}, status=200)
    assert len([name for name in page.values() if name.endswith("-role")]) == before + 1
    assert "dear" in page.values().values()
    assert read(select(RateProposal)) == []


def upload(faye, mine, content, name="rates.csv", status=200):
    page = faye.get(f"{mine}/upload")
    fields = {**page.values(), "file": (io.BytesIO(content), name)}
    return faye.post(f"{mine}/upload", fields, status, content_type="multipart/form-data")


def test_a_file_is_checked_and_mended_on_the_page_before_anything_is_saved(visit, mine, read):
    faye = visit("Faye")
    text = (
        "Role,Level,Day rate\nDesigner,4,dear\nDesigner,3,600\nTester,9,5\nDeveloper,4,936\nDeveloper,5,1115"
    )
    page = upload(faye, mine, text.encode(), status=422)
    assert "5 rows read: 2 ready, 3 to mend. Nothing is saved yet." in page.text
    for told in ("Row 2, Day rate (“dear”)", "Row 4, Level (“9”)", "Row 5, Day rate (“936”)"):
        assert told in page.text
    assert "£936.00 is more than the £850.00 of rate card version 1" in page.text
    assert read(select(RateProposal)) == []
    mended = {**DAY, cell(page, "dear"): "900", cell(page, "936"): "850"}
    shown = faye.follow(faye.send(page, mended))
    assert "£900.00 Fall from £935.00" in shown.text
    assert len(read(select(RateProposal))) == 1


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_owner_enters_a_card_from_a_file_by_the_same_check_and_the_look_is_noted(
    visit, cast, theirs, read, kind
):
    olu = visit("Olu")
    table = [("Designer", [None, None, Money.pounds(600), Money.pounds(936), None, None, None])]
    content = as_csv(table).encode() if kind == "csv" else as_xlsx(table)
    page = upload(olu, theirs, content, f"rates.{kind}", status=422)
    assert "1 row read: 0 ready, 1 to mend. Nothing is saved yet." in page.text
    told = "936.00" if kind == "csv" else "936"
    assert f"Row 2, Level 4 (“{told}”): £936.00 is more than the £935.00 of rate card version 1" in page.text
    assert "Row 1" not in page.text
    assert any(one.startswith(f"Designer, Level 4 (“{told}”)") for one in page.errors)
    assert read(select(RateCard).where(RateCard.version == 2)) == []
    looks = [one for one in read(select(AuditRecord)) if one.action == "looked_at"]
    assert looks
    assert looks[-1].actor_id == cast.person["Olu"]
    page = olu.follow(olu.send(page, {**DAY, cell(page, told): "935"}))
    assert "Version 2, from 1 December 2022" in page.text
    assert f"{theirs}/upload" in olu.get(f"{theirs}/new").links
    assert upload(olu, theirs, b"%PDF-1.7\n%%EOF", status=422).errors
    assert olu.send(f"{theirs}/upload", {}, status=422).errors == ["Choose a file, or paste the rates"]


@pytest.mark.parametrize("name", ["Faye", "Qi", "Asha", "Audra", "Zed"])
def test_only_the_owner_uploads_a_card_for_a_partner(visit, theirs, name):
    visit(name).get(f"{theirs}/upload", status=404)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_holds_the_present_rates_and_loads_again(visit, mine, kind):
    faye = visit("Faye")
    answer = faye.client.get(f"{mine}/template.{kind}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="rates-DP21-4.{kind}"'
    page = upload(faye, mine, answer.data, f"rates.{kind}")
    assert "3 rows read: 3 ready, 0 to mend" in page.text
    shown = faye.follow(faye.send(page, DAY))
    assert "Same: 5" in shown.text


def test_a_paste_of_the_public_shape_is_read(visit, mine):
    faye = visit("Faye")
    text = "\tArchitecture\tData\nLevel 1\t300\t\nLevel 2\t£400\t350"
    page = faye.send(f"{mine}/upload", {"text": text}, status=200)
    assert {"Architecture", "Data", "300", "£400", "350"} <= {str(one) for one in page.values().values()}


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "rates.csv"), (b"%PDF-1.7\n%%EOF", "rates.xlsx"), (b"PK\x03\x04rest", "rates.xlsx")],
)
def test_a_file_that_is_no_table_is_refused_in_words(visit, mine, content, name):
    page = upload(visit("Faye"), mine, content, name, status=422)
    assert len(page.errors) == 1


def test_nothing_chosen_is_refused_in_words(visit, mine):
    page = visit("Faye").send(f"{mine}/upload", {}, status=422)
    assert page.errors == ["Choose a file, or paste the rates"]


@pytest.mark.parametrize("name", ["Qi", "Tess", "Olu", "Asha", "Zed", "Stranger", "Opal", "Ari"])
def test_rivals_and_everybody_else_find_none_of_it(visit, mine, theirs, name):
    faye, other = visit("Faye"), visit(name)
    where = proposed(faye, mine)
    number = where.rpartition("/")[2]
    for address in (
        f"{mine}/propose",
        f"{mine}/upload",
        f"{mine}/template.csv",
        f"{mine}/template.xlsx",
        where,
    ):
        other.get(address, status=404)
    if name != "Olu":
        other.get(f"{theirs}/proposals/{number}", status=404)


def test_a_proposal_is_found_under_its_own_place_only(visit, cast, mine):
    faye = visit("Faye")
    number = proposed(faye, mine).rpartition("/")[2]
    other = cast.appointment[7, "Fennel Web"]
    faye.get(f"/my-company/rates/{other}/proposals/{number}", status=404)
    visit("Olu").get(f"/lots/DP21-7/partners/{other}/rates/proposals/{number}", status=404)


def test_the_first_card_begins_with_roles_or_categories(visit, cast, app):
    with app.app_context(), database.writing() as session:
        seat = cast.appointment[7, "Tern Systems"]
        for card in session.exec(select(RateCard).where(RateCard.appointment_id == seat)).all():
            session.connection().exec_driver_sql(f"DELETE FROM rate WHERE rate_card_id = {card.id}")
            session.delete(card)
    tess = visit("Tess")
    address = f"/my-company/rates/{seat}/propose"
    assert "Service manager" in tess.get(f"{address}?begin=roles").values().values()
    page = tess.get(f"{address}?begin=categories")
    assert "User-centred design" in page.values().values()
    shown = tess.follow(tess.send(page, {"rates-0-level_1": "300", "from_on": ["1", "6", "2021"]}))
    assert "There is no version before" in shown.text
