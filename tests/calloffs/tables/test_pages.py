"""Tables as pages: what they show, to whom, and what they say to addresses that mean nothing."""

import pytest

from calloffs.spend.invoicing import record_invoice
from calloffs.tables.every_fact_table import TABLES
from tests.calloffs.spend.building import bill, live_call_off


@pytest.fixture
def work(session, cast):
    """Two call-offs of Northbank's and one of Southmere's, each billed."""
    for number, authority in enumerate(("Northbank", "Northbank", "Southmere")):
        live = live_call_off(session, cast, authority=authority, value=f"{1000 + number}.01")
        live.programme = f"Programme {number}"
        actor = cast.visitor(session, "Finn" if authority == "Northbank" else "Fern")
        record_invoice(session, actor=actor, call_off=live, facts=bill(f"I{number}", "100.01"))
    session.commit()
    session.close()


def test_a_table_shows_its_rows_totals_of_all_of_them_and_ways_out(work, visit):
    finn = visit("Finn")
    page = finn.get("/spend/tables/call-offs?lot=DP21-4&partner=")
    assert "Total net of VAT, 2 rows" in page.text
    assert "£2,001.02" in page.text
    assert "Programme 2" not in page.text, "another council's"
    assert "/spend/tables/call-offs.xlsx?lot=DP21-4" in page.links
    assert "/spend/tables/call-offs" in page.links, "the way to take the filter off"
    part = finn.client.get("/spend/tables/call-offs?programme=Programme+0", headers={"HX-Request": "true"})
    assert "<h1" not in part.text
    assert "Programme 0" in part.text
    assert "Programme 1" not in part.text


def test_nothing_that_matches_is_said_with_a_way_back(work, visit):
    assert "No row matches" in visit("Finn").get("/spend/tables/call-offs?lot=DP21-1").text


@pytest.mark.parametrize("asked", ["nothing=1", "lot=a&lot=b", "lot=%00", "lot=" + "x" * 201])
@pytest.mark.parametrize("end", ["", ".csv", ".xlsx"])
def test_what_no_filter_of_the_table_could_mean_is_not_found(visit, asked, end):
    assert visit("Finn").client.get(f"/spend/tables/call-offs{end}?{asked}").status_code == 404


def test_a_table_goes_on_where_the_page_ended(session, cast, visit, monkeypatch):
    monkeypatch.setattr("calloffs.web.table._PAGE", 2)
    for number in range(5):
        live_call_off(session, cast, value="10").title = f"Title {number}"
    session.commit()
    session.close()
    finn, seen, address = visit("Finn"), [], "/spend/tables/call-offs"
    while address:
        page = finn.get(address)
        assert "Total net of VAT, 5 rows" in page.text
        seen += [f"Title {number}" for number in range(5) if f"Title {number}" in page.text]
        address = next((one for one in page.links if "after=" in one), "")
    assert sorted(seen) == [f"Title {number}" for number in range(5)]


@pytest.mark.parametrize("name", ["Faye", "Ari", "Stranger"])
def test_who_may_not_read_spend_finds_no_tables(visit, name):
    someone = visit(name)
    for key in ("", "call-offs", "call-offs.csv", "call-offs.xlsx"):
        assert someone.client.get(f"/spend/tables/{key}").status_code == 404


def test_the_list_names_every_table_that_is_not_hidden(visit):
    page = visit("Finn").get("/spend/tables/")
    for one in TABLES:
        assert (f"/spend/tables/{one.key}" in page.links) is not one.hidden


@pytest.mark.parametrize(
    ("key", "name", "blank"),
    [
        ("accruals", "on", "31 October 2022, the newest"),
        ("returns-differ", "month", "The last 6 months"),
        ("payments-over-30000", "list", "Over £30,000"),
        ("payments-over-30000", "quarter", "All quarters"),
        ("late-payments", "half_year", "Everything due before today"),
        ("register", "quarter", "All quarters"),
        ("spend-over-500", "quarter", "All quarters"),
        ("entries", "standing", "What counts for it alone"),
        ("entries", "year", "All"),
    ],
)
def test_the_blank_choice_of_a_filter_says_what_is_shown(visit, key, name, blank):
    page = visit("Finn").get(f"/spend/tables/{key}")
    select = next(one for one in page.all("select") if one.get("name") == name)
    options = [" ".join(one.itertext()).strip() for one in select.iter() if str(one.tag).endswith("option")]
    assert options[0] == blank
    assert len(options) == len(set(options)), "nothing is offered twice"


def test_a_day_that_an_address_names_is_chosen_in_the_form(visit):
    page = visit("Finn").get("/spend/tables/accruals?on=2022-10-31")
    select = next(one for one in page.all("select") if one.get("name") == "on")
    chosen = [one.get("value") for one in select.iter() if one.get("selected") is not None]
    assert chosen == ["2022-10-31"]
