"""Appointing suppliers: how many, of what size, and until when a framework admits them."""

from dataclasses import replace
from datetime import date

import pytest

from framework import finding as agreements
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from framework.people.party import Party
from framework.people.registering import (
    SizeFacts,
    add_partner_user,
    record_size,
    register_supplier,
    size_in_words,
)
from lots import finding
from lots.appointing import appoint, change_contract_manager, take_off
from lots.appointment import AppointmentStatus
from lots.completing import complete
from lots.lot import SizeRule
from lots.opening import add_lot
from lots.rating import enter_rate_card
from tests.lots.drafts import a_draft, a_past_agreement
from tests.lots.test_opening import ONE, SEVEN


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


def _rules(refused):
    return {one.rule for one in refused.value.refusals}


def test_a_second_partner_on_a_single_partner_lot_is_refused_with_the_rule_named(session, cast, olu):
    lot = add_lot(session, actor=olu, agreement=a_draft(session, cast), facts=ONE)
    appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Quill Works"])
    with pytest.raises(Refused) as refused:
        appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Fennel Web"])
    assert str(refused.value) == "Lot 1’s partner rule is 1 partner at most, and Quill Works is on it"


def test_a_fourth_partner_on_lot_seven_is_refused(both_databases, session, cast, olu):
    lot = add_lot(session, actor=olu, agreement=a_draft(session, cast), facts=SEVEN)
    for name in ("Quill Works", "Fennel Web", "Tern Systems"):
        appoint(session, actor=olu, lot=lot, supplier_id=cast.party[name])
    with pytest.raises(Refused) as refused:
        appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Elm Apps"])
    assert "3 partners at most, and Quill Works, Fennel Web and Tern Systems are on it" in str(refused.value)
    ranks = [(place.rank, party.name) for place, party in finding.partners_of(session, [lot])[lot.id]]
    assert ranks == [(1, "Quill Works"), (2, "Fennel Web"), (3, "Tern Systems")]


def test_no_supplier_joins_a_closed_live_framework(session, cast, olu):
    lot = finding.lot(session, olu, "DP21-7")
    with pytest.raises(Refused) as refused:
        appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Elm Apps"])
    assert _rules(refused) == {"RULE-09", "LOT-PARTNERS"}


def test_an_excluded_supplier_is_refused(session, cast, olu):
    lot = add_lot(session, actor=olu, agreement=a_draft(session, cast), facts=ONE)
    session.get(Party, cast.party["Quill Works"]).excluded = True
    with pytest.raises(Refused) as refused:
        appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Quill Works"])
    assert _rules(refused) == {"RULE-08"}


@pytest.mark.parametrize(
    ("size", "is_sme"),
    [
        (SizeFacts(249, Money.pounds(44_000_000), None, date(2022, 3, 31)), True),
        (SizeFacts(249, Money(44_000_000_01), Money.pounds(38_000_000), date(2022, 3, 31)), True),
        (SizeFacts(249, Money(44_000_000_01), Money(38_000_000_01), date(2022, 3, 31)), False),
        (SizeFacts(250, Money.pounds(1), Money.pounds(1), date(2022, 3, 31)), False),
        (SizeFacts(), None),
        (SizeFacts(10, None, None, date(2022, 3, 31)), None),
        (SizeFacts(10, Money(44_000_000_01), None, date(2022, 3, 31)), None),
    ],
)
def test_a_lot_for_smes_takes_only_those_that_are_by_their_figures(session, cast, olu, size, is_sme):
    facts = replace(ONE, size_rule=SizeRule.SME_ONLY)
    lot = add_lot(session, actor=olu, agreement=a_draft(session, cast), facts=facts)
    supplier = register_supplier(session, actor=olu, name="Heron Labs", company_number="557725", size=size)
    assert supplier.is_sme is is_sme
    if is_sme:
        appoint(session, actor=olu, lot=lot, supplier_id=supplier.id)
    else:
        with pytest.raises(Refused) as refused:
            appoint(session, actor=olu, lot=lot, supplier_id=supplier.id)
        assert _rules(refused) == {"RULE-54"}
        assert ("under “Record its size” first" in str(refused.value)) is (is_sme is None)


def test_words_about_size_name_the_figure_that_is_missing(session, olu):
    day = date(2022, 3, 31)
    for name, number, size, lacks in (
        ("Heron Labs", "557725", SizeFacts(10, None, None, day), "turnover or its balance sheet total"),
        ("Teal Labs", "557726", SizeFacts(10, Money(44_000_000_01), None, day), "balance sheet total too"),
        ("Coot Labs", "557727", SizeFacts(10, None, Money(38_000_000_01), day), "yearly turnover too"),
    ):
        supplier = register_supplier(session, actor=olu, name=name, company_number=number, size=size)
        assert size_in_words(supplier).startswith("Not known: 10 staff")
        assert lacks in size_in_words(supplier)


def test_ranks_are_not_shared_and_first_days_stay_in_the_term(session, cast, olu):
    lot = add_lot(session, actor=olu, agreement=a_draft(session, cast), facts=SEVEN)
    first = appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Quill Works"])
    assert first.active_from == date(2022, 12, 1)
    assert first.status_on(date(2022, 11, 30)) is AppointmentStatus.ONBOARDING
    with pytest.raises(Refused) as refused:
        appoint(
            session,
            actor=olu,
            lot=lot,
            supplier_id=cast.party["Fennel Web"],
            rank=1,
            active_from=date(2026, 12, 1),
            contract_manager_email="nobody",
        )
    fields = {one.field for one in refused.value.refusals}
    assert fields == {"rank", "active_from", "contract_manager_email"}


def test_an_appointment_of_a_draft_can_be_undone_with_its_rate_card(both_databases, session, cast, olu):
    draft = a_draft(session, cast)
    lot = add_lot(session, actor=olu, agreement=draft, facts=ONE)
    place = appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Quill Works"])
    assert [one.sentence for one in complete(session, draft)] == ["Lot 1 has 1 partner without a rate card"]
    rates = [("Designer", 3, Money.pounds(600))]
    enter_rate_card(session, actor=olu, appointment=place, from_on=date(2022, 12, 1), rates=rates)
    assert complete(session, draft) == []
    take_off(session, actor=olu, appointment=place)
    assert complete(session, draft)[0].rule == "LOT-PARTNERS"


def test_a_partner_of_a_live_agreement_cannot_be_undone(session, cast, olu):
    place = finding.appointment(session, olu, cast.appointment[1, "Alder Cities"]).appointment
    with pytest.raises(Refused):
        take_off(session, actor=olu, appointment=place)


def test_the_contract_manager_may_change_at_any_time(session, cast, olu):
    place = finding.appointment(session, olu, cast.appointment[1, "Alder Cities"]).appointment
    change_contract_manager(session, actor=olu, appointment=place, name="Una", email="una@alder.example")
    assert place.contract_manager == "Una"
    with pytest.raises(Refused):
        change_contract_manager(session, actor=olu, appointment=place, name="Una", email="una")


def test_a_past_agreement_takes_the_partners_it_had(session, cast, olu):
    past = a_past_agreement(session, cast)
    facts = replace(ONE, ceiling=None, long_stop_on=None, size_rule=SizeRule.SME_ONLY)
    lot = add_lot(session, actor=olu, agreement=past, facts=facts)
    supplier = register_supplier(session, actor=olu, name="Heron Labs")
    assert appoint(session, actor=olu, lot=lot, supplier_id=supplier.id).active_from is None


@pytest.mark.parametrize("name", ["Asha", "Audra", "Cara", "Faye", "Opal"])
def test_only_the_lead_authoritys_framework_owner_appoints(session, cast, olu, name):
    lot = add_lot(session, actor=olu, agreement=a_draft(session, cast), facts=ONE)
    with pytest.raises(NotFound):
        appoint(session, actor=cast.visitor(session, name), lot=lot, supplier_id=cast.party["Quill Works"])


def test_an_authority_is_not_a_supplier(session, cast, olu):
    lot = add_lot(session, actor=olu, agreement=a_draft(session, cast), facts=ONE)
    for supplier_id in (cast.party["Southmere"], 10**6):
        with pytest.raises(NotFound):
            appoint(session, actor=olu, lot=lot, supplier_id=supplier_id)


@pytest.mark.parametrize(("typed", "kept"), [("557725", "00557725"), ("SC268016", "SC268016")])
def test_company_numbers_keep_their_zeros_and_letters(session, cast, olu, typed, kept):
    assert (
        register_supplier(session, actor=olu, name="Heron Labs", company_number=typed).company_number == kept
    )


def test_a_supplier_is_registered_once_by_name_and_by_number(session, cast, olu):
    register_supplier(session, actor=olu, name="Heron Labs", company_number="557725")
    with pytest.raises(Refused) as refused:
        register_supplier(session, actor=olu, name="heron  labs", company_number="00557725")
    assert {one.field for one in refused.value.refusals} == {"name", "company_number"}


def test_figures_of_size_need_staff_and_the_day_they_are_true_for(session, cast, olu):
    with pytest.raises(Refused) as refused:
        register_supplier(
            session,
            actor=olu,
            name="Heron Labs",
            company_number="12",
            size=SizeFacts(turnover=Money.pounds(5)),
        )
    assert {one.field for one in refused.value.refusals} == {"staff", "size_evidence_on"}
    with pytest.raises(Refused):
        record_size(
            session,
            actor=olu,
            supplier_id=cast.party["Quill Works"],
            size=SizeFacts(300, None, None, date(2022, 11, 23)),
        )


def test_two_suppliers_with_one_beginning_have_short_names_of_their_own(session, cast, olu):
    long = "Northern Digital Partners and Company"
    one = register_supplier(session, actor=olu, name=f"{long} Limited")
    two = register_supplier(session, actor=olu, name=f"{long} Holdings")
    assert one.short_name != two.short_name
    assert max(len(one.short_name), len(two.short_name)) <= 24


def test_a_partners_first_user_has_a_post_and_no_password(session, cast, olu):
    supplier_id = cast.party["Elm Apps"]
    person = add_partner_user(
        session, actor=olu, supplier_id=supplier_id, name="Eve", email="Eve@Elm.example"
    )
    assert (person.email, person.password) == ("eve@elm.example", None)
    from framework.people.finding import partner_people

    assert partner_people(session, supplier_id) == [person]
    with pytest.raises(Refused):
        add_partner_user(session, actor=olu, supplier_id=supplier_id, name="Eve", email="eve@elm.example")


def test_nobody_is_added_to_a_supplier_that_also_works_for_another_lead(session, cast, olu):
    from framework.people.permissions import Role
    from framework.people.person import Post

    session.add(
        Post(
            person_id=cast.person["Zed"],
            party_id=cast.party["Elsewhere"],
            role=Role.FRAMEWORK_OWNER,
            starts_on=date(2022, 1, 1),
        )
    )
    session.flush()
    zed = cast.visitor(session, "Zed")
    quill = cast.party["Quill Works"]
    with pytest.raises(NotFound):
        add_partner_user(session, actor=zed, supplier_id=quill, name="Zed", email="zed@quill.example")
    theirs = a_draft(session, cast, reference="ELSE", lead_authority_id=cast.party["Elsewhere"])
    lot = add_lot(session, actor=zed, agreement=theirs, facts=ONE)
    appoint(session, actor=zed, lot=lot, supplier_id=quill)
    with pytest.raises(NotFound):
        add_partner_user(session, actor=zed, supplier_id=quill, name="Zed", email="zed@quill.example")


def test_a_draft_and_its_lots_are_seen_by_the_lead_authority_alone(session, cast, olu):
    lot = add_lot(session, actor=olu, agreement=a_draft(session, cast), facts=ONE)
    assert finding.lot(session, cast.visitor(session, "Asha"), lot.reference) == lot
    for name in ("Cara", "Zed", "Qi"):
        with pytest.raises(NotFound):
            finding.lot(session, cast.visitor(session, name), lot.reference)
    assert agreements.agreement(session, olu, "NEW").reference == "NEW"
