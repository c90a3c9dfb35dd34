"""What is published: the register over £5,000 with exactly its fields, and spend over £500 that names no private person."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session

from calloffs.call_off import CallOffOption
from calloffs.matching.matching import match
from calloffs.matching.spend_match import Why
from calloffs.opendata import register, spend_over_500
from calloffs.opendata.redacting import line_of, mark, take_away
from calloffs.tables.fact_table import Asking
from framework.definitions.dates import London
from framework.definitions.money import Money
from framework.definitions.payments import quarter_of
from framework.definitions.rules import NotFound, Refused
from framework.people.party import Party
from tests.calloffs.matching.building import a_line, a_source, an_import
from tests.calloffs.spend.building import live_call_off
from tests.cast import Cast
from tests.visiting import Visiting

Visit = Callable[[str], Visiting]
QUARTER = quarter_of(date(2022, 11, 1))
ASKED = {"quarter": QUARTER.last.isoformat(), "authority": "Northbank"}
# RULE-52's ten fields, the three dates each in a column of their own.
FIELDS = [
    "reference",
    "title",
    "department",
    "description",
    "supplier",
    "sum_over_term",
    "irrecoverable_vat",
    "start_date",
    "end_date",
    "review_date",
    "invitation_or_tender",
    "sme_or_vcse",
]


def _rows(visit: Visiting, address: str) -> list[dict[str, str]]:
    return list(
        csv.DictReader(io.StringIO(visit.get(address).response.get_data(as_text=True).lstrip("\ufeff")))
    )


def test_t80_the_register_leaves_out_5000_and_lists_5000_01_with_exactly_its_fields(
    session: Session, cast: Cast, visit: Visit
) -> None:
    live_call_off(session, cast, value="5,000.00")
    listed = live_call_off(session, cast, value="5,000.01")
    listed.title, listed.background = "Library website", "Mr Zugzwang asked for it"
    session.add(CallOffOption(call_off_id=listed.id, number=1, months=6, notice_days=31, price_net_pence=0))
    line = a_line(session, cast, net="100", irrecoverable_vat_pence=1_234)
    match(
        session,
        actor=cast.visitor(session, "Finn"),
        line=line,
        call_off=listed,
        why=Why.BY_HAND,
        because="By hand",
    )
    partner = session.get_one(Party, cast.party["Fennel Web"])
    partner.is_vcse, partner.vcse_number = True, "1122334"
    live_call_off(session, cast, value="9,000", starts=date(2023, 1, 1))  # not in force in the quarter
    live_call_off(session, cast, value="9,000", signed=False)
    live_call_off(session, cast, value="9,000", authority="Southmere")
    reference = listed.reference
    session.commit()
    finn = visit("Finn")
    page = finn.get("/spend/publication/register?quarter=2022-12-31")
    assert "1 row, £5,000.01" in page.text
    assert "1 call-off in force of £5,000.00 or less" in page.text
    assert "1 call-off awarded and not signed" in page.text
    rows = _rows(finn, next(link for link in page.links if "register.csv" in link))
    assert [list(row) for row in rows] == [FIELDS]
    found = rows[0]
    assert (found["reference"], found["title"], found["department"]) == (
        reference,
        "Library website",
        "Northbank",
    )
    assert found["description"] == "Web technologies: Work on web technologies"
    assert found["supplier"].startswith("Fennel Web, ")
    assert (found["sum_over_term"], found["irrecoverable_vat"]) == ("5000.01", "12.34")
    assert [found[one] for one in FIELDS[7:10]] == ["2022-09-01", "2023-03-31", "2023-02-28"]
    assert found["invitation_or_tender"].startswith("Published invitation to tender")
    assert found["sme_or_vcse"] == "SME, VCSE, registered number 1122334, company number 00000004"
    assert "Zugzwang" not in str(rows)
    visit("Fern").get("/spend/publication/register?authority=Northbank", status=404)
    visit("Faye").get("/spend/publication/register", status=404)
    finn.get("/spend/publication/register?quarter=2022-11-30", status=404)


def test_a_contract_is_on_the_register_while_a_day_of_its_term_lies_in_the_quarter(
    session: Session, cast: Cast
) -> None:
    finn = cast.visitor(session, "Finn")
    ended = live_call_off(session, cast, ends=date(2022, 10, 1))
    gone = live_call_off(session, cast, ends=date(2022, 9, 30))
    stopped = live_call_off(session, cast)
    stopped.terminated_on = date(2022, 9, 15)
    late = live_call_off(session, cast)
    # Signed in the last minute of the quarter in London, and in the first of the next.
    late.signed_at = datetime(2022, 12, 31, 23, 59, tzinfo=London).astimezone(UTC)
    later = live_call_off(session, cast)
    later.signed_at = datetime(2023, 1, 1, 0, 0, tzinfo=London).astimezone(UTC)
    session.flush()
    found = {row.values[0] for row in register.TABLE.rows(Asking(session, finn, ASKED))}
    assert found == {ended.reference, late.reference}
    assert not found & {gone.reference, stopped.reference, later.reference}


def test_spend_over_500_lists_lines_strictly_over_it_on_the_basis_that_they_give(
    session: Session, cast: Cast, both_databases: str
) -> None:
    said: dict[str, Any] = {
        "invoiced": None,
        "paid": date(2022, 11, 4),
        "imported": an_import(session, a_source(session, cast)),
    }
    a_line(session, cast, net="500.00", supplier_name="At Ltd", **said)
    a_line(session, cast, net="500.01", supplier_name="Over Ltd", account_label="Agency staff", **said)
    a_line(session, cast, net=None, gross="600", supplier_name="Gross Ltd", narrative="Mowing", **said)
    a_line(session, cast, net="-900", supplier_name="Credit Ltd", **said)
    a_line(session, cast, net="700", supplier_name="redacted personal data", narrative="For J. Doe", **said)
    a_line(session, cast, net="800", supplier_name="Early Ltd", **{**said, "paid": date(2022, 9, 30)})
    a_line(session, cast, net="800", supplier_name="South Ltd", authority="Southmere", paid=date(2022, 11, 4))
    kept = a_line(session, cast, net="900", supplier_name="J. Doe", narrative="Care of J. Doe", **said)
    finn = cast.visitor(session, "Finn")

    def listed(name: str = "Finn", **more: str) -> list[tuple[object, ...]]:
        asking = Asking(session, cast.visitor(session, name), {**ASKED, **more})
        return [row.values for row in spend_over_500.TABLE.rows(asking)]

    assert {(one[2], str(one[4]), one[5]) for one in listed()} == {
        ("Over Ltd", "£500.01", "net of VAT"),
        ("Gross Ltd", "£600.00", "including VAT"),
        (spend_over_500.REDACTED, "£700.00", "net of VAT"),
        ("J. Doe", "£900.00", "net of VAT"),
    }
    mark(session, actor=finn, found=line_of(session, finn, kept.id))
    assert "Doe" not in str(listed())
    assert {one[2] for one in listed(redacted="yes")} == {spend_over_500.REDACTED}
    assert [one[3] for one in listed() if one[2] == "Gross Ltd"] == ["Mowing"]
    with pytest.raises(Refused, match=r"marked as personal data already"):
        mark(session, actor=finn, found=line_of(session, finn, kept.id))
    for name in ("Fern", "Asha", "Faye"):
        with pytest.raises(NotFound):
            line_of(session, cast.visitor(session, name), kept.id)
    with pytest.raises(NotFound):
        mark(session, actor=cast.visitor(session, "Audra"), found=kept)
    outcome = spend_over_500.outcome(session, cast.party["Northbank"], QUARTER)
    assert {(one.basis, one.lines, one.total) for one in outcome.listed} == {
        ("net of VAT", 3, Money.pounds("2,100.01")),
        ("including VAT", 1, Money.pounds("600")),
    }
    assert [(one.lines, str(one.total)) for one in (*outcome.small, *outcome.credited)] == [
        (1, "£500.00"),
        (1, "-£900.00"),
    ]
    assert outcome.redacted == 2
    totals = spend_over_500.TABLE.totals(Asking(session, finn, ASKED))
    assert {one.basis: one.rows for one in totals} == {"net of VAT": 3, "including VAT": 1}
    take_away(session, actor=finn, found=kept)
    assert [one[2] for one in listed(redacted="yes")] == [spend_over_500.REDACTED]


def test_finance_looks_marks_a_line_and_takes_the_file_away(
    session: Session, cast: Cast, visit: Visit
) -> None:
    kept = a_line(session, cast, net="900", supplier_name="J. Doe", invoiced=None, paid=date(2022, 11, 4))
    line_id = kept.id
    session.commit()
    finn = visit("Finn")
    asked = "/spend/publication/spend-over-500?quarter=2022-12-31"
    page = finn.get(asked)
    assert "J. Doe" in page.text
    where = f"/spend/publication/lines/{line_id}"
    assert where in page.links
    shown = finn.follow(finn.send(where, {"do": "mark"}))
    assert "Published as REDACTED PERSONAL DATA" in shown.text
    assert finn.send(where, {"do": "mark"}, status=422).errors == [
        "This line is marked as personal data already"
    ]
    page = finn.get(asked)
    assert "J. Doe" not in page.text
    rows = _rows(finn, next(link for link in page.links if "spend-over-500.csv" in link))
    assert [row["beneficiary"] for row in rows] == ["REDACTED PERSONAL DATA"]
    assert "J. Doe" in finn.get(finn.send(where, {"do": "take_away"}).location).text
    assert "Mark as personal data" not in visit("Audra").get(where).text
    for name in ("Fern", "Asha", "Faye"):
        visit(name).get(where, status=404)
