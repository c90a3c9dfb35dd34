"""Cancelling before award frees the reservation and takes back an open offer."""

from datetime import timedelta

import pytest

from calloffs.call_off import CallOffStatus
from calloffs.cancelling import cancel_call_off
from calloffs.offer import OfferStatus
from calloffs.offering import make_offer
from calloffs.raising import withdraw_request
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from lots.lot import Lot
from tests.calloffs.balances import balances_equal_entries
from tests.calloffs.making import approved, drafted, raised


def cancel(session, cast, call_off, who="Asha", reason="No longer needed"):
    return cancel_call_off(
        session,
        actor=cast.visitor(session, who),
        call_off=call_off,
        reason=reason,
        feedback="The service is no longer needed",
    )


@pytest.mark.parametrize("make", [drafted, raised, approved])
def test_cancelling_frees_what_was_reserved(session, cast, make):
    """Check 39."""
    call_off = make(session, cast)
    held = call_off.reserved_pence
    assert cancel(session, cast, call_off).pence == held
    assert call_off.status is CallOffStatus.CANCELLED
    assert session.get_one(Lot, cast.lot[3], populate_existing=True).reserved_pence == 0
    balances_equal_entries(session)


def test_a_reason_is_compulsory(session, cast):
    with pytest.raises(Refused, match="Say why"):
        cancel(session, cast, raised(session, cast), reason="")


def test_the_framework_owner_of_the_same_authority_may_cancel(session, cast):
    cancel(session, cast, raised(session, cast), "Olu")


def test_nobody_else_may_cancel(session, cast):
    call_off = raised(session, cast)
    for name in ("Cara", "Bram", "Finn", "Audra", "Faye", "Stranger"):
        with pytest.raises(NotFound):
            cancel(session, cast, call_off, name)


def test_it_is_cancelled_once(session, cast):
    call_off = raised(session, cast)
    cancel(session, cast, call_off)
    with pytest.raises(Refused, match="is cancelled"):
        cancel(session, cast, call_off)


def test_an_awarded_call_off_is_not_cancelled(session, cast):
    call_off = approved(session, cast)
    call_off.awarded_at = dates.now()
    session.flush()
    with pytest.raises(Refused, match="is awarded"):
        cancel(session, cast, call_off)


def test_an_open_offer_goes_with_it(session, cast):
    call_off = approved(session, cast)
    offer = make_offer(session, actor=cast.visitor(session, "Asha"), call_off=call_off, working_days=5)
    assert call_off.status is CallOffStatus.OFFERED
    cancel(session, cast, call_off)
    assert offer.status_at(dates.now()) is OfferStatus.WITHDRAWN
    assert call_off.status is CallOffStatus.CANCELLED


def test_a_request_with_an_open_offer_is_not_taken_back(session, cast):
    call_off = approved(session, cast)
    make_offer(session, actor=cast.visitor(session, "Asha"), call_off=call_off, working_days=5)
    with pytest.raises(Refused, match="Withdraw the offer first"):
        withdraw_request(session, actor=cast.visitor(session, "Asha"), call_off=call_off, reason="More")


def test_an_offer_that_outlived_its_approval_goes_when_the_request_is_taken_back(session, cast):
    call_off = approved(session, cast)
    asha = cast.visitor(session, "Asha")
    offer = make_offer(session, actor=asha, call_off=call_off, working_days=5)
    call_off.approval_valid_until = dates.today()
    session.flush()
    with dates.on(dates.today() + timedelta(days=1)):
        assert call_off.status is CallOffStatus.APPROVAL_RAN_OUT
        withdraw_request(
            session, actor=asha, call_off=call_off, reason="It ran out", feedback="We now ask for fewer days"
        )
        assert offer.status_at(dates.now()) is OfferStatus.WITHDRAWN
        assert (call_off.status, call_off.reserved_pence) == (CallOffStatus.DRAFT, 0)
    balances_equal_entries(session)
