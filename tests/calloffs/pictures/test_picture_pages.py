"""Pictures and the figures beneath them: SMEs against the target, who paid what to the penny, and where it waits."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from calloffs.pictures.sme_share import ALL, Sizes, shares
from calloffs.pictures.sme_target import SmeTarget, set_target
from calloffs.pictures.where_it_waits import items, stages
from calloffs.pictures.who_paid import OTHERS, total_of, who_paid
from calloffs.sharing.call_off_sharing import CallOffShare, CallOffSharing
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.ledger import Amount
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import CLOCK
from lots.lot import Lot
from tests.calloffs.making import raised
from tests.calloffs.spend.building import live_call_off


def _bill(session, call_off, pence):
    ledger.hold(session, call_off.agreement_id)
    amount = Amount(Money(pence), Money(pence))
    ledger.post(
        session, call_off, {EntryKind.INVOICE: amount, EntryKind.PAYMENT: amount}, actor=CLOCK, reason="paid"
    )


@pytest.fixture
def bought(session, cast):
    """£60,000 with an SME and £30,000 with a partner of unknown size for Northbank, £10,000 with a large one for Southmere."""
    large, unknown = (session.get_one(Party, cast.party[name]) for name in ("Birch Systems", "Cedar Design"))
    large.staff, unknown.staff = 900, None
    with dates.at(datetime(2022, 3, 31, 9, tzinfo=UTC)):
        live_call_off(session, cast, lot=1, value="5,000")
    found = [
        live_call_off(session, cast, lot=4, value="60,000"),
        live_call_off(session, cast, lot=3, value="30,000"),
        live_call_off(session, cast, lot=2, value="10,000", authority="Southmere"),
    ]
    for call_off, pence in zip(found, (10_000_01, 20_000_02, 5_000_03), strict=True):
        _bill(session, call_off, pence)
    session.commit()
    return [one.id for one in found]


def test_a_partner_of_unknown_size_is_told_apart_and_years_part_on_1_april(session, cast, bought):
    rows = shares(session, cast.visitor(session, "Olu"), session.get_one(FrameworkAgreement, cast.agreement))
    by = {(one.authority, one.year): one for one in rows}
    assert [(one.authority, one.year) for one in rows] == [
        (ALL, "2022/23"),
        (ALL, "2021/22"),
        ("Northbank", "2022/23"),
        ("Northbank", "2021/22"),
        ("Southmere", "2022/23"),
    ]
    now = by[ALL, "2022/23"]
    assert now.value == Sizes(6_000_000, 1_000_000, 3_000_000)
    assert now.number == Sizes(1, 1, 1)
    assert (now.value.share_bp, now.number.share_bp) == (6000, 3333)
    assert (Sizes(80977895, 15683000).share_bp, Sizes(80977895, 15683000).shown_bp) == (8377, 8380)
    assert by["Southmere", "2022/23"].value.share_bp == 0
    assert Sizes(5, -1, 0).share_bp is None
    assert Sizes().share_bp is None
    # A member that does not lead is told of itself and of all together.
    seen = shares(session, cast.visitor(session, "Fern"), session.get_one(FrameworkAgreement, cast.agreement))
    assert {one.authority for one in seen} == {ALL, "Southmere"}


def test_the_framework_owner_sets_the_target_and_nobody_else(session, cast, visit, bought):
    olu = visit("Olu")
    wrong = olu.send("/pictures/DP21/sme/target", {"share": "lots"}, status=422)
    assert 'value="lots"' in wrong.html
    assert olu.send("/pictures/DP21/sme/target", {"share": "0"}, status=422).errors
    page = olu.follow(olu.send("/pictures/DP21/sme/target", {"share": "55.5"}))
    assert (
        "In 2022/23, 60% by value and 33.3% by number went to SMEs, above the target of 55.5% by value"
        in page.text
    )
    assert page.html.count('class="app-chart__target"') == 1 + 2 * 5
    # 55.5% of 640, and the bar begins at 1; SMEs have 60% of it.
    assert 'x1="356"' in page.html
    assert re.search(r'<rect class="app-bar__part" x="1" y="40" width="384"', page.html)
    assert re.search(r'<rect class="app-bar__part" x="385" y="40" width="64"', page.html)
    assert 'width="192" height="26" fill="url(#sme-reserved)"' in page.html
    assert "In 2022/23, 60% by value" in visit("Fern").get("/agreements/DP21").text
    assert "60% by value, 33.3% by number" in olu.get("/").text
    for name in ("Finn", "Fern"):
        visit(name).get("/pictures/DP21/sme/target", 404)
    with pytest.raises(NotFound):
        set_target(
            session,
            actor=cast.visitor(session, "Finn"),
            agreement=session.get_one(FrameworkAgreement, cast.agreement),
            share=1,
        )
    assert [one.target_bp for one in session.exec(select(SmeTarget))] == [5550]


def test_who_paid_what_adds_up_to_the_balances_to_the_penny_also_where_call_offs_are_shared(
    session, cast, bought, visit, both_databases
):
    agreement = session.get_one(FrameworkAgreement, cast.agreement)
    sharing = CallOffSharing(
        call_off_id=bought[0],
        number=1,
        from_on=datetime(2022, 1, 1).date(),
        reason="Both use it",
        proposed_at=dates.now(),
        proposed_by_id=cast.person["Asha"],
        agreed_at=dates.now(),
    )
    session.add(sharing)
    session.flush()
    for place, (name, bp) in enumerate((("Northbank", 6667), ("Southmere", 3333)), start=1):
        session.add(
            CallOffShare(sharing_id=sharing.id, place=place, authority_id=cast.party[name], share_bp=bp)
        )
    session.commit()
    olu = cast.visitor(session, "Olu")
    lot = session.get_one(Lot, cast.lot[4])
    rows = {one.authority: one for one in who_paid(session, olu, agreement, lot)}
    # 33.33% of £10,000.01, rounded down, is Southmere's.
    assert rows["Southmere"].paid == Money(333_300)
    assert rows["Northbank"].paid == Money(1_000_001 - 333_300)
    for scope, chosen in ((lot, lot), (agreement, None)):
        for name in ("Olu", "Fern"):
            total = total_of(who_paid(session, cast.visitor(session, name), agreement, chosen))
            stands = (scope.committed_pence, scope.invoiced_pence, scope.paid_pence)
            assert (total.committed.pence, total.invoiced.pence, total.paid.pence) == stands
    named = {one.authority for one in who_paid(session, cast.visitor(session, "Fern"), agreement)}
    assert named == {"Southmere", OTHERS}
    session.rollback()
    finn = visit("Finn")
    page = finn.get("/pictures/DP21/who-paid?lot=DP21-4")
    assert "Lot 4: Northbank paid £6,667.01 of £10,000.01" in page.text
    assert ">£3,333.00 paid (33.3%)</text>" in page.html
    finn.get("/pictures/DP21/who-paid?lot=DP21-9", 404)
    said = finn.get("/spend/tables/who-paid.csv?agreement=DP21").response.text.lstrip("\ufeff")
    paid = sum(Money.pounds(one["paid"]).pence for one in csv.DictReader(io.StringIO(said)))
    assert paid == 10_000_01 + 20_000_02 + 5_000_03


def test_what_waits_is_told_by_stage_with_its_days_and_names_the_longest_first(session, cast, visit):
    with dates.at(datetime(2022, 11, 2, 9, tzinfo=UTC)):
        raised(session, cast, lot=4)
    with dates.at(datetime(2022, 11, 12, 9, tzinfo=UTC)):
        reference = raised(session, cast, lot=4).reference
    without = live_call_off(session, cast, lot=2, order="").reference
    session.commit()
    found = items(session, cast.visitor(session, "Finn"))
    assert [(one.stage, one.days, one.who) for one in found] == [
        ("Purchase order", 89, "Finn"),
        ("Approval", 20, "Bram or Brook"),
        ("Approval", 10, "Bram or Brook"),
    ]
    assert [(one.name, one.longest, one.middle, one.count) for one in stages(found)] == [
        ("Purchase order", 89, 89, 1),
        ("Approval", 20, 10, 2),
    ]
    session.rollback()
    page = visit("Finn").get("/pictures/waiting")
    assert "The longest wait is for purchase order: 89 days, with Finn" in page.text
    assert reference in page.text
    assert without in page.text
    widths = re.findall(r'<rect class="app-bar__part" x="1" y="\d+" width="(\d+)"', page.html)
    assert widths == ["640", "144"]
    assert "Nothing waits for anybody" in visit("Cara").get("/pictures/waiting").text
