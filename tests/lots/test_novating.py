"""Novation: after a restructuring another company takes over a place; one proposes, and another agrees by the rules."""

from datetime import date

import pytest
from sqlmodel import select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.regime import Regime
from framework.definitions.rules import NotFound, Refused
from framework.people.party import Party
from framework.records.messages import Message
from lots import finding
from lots.appointment import Appointment, AppointmentStatus
from lots.finding_novations import deed_of, novations_to_agree, passings_of, waiting_novation
from lots.lot import Lot, SizeRule
from lots.novating import NewCompany, decide_novation, warnings_for
from lots.novation import NovationGround
from lots.removing import propose_removal
from lots.withdrawing import left_without
from tests.lots.novations import (
    ON,
    passed,
    proposed,
    refused,
    registered,
)


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


@pytest.fixture
def bram(cast, session):
    return cast.visitor(session, "Bram")


@pytest.fixture
def quill(cast, session, olu):
    return finding.appointment(session, olu, cast.appointment[7, "Quill Works"]).appointment


def test_a_place_passes_to_another_company_from_its_day_with_rank_and_rates(
    both_databases, session, cast, olu, bram, quill
):
    novation = proposed(session, olu, quill)
    assert (quill.ended_on, novation.appointment_id) == (None, None)
    decide_novation(session, actor=bram, appointment=quill, agreed=True)
    session.flush()
    heron = session.get_one(Appointment, novation.appointment_id)
    lot = session.get_one(Lot, heron.lot_id)
    assert quill.status_on(date(2022, 11, 30)) is AppointmentStatus.ACTIVE
    assert quill.status_on(ON) is AppointmentStatus.NOVATED
    assert heron.status_on(date(2022, 11, 30)) is AppointmentStatus.ONBOARDING
    assert heron.status_on(ON) is AppointmentStatus.ACTIVE
    assert heron.rank == quill.rank == 1
    assert (heron.contract_manager, heron.committed_pence, heron.reserved_pence) == ("", 0, 0)
    before = [party.name for _, party in finding.active_partners(session, lot, date(2022, 11, 30))]
    after = [party.name for _, party in finding.active_partners(session, lot, ON)]
    assert before == ["Quill Works", "Fennel Web", "Tern Systems"]
    assert after == ["Heron Data Ltd", "Fennel Web", "Tern Systems"]
    card, rates = finding.rate_card_in_force(session, heron.id, ON)
    assert (card.version, card.from_on) == (1, ON)
    assert rates == finding.rate_card_in_force(session, quill.id, ON)[1]
    assert finding.rate_card_in_force(session, heron.id, date(2022, 11, 30)) is None
    assert left_without(session, lot, quill) is None
    assert waiting_novation(session, quill.id) is None


def test_a_lot_for_one_partner_takes_a_successor_without_counting_twice(session, cast, olu, bram):
    place = session.get_one(Appointment, cast.appointment[4, "Fennel Web"])
    assert session.get_one(Lot, place.lot_id).max_partners == 1
    heron = passed(session, olu, bram, place)
    for day, who in ((date(2022, 11, 30), place), (ON, heron)):
        active = finding.active_partners(session, session.get_one(Lot, place.lot_id), day)
        assert [one.id for one, _ in active] == [who.id]


def test_a_novation_takes_a_second_person(both_databases, session, cast, olu, bram, quill):
    proposed(session, olu, quill)
    with pytest.raises(Refused, match="Somebody else"):
        decide_novation(session, actor=olu, appointment=quill, agreed=True)
    for name in ("Dev", "Zoe", "Asha", "Qi", "Audra", "Finn"):
        with pytest.raises(NotFound):
            decide_novation(session, actor=cast.visitor(session, name), appointment=quill, agreed=True)
    assert novations_to_agree(session, olu) == []
    assert novations_to_agree(session, cast.visitor(session, "Dev")) == []
    assert [one.successor.name for one in novations_to_agree(session, bram)] == ["Heron Data Ltd"]
    assert quill.ended_on is None
    decide_novation(session, actor=cast.visitor(session, "Odette"), appointment=quill, agreed=True)
    with pytest.raises(NotFound):
        decide_novation(session, actor=bram, appointment=quill, agreed=True)


def test_only_the_lead_authoritys_framework_owner_proposes(session, cast, quill):
    for name in ("Bram", "Asha", "Qi", "Dev", "Cara", "Zed"):
        with pytest.raises(NotFound):
            proposed(session, cast.visitor(session, name), quill)


def test_a_novation_that_is_refused_changes_nothing(session, cast, olu, bram, quill):
    novation = proposed(session, olu, quill)
    decide_novation(session, actor=bram, appointment=quill, agreed=False)
    session.flush()
    assert (quill.ended_on, novation.appointment_id) == (None, None)
    assert passings_of(session, quill.id) == []
    with pytest.raises(NotFound):
        deed_of(session, quill.id)
    told = session.exec(select(Message).where(Message.key.startswith("novation_refused"))).all()
    assert "keeps it" in told[0].text
    # The way is free again; the company is registered by now.
    heron = session.exec(select(Party).where(Party.name == "Heron Data Ltd")).one()
    proposed(session, olu, quill, heron.id)


def test_one_proposal_about_a_place_waits_at_a_time(session, olu, quill, cast):
    proposed(session, olu, quill)
    with pytest.raises(Refused, match="A novation of this partner waits"):
        propose_removal(session, actor=olu, appointment=quill, on=ON, reason="Failure", plans={})
    other = session.get_one(Appointment, cast.appointment[7, "Tern Systems"])
    propose_removal(session, actor=olu, appointment=other, on=ON, reason="Failure", plans={})
    session.flush()
    with pytest.raises(Refused, match="A removal of this partner waits"):
        proposed(session, olu, other, NewCompany("Ibis Ltd", ""))


def test_everything_missing_is_said_at_once_beside_its_field(session, olu, quill):
    found = refused(
        session,
        olu,
        quill,
        successor=NewCompany(" ", "not a number"),
        deed=None,
        on=date(2022, 11, 21),
        restructuring=None,
        reason=" ",
        conditions_met=False,
    )
    assert {field for field, _ in found} == {
        "name",
        "company_number",
        "file",
        "on",
        "restructuring",
        "reason",
        "conditions_met",
    }
    assert ("restructuring", "RULE-09") in found


def test_the_day_lies_in_the_agreements_term(session, olu, quill):
    assert refused(session, olu, quill, on=date(2023, 6, 1)) == {("on", None)}


def test_under_the_procurement_act_the_change_notice_comes_first(session, cast, olu, bram, quill):
    agreement = session.get_one(FrameworkAgreement, cast.agreement)
    agreement.regime = Regime.PA2023
    session.add(agreement)
    session.flush()
    bare = refused(session, olu, quill, notice_reference=" ", notice_on=None)
    assert bare == {("notice_reference", "RULE-37"), ("notice_on", "RULE-37")}
    session.rollback()
    agreement = session.get_one(FrameworkAgreement, cast.agreement)
    agreement.regime = Regime.PA2023
    session.add(agreement)
    session.flush()
    late = refused(session, olu, quill, successor=registered(session), notice_on=date(2022, 12, 2))
    assert late == {("notice_on", "RULE-37")}
    heron = session.exec(select(Party).where(Party.name == "Heron Data Ltd")).one()
    novation = proposed(session, olu, quill, heron.id, notice_on=ON)
    assert novation.ground is NovationGround.PA_SCHEDULE_8_PARAGRAPH_9
    with pytest.raises(Refused, match="Agree when it has been published"):
        decide_novation(session, actor=bram, appointment=quill, agreed=True)
    session.refresh(waiting_novation(session, quill.id).ending)
    with dates.on(ON):
        decide_novation(session, actor=bram, appointment=quill, agreed=True)
    assert quill.ended_on == ON


def test_under_the_pcr_a_missing_notice_is_a_warning_and_not_a_wall(session, cast, olu, bram, quill):
    novation = proposed(session, olu, quill, notice_reference="", notice_on=None)
    assert novation.ground is NovationGround.PCR_REGULATION_72_1_D
    agreement = session.get_one(FrameworkAgreement, cast.agreement)
    said = warnings_for(session, agreement, waiting_novation(session, quill.id))
    assert any("No reference of a notice" in one for one in said)
    assert any("professional indemnity" in one for one in said)
    assert any("Nobody signs in for Heron Data Ltd" in one for one in said)
    decide_novation(session, actor=bram, appointment=quill, agreed=True)
    assert quill.ended_as == "novated"


def test_an_excluded_company_takes_over_nothing_also_when_it_is_excluded_meanwhile(session, olu, bram, quill):
    bad = registered(session, "Bad Ltd", excluded=True)
    assert refused(session, olu, quill, successor=bad) == {("supplier_id", "RULE-08")}
    heron = registered(session)
    proposed(session, olu, quill, heron)
    session.get_one(Party, heron).excluded = True
    session.flush()
    with pytest.raises(Refused) as found:
        decide_novation(session, actor=bram, appointment=quill, agreed=True)
    assert [one.rule for one in found.value.refusals] == ["RULE-08"]
    assert quill.ended_on is None


def test_a_lot_for_small_companies_takes_no_large_successor_and_none_of_unknown_size(session, olu, quill):
    lot = session.get_one(Lot, quill.lot_id)
    lot.size_rule = SizeRule.SME_ONLY
    session.flush()
    large = registered(session, "Large plc")
    session.get_one(Party, large).staff = 250
    session.flush()
    assert refused(session, olu, quill, successor=large) == {("supplier_id", "RULE-54")}
    assert refused(session, olu, quill) == {("supplier_id", "RULE-54")}
    proposed(session, olu, quill, registered(session, "Small Ltd"))


def test_a_successor_is_new_to_the_lot(session, cast, olu, bram, quill):
    fennel, works = cast.party["Fennel Web"], cast.party["Quill Works"]
    for there in (fennel, works):
        assert refused(session, olu, quill, successor=there) == {("supplier_id", None)}
    passed(session, olu, bram, quill)
    other = session.get_one(Appointment, cast.appointment[7, "Tern Systems"])
    assert refused(session, olu, other, successor=works) == {("supplier_id", "RULE-09")}


def test_two_places_cannot_pass_to_one_company(session, cast, olu, bram, quill):
    tern = session.get_one(Appointment, cast.appointment[7, "Tern Systems"])
    heron = registered(session)
    proposed(session, olu, quill, heron)
    proposed(session, olu, tern, heron)
    decide_novation(session, actor=bram, appointment=quill, agreed=True)
    with pytest.raises(Refused, match="already on lot 7"):
        decide_novation(session, actor=bram, appointment=tern, agreed=True)


def test_an_agreement_that_is_over_passes_no_place_on_and_neither_does_a_place_that_ended(
    session, cast, olu, bram, quill
):
    with dates.on(date(2023, 6, 1)):
        assert (None, None) in refused(session, olu, quill, on=date(2023, 6, 1))
    session.rollback()
    place = session.get_one(Appointment, quill.id)
    passed(session, olu, bram, place)
    assert (None, None) in refused(session, olu, place, successor=NewCompany("Ibis Ltd", ""))
