"""What a novation does: the suspension, the rates, the turn and the work of a place that another company takes over."""

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
from framework.definitions.rules import NotFound, Refused
from framework.people import finding as people
from framework.people.party import Party
from framework.records.audit import AuditRecord
from framework.records.messages import Message
from framework.records.stored_document import StoredDocument
from lots import finding
from lots.appointment import Appointment, AppointmentStatus
from lots.finding_novations import deed_of, passings_of
from lots.lot import Lot, Mechanism
from lots.novating import NewCompany, decide_novation
from lots.novation import Novation
from lots.rate_card import Rate, RateCard
from lots.rating import enter_rate_card
from lots.removing import plans_of
from lots.suspending import suspend_partner
from tests.calloffs.building import offered
from tests.calloffs.spend.building import bill, live_call_off
from tests.lots.novations import (
    DEED,
    LATER,
    ON,
    TODAY,
    passed,
    proposed,
    refused,
    registered,
    user_of,
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
    heron = registered(session)
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
