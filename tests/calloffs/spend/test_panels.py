"""What waits for finance and for commissioning managers on their home pages, and who sees whose bars."""

from collections.abc import Callable
from datetime import date

from sqlmodel import Session

from calloffs.spend.invoicing import record_invoice
from framework.definitions import dates
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast
from tests.visiting import Visiting

Visit = Callable[[str], Visiting]


def test_finance_finds_what_is_due_and_what_lacks_an_order_on_home(
    session: Session, cast: Cast, visit: Visit
) -> None:
    finn = cast.visitor(session, "Finn")
    ordered, bare = live_call_off(session, cast), live_call_off(session, cast, order="")
    record_invoice(session, actor=finn, call_off=ordered, facts=bill("SOON", received=date(2022, 11, 2)))
    record_invoice(
        session,
        actor=finn,
        call_off=ordered,
        facts=bill("LATER", dated=date(2022, 11, 20), received=date(2022, 11, 21)),
    )
    record_invoice(session, actor=finn, call_off=bare, facts=bill("BARE", received=date(2022, 11, 21)))
    session.commit()
    session.close()
    home = visit("Finn").get("/").text
    assert "Invoice SOON, £12,000.00 including VAT" in home
    assert "Due 1 December 2022, in 9 days" in home
    assert "LATER" not in home
    assert "Invoice BARE on" in home
    other = visit("Fern").get("/").text
    assert "SOON" not in other
    assert "No invoice is due in the next 10 days." in other
    assert "SOON" not in visit("Asha").get("/").text


def test_an_ended_call_off_waits_for_finance_and_for_its_manager(
    session: Session, cast: Cast, visit: Visit
) -> None:
    reference = live_call_off(session, cast, ends=date(2022, 12, 1)).reference
    session.commit()
    session.close()
    assert f"{reference} Work" not in visit("Finn").get("/").text
    with dates.on(date(2022, 12, 2)):
        for name in ("Finn", "Asha"):
            assert f"{reference} Work" in visit(name).get("/").text
        assert f"{reference} Work" not in visit("Cara").get("/").text


def test_bars_show_on_agreement_and_lot_pages_for_those_who_read_spend(
    session: Session, cast: Cast, visit: Visit
) -> None:
    live_call_off(session, cast, value="1,234.56")
    session.commit()
    session.close()
    assert "Lot 4: £1,234.56 of £1,000,000.00" in visit("Cara").get("/agreements/DP21").text
    assert "Lot 4: £1,234.56 of £1,000,000.00" in visit("Cara").get("/lots/DP21-4").text
