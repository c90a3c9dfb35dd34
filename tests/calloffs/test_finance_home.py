"""Home of a finance reviewer: each monthly task in as few clicks as its goal has, below what waits."""

from datetime import date

import pytest

from calloffs.matching.without_invoice import TABLE as WITHOUT_INVOICE
from framework.definitions import dates
from tests.calloffs.periods.test_accruing import awarded
from tests.calloffs.sharing.sharing_made import pay
from tests.visiting import Page

OCTOBER = date(2022, 10, 3)


@pytest.fixture
def made(session, cast):
    call_off = awarded(session, cast)
    pay(session, call_off, (OCTOBER, 10_000))
    session.commit()
    session.close()
    return call_off


def clicked(page: Page, words: str) -> str:
    """The address of the one link with exactly these words."""
    found = [
        one.get("href", "") for one in page.all("a") if " ".join("".join(one.itertext()).split()) == words
    ]
    assert len(found) == 1, (words, found)
    return found[0]


@pytest.mark.parametrize(
    ("words", "there"),
    [
        ("Figures by council and lot", "Ceiling"),
        (WITHOUT_INVOICE.title, WITHOUT_INVOICE.title),
        ("Payments to partners without a call-off", "Payments to partners without a call-off"),
        ("Load an extract of the finance system", "Add a source"),
    ],
)
def test_a_monthly_task_of_finance_is_one_click_from_home(made, visit, words, there):
    finn = visit("Finn")
    assert there in finn.get(clicked(finn.get("/"), words)).text


def test_the_accruals_of_the_last_month_end_are_a_workbook_in_two_clicks(made, visit):
    finn = visit("Finn")
    shown = finn.get(clicked(finn.get("/"), "Accruals at the end of 31 October 2022"))
    assert "31 October 2022" in shown.text
    book = clicked(shown, "Download as a workbook (XLSX)")
    assert "on=2022-10-31" in book
    assert finn.get(book).response.get_data()[:2] == b"PK"


def test_home_names_the_period_to_close_and_two_clicks_close_it(made, cast, visit):
    finn, north = visit("Finn"), cast.party["Northbank"]
    shown = finn.get(clicked(finn.get("/"), "Close period 7 of 2022/23"))
    finn.send(shown, {"looked": "y"}, to=f"/spend/periods/{north}/2022-10-01/close")
    home = finn.get("/")
    assert "Northbank: period 8 of 2022/23 can be closed when 30 November 2022 is over" in home.text
    assert clicked(home, "Accounting periods") == f"/spend/periods/{north}"
    with dates.at(date(2022, 12, 1)):
        assert clicked(visit("Finn").get("/"), "Close period 8 of 2022/23").endswith("/2022-11-01")


def test_the_panel_shows_the_councils_own_sums_with_their_basis_and_stands_below_what_waits(made, visit):
    html, text = visit("Finn").get("/").html, visit("Finn").get("/").text
    assert "Your council, as at now: £60,000.00 committed, £100.00 invoiced, £100.00 paid, net of VAT" in text
    headings = [one.split("</h2>")[0].split(">")[-1] for one in html.split("<h2")[1:]]
    assert headings == ["Partners’ returns", "Finance", "Left on each lot", "Nothing waits here"]
    assert "Nothing is committed yet" in visit("Fern").get("/").text
    for reader in ("Asha", "Audra", "Olu"):
        assert "Close period" not in visit(reader).get("/").text
