"""Over HTTP, on two servers and either database: the last pounds go to exactly one, and a form pressed by many acts once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlmodel import Session, col, select

from calloffs.approving import approve_price, ask_price_approval
from calloffs.call_off import ChargingMethod
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.spend.invoice import Invoice
from calloffs.spend.verifying import snapshot, verify
from framework.records.audit import AuditRecord
from framework.records.settings import Settings
from lots.lot import Lot
from tests.calloffs.building import WHY, accepted, answer, milestone
from tests.calloffs.making import an_approved_case, drafted, pounds, raised
from tests.calloffs.spend.building import live_call_off
from tests.cast import Cast
from tests.races.site import at_once, opened, two_servers
from tests.visiting import Visiting

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("both_databases")]
Visit = Callable[[str], Visiting]


@pytest.fixture
def ports(settings: Settings) -> Iterator[list[int]]:
    with two_servers(settings) as found:
        yield found


def _entries(session: Session, kind: EntryKind) -> list[int]:
    found = session.exec(select(LedgerEntry).where(LedgerEntry.kind == kind).order_by(col(LedgerEntry.id)))
    return [one.amount_pence for one in found]


def _books_agree(session: Session) -> None:
    session.rollback()
    session.close()
    assert verify(snapshot(session)).differences == []


def test_check_36_and_t_40_the_last_hundred_thousand_goes_to_one_of_six_who_raise(
    session: Session, cast: Cast, visit: Visit, ports: list[int]
) -> None:
    """Three want all of it and three want £60,000; whoever wins, the others read what is truly left."""
    cases = {"Asha": an_approved_case(session, cast)}
    cases["Cara"] = an_approved_case(session, cast, authority="Southmere")
    raised(session, cast, value=900_000, case=cases["Asha"])
    wishes = [(name, value) for name in ("Asha", "Cara", "Asha") for value in ("100,000", "60,000")]
    drafts = [
        drafted(session, cast, who=name, value=value, case=cases[name]).reference for name, value in wishes
    ]
    session.commit()
    session.close()
    presses = [
        opened(visit(name), f"/call-offs/{draft}/raise")
        for (name, _), draft in zip(wishes, drafts, strict=True)
    ]
    told = at_once(ports, presses)
    assert sorted(one.status for one in told) == [303, 422, 422, 422, 422, 422]
    (won,) = (value for (_, value), one in zip(wishes, told, strict=True) if one.status == 303)
    left = pounds("100,000") - pounds(won)
    for (_, value), one in zip(wishes, told, strict=True):
        if one.status == 422:
            assert f"Lot 3 has {left} (net of VAT) left under its ceiling" in one.text
            assert f"This call-off needs {pounds(value)} (net of VAT)" in one.text
    lot = session.get_one(Lot, cast.lot[3], populate_existing=True)
    assert lot.reserved_pence == pounds(900_000).pence + pounds(won).pence
    assert lot.headroom == left
    _books_agree(session)


def test_check_36_the_last_hundred_thousand_goes_to_one_of_four_who_award_above_what_they_reserved(
    session: Session, cast: Cast, visit: Visit, ports: list[int]
) -> None:
    asha, bram = cast.visitor(session, "Asha"), cast.visitor(session, "Bram")
    case = an_approved_case(session, cast)
    given = answer(deliverables=(milestone(120_000),), fixed_price=pounds(120_000))
    wanted = []
    for _ in range(4):
        call_off, _ = accepted(
            session, cast, given, value=20_000, case=case, charging_method=ChargingMethod.MILESTONE
        )
        ask_price_approval(session, actor=asha, call_off=call_off)
        approve_price(session, actor=bram, call_off=call_off)
        wanted.append(call_off.reference)
    session.get_one(Lot, cast.lot[4]).ceiling_pence = pounds(180_000).pence
    session.commit()
    session.close()
    presses = [
        opened(visit("Asha"), f"/call-offs/{one}/award", reason="Good value", feedback=WHY) for one in wanted
    ]
    told = at_once(ports, presses)
    assert sorted(one.status for one in told) == [303, 422, 422, 422]
    for one in told:
        if one.status == 422:
            assert (
                "Lot 4 has £0.00 (net of VAT) left under its ceiling, and this call-off already holds £20,000.00"
                in one.text
            )
    lot = session.get_one(Lot, cast.lot[4], populate_existing=True)
    assert (lot.reserved_pence, lot.committed_pence) == (pounds(60_000).pence, pounds(120_000).pence)
    assert _entries(session, EntryKind.COMMITMENT) == [pounds(120_000).pence]
    _books_agree(session)


def test_one_form_pressed_eight_times_at_once_acts_once(
    session: Session, cast: Cast, visit: Visit, ports: list[int]
) -> None:
    draft = drafted(session, cast, value="33,333.33").reference
    live = live_call_off(session, cast, value="60,000").reference
    session.commit()
    session.close()
    facts: dict[str, Any] = {
        "number": "INV-77",
        "description": "Work of October",
        "dated_on": ["1", "11", "2022"],
        "received_on": ["3", "11", "2022"],
        "net": "100.01",
        "vat": "20.00",
        "gross": "120.01",
    }
    for press in (
        opened(visit("Asha"), f"/call-offs/{draft}/raise"),
        opened(visit("Finn"), f"/call-offs/{live}/invoices/new", **facts),
    ):
        told = at_once(ports, [press] * 8)
        assert len({(one.status, one.location) for one in told}) == 1
        assert told[0].status == 303
    assert _entries(session, EntryKind.RESERVATION)[-1] == pounds("33,333.33").pence
    assert _entries(session, EntryKind.INVOICE) == [10_001]
    assert [one.number for one in session.exec(select(Invoice))] == ["INV-77"]
    acts = session.exec(select(AuditRecord.action).order_by(col(AuditRecord.id))).all()
    assert [acts.count(one) for one in ("call_off_raised", "invoice_recorded")] == [1, 1]
    _books_agree(session)
