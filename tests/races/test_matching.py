"""Over HTTP, on two servers and either database: a line is matched once, and the last pounds are invoiced once."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.matching.spend_match import SpendMatch
from calloffs.spend.verifying import snapshot, verify
from framework.records.settings import Settings
from tests.calloffs.matching.building import a_line
from tests.calloffs.spend.building import live_call_off
from tests.cast import Cast
from tests.races.site import Press, at_once, opened, two_servers
from tests.visiting import Visiting

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("both_databases")]
Visit = Callable[[str], Visiting]
QUEUE = "/spend/matching/"


@pytest.fixture
def ports(settings: Settings) -> Iterator[list[int]]:
    with two_servers(settings) as found:
        yield found


def _one_click(visitor: Visiting, line_id: int, reference: str) -> Press:
    action = f"{QUEUE}lines/{line_id}"
    values = {**visitor.get(QUEUE).values(action), "call_off": reference}
    cookie = visitor.client.get_cookie("tracker")
    assert cookie is not None
    return Press(action, values, f"tracker={cookie.value}")


def _books_agree(session: Session) -> None:
    session.rollback()
    session.close()
    assert verify(snapshot(session)).differences == []


def test_a_line_pressed_by_four_onto_two_call_offs_belongs_to_one(
    session: Session, cast: Cast, visit: Visit, ports: list[int]
) -> None:
    one = live_call_off(session, cast, order="PO-1")
    other = live_call_off(session, cast, lot=3, order="PO-2")
    line = a_line(session, cast, purchase_order="PO-1", net="1,000")
    session.commit()
    session.close()
    wanted = [one.reference, other.reference, one.reference, other.reference]
    told = at_once(ports, [_one_click(visit("Finn"), line.id, to) for to in wanted])
    assert sorted(answer.status for answer in told) == [303, 422, 422, 422]
    made = session.exec(select(SpendMatch).where(col(SpendMatch.undone_at).is_(None))).all()
    assert len(made) == 1
    totals = sorted(session.get_one(CallOff, key).invoiced_pence for key in (one.id, other.id))
    assert totals == [0, 1_000_00]
    _books_agree(session)


def test_the_last_pounds_of_a_call_off_go_to_a_line_or_to_an_invoice_and_not_to_both(
    session: Session, cast: Cast, visit: Visit, ports: list[int]
) -> None:
    call_off = live_call_off(session, cast, order="PO-1", value="1,000")
    lines = [
        a_line(session, cast, purchase_order="PO-1", net="1,000", invoice_number=f"L-{n}") for n in (1, 2)
    ]
    session.commit()
    session.close()
    bill = {
        "number": "H-1",
        "description": "Work done",
        "dated_on": ["1", "11", "2022"],
        "received_on": ["2", "11", "2022"],
        "net": "1000",
        "vat": "200",
        "gross": "1200",
    }
    address = f"/call-offs/{call_off.reference}/invoices/new"
    presses = [
        _one_click(visit("Finn"), lines[0].id, call_off.reference),
        opened(visit("Finn"), address, **bill),
        _one_click(visit("Finn"), lines[1].id, call_off.reference),
    ]
    told = at_once(ports, presses)
    assert sorted(answer.status for answer in told) == [303, 422, 422], [one.text[:600] for one in told]
    assert session.get_one(CallOff, call_off.id).invoiced_pence == 1_000_00
    _books_agree(session)
