"""The ledger: every posting moves every balance, nothing passes a limit, pieces add up to the whole."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from calloffs.call_off import CallOff
from calloffs.raising import withdraw_request
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.spend.ledger import Amount
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.rules import ChangedMeanwhile, NotFound
from lots.lot import Lot
from tests.calloffs.balances import balances_equal_entries
from tests.calloffs.making import an_approved_case, drafted, pounds, raised


def net(pence: int) -> Amount:
    return Amount(Money(pence), Money(pence))


def post(session, cast, call_off, appointment=None, **pence):
    movements = {EntryKind(name): net(amount) for name, amount in pence.items()}
    ledger.post(
        session,
        call_off,
        movements,
        actor=cast.visitor(session, "Asha"),
        reason="test",
        appointment_id=appointment,
    )


def left(session, model, row_id):
    return session.get_one(model, row_id, populate_existing=True).headroom


@pytest.mark.usefixtures("both_databases")
def test_a_posting_moves_every_scope_it_belongs_to(session, cast):
    call_off = raised(session, cast, value=20_000)
    cedar = cast.appointment[3, "Cedar Design"]
    post(session, cast, call_off, cedar, reservation=-2_000_000, commitment=1_800_000)
    post(session, cast, call_off, cedar, invoice=500_000)
    post(session, cast, call_off, cedar, payment=500_000)
    post(session, cast, call_off, cedar, invoice=-100_000)
    assert (call_off.reserved_pence, call_off.committed_pence, call_off.invoiced_pence, call_off.paid_pence) == (
        0, 1_800_000, 400_000, 500_000,
    )  # fmt: skip
    balances_equal_entries(session)
    assert left(session, Lot, cast.lot[3]) == pounds(982_000)
    assert left(session, FrameworkAgreement, cast.agreement) == pounds(9_982_000)


def test_nothing_is_posted_for_nothing(session, cast):
    call_off = drafted(session, cast)
    post(session, cast, call_off, reservation=0)
    assert session.exec(select(LedgerEntry)).all() == []


@pytest.mark.usefixtures("both_databases")
def test_entries_are_never_edited_or_deleted(session, cast):
    raised(session, cast)
    table = sa.table("ledger_entry", sa.column("amount_pence"))
    for statement in (table.update().values(amount_pence=1), table.delete()):
        nested = session.begin_nested()
        with pytest.raises(sa.exc.DBAPIError):
            session.execute(statement)
        nested.rollback()


@pytest.mark.usefixtures("both_databases")
@pytest.mark.parametrize("scope", ["lot", "agreement", "allocation", "case"])
def test_a_posting_that_passes_a_limit_is_refused_even_when_no_rule_asked(session, cast, scope):
    case = an_approved_case(session, cast, amount=2_000_000)
    call_off = drafted(session, cast, value=1, case=case)
    if scope == "lot":
        session.get_one(Lot, cast.lot[3]).ceiling_pence = 100
    elif scope == "agreement":
        session.get_one(FrameworkAgreement, cast.agreement).ceiling_pence = 100
    elif scope == "allocation":
        session.exec(
            select(MemberAuthority).where(MemberAuthority.authority_id == cast.party["Northbank"])
        ).one().allocation_pence = 100
    else:
        case.approved_net_pence = 100
    session.flush()
    nested = session.begin_nested()
    with pytest.raises(ChangedMeanwhile):
        post(session, cast, call_off, reservation=101)
    nested.rollback()
    balances_equal_entries(session)
    post(session, cast, call_off, reservation=100)
    balances_equal_entries(session)


@pytest.mark.usefixtures("both_databases")
def test_the_last_wall_is_in_the_database_itself(session, cast):
    lot = sa.table("lot", sa.column("id"), sa.column("reserved_pence"))
    for pence in (100_000_001, -1):
        nested = session.begin_nested()
        with pytest.raises(IntegrityError):
            session.execute(lot.update().where(lot.c.id == cast.lot[3]).values(reserved_pence=pence))
        nested.rollback()


def test_a_balance_never_falls_below_nothing(session, cast):
    call_off = raised(session, cast, value=1)
    nested = session.begin_nested()
    with pytest.raises(IntegrityError):
        post(session, cast, call_off, reservation=-101)
    nested.rollback()
    balances_equal_entries(session)


def test_freeing_twice_frees_once(session, cast):
    call_off = raised(session, cast)
    asha = cast.visitor(session, "Asha")
    assert ledger.free_reservation(session, call_off, actor=asha, reason="test") == pounds(20_000)
    assert ledger.free_reservation(session, call_off, actor=asha, reason="test") == pounds(0)
    balances_equal_entries(session)


def test_a_call_off_s_own_money_is_set_aside_when_it_is_measured_again(session, cast):
    """RULE-32: an award may take all that is left and what it already reserves."""
    call_off = raised(session, cast, value=400_000)
    approved_too = drafted(session, cast, value=500_000)
    post(session, cast, approved_too, reservation=50_000_000)
    agreement = ledger.hold(session, cast.agreement)

    def fits(value):
        return ledger.headroom_for(session, agreement, call_off, Amount.of(pounds(value), agreement, 2000))

    assert fits("500,000") is None
    refusal = fits("500,000.01")
    assert refusal is not None
    assert refusal.left == pounds(500_000)
    assert (
        "Lot 3 has £100,000.00 (net of VAT) left under its ceiling, and this call-off already holds £400,000.00"
        in refusal.sentence
    )


def test_the_ceilings_of_t35_and_t36(session, cast):
    lot = session.get_one(Lot, cast.lot[3])
    lot.ceiling_pence = pounds(20_000_000).pence
    session.exec(
        select(MemberAuthority).where(MemberAuthority.authority_id == cast.party["Northbank"])
    ).one().allocation_pence = None
    session.flush()
    case = an_approved_case(session, cast, amount=20_000_000)
    first = drafted(session, cast, value=9_960_000, case=case)
    post(session, cast, first, commitment=pounds(9_960_000).pence)
    raised(session, cast, value=40_000, case=case)
    assert left(session, FrameworkAgreement, cast.agreement) == pounds(0)
    nested = session.begin_nested()
    with pytest.raises(ChangedMeanwhile):
        post(session, cast, drafted(session, cast, value=1, case=case), reservation=1)
    nested.rollback()


def test_an_unknown_agreement_cannot_be_held(session, cast):
    with pytest.raises(NotFound):
        ledger.hold(session, 999_999)


def test_a_run_out_approval_gives_its_money_to_whoever_asks_next(session, cast):
    case = an_approved_case(session, cast)
    first = raised(session, cast, value=1_000_000, case=case)
    first.approved_at, first.approval_valid_until = dates.now(), dates.today()
    session.flush()
    with dates.on(dates.today() + timedelta(days=1)):
        assert raised(session, cast, value=1_000_000, case=case).reserved_pence == 100_000_000
    balances_equal_entries(session)


@pytest.mark.usefixtures("both_databases")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ceiling=st.integers(1, 5_000),
    pieces=st.lists(st.integers(1, 3_000), min_size=1, max_size=5),
    basis=st.sampled_from(Basis),
)
def test_pieces_and_the_whole_get_the_same_answer(session, cast, ceiling, pieces, basis):
    """Check 37: the pieces all fit exactly when their sum does, and each refusal tells the true remainder."""
    nested = session.begin_nested()
    agreement = session.get_one(FrameworkAgreement, cast.agreement)
    agreement.basis = basis
    session.get_one(Lot, cast.lot[3]).ceiling_pence = ceiling
    session.flush()
    call_offs = []
    for number in range(len(pieces) + 1):
        call_off = CallOff(
            reference=f"P-{number}",
            agreement_id=cast.agreement,
            lot_id=cast.lot[3],
            authority_id=cast.party["Northbank"],
            owner_id=cast.person["Asha"],
            title="A piece",
            created_at=dates.now(),
        )
        session.add(call_off)
        call_offs.append(call_off)
    session.flush()
    asha = cast.visitor(session, "Asha")
    amounts = [Amount.of(Money(one), agreement, 2000) for one in pieces]
    whole = Amount(
        sum((one.on_basis for one in amounts), Money(0)), sum((one.net for one in amounts), Money(0))
    )
    at_once = ledger.headroom_for(session, agreement, call_offs[-1], whole)
    taken, refusals = 0, []
    for call_off, amount in zip(call_offs, amounts, strict=False):
        refusal = ledger.headroom_for(session, agreement, call_off, amount)
        if refusal is None:
            ledger.post(session, call_off, {EntryKind.RESERVATION: amount}, actor=asha, reason="test")
            taken += amount.on_basis.pence
        else:
            assert refusal.left == Money(ceiling - taken)
            assert amount.on_basis.pence > ceiling - taken
            refusals.append(refusal)
    assert (at_once is None) == (not refusals)
    assert session.get_one(Lot, cast.lot[3], populate_existing=True).reserved_pence == taken <= ceiling
    balances_equal_entries(session)
    nested.rollback()


def test_taking_a_request_back_leaves_no_penny_behind_on_a_gross_agreement(session, cast):
    session.get_one(FrameworkAgreement, cast.agreement).basis = Basis.GROSS
    session.flush()
    call_off = raised(session, cast, value="333.33")
    assert call_off.reserved_pence == 40_000
    withdraw_request(session, actor=cast.visitor(session, "Asha"), call_off=call_off, reason="More")
    assert left(session, Lot, cast.lot[3]) == pounds(1_000_000)
    balances_equal_entries(session)
