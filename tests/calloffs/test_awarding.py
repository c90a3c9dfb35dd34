"""Awarding: a reservation becomes a commitment, once, at the real price."""

from calloffs.call_off import CallOffStatus
from tests.calloffs.building import awarded, pounds


def test_the_reservation_becomes_a_commitment_at_the_answers_price(session, cast):
    call_off, _ = awarded(session, cast)
    session.commit()
    assert call_off.status is CallOffStatus.AWARDED
    assert (call_off.reserved_pence, call_off.committed_pence) == (0, pounds(8_000).pence)
    assert call_off.value == pounds(8_000)
