"""What a partner's papers and prices may and may not change: checks 11 and 14."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, col, select

from calloffs.answering import accept_offer
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.signing import sign_for_buyer, sign_for_partner
from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.records.stored_document import StoredDocument
from lots.appointment import Appointment
from lots.evidence import Evidence
from lots.rating import enter_rate_card
from tests.calloffs.building import answer, milestone, offered
from tests.calloffs.building_awarded import issued_call_off
from tests.calloffs.making import pounds
from tests.cast import Cast
from tests.visiting import Visiting

WHO: dict[str, Any] = {"role": "Director", "authority": "Scheme of delegation"}


def test_check_11_a_new_rate_card_changes_nothing_that_is_signed(
    session: Session, cast: Cast, visit: Callable[[str], Visiting]
) -> None:
    call_off = issued_call_off(session, cast)
    sign_for_buyer(session, actor=cast.visitor(session, "Bram"), call_off=call_off, **WHO)
    sign_for_partner(session, actor=cast.visitor(session, "Faye"), call_off=call_off, **WHO)
    papers = select(StoredDocument.sha256, StoredDocument.content).order_by(col(StoredDocument.id))
    figures = (call_off.value_net_pence, call_off.committed_pence)
    before = session.exec(papers).all()
    assert before
    session.commit()
    session.close()
    page = f"/call-offs/{call_off.reference}"
    shown = visit("Asha").get(page).text
    assert "£935.00" in shown
    session.connection(execution_options={"write": True})
    enter_rate_card(
        session,
        actor=cast.visitor(session, "Olu"),
        appointment=session.get_one(Appointment, cast.appointment[4, "Fennel Web"]),
        from_on=dates.today(),
        rates=[("Designer", 4, pounds(500)), ("Developer", 5, pounds(600))],
    )
    session.commit()
    session.close()
    assert visit("Asha").get(page).text == shown
    call_off = session.exec(select(CallOff)).one()
    assert session.exec(papers).all() == before
    assert (call_off.value_net_pence, call_off.committed_pence) == figures


def test_check_14_cover_that_lapses_tomorrow_is_told_to_both_and_lapsed_cover_blocks_signing_alone(
    session: Session, cast: Cast, visit: Callable[[str], Visiting]
) -> None:
    tomorrow = date(2022, 11, 23)
    for one in session.exec(select(Evidence).where(Evidence.supplier_id == cast.party["Fennel Web"])):
        one.expires_on = tomorrow
    bid, offer = offered(session, cast)
    call_off = issued_call_off(session, cast, number=9)
    live = issued_call_off(session, cast, number=10)
    live.signed_at = live.buyer_signed_at = live.partner_signed_at = dates.now()
    live.starts_on = date(2022, 11, 22)
    session.commit()
    for name in ("Faye", "Olu"):
        assert "23 November 2022" in visit(name).get("/").text
    with dates.on(date(2022, 11, 24)):
        for side, who in ((sign_for_buyer, "Bram"), (sign_for_partner, "Faye")):
            with pytest.raises(Refused) as refused:
                side(session, actor=cast.visitor(session, who), call_off=call_off, **WHO)
            assert any("23 November 2022" in one.sentence for one in refused.value.refusals)
        given = answer(deliverables=(milestone(),))
        accept_offer(session, actor=cast.visitor(session, "Faye"), offer=offer, answer=given)
        assert bid.status is CallOffStatus.ACCEPTED
        assert live.status is CallOffStatus.LIVE
        session.rollback()
