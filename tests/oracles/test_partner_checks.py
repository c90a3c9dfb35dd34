"""What a partner's papers and prices may and may not change: checks 11 and 14."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, col, select

from calloffs.answering import accept_offer
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.offer import Offer
from calloffs.signing import sign_for_buyer, sign_for_partner
from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.records.stored_document import StoredDocument
from lots.appointment import Appointment
from lots.evidence import Evidence
from lots.finding import appointment
from lots.lot import Lot
from lots.rate_deciding import accept_proposal
from lots.rate_proposing import save_proposal, submit_proposal
from lots.rating import enter_rate_card
from tests.calloffs.building import answer, milestone, offered
from tests.calloffs.building_awarded import issued_call_off
from tests.calloffs.making import pounds
from tests.cast import Cast
from tests.visiting import Visiting

WHO: dict[str, Any] = {"role": "Director", "authority": "Scheme of delegation"}


def signed_is_left_alone(
    session: Session, cast: Cast, visit: Callable[[str], Visiting], new_version: Callable[[], object]
) -> None:
    """Sign a call-off, do what makes a new version of the card, and see that nothing of the call-off moved."""
    call_off = issued_call_off(session, cast)
    sign_for_buyer(session, actor=cast.visitor(session, "Bram"), call_off=call_off, **WHO)
    sign_for_partner(session, actor=cast.visitor(session, "Faye"), call_off=call_off, **WHO)
    papers = select(StoredDocument.sha256, StoredDocument.content).order_by(col(StoredDocument.id))
    figures = (call_off.value_net_pence, call_off.committed_pence)
    frozen = session.exec(select(Offer.rate_card_id)).all()
    before = session.exec(papers).all()
    assert before
    session.commit()
    session.close()
    page = f"/call-offs/{call_off.reference}"
    shown = visit("Asha").get(page).text
    assert "£935.00" in shown
    session.connection(execution_options={"write": True})
    new_version()
    session.commit()
    session.close()
    assert visit("Asha").get(page).text == shown
    call_off = session.exec(select(CallOff)).one()
    assert session.exec(papers).all() == before
    assert session.exec(select(Offer.rate_card_id)).all() == frozen
    assert (call_off.value_net_pence, call_off.committed_pence) == figures


def test_check_11_a_new_rate_card_changes_nothing_that_is_signed(
    session: Session, cast: Cast, visit: Callable[[str], Visiting]
) -> None:
    signed_is_left_alone(
        session,
        cast,
        visit,
        lambda: enter_rate_card(
            session,
            actor=cast.visitor(session, "Olu"),
            appointment=session.get_one(Appointment, cast.appointment[4, "Fennel Web"]),
            from_on=dates.today(),
            rates=[("Designer", 4, pounds(500)), ("Developer", 5, pounds(600))],
        ),
    )


def test_check_11_a_rise_by_the_indexation_rule_changes_nothing_that_is_signed(
    session: Session, cast: Cast, visit: Callable[[str], Visiting]
) -> None:
    lot = session.get_one(Lot, cast.lot[4])
    lot.rate_rise_bp, lot.rates_rise_from = 300, date(2022, 6, 1)

    def rise() -> None:
        faye = cast.visitor(session, "Faye")
        place = appointment(session, faye, cast.appointment[4, "Fennel Web"])
        proposal = save_proposal(
            session,
            actor=faye,
            place=place,
            from_on=dates.today(),
            rates=[("Designer", 4, pounds("963.05"))],
            basis_version=1,
        )
        submit_proposal(session, actor=faye, place=place, proposal=proposal, revision=1)
        card = accept_proposal(session, actor=cast.visitor(session, "Olu"), place=place, proposal=proposal)
        assert card.version == 2

    signed_is_left_alone(session, cast, visit, rise)


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
