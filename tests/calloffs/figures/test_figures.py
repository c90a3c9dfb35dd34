"""Figures by every dimension, and the entries behind each of them: what a page says is what its lines add up to."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.figures.dimension import DIMENSIONS
from calloffs.reports.every_report import REPORTS
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.ledger import Amount
from calloffs.spend.paying import record_payment
from calloffs.spend.verifying import verify
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.people.party import Party
from framework.people.permissions import CLOCK
from lots.lot import Lot
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import RANKED, Cast
from tests.visiting import Page, Visiting

Visit = Callable[[str], Visiting]
_INSIDE = ("", "authority", "programme", "lot", "agreement", "", "authority", "partner")
"""What stands inside each dimension in turn."""
_H = "{http://www.w3.org/1999/xhtml}"
MARCH = datetime(2022, 3, 31, 23, 30, tzinfo=UTC)
"""Already the first of April in London."""


def books(session: Session, cast: Cast) -> dict[str, CallOff]:
    """Money of both councils in three lots over two financial years, with a programme, entries of old and other calendars."""
    session.get_one(Party, cast.party["Southmere"]).calendar = "four_weeks"
    with dates.at(MARCH):
        old = live_call_off(session, cast, value="30,000")
        ledger.post(
            session,
            old,
            {EntryKind.INVOICE: Amount(Money(10_000_01), Money(10_000_01))},
            actor=CLOCK,
            reason="invoiced",
            appointment_id=old.appointment_id,
        )
    # As entries were before there were periods: the day they count for is the London day on which they were posted.
    session.execute(sa.text("DROP TRIGGER ledger_entry_no_update"))
    session.execute(sa.text("UPDATE ledger_entry SET effective_on = NULL"))
    with dates.on(date(2022, 10, 20)):
        new = live_call_off(session, cast, lot=7, partner=RANKED[1], value="60,000")
        new.programme = "Libraries & learning"
        other = live_call_off(session, cast, lot=7, authority="Southmere", value="20,000.55")
        live_call_off(session, cast, lot=5, authority="Southmere", value="1,000", reserved_only=True)
    for call_off, who, number in ((new, "Finn", "A1"), (other, "Fern", "B1")):
        actor = cast.visitor(session, who)
        invoice = record_invoice(
            session,
            actor=actor,
            call_off=call_off,
            facts=bill(number, "1,234.56", dated=date(2022, 10, 30), received=date(2022, 11, 2)),
        )
        record_payment(
            session, actor=actor, invoice=invoice, paid_on=date(2022, 11, 20), gross=Money.pounds("500")
        )
    live_call_off(session, cast, lot=1, value="2,000", reserved_only=True)
    _gross(session, cast)
    assert verify(session).differences == []
    session.commit()
    return {"old": old, "new": new, "other": other}


def _gross(session: Session, cast: Cast) -> None:
    """A second agreement that counts with VAT, led by the same council, with one call-off of it."""
    first = session.get_one(FrameworkAgreement, cast.agreement)
    nothing = dict.fromkeys(("reserved_pence", "committed_pence", "invoiced_pence", "paid_pence"), 0)
    said = first.model_dump(exclude={"id"}) | nothing
    agreement = FrameworkAgreement(**said | {"reference": "GR22", "title": "Gross", "basis": Basis.GROSS})
    session.add(agreement)
    session.flush()
    lot = session.get_one(Lot, cast.lot[4]).model_dump(exclude={"id"}) | nothing
    session.add(own := Lot(**lot | {"agreement_id": agreement.id, "reference": "GR22-1", "number": 1}))
    session.add(MemberAuthority(agreement_id=agreement.id, authority_id=cast.party["Northbank"]))
    session.flush()
    call_off = CallOff(
        reference="GR22-1-0001",
        agreement_id=agreement.id,
        lot_id=own.id,
        authority_id=cast.party["Northbank"],
        owner_id=cast.person["Asha"],
        title="With VAT",
        created_at=dates.now(),
        submitted_at=dates.now(),
        value_net_pence=100_00,
    )
    session.add(call_off)
    session.flush()
    reserved = {EntryKind.RESERVATION: Amount.of(Money(100_00), agreement, 2000)}
    ledger.post(session, call_off, reserved, actor=CLOCK, reason="raised")


def cells(page: Page) -> list[tuple[str, str]]:
    """(figure, address) of every figure of the page's table; what is left of a limit as what is taken off it."""
    found = []
    for table in page.all("table"):
        for row in table.iter(f"{_H}tr"):
            said = ["".join(cell.itertext()).strip() for cell in row.iter(f"{_H}td")]
            for link in (link for cell in row.iter(f"{_H}td") for link in cell.iter(f"{_H}a")):
                figure, address = "".join(link.itertext()), link.get("href", "")
                if "kind=left&" in f"{address}&":
                    limit = Money.pounds(next(one for one in said if one.startswith("£")))
                    figure = (limit - Money.pounds(figure, allow_negative=True)).plain
                if "/tables/entries" in address:
                    found.append((figure, address))
    return found


def summed(visitor: Visiting, address: str) -> Money:
    """What the rows of a table come to, fetched as a file."""
    parts = urlsplit(address)
    answer = visitor.client.get(f"{parts.path}.csv?{parts.query}")
    assert answer.status_code == 200, address
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    invoiced_is_off = -1 if "kind=left_to_invoice" in address else 1
    return sum(
        (
            Money.pounds(row["amount"], allow_negative=True)
            * (invoiced_is_off if row["kind"] == "Invoiced" else 1)
            for row in rows
        ),
        Money.zero(),
    )


@pytest.mark.parametrize(("who", "agreements"), [("Finn", ("DP21", "GR22")), ("Fern", ("DP21",))])
def test_every_figure_of_every_page_is_the_sum_of_the_lines_it_leads_to(
    session: Session, cast: Cast, visit: Visit, who: str, agreements: tuple[str, ...]
) -> None:
    books(session, cast)
    session.close()
    visitor = visit(who)
    known: dict[str, Money] = {}
    seen = 0
    pages = [f"?by={one.name}&then={then}" for one, then in zip(DIMENSIONS, _INSIDE, strict=True)]
    pages += [
        "",
        "?by=lot&then=authority&year=2022/23",
        "?by=partner&then=programme&month=2022-10",
        "?by=month&year=2022/23&then=lot",
        "?by=authority&as_at=20/11/2022",
        "?by=period&as_at=2022-11-20&lot=DP21-7",
        "?by=agreement&agreement=DP21",
    ]
    addresses = [f"/spend/figures{asked}" for asked in pages]
    addresses += ["/spend/", "/agreements/DP21", "/lots/DP21-7"]
    addresses += [f"/spend/agreements/{of}/{one.key}" for of in agreements for one in REPORTS]
    for asked in addresses:
        page = visitor.get(asked)
        found = cells(page)
        assert found or "GR22" in asked, asked
        for figure, address in found:
            if address not in known:
                known[address] = summed(visitor, address)
            assert Money.pounds(figure, allow_negative=True) == known[address], (asked, figure, address)
            seen += known[address].pence != 0
    assert seen > 100
    assert sum("kind=left&" in f"{one}&" for one in known) > 2
    assert sum("kind=left_to_invoice" in one for one in known) > 2


def test_a_year_shows_what_moved_in_it_and_what_stood_at_its_end(
    session: Session, cast: Cast, visit: Visit
) -> None:
    books(session, cast)
    session.close()
    text = (
        visit("Finn")
        .get("/spend/figures?by=year&agreement=DP21&authority=" + str(cast.party["Northbank"]))
        .text
    )
    text = text.split("Moved in it")[1].split("Follow a figure")[0]
    # The old call-off was invoiced at half past midnight on 1 April, London time: the new year.
    assert "2021/22" not in text
    row = re.search(r"2022/23 ([^A-Z]*)Total", text)
    assert row is not None, text
    assert row[1].split() == [
        *("£2,000.00", "£90,000.00", "£11,234.57", "£416.67"),
        *("£2,000.00", "£90,000.00", "£11,234.57", "£416.67"),
    ]
    october = visit("Finn").get("/spend/figures?by=month&month=2022-10&authority=Northbank").text
    assert "October 2022 £0.00 £60,000.00 £1,234.56 £0.00 £0.00 £90,000.00 £11,234.57 £0.00" in october


def test_a_figure_is_shown_as_it_was_known_on_an_earlier_day_with_what_came_since(
    session: Session, cast: Cast, visit: Visit
) -> None:
    books(session, cast)
    session.close()
    visitor = visit("Finn")
    page = visitor.get("/spend/figures?by=agreement&as_at=21/11/2022&authority=Northbank")
    assert "As it was known at the end of 21 November 2022" in page.text
    assert "+£1,234.56 invoiced, 1 entry" in page.text
    assert "+£416.67 paid, 1 entry" in page.text
    since = [one for one in page.links if "since=2022-11-21" in one and "kind=payment" in one]
    assert summed(visitor, since[0]) == Money(416_67)
    assert "Ceiling" not in page.text
    limited = visitor.get("/spend/figures?by=lot&as_at=21/11/2022")
    assert "As known at the end of 21 November 2022; ceiling as it is now" in limited.text
    assert "As at 22" not in limited.text
    assert "/lots/DP21-7" in limited.links
    listed = visitor.get("/spend/tables/entries?as_at=2022-11-21").text
    assert "As known at the end of 21 November 2022" in listed
    assert "As at 22" not in listed
    visitor.get("/spend/figures?as_at=yesterday", 422)
    later = visitor.get("/spend/figures?as_at=23/11/2022&by=lot", 422)
    assert "The day must be today or in the past" in later.errors[0]
    assert later.values("/spend/figures")["as_at"] == "23/11/2022"
    visitor.get("/spend/tables/entries?as_at=2022-11-23", 422)


def test_kinds_of_entries_are_never_added_and_authorities_are_told_as_bought(
    session: Session, cast: Cast, visit: Visit
) -> None:
    books(session, cast)
    session.close()
    visitor = visit("Finn")
    listed = visitor.get("/spend/tables/entries?basis=net").text
    for kind in ("reserved", "committed", "invoiced", "paid"):
        assert f"Total {kind}, net of VAT" in listed
    assert listed.count("Total ") == 4
    one = visitor.get("/spend/tables/entries?basis=net&kind=payment").text
    assert "Total paid, net of VAT" in one
    assert "Total committed" not in one
    bought = visitor.get("/spend/figures?by=authority&agreement=DP21")
    report = visitor.get("/spend/agreements/DP21/authorities")
    for page in (bought, report):
        assert "As bought: shared call-offs stand with the council that bought them" in page.text
        assert "/pictures/DP21/who-paid" in page.links
    assert "As borne, after agreed shares" in visitor.get("/pictures/DP21/who-paid").text
    assert "As borne, after agreed shares" in visitor.get("/spend/tables/who-paid").text


def test_others_money_stands_together_for_a_member_and_by_authority_for_the_lead(
    session: Session, cast: Cast, visit: Visit
) -> None:
    found = books(session, cast)
    references = {name: one.reference for name, one in found.items()}
    session.close()
    lead, member = visit("Finn"), visit("Fern")
    assert "Southmere" in lead.get("/spend/figures?by=authority").text
    for by in ("authority", "partner", "programme"):
        page = member.get(f"/spend/figures?by={by}")
        assert "Other authorities together" in page.text
        for secret in ("Northbank", "Fennel Web", "Libraries"):
            assert secret not in page.text.split("Total net")[0].split("By " + by)[-1], (by, secret)
    assert "Other authorities together" in lead.get("/spend/figures?by=programme").text
    for visitor, own, others in ((lead, ("old", "new"), ("other",)), (member, ("other",), ("old", "new"))):
        answer = visitor.client.get("/spend/tables/entries.csv").get_data(as_text=True)
        assert all(references[one] in answer for one in own)
        assert not any(references[one] in answer for one in others)
        for one in others:
            visitor.get(f"/spend/tables/entries?call_off={references[one]}", 404)
    assert "B1" not in lead.client.get("/spend/tables/entries.csv?authority=others").get_data(as_text=True)
    visit("Zed").get("/spend/figures?lot=DP21-7", 404)


def test_what_means_nothing_is_not_found(cast: Cast, visit: Visit) -> None:
    visitor = visit("Finn")
    for asked in (
        *("by=colour", "year=2022/24", "year=2022", "month=2022-13", "period=2022-04-02", "lot=DP21-99"),
        *("agreement=XX", "authority=Nowhere", "partner=99999", "then=colour"),
    ):
        visitor.get(f"/spend/figures?{asked}", 404)
    for asked in ("standing=yes", "kind=gift", "calendar=moon", "call_off=X"):
        visitor.get(f"/spend/tables/entries?{asked}", 404)


def test_one_pound_is_followed_from_its_entry_to_its_invoice_and_its_limits(
    session: Session, cast: Cast, visit: Visit
) -> None:
    reference = books(session, cast)["new"].reference
    session.close()
    visitor = visit("Finn")
    table = visitor.get(f"/spend/tables/entries?kind=payment&call_off={reference}")
    (address,) = [one for one in table.links if re.fullmatch(r"/spend/entries/\d+", one)]
    page = visitor.get(address)
    for said in (
        *(
            "£416.67 paid, net of VAT",
            "20 November 2022",
            "A1",
            "Northbank",
            reference,
            "Libraries & learning",
        ),
        *("Fennel Web", "£10,000,000.00", "£1,481.47 including VAT"),
    ):
        assert said in page.text, said
    visit("Fern").get(address, 404)
