"""Variations: one at a time, on a ground the law knows, within every limit, and in force only when both sides have agreed."""

from datetime import date

import pytest
from sqlmodel import Session

from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff
from calloffs.grounds import grounds_for, label_of
from calloffs.spend.invoicing import record_invoice
from calloffs.varying import (
    Change,
    agree_variation,
    approve_variation,
    open_variation,
    propose_variation,
    refuse_variation,
)
from framework.definitions.money import Money
from framework.definitions.regime import Regime
from framework.definitions.rules import NotFound, Refused
from framework.records.database import begin_writing
from lots.lot import Lot
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast

END = date(2023, 3, 31)


def _change(value: str, ends_on: date = END, ground: str = "not_substantial") -> Change:
    return Change(Money.pounds(value), ends_on, "More to do", ground)


def _propose(session: Session, cast: Cast, call_off: CallOff, change: Change):
    return propose_variation(session, actor=cast.visitor(session, "Asha"), call_off=call_off, change=change)


def test_a_variation_takes_effect_when_the_partner_agrees_and_keeps_what_was_invoiced(
    both_databases: str, session: Session, cast: Cast
) -> None:
    call_off = live_call_off(session, cast, value="60,000", case="100,000")
    record_invoice(session, actor=cast.visitor(session, "Finn"), call_off=call_off, facts=bill(net="25,000"))
    variation = _propose(session, cast, call_off, _change("85,000.50", date(2023, 5, 31)))
    with pytest.raises(Refused, match=r"has not approved"):
        agree_variation(session, actor=cast.visitor(session, "Faye"), variation=variation)
    approve_variation(session, actor=cast.visitor(session, "Bram"), variation=variation)
    assert call_off.committed_pence == 6_000_000
    agree_variation(session, actor=cast.visitor(session, "Faye"), variation=variation)
    assert call_off.committed_pence == call_off.value_net_pence == 8_500_050
    assert call_off.invoiced_pence == 2_500_000
    assert call_off.ends_on == date(2023, 5, 31)
    case = session.get(BusinessCase, call_off.case_id)
    assert case is not None
    session.refresh(case)
    assert case.used_net_pence == 8_500_050
    assert variation.old_value_net_pence == 6_000_000
    assert open_variation(session, call_off) is None


def test_the_proposer_another_council_and_a_rival_cannot_decide(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast)
    variation = _propose(session, cast, call_off, _change("61,000"))
    variation.proposed_by_id = cast.person["Bram"]
    session.flush()
    with pytest.raises(Refused, match=r"somebody else"):
        approve_variation(session, actor=cast.visitor(session, "Bram"), variation=variation)
    for name in ("Dev", "Asha", "Faye"):
        with pytest.raises(NotFound):
            approve_variation(session, actor=cast.visitor(session, name), variation=variation)
    variation.proposed_by_id = cast.person["Asha"]
    session.flush()
    approve_variation(session, actor=cast.visitor(session, "Bram"), variation=variation)
    for name in ("Qi", "Bram", "Asha"):
        with pytest.raises(NotFound):
            agree_variation(session, actor=cast.visitor(session, name), variation=variation)


def test_the_limit_is_held_against_the_new_total(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast, value="49,000")
    variation = _propose(session, cast, call_off, _change("50,000.01"))
    with pytest.raises(Refused, match=r"new total is £50,000.01 .* limit is £50,000.00"):
        approve_variation(session, actor=cast.visitor(session, "Brook"), variation=variation)


def test_only_one_variation_is_open_at_a_time(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast)
    first = _propose(session, cast, call_off, _change("61,000"))
    with pytest.raises(Refused, match=r"Another variation is open"):
        _propose(session, cast, call_off, _change("62,000"))
    refuse_variation(session, actor=cast.visitor(session, "Bram"), variation=first, reason="Not now")
    assert _propose(session, cast, call_off, _change("62,000")).number == 2


def test_a_change_fits_every_limit_or_is_refused_with_what_is_left(session: Session, cast: Cast) -> None:
    live_call_off(session, cast, value="900,000")
    call_off = live_call_off(session, cast, value="60,000", case="65,000")
    record_invoice(session, actor=cast.visitor(session, "Finn"), call_off=call_off, facts=bill(net="25,000"))
    with pytest.raises(
        Refused, match=r"Lot 4 has £40,000.00 .* 31 May 2024 at the latest.* has £5,000.00 net of VAT left"
    ) as refused:
        _propose(session, cast, call_off, _change("100,000.01", date(2024, 6, 1)))
    assert [one.field for one in refused.value.refusals] == ["value", "ends_on", "value"]
    with pytest.raises(Refused, match=r"£25,000.00 .* has been invoiced already"):
        _propose(session, cast, call_off, _change("24,999.99"))


def test_headroom_is_asked_again_when_the_partner_agrees(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast, value="600,000")
    variation = _propose(session, cast, call_off, _change("800,000"))
    variation.approved_at = variation.proposed_at
    session.flush()
    live_call_off(session, cast, value="300,000")
    with pytest.raises(Refused, match=r"Lot 4 has £100,000.00"):
        agree_variation(session, actor=cast.visitor(session, "Faye"), variation=variation)
    lot = session.get(Lot, cast.lot[4])
    assert lot is not None
    session.refresh(lot)
    assert lot.committed_pence == 90_000_000


@pytest.mark.parametrize(
    ("regime", "ground", "old", "new", "holds"),
    [
        (Regime.PA2023, "small_value", "400,000", "440,000.00", True),  # T-41
        (Regime.PA2023, "small_value", "400,000", "440,000.01", False),  # T-42
        (Regime.PCR2015, "small_value", "400,000", "440,000.00", False),  # T-43
        (Regime.PCR2015, "small_value", "400,000", "439,999.99", True),  # T-43
        (Regime.PA2023, "unforeseeable", "400,000", "600,000.00", True),  # T-46
        (Regime.PA2023, "unforeseeable", "400,000", "600,000.01", False),  # T-46
    ],
)
def test_each_law_draws_its_own_line(regime: Regime, ground: str, old: str, new: str, holds: bool) -> None:
    chosen = next(one for one in grounds_for(regime) if one.key == ground)
    before = Money.pounds(old)
    assert (chosen.test(before, before, Money.pounds(new)) is None) is holds


def test_two_changes_of_six_per_cent_are_twelve_under_the_regulations(session: Session, cast: Cast) -> None:
    """T-44."""
    call_off = live_call_off(session, cast, value="100,000")
    first = _propose(session, cast, call_off, _change("106,000", ground="small_value"))
    approve_variation(session, actor=cast.visitor(session, "Bram"), variation=first)
    agree_variation(session, actor=cast.visitor(session, "Faye"), variation=first)
    with pytest.raises(Refused, match=r"all changes together must stay below 10%"):
        _propose(session, cast, call_off, _change("112,000", ground="small_value"))
    with pytest.raises(Refused, match=r"Choose the ground"):
        _propose(session, cast, call_off, _change("112,000", ground="urgency"))


def test_home_shows_a_variation_to_whoever_has_to_answer_it(session: Session, cast: Cast, visit) -> None:
    call_off = live_call_off(session, cast, value="60,000", case="100,000")
    reference = call_off.reference
    variation = _propose(session, cast, call_off, _change("61,000"))
    session.commit()
    home = visit("Bram").get("/")
    assert "Variations to decide" in home.text
    assert f"/call-offs/{reference}/variation/decision" in home.links
    for name in ("Asha", "Faye", "Qi", "Dev", "Audra"):
        assert "Variations to decide" not in visit(name).get("/").text
    session.rollback()
    begin_writing(session)
    approve_variation(session, actor=cast.visitor(session, "Bram"), variation=variation)
    session.commit()
    session.close()
    assert f"/call-offs/{reference}/variation/agreement" in visit("Faye").get("/").links
    for name in ("Bram", "Qi"):
        assert "Variations to decide" not in visit(name).get("/").text


def test_a_ground_is_told_in_the_words_of_the_law_the_call_off_is_under() -> None:
    assert "section 74(4)" in label_of("small_value", Regime.PA2023)
    assert "reg 72" in label_of("small_value", Regime.PCR2015)
