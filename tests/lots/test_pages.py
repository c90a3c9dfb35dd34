"""The pages of the lots floor: who finds them, what they say, and what bad input gets."""

from datetime import date

import pytest
from sqlmodel import select

from framework.people.party import Party
from framework.records import database
from framework.records.audit import AuditRecord
from lots import withdrawing
from lots.appointment import Appointment
from lots.lot import Lot
from lots.rate_card import RateCard
from lots.withdrawing import Touched
from tests.lots.drafts import a_draft, a_past_agreement
from tests.statements import counted

ROWS = [f"{number}\tLot number {number}\t100,000\t1\tdirect\t31/01/2028" for number in range(1, 11)]
LOT = {
    "title": "Web technologies",
    "ceiling": "600,000",
    "award_method": "direct",
    "direct_award_basis": "single_supplier",
    "long_stop_on": ["31", "1", "2028"],
}


@pytest.fixture
def draft(session, cast):
    """The reference of a draft led by Northbank."""
    a_draft(session, cast)
    session.commit()
    return "NEW"


@pytest.fixture
def past(session, cast):
    a_past_agreement(session, cast)
    session.commit()
    return "PAST"


@pytest.fixture
def read(app):
    """Ask the database something in a session of its own."""

    def ask(statement):
        with app.app_context(), database.writing() as session:
            return session.exec(statement).all()

    return ask


def test_the_agreements_page_lists_its_lots_with_money_and_partners(visit):
    page = visit("Asha").get("/agreements/DP21")
    assert "/lots/DP21-7" in page.links
    assert "£10,000,000.00 of the agreement’s £10,000,000.00" in page.text
    assert "Quill Works, Fennel Web, Tern Systems" in page.text
    assert "net of VAT, as at 22 November 2022" in page.text


def test_a_lots_page_says_what_is_left_and_who_the_partners_are(visit):
    page = visit("Cara").get("/lots/DP21-7")
    assert "£4,000,000 of £4,000,000 left" in page.text
    assert "Amounts net of VAT, as at 22 November 2022" in page.text
    assert "All in date" in page.text
    assert "Appoint a partner" not in page.text


@pytest.mark.parametrize("name", ["Zed", "Faye", "Qi", "Ari", "Stranger", "Opal"])
def test_others_do_not_find_a_lot(visit, name):
    visit(name).get("/lots/DP21-7", status=404)


@pytest.mark.parametrize("reference", ["DP21-8", "dp21", "%00", "9" * 40, "-1"])
def test_unknown_lots_are_not_found(visit, reference):
    visit("Olu").get(f"/lots/{reference}", status=404)


def test_looking_at_a_rate_card_is_recorded_and_rivals_find_none(visit, cast, read):
    address = f"/lots/DP21-4/partners/{cast.appointment[4, 'Fennel Web']}/rates"
    page = visit("Asha").get(address)
    assert "£935.00" in page.text
    assert "Not offered" in page.text
    looks = read(select(AuditRecord).where(AuditRecord.action == "looked_at"))
    assert [one.subject for one in looks] == ["Fennel Web on lot DP21-4"]
    for name in ("Faye", "Qi", "Zed", "Opal"):
        visit(name).get(address, status=404)
    visit("Asha").get(address.replace("DP21-4", "DP21-5"), status=404)
    visit("Asha").get(f"/lots/DP21-4/partners/{2**63}/rates", status=404)


def test_a_partner_sees_its_own_company_and_rates_and_nobody_elses(visit, cast, read):
    faye = visit("Faye")
    page = faye.get("/my-company")
    assert "DP21-4" in page.text
    assert "DP21-7" in page.text
    assert "Quill" not in page.text
    assert "£600.00" in faye.get(f"/my-company/rates/{cast.appointment[4, 'Fennel Web']}").text
    faye.get(f"/my-company/rates/{cast.appointment[7, 'Quill Works']}", status=404)
    faye.get(f"/partners/{cast.party['Fennel Web']}", status=404)
    faye.get(f"/partners/{cast.party['Quill Works']}", status=404)
    visit("Asha").get("/my-company", status=404)
    visit("Asha").get(f"/my-company/rates/{cast.appointment[4, 'Fennel Web']}", status=404)
    assert read(select(AuditRecord).where(AuditRecord.action == "looked_at")) == []


def test_a_partners_page_gives_company_facts_places_and_evidence(visit, cast):
    page = visit("Cara").get(f"/partners/{cast.party['Fennel Web']}")
    assert "00000004" in page.text
    assert "Yes: 40 staff, turnover £3,000,000, balance sheet £1,000,000, true on 1 January 2022" in page.text
    assert (
        "Fewer than 250 staff, and turnover of £44,000,000 or less or a balance sheet of £38,000,000"
        in page.text
    )
    assert "30 June 2023" in page.text
    for name in ("Zed", "Qi", "Ari"):
        visit(name).get(f"/partners/{cast.party['Fennel Web']}", status=404)
    visit("Olu").get(f"/partners/{cast.party['Southmere']}", status=404)


def test_the_whole_way_from_an_empty_draft_to_a_priced_partner(visit, draft, read):
    olu = visit("Olu")
    page = olu.send(f"/agreements/{draft}/lots/new", LOT)
    assert page.location.endswith("/lots/NEW-1")
    page = olu.follow(page)
    assert "This lot has no partner." in page.text
    page = olu.send(
        "/partners/new?lot=NEW-1",
        {
            "name": "Heron Labs",
            "company_number": "557725",
            "staff": "12",
            "turnover": "1,000,000",
            "size_evidence_on": ["31", "3", "2022"],
        },
    )
    page = olu.follow(page)
    page = olu.send(page, {"contract_manager": "Hana", "contract_manager_email": "hana@heron.example"})
    (heron,) = read(select(Party).where(Party.name == "Heron Labs"))
    assert heron.company_number == "00557725"
    page = olu.follow(page)
    filled = {
        "rates-0-role": "Designer",
        "rates-0-level_3": "600",
        "rates-1-role": "Developer",
        "rates-1-level_5": "£1,115.50",
    }
    page = olu.send(page, {**filled, "add": "row"}, status=200)
    assert page.values()["rates-1-level_5"] == "£1,115.50"
    assert "rates-3-role" in page.values()
    page = olu.follow(olu.send(page, {}))
    assert "£1,115.50" in page.text
    page = olu.get("/lots/NEW-1")
    assert "Heron Labs" in page.text
    assert "Version 1" not in page.text  # it begins on 1 December, with the agreement
    assert "None in force" in page.text
    page = olu.follow(
        olu.send(f"/partners/{heron.id}/people/new", {"name": "Hugo", "email": "hugo@heron.example"})
    )
    assert "Hugo" in page.text
    (place,) = read(select(Appointment).where(Appointment.supplier_id == heron.id))
    assert "Hana" in olu.get(f"/lots/NEW-1/partners/{place.id}").text


def test_a_bad_lot_keeps_what_was_typed_and_says_what_is_wrong_beside_each_field(visit, draft, read):
    olu = visit("Olu")
    bad = {**LOT, "ceiling": "1,000,000.01", "long_stop_on": ["29", "11", "2027"], "scope": "<b>Web</b>"}
    page = olu.send(f"/agreements/{draft}/lots/new", bad, status=422)
    assert len(page.errors) == 2
    assert page.values()["ceiling"] == "1,000,000.01"
    assert page.values()["long_stop_on"] == ["29", "11", "2027"]
    assert page.values()["scope"] == "<b>Web</b>"
    page = olu.send(page, {"ceiling": "lots", "award_method": "by magic", "title": ""}, status=422)
    assert len(page.errors) == 3
    assert read(select(Lot).where(Lot.reference == "NEW-1")) == []


def test_a_lot_can_be_changed_and_taken_out_while_it_is_a_draft(visit, draft, read):
    olu = visit("Olu")
    olu.send(f"/agreements/{draft}/lots/new", LOT)
    page = olu.send("/lots/NEW-1/change", {"title": "Web and mobile", "min_partners": "0"})
    assert "Web and mobile" in olu.follow(page).text
    olu.send("/lots/NEW-1/take-out", {})
    assert read(select(Lot).where(Lot.reference == "NEW-1")) == []
    olu.get("/lots/DP21-1/change", status=404)
    olu.get("/agreements/DP21/lots/new", status=404)


def test_ten_pasted_lots_are_added_at_once(visit, draft, read):
    olu = visit("Olu")
    page = olu.send(f"/agreements/{draft}/lots/paste", {"rows": "\n".join(ROWS)})
    assert "Lot 10: Lot number 10" in olu.follow(page).text


def test_three_bad_rows_of_ten_keep_what_was_typed_and_add_nothing(visit, draft, read):
    rows = list(ROWS)
    rows[2] = "3\tThree\tlots\t1\tdirect\t31/01/2028"
    rows[5] = "5\tSix\t100,000\t1\tdirect\t31/01/2028"
    rows[8] = "9\tNine\t100,000\t1\tdirect\t31/13/2028"
    page = visit("Olu").send(f"/agreements/{draft}/lots/paste", {"rows": "\n".join(rows)}, status=422)
    assert [one.split(":")[0] for one in page.errors] == [
        "Row 3, Ceiling (“lots”)",
        "Row 6, Number (“5”)",
        "Row 9, Long-stop (“31/13/2028”)",
    ]
    assert page.values()["rows"] == "\n".join(rows)
    assert read(select(Lot).where(Lot.title == "Lot number 1")) == []


@pytest.mark.parametrize("name", ["Asha", "Audra", "Bram", "Cara", "Faye", "Stranger"])
def test_only_the_framework_owner_has_the_forms(visit, draft, name):
    for address in (f"/agreements/{draft}/lots/new", f"/agreements/{draft}/lots/paste", "/partners/new"):
        visit(name).get(address, status=404)


def test_a_rise_is_refused_beside_the_table_with_everything_kept(visit, cast):
    address = f"/lots/DP21-4/partners/{cast.appointment[4, 'Fennel Web']}/rates/new"
    olu = visit("Olu")
    values = olu.get(address).values()
    name = next(key for key, value in values.items() if value == "935.00")
    day = {"from_on": ["1", "12", "2022"]}
    page = olu.send(address, {**day, name: "936"}, status=422)
    (error,) = page.errors
    assert "£936.00 is more than the £935.00 of rate card version 1" in error
    assert page.values()[name] == "936"
    page = olu.send(page, {name: "dear"}, status=422)
    assert page.values()[name] == "dear"
    page = olu.follow(olu.send(page, {name: "934.99"}))
    assert "£934.99" in page.text
    assert "Version 2, from 1 December 2022" in page.text


def test_a_pasted_rate_card_tells_faults_by_cell(visit, cast, read):
    address = f"/lots/DP21-4/partners/{cast.appointment[4, 'Fennel Web']}/rates/upload"
    olu = visit("Olu")
    page = olu.send(address, {"text": "Designer\t\t\tsix hundred\t936\nTester\t1"}, status=422)
    for told in ("Row 1, Level 3 (“six hundred”)", "Row 1, Level 4 (“936”)"):
        assert told in page.text
    held = {value: name for name, value in page.values().items() if isinstance(value, str)}
    mended = {held["six hundred"]: "600", held["936"]: "935", "from_on": ["1", "12", "2022"]}
    page = olu.send(page, {**mended, "hours_per_day": "25"}, status=422)
    assert page.errors == ["Enter the hours in a day as a number from 1 to 24, like 7.5"]
    olu.send(page, {"hours_per_day": "8"})
    (card,) = read(select(RateCard).where(RateCard.version == 2))
    assert (card.from_on, card.hours_per_day_hundredths) == (date(2022, 12, 1), 800)


def test_evidence_is_recorded_and_size_kept_with_its_day(visit, cast):
    olu = visit("Olu")
    supplier = cast.party["Fennel Web"]
    page = olu.send(f"/partners/{supplier}/evidence/new", {"kind": "cyber_essentials"}, status=422)
    assert page.errors == ["Enter the last day"]
    page = olu.send(page, {"expires_on": ["1", "2", "2023"], "cover": "5"}, status=422)
    assert page.errors == ["Only an insurance has a limit of cover. Leave it blank"]
    page = olu.follow(olu.send(page, {"cover": ""}))
    assert "1 February 2023" in page.text
    page = olu.follow(
        olu.send(
            f"/partners/{supplier}/size",
            {"staff": "250", "turnover": "1", "size_evidence_on": ["1", "1", "2022"]},
        )
    )
    assert "No: 250 staff" in page.text


def test_home_tells_of_evidence_that_lapses_within_sixty_days(visit, app, clock):
    from framework.definitions import dates

    with dates.on(date(2023, 4, 30)):  # 61 days before the last day
        assert "lapses on" not in visit("Faye").get("/").text
    with dates.on(date(2023, 5, 1)):
        assert (
            "Professional indemnity insurance lapses on 30 June 2023, in 60 days"
            in visit("Faye").get("/").text
        )
        assert "Fennel Web" in visit("Olu").get("/").text
        assert "Evidence to renew" not in visit("Asha").get("/").text
    with dates.on(date(2023, 7, 1)):
        assert "lapsed on 30 June 2023, yesterday" in visit("Faye").get("/").text


def test_a_partner_is_suspended_let_back_and_recorded_as_leaving(visit, cast, monkeypatch):
    olu = visit("Olu")
    address = f"/lots/DP21-1/partners/{cast.appointment[1, 'Alder Cities']}"
    page = olu.send(f"{address}/suspend", {}, status=422)
    assert len(page.errors) == 2
    page = olu.send(page, {"until": ["16", "12", "2022"], "reason": "Two late deliveries"})
    assert "Suspended until 16 December 2022" in olu.follow(page).text
    assert "Suspended" in visit("Asha").get("/lots/DP21-1").text
    assert "Suspended" not in olu.follow(olu.send(f"{address}/return", {})).text.split("History")[0]
    live = Touched("DP21-1-0001", "Sensors", "Live")
    monkeypatch.setattr(withdrawing, "TOUCHED", [lambda *_: [live]])
    page = olu.get(f"{address}/leave")
    assert "DP21-1-0001, Sensors: Live" in page.text
    assert "Lot 1 would have no partner" in page.text
    page = olu.send(page, {"reason": "Leaving this market"}, status=422)
    assert "Say what happens to call-off DP21-1-0001" in page.errors[0]
    page = olu.send(page, {"plan-DP21-1-0001": "Handed over by January"})
    assert "Handed over by January" in olu.follow(page).text
    assert "It has no partner: nothing can be offered" in olu.get("/").text
    assert "has no partner, nothing can be offered" in visit("Asha").get("/call-offs/new").text
    assert "This lot has no partner." in olu.get("/lots/DP21-1").text
    assert "No partner" in olu.get("/agreements/DP21").text
    for path in ("suspend", "leave", "contract-manager", "undo"):
        visit("Asha").get(f"{address}/{path}", status=404)


def test_the_contract_manager_is_changed(visit, cast):
    olu = visit("Olu")
    address = f"/lots/DP21-1/partners/{cast.appointment[1, 'Alder Cities']}"
    page = olu.send(f"{address}/contract-manager", {"contract_manager_email": "una"}, status=422)
    assert page.errors == ["Enter an e-mail address, like name@example.com"]
    page = olu.send(page, {"name": "Una", "contract_manager_email": "una@alder.example"})
    assert "una@alder.example" in olu.follow(page).text


def test_a_past_agreement_says_not_published(visit, past):
    olu = visit("Olu")
    page = olu.send(f"/agreements/{past}/lots/paste", {"rows": "1\tWeb\t\t1\tdirect\t"})
    page = olu.follow(page)
    assert "Not published" in page.text
    assert "The lots’ ceilings were not published" in page.text
    page = olu.get("/lots/PAST-1")
    assert "Long-stop Not published" in page.text
    page = olu.send("/lots/PAST-1/partners/new", {"supplier_id": str(1)}, status=422)
    assert page.errors == ["Choose one of the options"]


def test_a_form_sent_twice_adds_one_lot(visit, draft, read):
    olu = visit("Olu")
    page = olu.get(f"/agreements/{draft}/lots/new")
    first = olu.send(page, LOT)
    second = olu.send(page, LOT)
    assert first.location == second.location
    assert len(read(select(Lot).where(Lot.reference == "NEW-1"))) == 1


def test_a_fourth_partner_on_lot_seven_is_refused_on_the_page(visit, cast, draft):
    olu = visit("Olu")
    facts = {
        **LOT,
        "number": "7",
        "max_partners": "1",
    }
    olu.send(f"/agreements/{draft}/lots/new", facts)
    olu.send("/lots/NEW-7/partners/new", {"supplier_id": str(cast.party["Quill Works"])})
    page = olu.send("/lots/NEW-7/partners/new", {"supplier_id": str(cast.party["Elm Apps"])}, status=422)
    assert page.errors == ["Lot 7’s partner rule is 1 partner at most, and Quill Works is on it"]
    place = olu.get("/lots/NEW-7")
    address = next(link for link in place.links if "/partners/" in link and link[-1].isdigit())
    olu.send(f"{address}/undo", {})
    assert "This lot has no partner." in olu.get("/lots/NEW-7").text


def test_a_lots_page_costs_the_same_for_one_partner_and_for_three(visit, app):
    olu = visit("Olu")
    olu.get("/lots/DP21-1")
    one = counted(app, lambda: olu.get("/lots/DP21-1"))
    assert counted(app, lambda: olu.get("/lots/DP21-7")) == one > 0


def test_an_agreements_page_costs_the_same_for_any_number_of_lots(visit, app, draft):
    olu = visit("Olu")
    olu.send(f"/agreements/{draft}/lots/new", LOT)
    few = counted(app, lambda: olu.get(f"/agreements/{draft}"))
    rows = "\n".join(row.replace("100,000", "40,000") for row in ROWS[1:])
    olu.send(f"/agreements/{draft}/lots/paste", {"rows": rows})
    assert counted(app, lambda: olu.get(f"/agreements/{draft}")) == few > 0


def test_a_hand_made_request_gets_a_sentence_and_never_a_fault(visit, cast):
    olu = visit("Olu")
    address = f"/lots/DP21-4/partners/{cast.appointment[4, 'Fennel Web']}/rates/new"
    many = {f"rates-{number}-role": "x" for number in range(210)}
    olu.send(address, {**many, "add": "row"}, status=200)
    odd = {"rates-99999999999999999999-level_1": "<b>", "from_on": ["1", "12"], "hours_per_day": "١"}
    olu.send(address, odd, status=422)
    page = olu.send("/partners/new", {"name": "Heron", "vat_number": "9" * 21, "staff": "-1"}, status=422)
    assert page.errors == [
        "The VAT number must be 20 characters or fewer",
        "Staff must be a whole number from 0 to 10,000,000",
    ]
