"""Mechanisms: the lot's stated way names one partner, whatever anybody would like."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calloffs.mechanisms import Standing, name_partner
from calloffs.offer import OfferStatus
from framework.definitions.regime import Regime
from framework.definitions.rules import Refused
from framework.people.party import Party, PartyKind
from lots.appointment import Appointment
from lots.lot import AwardMethod, DirectAwardBasis, Lot, Mechanism

BEGAN = datetime(2022, 1, 3, 9, 0, tzinfo=UTC)


def _lot(mechanism: Mechanism) -> Lot:
    return Lot(
        agreement_id=1,
        number=7,
        reference="DP21-7",
        title="General",
        award_method=AwardMethod.EITHER,
        direct_award_basis=DirectAwardBasis.OBJECTIVE_MECHANISM,
        mechanism=mechanism,
    )


def _standing(rank: int, **more: Any) -> Standing:
    name = f"Partner {rank}"
    supplier = Party(
        id=rank, kind=PartyKind.SUPPLIER, name=name, short_name=name, excluded=more.pop("excluded", False)
    )
    return Standing(
        Appointment(id=rank, lot_id=1, supplier_id=rank, rank=rank, created_at=BEGAN), supplier, **more
    )


standings = st.lists(
    st.tuples(
        st.booleans(),
        st.none() | st.integers(0, 400),
        st.sampled_from([None, OfferStatus.DECLINED, OfferStatus.LAPSED]),
    ),
    min_size=1,
    max_size=6,
).map(
    lambda rows: [
        _standing(
            rank,
            excluded=excluded,
            last_offered_at=None if days is None else BEGAN + timedelta(days=days),
            answered_no=answered_no,
        )
        for rank, (excluded, days, answered_no) in enumerate(rows, start=1)
    ]
)


@settings(deadline=None)
@given(standings, st.sampled_from(Mechanism), st.randoms())
def test_the_one_named_may_be_asked_and_nobody_stands_before_it(partners, mechanism, chance):
    open_to = [one for one in partners if one.may_be_asked]
    chance.shuffle(partners)
    if not open_to:
        with pytest.raises(Refused):
            name_partner(_lot(mechanism), partners, Regime.PCR2015)
        return
    named = name_partner(_lot(mechanism), partners, Regime.PCR2015).appointment
    mine = next(one for one in open_to if one.appointment is named)
    for other in open_to:
        if mechanism is Mechanism.RANKED or other.last_offered_at == mine.last_offered_at:
            assert mine.appointment.rank <= other.appointment.rank
        elif other.last_offered_at is None:
            pytest.fail("somebody who was never asked was passed over")
        else:
            assert mine.last_offered_at is None or mine.last_offered_at < other.last_offered_at


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(1, 40))
def test_in_turns_no_partner_gets_two_turns_more_than_another(partners, rounds):
    last: dict[int, datetime] = {}
    turns = dict.fromkeys(range(1, partners + 1), 0)
    for step in range(rounds):
        now = [_standing(rank, last_offered_at=last.get(rank)) for rank in turns]
        rank = name_partner(_lot(Mechanism.ROTATION), now, Regime.PCR2015).appointment.rank
        turns[rank] += 1
        last[rank] = BEGAN + timedelta(days=step)
        assert max(turns.values()) - min(turns.values()) <= 1


@settings(deadline=None)
@given(standings)
def test_everyone_passed_over_is_named_in_the_route(partners):
    try:
        route = name_partner(_lot(Mechanism.RANKED), partners, Regime.PA2023).route
    except Refused:
        return
    for one in partners:
        assert (f"{one.supplier.name} was passed over" in route) is not one.may_be_asked
    assert "RULE" not in route
