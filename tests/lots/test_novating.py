"""Novation: after a restructuring another company takes over a place; one proposes, another agrees, and money stays where it is."""

from datetime import date

import pytest
from sqlmodel import select

from calloffs import finding as calloffs_finding
from calloffs.call_off import CallOff
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.verifying import verify
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.regime import Regime
from framework.definitions.rules import NotFound, Refused
from framework.people import finding as people
from framework.people.party import Party, PartyKind
from framework.people.permissions import Role
from framework.people.person import Person, Post
from framework.records.audit import AuditRecord
from framework.records.file_kinds import FileKind
from framework.records.messages import Message
from framework.records.stored_document import StoredDocument
from framework.records.uploading import Upload
from lots import finding
from lots.appointment import Appointment, AppointmentStatus
from lots.finding_novations import deed_of, novations_to_agree, passings_of, waiting_novation
from lots.lot import Lot, Mechanism, SizeRule
from lots.novating import NewCompany, NovationFacts, decide_novation, propose_novation, warnings_for
from lots.novation import Novation, NovationGround, Restructuring
from lots.rate_card import Rate, RateCard
from lots.rating import enter_rate_card
from lots.removing import plans_of, propose_removal
from lots.suspending import suspend_partner
from lots.withdrawing import left_without
from tests.calloffs.building import offered
from tests.calloffs.spend.building import bill, live_call_off

TODAY, ON, LATER = date(2022, 11, 22), date(2022, 12, 1), date(2022, 12, 10)
DEED = Upload(FileKind.PDF, b"%PDF-1.7 a deed")
HERON = NewCompany("Heron Data Ltd", "557725")
WORDS = "Heron bought the whole business"


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


@pytest.fixture
def bram(cast, session):
    return cast.visitor(session, "Bram")


@pytest.fixture
def quill(cast, session, olu):
    return finding.appointment(session, olu, cast.appointment[7, "Quill Works"]).appointment


def facts(**other):
    return NovationFacts(
        **{
            "on": ON,
            "restructuring": Restructuring.TAKEOVER,
            "reason": WORDS,
            "conditions_met": True,
            "notice_reference": "2022/S 000-000001",
            "notice_on": TODAY,
            **other,
        }
    )


def proposed(session, olu, place, successor=HERON, plans=None, deed=DEED, **other):
    found = propose_novation(
        session,
        actor=olu,
        appointment=place,
        successor=successor,
        facts=facts(**other),
        deed=deed,
        plans=plans or {},
    )
    session.flush()
    return found


def passed(session, olu, bram, place, successor=HERON, plans=None, **other):
    """The successor's place once both have said yes."""
    novation = proposed(session, olu, place, successor, plans, **other)
    decide_novation(session, actor=bram, appointment=place, agreed=True)
    session.flush()
    return session.get_one(Appointment, novation.appointment_id)


def refused(session, olu, place, **how):
    with pytest.raises(Refused) as found:
        proposed(session, olu, place, **how)
    return {(one.field, one.rule) for one in found.value.refusals}


def user_of(session, supplier_id, name="Hana"):
    person = Person(
        name=name,
        email=f"{name.lower()}@heron.example",
        fs_uniquifier=f"u-{name}",
        created_at=dates.now(),
    )
    session.add(person)
    session.flush()
    session.add(
        Post(
            person_id=person.id,
            party_id=supplier_id,
            role=Role.PARTNER_ADMINISTRATOR,
            starts_on=date(2022, 1, 1),
        )
    )
    session.flush()
    return person


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
    late = refused(session, olu, quill, successor=_registered(session), notice_on=date(2022, 12, 2))
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


def _registered(session, name="Heron Data Ltd", **other):
    party = Party(
        kind=PartyKind.SUPPLIER,
        name=name,
        short_name=name[:20],
        staff=40,
        turnover_pence=Money.pounds(3_000_000).pence,
        size_evidence_on=date(2022, 1, 1),
        **other,
    )
    session.add(party)
    session.flush()
    return party.id


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
    bad = _registered(session, "Bad Ltd", excluded=True)
    assert refused(session, olu, quill, successor=bad) == {("supplier_id", "RULE-08")}
    heron = _registered(session)
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
    large = _registered(session, "Large plc")
    session.get_one(Party, large).staff = 250
    session.flush()
    assert refused(session, olu, quill, successor=large) == {("supplier_id", "RULE-54")}
    assert refused(session, olu, quill) == {("supplier_id", "RULE-54")}
    proposed(session, olu, quill, _registered(session, "Small Ltd"))


def test_a_successor_is_new_to_the_lot(session, cast, olu, bram, quill):
    fennel, works = cast.party["Fennel Web"], cast.party["Quill Works"]
    for there in (fennel, works):
        assert refused(session, olu, quill, successor=there) == {("supplier_id", None)}
    passed(session, olu, bram, quill)
    other = session.get_one(Appointment, cast.appointment[7, "Tern Systems"])
    assert refused(session, olu, other, successor=works) == {("supplier_id", "RULE-09")}


def test_two_places_cannot_pass_to_one_company(session, cast, olu, bram, quill):
    tern = session.get_one(Appointment, cast.appointment[7, "Tern Systems"])
    heron = _registered(session)
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


def test_a_suspended_agreement_and_a_suspended_partner_pass_on_and_the_suspension_goes_along(
    session, cast, olu, bram, quill
):
    suspend_partner(
        session, actor=olu, appointment=quill, until=date(2022, 12, 31), reason="Complaint looked into"
    )
    session.get_one(FrameworkAgreement, cast.agreement).suspended_at = dates.now()
    session.flush()
    heron = passed(session, olu, bram, quill)
    assert heron.status_on(ON) is AppointmentStatus.SUSPENDED
    assert heron.status_on(date(2023, 1, 1)) is AppointmentStatus.ACTIVE
    assert heron.suspended_why == "Complaint looked into"


def test_a_suspension_that_is_over_by_then_does_not_go_along(session, olu, bram, quill):
    suspend_partner(session, actor=olu, appointment=quill, until=date(2022, 11, 30), reason="Short")
    heron = passed(session, olu, bram, quill)
    assert (heron.suspended_from, heron.status_on(ON)) == (None, AppointmentStatus.ACTIVE)


def test_agreed_to_late_the_place_passes_on_the_day_of_the_agreement(session, olu, bram, quill):
    novation = proposed(session, olu, quill)
    with dates.on(date(2022, 12, 5)):
        decide_novation(session, actor=bram, appointment=quill, agreed=True)
        session.flush()
    heron = session.get_one(Appointment, novation.appointment_id)
    assert quill.ended_on == heron.active_from == date(2022, 12, 5)
    assert passings_of(session, quill.id)[0].ending.from_on == date(2022, 12, 5)


def _below(session, olu, place):
    """A second version in which the designer of level 4 is £35 cheaper and the developer of level 4 is left out."""
    with dates.on(date(2022, 11, 22)):
        enter_rate_card(
            session,
            actor=olu,
            appointment=place,
            from_on=TODAY,
            rates=[("Designer", 3, Money.pounds(600)), ("Designer", 4, Money.pounds(900))],
        )
    session.flush()


def _entering(session, olu, place, *lines):
    with pytest.raises(Refused) as found:
        enter_rate_card(session, actor=olu, appointment=place, from_on=LATER, rates=list(lines))
    return {one.rule for one in found.value.refusals}


def test_rates_do_not_rise_by_a_novation_not_even_those_no_longer_offered(session, olu, bram, quill):
    _below(session, olu, quill)
    heron = passed(session, olu, bram, quill)
    card, rates = finding.rate_card_in_force(session, heron.id, ON)
    assert card.version == 1
    assert rates == {("Designer", 3): Money.pounds(600), ("Designer", 4): Money.pounds(900)}
    assert _entering(session, olu, heron, ("Designer", 4, Money.pounds("900.01"))) == {"RULE-78"}
    # The developer of level 4 was £850 in the predecessor's first version.
    assert _entering(session, olu, heron, ("Developer", 4, Money.pounds("850.01"))) == {"RULE-78"}
    card = enter_rate_card(
        session, actor=olu, appointment=heron, from_on=LATER, rates=[("Developer", 4, Money.pounds(850))]
    )
    assert card.version == 2


def test_a_place_that_passes_on_twice_is_bound_by_all_before(session, olu, bram, quill):
    heron = passed(session, olu, bram, quill)
    with dates.on(ON):
        ibis = passed(session, olu, bram, heron, NewCompany("Ibis Ltd", ""), on=date(2022, 12, 2))
        assert _entering(session, olu, ibis, ("Developer", 5, Money.pounds("1115.01"))) == {"RULE-78"}
    assert [one.successor.name for one in passings_of(session, heron.id)] == ["Heron Data Ltd", "Ibis Ltd"]


def test_a_lower_rate_promised_for_later_is_carried_over_with_its_day(session, olu, bram, quill):
    later = date(2023, 1, 1)
    enter_rate_card(
        session,
        actor=olu,
        appointment=quill,
        from_on=later,
        rates=[("Designer", 4, Money.pounds(800))],
    )
    heron = passed(session, olu, bram, quill)
    assert finding.rate_card_in_force(session, heron.id, date(2022, 12, 31))[0].version == 1
    card, rates = finding.rate_card_in_force(session, heron.id, later)
    assert (card.version, card.from_on, rates) == (2, later, {("Designer", 4): Money.pounds(800)})


def test_in_turns_a_new_name_does_not_come_to_the_front(session, cast, olu, bram, quill):
    session.get_one(Lot, cast.lot[7]).mechanism = Mechanism.ROTATION
    asked = []
    for day in (22, 23, 24):
        with dates.on(date(2022, 11, day)):
            asked.append(_asked(session, offered(session, cast, lot=7)[1]))
    tern = session.get_one(Appointment, cast.appointment[7, "Tern Systems"])
    with dates.on(date(2022, 11, 25)):
        passed(session, olu, bram, tern, on=date(2022, 11, 25))
    for day in (25, 28, 29):
        with dates.on(date(2022, 11, day)):
            asked.append(_asked(session, offered(session, cast, lot=7)[1]))
    assert asked == [
        "Quill Works",
        "Fennel Web",
        "Tern Systems",
        "Quill Works",
        "Fennel Web",
        "Heron Data Ltd",
    ]


def _asked(session, offer):
    place = session.get_one(Appointment, offer.appointment_id)
    return session.get_one(Party, place.supplier_id).name


def _balances(session, cast):
    found = {}
    for kind in (FrameworkAgreement, Lot, MemberAuthority, Appointment, CallOff):
        for row in session.exec(select(kind)):
            found[kind.__name__, row.id] = (
                row.reserved_pence,
                row.committed_pence,
                row.invoiced_pence,
                row.paid_pence,
            )
    return found


def test_a_live_call_off_needs_a_plan_and_its_money_does_not_move(both_databases, session, cast, olu, bram):
    call_off = live_call_off(session, cast, value="60,000")
    record_invoice(session, actor=cast.visitor(session, "Finn"), call_off=call_off, facts=bill(net="1,000"))
    session.commit()
    place = session.get_one(Appointment, call_off.appointment_id)
    assert refused(session, olu, place) == {(f"plan-{call_off.reference}", None)}
    session.rollback()
    before = _balances(session, cast)
    assert before["Appointment", place.id][1] > 0
    heron = passed(
        session, olu, bram, place, plans={call_off.reference: "Finished by its own people in March"}
    )
    after = _balances(session, cast)
    assert after.pop(("Appointment", heron.id)) == (0, 0, 0, 0)
    assert after == before
    assert verify(session).differences == []
    session.refresh(call_off)
    assert call_off.appointment_id == place.id
    passing = passings_of(session, place.id)[0]
    assert [one.plan for one in plans_of(session, passing.ending)] == ["Finished by its own people in March"]


def test_a_call_off_awarded_since_it_was_proposed_needs_a_plan_before_anybody_agrees(
    session, cast, olu, bram
):
    place = session.get_one(Appointment, cast.appointment[4, "Fennel Web"])
    proposed(session, olu, place)
    call_off = live_call_off(session, cast)
    session.flush()
    with pytest.raises(Refused, match=call_off.reference):
        decide_novation(session, actor=bram, appointment=place, agreed=True)
    assert place.ended_on is None


def test_new_work_goes_to_the_successor_and_old_work_stays_readable_to_the_predecessor_alone(
    session, cast, olu, bram
):
    call_off = live_call_off(session, cast)
    session.flush()
    place = session.get_one(Appointment, call_off.appointment_id)
    heron = passed(session, olu, bram, place, plans={call_off.reference: "They finish it"})
    hana = people.visitor(session, user_of(session, heron.supplier_id).id)
    faye = cast.visitor(session, "Faye")
    with dates.on(ON):
        assert calloffs_finding.call_off(session, faye, call_off.reference).id == call_off.id
        with pytest.raises(NotFound):
            calloffs_finding.call_off(session, hana, call_off.reference)
        _, offer = offered(session, cast)
        assert _asked(session, offer) == "Heron Data Ltd"
    with pytest.raises(NotFound):
        finding.appointment(session, cast.visitor(session, "Tess"), heron.id)


def test_both_sides_are_told_and_the_timeline_says_it(session, cast, olu, bram, quill):
    heron = _registered(session)
    user_of(session, heron)
    passed(session, olu, bram, quill, heron)
    told = {one.to_address: one for one in session.exec(select(Message)) if "takes over" in one.subject}
    assert "qi@example.org" in told
    assert "olu@example.org" in told
    hana = session.exec(select(Message).where(Message.to_address == "hana@heron.example")).one()
    assert "You take over a place on lot DP21-7" in hana.subject
    session.commit()
    actions = [one.action for one in session.exec(select(AuditRecord).order_by(AuditRecord.id))]
    assert [one for one in actions if "novation" in one or "place_" in one] == [
        "novation_proposed",
        "place_passed_on",
        "place_taken_over",
    ]
    passing, document = deed_of(session, quill.id)
    assert document.content == DEED.content
    assert session.get_one(StoredDocument, passing.novation.document_id).kind == "novation"


def test_there_is_one_row_for_each_proposal(session, olu, bram, quill):
    passed(session, olu, bram, quill)
    assert len(session.exec(select(Novation)).all()) == 1
    assert session.exec(select(Rate).join(RateCard).where(RateCard.version == 1)).first() is not None
