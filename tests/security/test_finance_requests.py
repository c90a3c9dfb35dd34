"""Forged requests at the finance side: nothing falls over, nothing tells of what one does not know, nothing counts before its day."""

from datetime import date

import pytest
from sqlmodel import select

from calloffs.extracts import sourcing, taking
from calloffs.extracts.reading import read_extract
from calloffs.extracts.source import AmountBasis
from calloffs.extracts.spend_import import ImportState, SpendImport
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching.following import content_changed
from calloffs.matching.matching import match
from calloffs.matching.spend_match import Why
from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.people import finding
from framework.people.party import Party, PartyKind
from framework.people.person import Person
from framework.records.database import writing
from tests.calloffs.matching.building import a_line, a_source
from tests.calloffs.spend.building import live_call_off
from tests.security.world import MARK

ODD_ADDRESSES = (
    "/spend/periods/{northbank}/0001-01-01",
    "/spend/periods/{northbank}/9999-12-31",
    "/spend/extracts/?after=999999999999999999999",
    "/spend/matching/?supplier=%00",
    "/spend/figures?authority=a%00b",
    "/spend/tables/entries?as_at=31/12/9999",
)


def test_no_odd_address_makes_a_page_fall_over(app, cast, town, attack, both_databases):
    nell = attack("Nell")
    for address in ODD_ADDRESSES:
        assert nell.look(address.format(northbank=cast.party["Northbank"])).status_code in (404, 422), address


def test_no_odd_form_makes_a_page_fall_over(app, town, attack, both_databases):
    nell = attack("Nell")
    assert nell.strike("/forecast/alerts/99999999999999999999/seen").status_code == 404
    assert nell.strike("/spend/feeds/", {"name": "x", "months": "12", "once": "a\0b"}).status_code == 400
    with app.app_context(), writing() as session:
        source = sourcing.sources(session, _nell(session))[0][0].id
    sent = nell.strike("/spend/extracts/new", {"source": str(source), "file": "no file at all"})
    assert sent.status_code == 422
    assert "Choose a file" in sent.get_data(as_text=True)


def _nell(session):
    return finding.visitor(session, session.exec(select(Person.id).where(Person.name == "Nell")).one())


def test_a_filter_does_not_tell_whether_a_company_is_known(app, cast, town, attack):
    with app.app_context(), writing() as session:
        session.add(Party(kind=PartyKind.SUPPLIER, name=f"{MARK} Secret Ltd", short_name="Secret"))
    sal = attack("Sal")
    for name in (f"{MARK} Secret Ltd", "Nobody at all Ltd"):
        assert sal.look("/spend/tables/entries", query_string={"partner": name}).status_code == 404
        assert sal.look("/spend/tables/entries", query_string={"authority": name}).status_code == 404
    assert sal.look("/spend/tables/entries", query_string={"partner": "Fennel Web"}).status_code == 200
    assert sal.look("/spend/tables/entries", query_string={"authority": "Northbank"}).status_code in (
        200,
        404,
    )


def test_nobody_fills_the_disk_with_files_that_are_never_loaded(app, cast):
    with app.app_context(), writing() as session:
        finn, source = cast.visitor(session, "Finn"), a_source(session, cast)

        def fill() -> None:
            for _ in range(taking.MOST_OPEN + 1):
                taking.take(session, actor=finn, source=source, content=b"a,b\n1,2\n", file_name="a.csv")

        with pytest.raises(Refused, match="wait to be confirmed"):
            fill()
        other = sourcing.add_source(
            session,
            actor=cast.visitor(session, "Sal"),
            authority_id=cast.party["Southmere"],
            name="Southmere's own",
            basis=AmountBasis.NET,
        )
        taken = taking.take(
            session,
            actor=cast.visitor(session, "Sal"),
            source=other,
            content=b"a,b\n1,2\n",
            file_name="a.csv",
        )
        assert taken.state is ImportState.WAITING
        assert session.get_one(SpendImport, taken.id).authority_id == cast.party["Southmere"]


def test_no_sign_that_cannot_be_seen_comes_in_with_a_file(app, cast):
    rows = "Supplier,Invoice Number,Payment Date,Net Amount\nE\u202evil \u2066Ltd,I\x07-1,01/10/2022,10.00\n"
    with app.app_context(), writing() as session:
        source = a_source(session, cast)
        made = read_extract(rows.encode(), "a.csv", columns={}, basis=source.basis, ask=True)
        assert made.rows[0].content["supplier_name"] == "Evil Ltd"
        assert made.rows[0].content["invoice_number"] == "I-1"
        taken = taking.take(
            session,
            actor=cast.visitor(session, "Finn"),
            source=source,
            content=rows.encode(),
            file_name="a\r\nX-Evil: 1\x00\u202evsc.exe.csv",
        )
        assert taken.file_name == "a X-Evil: 1vsc.exe.csv"


def test_nothing_is_invoiced_or_paid_on_a_day_to_come(session, cast):
    call_off = live_call_off(session, cast)
    finn = cast.visitor(session, "Finn")
    how = {"actor": finn, "call_off": call_off, "why": Why.BY_HAND, "because": "By hand"}
    for days in ({"paid": date(2022, 11, 23)}, {"invoiced": date(2099, 12, 31), "paid": None}):
        with pytest.raises(Refused, match="after today"), session.begin_nested():
            match(session, line=a_line(session, cast, **days), **how)
    line: SpendLine = a_line(session, cast, paid=dates.today())
    match(session, line=line, **how)
    before = line.model_dump()
    line.paid_on = line.accounting_on = date(2023, 1, 5)
    session.flush()
    content_changed(session, actor=finn, changed=[(line.id, before)])
    session.refresh(line)
    assert line.call_off_id is None
    assert (call_off.invoiced_pence, call_off.paid_pence) == (0, 0)
