"""Drafting: words are kept as typed and nothing is reserved; only under what is live today."""

from datetime import date

import pytest
from sqlmodel import select

from calloffs import finding
from calloffs.call_off import CallOffStatus, OffPayroll
from calloffs.copying import copy_call_off
from calloffs.drafting import OptionFacts, change_draft, draft_call_off, options_of, set_options
from calloffs.handing_over import hand_over
from calloffs.ordering import set_purchase_order
from calloffs.spend.entry import LedgerEntry
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Role
from framework.people.person import Post
from lots.lot import Lot
from tests.calloffs.making import approved, drafted, pounds, raised


def begin(session, cast, who="Asha", authority="Northbank", lot=3, title="A draft"):
    return draft_call_off(
        session,
        actor=cast.visitor(session, who),
        lot=session.get_one(Lot, cast.lot[lot]),
        authority_id=cast.party[authority],
        title=title,
    )


def test_drafts_are_numbered_within_their_lot_and_reserve_nothing(session, cast):
    assert [begin(session, cast).reference for _ in range(2)] == ["DP21-3-0001", "DP21-3-0002"]
    assert begin(session, cast, lot=4).reference == "DP21-4-0001"
    assert session.exec(select(LedgerEntry)).all() == []


def test_only_a_commissioning_manager_of_that_authority_drafts(session, cast):
    for name, authority in (
        ("Bram", "Northbank"),
        ("Olu", "Northbank"),
        ("Asha", "Southmere"),
        ("Faye", "Northbank"),
    ):
        with pytest.raises(NotFound):
            begin(session, cast, name, authority)


def test_an_authority_outside_the_agreement_cannot_draft(session, cast):
    """RULE-03, T-81."""
    with pytest.raises(Refused, match="Elsewhere is not a member of Digital Partners today"):
        begin(session, cast, "Zed", "Elsewhere")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"suspended_at": True}, "is suspended"),
        ({"ends_on": date(2022, 11, 21)}, "ended on 21 November 2022"),
        ({"starts_on": date(2022, 11, 23)}, "starts on 23 November 2022"),
        ({"confirmed_at": None}, "is not live"),
    ],
)
def test_only_a_live_agreement_is_offered_and_taken(session, cast, change, words):
    """Check 7."""
    agreement = session.get_one(FrameworkAgreement, cast.agreement)
    asha = cast.visitor(session, "Asha")
    assert len(finding.open_lots(session, asha)) == 7
    for name, value in change.items():
        setattr(agreement, name, dates.now() if value is True else value)
    session.flush()
    assert finding.open_lots(session, asha) == []
    with pytest.raises(Refused, match=words):
        begin(session, cast)


def test_a_lot_without_a_published_ceiling_never_means_unlimited(session, cast):
    """Check 38."""
    session.get_one(Lot, cast.lot[3]).ceiling_pence = None
    session.flush()
    with pytest.raises(Refused, match="has no ceiling"):
        begin(session, cast)


def test_an_incomplete_draft_is_kept(session, cast):
    call_off = begin(session, cast)
    asha = cast.visitor(session, "Asha")
    change_draft(
        session, actor=asha, call_off=call_off, facts={"background": "Half a", "starts_on": date(2020, 1, 1)}
    )
    assert (call_off.background, call_off.starts_on, call_off.ends_on) == ("Half a", date(2020, 1, 1), None)
    change_draft(
        session, actor=asha, call_off=call_off, facts={"starts_on": None, "off_payroll": OffPayroll.RESOURCE}
    )
    assert (call_off.background, call_off.starts_on) == ("Half a", None)


def test_the_value_is_worked_out_and_never_typed(session, cast):
    """RULE-25."""
    call_off = drafted(session, cast, value="1,000.01", expenses=pounds("0.50"))
    asha = cast.visitor(session, "Asha")
    options = [OptionFacts(6, 30, pounds("200.20")), OptionFacts(12, 60, pounds(0))]
    set_options(session, actor=asha, call_off=call_off, options=options)
    assert call_off.value == pounds("1,200.71")
    assert [one.number for one in options_of(session, call_off)] == [1, 2]
    set_options(session, actor=asha, call_off=call_off, options=options[:1])
    change_draft(session, actor=asha, call_off=call_off, facts={"expenses": None, "base": None})
    assert (call_off.value, call_off.base_net_pence) == (pounds("200.20"), None)


@pytest.mark.parametrize(
    "options", [[OptionFacts(0, 0, pounds(1))], [OptionFacts(61, 0, pounds(1))], [OptionFacts(1, -1, pounds(1))],
                [OptionFacts(1, 0, pounds(1))] * 11]
)  # fmt: skip
def test_options_that_make_no_sense_are_refused(session, cast, options):
    with pytest.raises(Refused):
        set_options(
            session, actor=cast.visitor(session, "Asha"), call_off=begin(session, cast), options=options
        )


def test_an_end_before_the_start_is_refused_even_in_a_draft(session, cast):
    call_off = drafted(session, cast)
    with pytest.raises(Refused, match="same as or after the first day"):
        change_draft(
            session,
            actor=cast.visitor(session, "Asha"),
            call_off=call_off,
            facts={"ends_on": date(2022, 11, 30)},
        )


def test_another_commissioning_manager_of_the_authority_may_work_on_it(session, cast):
    call_off = begin(session, cast)
    session.add(
        Post(person_id=cast.person["Brook"], party_id=cast.party["Northbank"], role=Role.COMMISSIONING_MANAGER,
             starts_on=date(2021, 1, 1))
    )  # fmt: skip
    session.flush()
    change_draft(session, actor=cast.visitor(session, "Brook"), call_off=call_off, facts={"title": "Shared"})
    assert call_off.changed_by_id == cast.person["Brook"]
    with pytest.raises(NotFound):
        change_draft(
            session, actor=cast.visitor(session, "Cara"), call_off=call_off, facts={"title": "Theirs"}
        )


def test_a_raised_request_cannot_be_changed_under_the_approver(session, cast):
    call_off = raised(session, cast)
    asha = cast.visitor(session, "Asha")
    with pytest.raises(Refused, match="is submitted, so it cannot be changed"):
        change_draft(session, actor=asha, call_off=call_off, facts={"base": pounds(1)})
    with pytest.raises(Refused, match="is submitted"):
        set_options(session, actor=asha, call_off=call_off, options=[])
    assert call_off.value == pounds(20_000)


def test_a_copy_takes_the_words_and_money_but_no_dates_case_or_declaration(session, cast):
    source = approved(session, cast, standards="WCAG", options=(OptionFacts(3, 30, pounds(500)),))
    copy = copy_call_off(
        session,
        actor=cast.visitor(session, "Asha"),
        source=source,
        lot=session.get_one(Lot, cast.lot[4]),
        authority_id=cast.party["Northbank"],
        title="Again",
    )
    assert (copy.reference, copy.title, copy.standards, copy.value) == (
        "DP21-4-0001",
        "Again",
        "WCAG",
        source.value,
    )
    assert (copy.starts_on, copy.ends_on, copy.case_id, copy.conflicts_declared) == (None, None, None, False)
    assert copy.status is CallOffStatus.DRAFT
    assert len(options_of(session, copy)) == 1


def test_another_authority_s_call_off_is_not_copied(session, cast):
    source = drafted(session, cast)
    with pytest.raises(NotFound):
        copy_call_off(
            session,
            actor=cast.visitor(session, "Cara"),
            source=source,
            lot=session.get_one(Lot, cast.lot[3]),
            authority_id=cast.party["Southmere"],
            title="Theirs",
        )


def test_handing_over_needs_somebody_who_may_have_it(session, cast):
    call_off = begin(session, cast)
    asha = cast.visitor(session, "Asha")
    for name in ("Asha", "Cara", "Bram"):
        with pytest.raises(Refused, match="another commissioning manager"):
            hand_over(session, actor=asha, call_off=call_off, to_person_id=cast.person[name])


def test_finance_or_the_commissioning_manager_sets_the_purchase_order(session, cast):
    call_off = approved(session, cast)
    set_purchase_order(session, actor=cast.visitor(session, "Finn"), call_off=call_off, number="PO-77")
    assert call_off.purchase_order == "PO-77"
    set_purchase_order(session, actor=cast.visitor(session, "Asha"), call_off=call_off, number="PO-78")
    for name in ("Bram", "Fern", "Faye"):
        with pytest.raises(NotFound):
            set_purchase_order(session, actor=cast.visitor(session, name), call_off=call_off, number="PO-1")
    for number in ("", "x" * 41, "a\nb"):
        with pytest.raises(Refused):
            set_purchase_order(session, actor=cast.visitor(session, "Finn"), call_off=call_off, number=number)


def test_an_authority_that_left_keeps_its_history_and_drafts_nothing_new(session, cast):
    call_off = begin(session, cast)
    member = session.exec(
        select(MemberAuthority).where(MemberAuthority.authority_id == cast.party["Northbank"])
    ).one()
    member.leaves_on = date(2022, 11, 22)
    session.flush()
    begin(session, cast)
    with dates.on(date(2022, 11, 23)):
        with pytest.raises(Refused, match="not a member"):
            begin(session, cast)
        assert finding.call_off(session, cast.visitor(session, "Asha"), call_off.reference) is call_off
