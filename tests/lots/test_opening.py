"""Lots of a draft: what each must say, and what the agreement's ceiling allows."""

from dataclasses import replace
from datetime import date

import pytest

from framework.definitions.money import Money
from framework.definitions.regime import Regime
from framework.definitions.rules import NotFound, Refused
from lots import finding
from lots.completing import complete
from lots.lot import AwardMethod, DirectAwardBasis, Mechanism
from lots.opening import ONLY_SUPPLIER, LotFacts, add_lot, change_lot, facts_of, remove_lot
from tests.lots.drafts import a_draft, a_past_agreement

ONE = LotFacts(
    number=1,
    title="Web technologies",
    award_method=AwardMethod.DIRECT,
    direct_award_basis=DirectAwardBasis.SINGLE_SUPPLIER,
    ceiling=Money.pounds(600_000),
    long_stop_on=date(2028, 1, 31),
)
SEVEN = LotFacts(
    number=7,
    title="General",
    award_method=AwardMethod.EITHER,
    direct_award_basis=DirectAwardBasis.OBJECTIVE_MECHANISM,
    mechanism=Mechanism.RANKED,
    mechanism_text="The highest-ranked partner is asked first",
    max_partners=3,
    ceiling=Money.pounds(400_000),
    long_stop_on=date(2028, 1, 31),
)


def _fields(refused):
    return {one.field for one in refused.value.refusals}


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


def test_lots_may_fill_the_agreements_ceiling_to_the_last_penny(session, cast, olu):
    draft = a_draft(session, cast)
    add_lot(session, actor=olu, agreement=draft, facts=ONE)
    lot = add_lot(session, actor=olu, agreement=draft, facts=SEVEN)
    assert lot.reference == "NEW-7"
    assert finding.total(draft, finding.lots_of(session, draft)).left_to_share == Money.zero()


def test_a_penny_over_the_agreements_ceiling_is_refused_with_what_is_left(session, cast, olu):
    draft = a_draft(session, cast)
    add_lot(session, actor=olu, agreement=draft, facts=ONE)
    with pytest.raises(Refused) as refused:
        add_lot(session, actor=olu, agreement=draft, facts=replace(SEVEN, ceiling=Money(400_000_01)))
    (one,) = refused.value.refusals
    assert one.field == "ceiling"
    assert one.left == Money.pounds(400_000)
    assert "£400,000.00" in one.sentence


def test_lots_that_share_one_pool_may_add_up_to_more(session, cast, olu):
    draft = a_draft(session, cast, is_shared_pool=True)
    add_lot(session, actor=olu, agreement=draft, facts=ONE)
    add_lot(session, actor=olu, agreement=draft, facts=replace(SEVEN, ceiling=Money.pounds(900_000)))
    assert finding.total(draft, finding.lots_of(session, draft)).ceilings == Money.pounds(1_500_000)


def test_every_fault_of_a_lot_is_told_at_once(session, cast, olu):
    draft = a_draft(session, cast)
    bad = replace(ONE, number=0, title=" ", ceiling=None, long_stop_on=date(2027, 11, 29), max_partners=2)
    with pytest.raises(Refused) as refused:
        add_lot(session, actor=olu, agreement=draft, facts=bad)
    assert _fields(refused) == {"number", "title", "ceiling", "long_stop_on", "direct_award_basis"}


def test_the_long_stop_counts_options_and_may_be_that_very_day(session, cast, olu):
    draft = a_draft(session, cast)  # to 30 November 2026, option of 12 months
    with pytest.raises(Refused) as refused:
        add_lot(session, actor=olu, agreement=draft, facts=replace(ONE, long_stop_on=date(2027, 11, 29)))
    assert "30 November 2027" in str(refused.value)
    add_lot(session, actor=olu, agreement=draft, facts=replace(ONE, long_stop_on=date(2027, 11, 30)))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"direct_award_basis": DirectAwardBasis.NONE}, "direct_award_basis"),
        ({"award_method": AwardMethod.COMPETITION, "max_partners": 3}, "direct_award_basis"),
        (
            {"award_method": AwardMethod.COMPETITION, "direct_award_basis": DirectAwardBasis.NONE},
            "max_partners",
        ),
        (
            {"direct_award_basis": DirectAwardBasis.OBJECTIVE_MECHANISM, "mechanism_text": "As stated"},
            "mechanism",
        ),
        (
            {"direct_award_basis": DirectAwardBasis.OBJECTIVE_MECHANISM, "mechanism": Mechanism.ROTATION},
            "mechanism_text",
        ),
        ({"employers_liability": Money(4_999_999_99)}, "employers_liability"),
        ({"min_partners": 2}, "max_partners"),
    ],
)
def test_method_basis_and_cover_must_agree(session, cast, olu, change, field):
    draft = a_draft(session, cast)
    with pytest.raises(Refused) as refused:
        add_lot(session, actor=olu, agreement=draft, facts=replace(ONE, **change))
    assert _fields(refused) == {field}


def test_under_the_2023_act_a_single_supplier_lot_states_its_mechanism(session, cast, olu):
    draft = a_draft(session, cast, regime=Regime.PA2023)
    assert add_lot(session, actor=olu, agreement=draft, facts=ONE).mechanism_text == ONLY_SUPPLIER


def test_a_number_is_used_once(session, cast, olu):
    draft = a_draft(session, cast)
    add_lot(session, actor=olu, agreement=draft, facts=ONE)
    with pytest.raises(Refused) as refused:
        add_lot(session, actor=olu, agreement=draft, facts=replace(SEVEN, number=1))
    assert _fields(refused) == {"number"}


def test_a_lot_changes_while_the_agreement_is_a_draft_and_can_be_taken_out(session, cast, olu):
    draft = a_draft(session, cast)
    lot = add_lot(session, actor=olu, agreement=draft, facts=ONE)
    wanted = replace(ONE, number=2, ceiling=Money.pounds(1_000_000), professional_indemnity=Money.pounds(1))
    change_lot(session, actor=olu, lot=lot, facts=wanted)
    assert facts_of(lot) == wanted
    assert lot.reference == "NEW-2"
    remove_lot(session, actor=olu, lot=lot)
    assert finding.lots_of(session, draft) == []


def test_lots_of_a_confirmed_agreement_are_fixed(session, cast, olu):
    from framework.finding import agreement

    live = agreement(session, olu, "DP21")
    with pytest.raises(Refused):
        add_lot(session, actor=olu, agreement=live, facts=replace(ONE, number=8))
    lot = finding.lot(session, olu, "DP21-1")
    with pytest.raises(Refused):
        change_lot(session, actor=olu, lot=lot, facts=facts_of(lot))


@pytest.mark.parametrize("name", ["Asha", "Cara", "Bram", "Audra", "Faye", "Opal", "Stranger"])
def test_only_a_framework_owner_of_the_lead_authority_adds_lots(session, cast, name):
    draft = a_draft(session, cast)
    with pytest.raises(NotFound):
        add_lot(session, actor=cast.visitor(session, name), agreement=draft, facts=ONE)


def test_a_past_agreement_may_leave_ceilings_and_long_stops_unknown(session, cast, olu):
    past = a_past_agreement(session, cast)
    lot = add_lot(session, actor=olu, agreement=past, facts=replace(ONE, ceiling=None, long_stop_on=None))
    assert lot.ceiling is None
    assert lot.headroom == Money.zero()
    total = finding.total(past, finding.lots_of(session, past))
    assert (total.ceilings, total.unknown) == (Money.zero(), 1)


def test_an_agreement_is_complete_only_with_lots_partners_and_rate_cards(session, cast, olu):
    draft = a_draft(session, cast)
    assert [one.sentence for one in complete(session, draft)] == ["Add at least one lot"]
    add_lot(session, actor=olu, agreement=draft, facts=ONE)
    assert [one.sentence for one in complete(session, draft)] == ["Lot 1 has no partner and needs at least 1"]


def test_ceilings_that_no_longer_fit_are_told_before_confirming(session, cast, olu):
    draft = a_draft(session, cast)
    add_lot(session, actor=olu, agreement=draft, facts=replace(ONE, min_partners=0))
    assert complete(session, draft) == []
    draft.ceiling_pence = Money.pounds(500_000).pence
    (one,) = complete(session, draft)
    assert "£600,000.00" in one.sentence
    assert "£500,000.00" in one.sentence
