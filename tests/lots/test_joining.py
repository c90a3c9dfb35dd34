"""Joining: tasks and how they stand, sending them, getting them back, and being appointed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from framework.people import finding as people
from framework.people.keeping import confirm_facts
from framework.people.permissions import Permission
from framework.people.registering import SizeFacts, record_size
from framework.records.messages import Message
from lots import finding
from lots.accepting import accept, sign_up
from lots.activating import activate
from lots.appointing import appoint
from lots.appointment import AppointmentStatus
from lots.completing import complete
from lots.declaration import DeclarationKind
from lots.joining import (
    TaskState,
    declare,
    send_back,
    send_to_council,
    still_open,
    tasks_of,
    waiting_to_be_appointed,
)
from lots.lot import SizeRule
from lots.opening import add_lot
from lots.rate_card import Rate, RateCard
from lots.rate_proposal import RateProposal
from lots.reminders import facts_grow_old
from tests.conftest import NOW
from tests.lots.joiners import PASSPHRASE, a_lot, asked, joined, own_places, with_every_task_done
from tests.lots.test_opening import ONE, SEVEN

SIGNED = {"signed_on": date(2022, 11, 20), "countersigned_on": date(2022, 11, 21)}


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


def states(session, place):
    return {one.task.key: one.state for one in tasks_of(session, place)}


def sent(session, olu, lot, **facts):
    """Hana and her place, everything done and sent."""
    hana, place = joined(session, olu, lot)
    with_every_task_done(session, hana, place, **facts)
    send_to_council(session, actor=hana, place=place)
    session.flush()
    return hana, place


def test_every_task_begins_not_started_and_the_list_cannot_be_sent(both_databases, session, cast, olu):
    hana, place = joined(session, olu, a_lot(session, cast, olu))
    found = states(session, place)
    assert set(found) == {"company", "contacts", "evidence", "rates", "skillset", "declarations"}
    assert {found[key] for key in ("company", "contacts", "rates", "skillset", "declarations")} == {
        TaskState.NOT_STARTED
    }
    with pytest.raises(Refused) as refused:
        send_to_council(session, actor=hana, place=place)
    assert "Company facts is not done yet" in str(refused.value)


def test_missing_insurance_does_not_keep_the_list_from_being_sent(session, cast, olu):
    lot = a_lot(session, cast, olu, replace(ONE, professional_indemnity=Money.pounds(1_000_000)))
    hana, place = joined(session, olu, lot)
    with_every_task_done(session, hana, place)
    assert states(session, place)["evidence"] is TaskState.NOT_STARTED
    assert still_open(tasks_of(session, place)) == []
    send_to_council(session, actor=hana, place=place)
    activate(session, actor=olu, appointment=place.appointment, **SIGNED)
    assert place.appointment.active_from == date(2022, 12, 1)


def test_facts_given_once_are_done_for_the_next_lot_too(session, cast, olu):
    lot = a_lot(session, cast, olu)
    two = add_lot(
        session,
        actor=olu,
        agreement=finding.lot_and_agreement(session, olu, lot.reference)[1],
        facts=replace(ONE, number=2, ceiling=Money.pounds(100_000)),
    )
    hana, _ = sent(session, olu, lot)
    token = asked(session, olu, two, supplier_id=next(iter(hana.parties_where(Permission.OFFER_READ)))).token
    accept(session, actor=hana, token=token)
    session.flush()
    next_place = next(one for one in own_places(session, hana) if one.lot.id == two.id)
    done = {key for key, state in states(session, next_place).items() if state is TaskState.DONE}
    assert done >= {"company", "contacts", "declarations"}
    assert states(session, next_place)["rates"] is TaskState.NOT_STARTED


def test_a_partner_that_joined_is_appointed_and_told(both_databases, session, cast, olu):
    lot = a_lot(session, cast, olu)
    hana, place = sent(session, olu, lot)
    assert [one.supplier.name for one in waiting_to_be_appointed(session, olu)] == ["Heron Data Ltd"]
    assert waiting_to_be_appointed(session, cast.visitor(session, "Cara")) == []
    activate(session, actor=olu, appointment=place.appointment, **SIGNED)
    session.flush()
    assert place.appointment.status_on(date(2022, 12, 1)) is AppointmentStatus.ACTIVE
    assert place.appointment.status_on(date(2022, 11, 30)) is AppointmentStatus.ONBOARDING
    assert place.appointment.contract_manager == "Hal Heron"
    assert waiting_to_be_appointed(session, olu) == []
    told = session.exec(select(Message).where(Message.person_id == hana.person_id)).all()
    assert any("You are appointed" in one.subject for one in told)


def test_nobody_is_appointed_before_the_list_was_sent(session, cast, olu):
    hana, place = joined(session, olu, a_lot(session, cast, olu))
    with_every_task_done(session, hana, place)
    with pytest.raises(Refused) as refused:
        activate(session, actor=olu, appointment=place.appointment, **SIGNED)
    assert "has not sent its tasks" in str(refused.value)


@pytest.mark.parametrize(
    ("signed", "fields"),
    [
        ({"signed_on": None, "countersigned_on": None}, {"signed_on", "countersigned_on"}),
        ({"signed_on": date(2022, 11, 23), "countersigned_on": date(2022, 11, 22)}, {"signed_on"}),
        ({**SIGNED, "active_from": date(2022, 11, 30)}, {"active_from"}),
        ({**SIGNED, "active_from": date(2026, 12, 1)}, {"active_from"}),
    ],
)
def test_an_appointment_needs_both_signatures_and_a_day_of_the_term(session, cast, olu, signed, fields):
    _, place = sent(session, olu, a_lot(session, cast, olu))
    with pytest.raises(Refused) as refused:
        activate(session, actor=olu, appointment=place.appointment, **signed)
    assert {one.field for one in refused.value.refusals} == fields


def test_declarations_older_than_a_year_have_to_be_made_again(session, cast, olu):
    hana, place = sent(session, olu, a_lot(session, cast, olu))
    later = {"signed_on": date(2022, 11, 20), "countersigned_on": date(2022, 11, 21)}
    with dates.at(NOW + timedelta(days=365)):
        assert states(session, place)["declarations"] is TaskState.IN_PROGRESS
        with pytest.raises(Refused) as refused:
            activate(session, actor=olu, appointment=place.appointment, **later)
        assert "make its declarations again" in str(refused.value)
        declare(session, actor=hana, place=place, kinds=list(DeclarationKind))
        session.flush()
        activate(session, actor=olu, appointment=place.appointment, **later)


def test_all_three_declarations_are_made_together_or_none(session, cast, olu):
    hana, place = joined(session, olu, a_lot(session, cast, olu))
    with pytest.raises(Refused) as refused:
        declare(session, actor=hana, place=place, kinds=[DeclarationKind.TERMS_READ])
    assert [one.field for one in refused.value.refusals] == ["not_excluded", "no_conflicts"]
    with pytest.raises(NotFound):
        declare(session, actor=olu, place=place, kinds=list(DeclarationKind))


def test_the_size_rule_and_exclusion_hold_again_at_appointing(session, cast, olu):
    lot = a_lot(session, cast, olu, replace(ONE, size_rule=SizeRule.SME_ONLY))
    _, place = sent(session, olu, lot)
    place.supplier.staff = 250
    place.supplier.excluded = True
    session.add(place.supplier)
    session.flush()
    with pytest.raises(Refused) as refused:
        activate(session, actor=olu, appointment=place.appointment, **SIGNED)
    assert {one.rule for one in refused.value.refusals} == {"RULE-08", "RULE-54"}


@pytest.mark.parametrize(
    ("staff", "turnover", "balance", "is_sme"),
    [(249, "44000000", "90000000", True), (250, "1000000", None, False), (100, "50000000", "38000000", True)],
)
def test_size_by_the_partners_own_figures(session, cast, olu, staff, turnover, balance, is_sme):
    # T-49 to T-51.
    hana, place = joined(session, olu, a_lot(session, cast, olu))
    size = SizeFacts(
        staff, Money.pounds(turnover), Money.pounds(balance) if balance else None, date(2022, 3, 31)
    )
    record_size(session, actor=hana, supplier_id=place.supplier.id, size=size)
    assert place.supplier.is_sme is is_sme
    with pytest.raises(NotFound):
        record_size(session, actor=hana, supplier_id=cast.party["Quill Works"], size=size)


def test_the_lots_size_rule_and_a_statement_are_told_before_the_tasks_are_sent(session, cast, olu):
    hana, place = joined(session, olu, a_lot(session, cast, olu, replace(ONE, size_rule=SizeRule.SME_ONLY)))
    with_every_task_done(session, hana, place, staff=250)
    company = next(one for one in tasks_of(session, place) if one.task.key == "company")
    assert company.state is TaskState.IN_PROGRESS
    assert company.says == (
        "Lot 1 is for small and medium-sized enterprises only, and Heron Data Ltd is not one by its figures",
    )
    with pytest.raises(Refused) as refused:
        send_to_council(session, actor=hana, place=place)
    assert "Company facts is not done yet" in str(refused.value)
    place.supplier.staff, place.supplier.turnover_pence = 249, None
    company = next(one for one in tasks_of(session, place) if one.task.key == "company")
    assert "Enter your staff and your yearly turnover or balance sheet total" in company.says[1]
    size = SizeFacts(249, Money.pounds(36_000_000), None, date(2022, 3, 31))
    record_size(session, actor=hana, supplier_id=place.supplier.id, size=size)
    company = next(one for one in tasks_of(session, place) if one.task.key == "company")
    assert "has shown no modern slavery statement" in company.says[0]
    assert company.state is TaskState.DONE  # RULE-56 warns and stops nothing
    place.supplier.modern_slavery_address = "https://heron.example/statement"
    place.supplier.modern_slavery_on = date(2022, 4, 1)
    assert next(one for one in tasks_of(session, place) if one.task.key == "company").says == ()


def test_declarations_are_made_once_for_every_lot_of_an_agreement(session, cast, olu):
    lot = a_lot(session, cast, olu)
    other = add_lot(
        session, actor=olu, agreement=session.get(FrameworkAgreement, lot.agreement_id), facts=SEVEN
    )
    person = sign_up(session, token=asked(session, olu, [lot, other]).token, name="Hana", password=PASSPHRASE)
    session.flush()
    hana = people.visitor(session, person.id)
    first, second = own_places(session, hana)
    declare(session, actor=hana, place=first, kinds=list(DeclarationKind))
    session.flush()
    assert states(session, second)["declarations"] is TaskState.DONE


def test_no_rate_card_no_appointment(session, cast, olu):
    _, place = sent(session, olu, a_lot(session, cast, olu))
    for card in session.exec(select(RateCard).where(RateCard.appointment_id == place.appointment.id)):
        for rate in session.exec(select(Rate).where(Rate.rate_card_id == card.id)):
            session.delete(rate)
        session.flush()
        session.delete(card)
    session.flush()
    with pytest.raises(Refused) as refused:
        activate(session, actor=olu, appointment=place.appointment, **SIGNED)
    assert "no rate card" in str(refused.value)


def test_tasks_sent_back_carry_the_reason_until_they_are_sent_again(both_databases, session, cast, olu):
    hana, place = sent(session, olu, a_lot(session, cast, olu))
    send_back(
        session,
        actor=olu,
        appointment=place.appointment,
        reasons={"contacts": "Who signs? Give a director", "rates": " "},
    )
    session.flush()
    found = {one.task.key: one for one in tasks_of(session, place)}
    assert (found["contacts"].state, found["contacts"].reason) == (
        TaskState.SENT_BACK,
        "Who signs? Give a director",
    )
    assert found["rates"].state is TaskState.DONE
    with pytest.raises(Refused):
        activate(session, actor=olu, appointment=place.appointment, **SIGNED)
    send_to_council(session, actor=hana, place=place)
    session.flush()
    assert states(session, place)["contacts"] is TaskState.DONE


def test_a_reason_is_needed_to_send_back_and_only_what_was_sent_comes_back(session, cast, olu):
    hana, place = sent(session, olu, a_lot(session, cast, olu))
    with pytest.raises(Refused):
        send_back(session, actor=olu, appointment=place.appointment, reasons={"contacts": ""})
    with pytest.raises(NotFound):
        send_back(session, actor=hana, appointment=place.appointment, reasons={"contacts": "No"})
    send_back(session, actor=olu, appointment=place.appointment, reasons={"contacts": "No"})
    with pytest.raises(Refused):
        send_back(session, actor=olu, appointment=place.appointment, reasons={"contacts": "Again"})


def test_a_draft_with_somebody_still_joining_is_not_complete(session, cast, olu):
    lot = a_lot(session, cast, olu)
    _, place = sent(session, olu, lot)
    agreement = place.agreement
    assert "Lot 1 has 1 partner still joining" in " ".join(
        one.sentence for one in complete(session, agreement)
    )
    activate(session, actor=olu, appointment=place.appointment, **SIGNED)
    session.flush()
    assert complete(session, agreement) == []


def test_a_partner_sees_its_place_on_the_draft_it_was_invited_to_and_no_rival_does(session, cast, olu):
    lot = a_lot(session, cast, olu, SEVEN)
    hana, place = joined(session, olu, lot)
    assert own_places(session, hana)[0].appointment.id == place.appointment.id
    for name in ("Qi", "Zed", "Cara"):
        with pytest.raises(NotFound):
            finding.appointment(session, cast.visitor(session, name), place.appointment.id)


def test_a_place_given_on_a_draft_without_an_invitation_stays_hidden(session, cast, olu):
    place = appoint(session, actor=olu, lot=a_lot(session, cast, olu), supplier_id=cast.party["Quill Works"])
    qi = cast.visitor(session, "Qi")
    assert place.id not in {one.appointment.id for one in own_places(session, qi)}


def test_facts_confirmed_a_year_ago_are_asked_for_again(session, cast):
    qi = cast.visitor(session, "Qi")
    confirm_facts(session, actor=qi, supplier_id=cast.party["Quill Works"])
    session.flush()
    due = date(2023, 11, 22)
    (found,) = facts_grow_old(session, due, due, None)
    assert (found.subject, found.on) == (f"facts:{cast.party['Quill Works']}", due)
    assert list(facts_grow_old(session, due, due, cast.visitor(session, "Tess"))) == []
    assert list(facts_grow_old(session, due + timedelta(days=1), due + timedelta(days=9), None)) == []


def test_proposed_rates_that_were_sent_make_the_task_done_before_they_are_accepted(session, cast, olu):
    _, place = joined(session, olu, a_lot(session, cast, olu))
    proposal = RateProposal(
        appointment_id=place.appointment.id, created_at=dates.now(), changed_at=dates.now()
    )
    session.add(proposal)
    session.flush()
    assert states(session, place)["rates"] is TaskState.IN_PROGRESS
    proposal.submitted_at = dates.now()
    session.flush()
    assert states(session, place)["rates"] is TaskState.DONE
    proposal.returned_at = dates.now()
    session.flush()
    assert states(session, place)["rates"] is TaskState.SENT_BACK
