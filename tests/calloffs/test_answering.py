"""Answering: the partner sees only its own offer, and says who, what, when and for how much."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from calloffs.answering import (
    TO_BE_NAMED,
    Answer,
    accept_offer,
    decline_offer,
    save_draft,
)
from calloffs.answers import given
from calloffs.call_off import CallOffStatus, ChargingMethod
from calloffs.offer import Deliverable, Offer, OfferedPerson, OfferedSkill, OfferStatus
from calloffs.offering import withdraw_offer
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.records.audit import AuditRecord
from framework.records.messages import Message
from lots.appointment import Appointment
from lots.rate_card import Rate
from lots.rating import enter_rate_card
from lots.workforce import Depth
from tests.calloffs.building import accepted, answer, milestone, offered, person, pounds
from tests.cast import Cast

FIXED, MILESTONE = ChargingMethod.FIXED, ChargingMethod.MILESTONE


def _accept(session: Session, cast: Cast, offer: Offer, given: Answer, by: str = "Faye") -> None:
    accept_offer(session, actor=cast.visitor(session, by), offer=offer, answer=given)


def _refusals(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str | None, str | None]]:
    return [(one.field, one.rule) for one in refused.value.refusals]


def test_an_answer_is_kept_whole_and_its_price_worked_out_from_people(session, cast):
    given = answer(
        person("Designer", 4, 935, 20, name="Nia", is_key=True, clearance="bpss"),
        person("Developer", 5, 1115, 10),
        approach="Weekly show and tell",
    )
    call_off, offer = accepted(session, cast, given, value=40_000)
    assert offer.price == pounds("29,850.00")
    assert (offer.status, call_off.status) == (OfferStatus.ACCEPTED, CallOffStatus.ACCEPTED)
    assert offer.approach == "Weekly show and tell"
    people = session.exec(select(OfferedPerson).order_by(col(OfferedPerson.number))).all()
    assert [(one.name, one.total) for one in people] == [
        ("Nia", pounds("18,700")),
        (TO_BE_NAMED, pounds("11,150")),
    ]
    assert session.exec(select(OfferedSkill)).one().depth is Depth.EXPERT
    assert session.exec(select(Deliverable)).one().due_on == date(2023, 1, 20)
    assert call_off.reserved_pence == pounds(40_000).pence


def test_a_rate_of_one_pound_above_the_card_is_refused_with_role_cap_and_version(session, cast):
    _, offer = offered(session, cast)
    with pytest.raises(Refused) as refused:
        _accept(session, cast, offer, answer(person("Designer", 4, 935, 1), person("Designer", 4, 936, 1)))
    only = refused.value.refusals[0]
    assert only.sentence == (
        "Designer at level 4: £936.00 a day is above £935.00, the most on version 1 of your rate card"
    )
    assert (only.field, only.rule, only.left) == ("people-1-day_rate", "RULE-78", pounds(935))
    assert session.exec(select(OfferedPerson)).all() == []


def test_a_blank_place_on_the_card_is_not_offered_and_cannot_be_priced(session, cast):
    _, offer = offered(session, cast)
    with pytest.raises(Refused, match="Designer at level 5 is not offered on version 1") as refused:
        _accept(session, cast, offer, answer(person("Designer", 5, 1, 1)))
    assert _refusals(refused) == [("people-0-work", "RULE-77")]


def test_rates_stay_those_of_the_day_the_offer_was_made(session, cast):
    _, offer = offered(session, cast)
    with dates.on(date(2022, 11, 23)):
        enter_rate_card(
            session,
            actor=cast.visitor(session, "Olu"),
            appointment=session.get_one(Appointment, offer.appointment_id),
            from_on=date(2022, 11, 23),
            rates=[("Developer", 4, pounds(700))],
            hours_per_day_hundredths=750,
        )
        _accept(session, cast, offer, answer(person("Developer", 4, 850, 1)))
    assert offer.price == pounds(850)
    card = given(session, offer)
    assert (card.card.version, card.rates["Developer", 4]) == (1, pounds(850))
    assert len(session.exec(select(Rate).where(Rate.rate_card_id != offer.rate_card_id)).all()) > 0


def test_milestones_that_do_not_add_up_are_refused_with_the_difference(session, cast):
    _, offer = offered(session, cast, value=40_000, charging_method=MILESTONE)
    due = (milestone(10_000), milestone(20_000), milestone(5_000))
    with pytest.raises(Refused, match=r"they differ by £1,000\.00") as refused:
        _accept(session, cast, offer, answer(deliverables=due, fixed_price=pounds(36_000)))
    assert _refusals(refused) == [("fixed_price", "RULE-74")]
    _accept(session, cast, offer, answer(deliverables=due, fixed_price=pounds(35_000)))
    assert offer.price == pounds(35_000)


def test_each_milestone_has_its_payment(session, cast):
    _, offer = offered(session, cast, value=40_000, charging_method=MILESTONE)
    with pytest.raises(Refused) as refused:
        _accept(
            session,
            cast,
            offer,
            answer(deliverables=(milestone(10_000), milestone()), fixed_price=pounds(10_000)),
        )
    assert _refusals(refused) == [("deliverables-1-payment", None)]


def test_a_fixed_price_may_be_paid_in_one_piece_or_in_payments_that_add_up(session, cast):
    _, offer = offered(session, cast, charging_method=FIXED)
    with pytest.raises(Refused, match=r"differ by £0\.01"):
        _accept(
            session,
            cast,
            offer,
            answer(deliverables=(milestone("9,999.99"), milestone()), fixed_price=pounds(10_000)),
        )
    with pytest.raises(Refused, match="Enter the price of the work"):
        _accept(session, cast, offer, answer())
    _accept(session, cast, offer, answer(fixed_price=pounds(10_000)))
    assert offer.price == pounds(10_000)


def test_work_charged_by_time_has_no_typed_price_and_no_payments(session, cast):
    _, offer = offered(session, cast)
    with pytest.raises(Refused, match="charged by time"):
        _accept(session, cast, offer, answer(deliverables=(milestone(1),)))
    _accept(session, cast, offer, answer(person(rate=800, days=2.25), fixed_price=pounds(1)))
    assert offer.price == pounds(1_800)


def test_dates_due_are_within_the_call_offs_own_term_both_days_included(session, cast):
    _, offer = offered(session, cast)
    for day in (date(2022, 11, 30), date(2023, 2, 1)):
        with pytest.raises(Refused, match="1 December 2022 to 31 January 2023") as refused:
            _accept(session, cast, offer, answer(deliverables=(milestone(), milestone(due_on=day))))
        assert _refusals(refused) == [("deliverables-1-due_on", None)]
    both = (milestone(due_on=date(2022, 12, 1)), milestone(due_on=date(2023, 1, 31)))
    _accept(session, cast, offer, answer(deliverables=both))
    assert offer.status is OfferStatus.ACCEPTED


def test_every_reason_is_given_at_once(session, cast):
    _, offer = offered(session, cast)
    with pytest.raises(Refused) as refused:
        _accept(session, cast, offer, Answer(people=(), skills=(), deliverables=()))
    assert [field for field, _ in _refusals(refused)] == ["people", "skills", "deliverables"]
    too_many = answer(*[person(days=0.25)] * 51)
    with pytest.raises(Refused, match="no more than 50 people"):
        _accept(session, cast, offer, too_many)
    bad = answer(
        person(rate=0, days=0, clearance="top"), deliverables=(milestone(description="", criteria=""),)
    )
    with pytest.raises(Refused) as refused:
        _accept(session, cast, offer, bad)
    assert [field for field, _ in _refusals(refused)] == [
        "people-0-days",
        "people-0-day_rate",
        "people-0-clearance",
        "deliverables-0-description",
        "deliverables-0-criteria",
    ]


def test_an_answer_at_the_last_minute_counts_and_a_minute_later_the_offer_has_lapsed(session, cast):
    _, offer = offered(session, cast, working_days=2)
    late = datetime(2022, 11, 25, 0, 0, tzinfo=UTC)
    with dates.at(late):
        with pytest.raises(Refused, match="24 November 2022, 11:59pm, so the offer has lapsed"):
            _accept(session, cast, offer, answer())
        with pytest.raises(Refused, match="has lapsed"):
            decline_offer(session, actor=cast.visitor(session, "Faye"), offer=offer, reason="No")
    with dates.at(datetime(2022, 11, 24, 23, 59, tzinfo=UTC)):
        _accept(session, cast, offer, answer())
    with dates.at(late):
        assert offer.status is OfferStatus.ACCEPTED


def test_an_answer_is_given_once(session, cast):
    _, offer = accepted(session, cast)
    with pytest.raises(ChangedMeanwhile, match="already accepted"):
        _accept(session, cast, offer, answer())
    with pytest.raises(ChangedMeanwhile, match="already accepted"):
        decline_offer(session, actor=cast.visitor(session, "Faye"), offer=offer, reason="No")
    assert len(session.exec(select(OfferedPerson).where(OfferedPerson.offer_id == offer.id)).all()) == 1


def test_declining_needs_a_reason_and_tells_the_officer(session, cast):
    call_off, offer = offered(session, cast)
    faye = cast.visitor(session, "Faye")
    with pytest.raises(Refused, match="Enter why"):
        decline_offer(session, actor=faye, offer=offer, reason=" \n")
    decline_offer(session, actor=faye, offer=offer, reason="No one is free")
    assert call_off.status is CallOffStatus.APPROVED
    key = f"offer-declined:{offer.id}:{cast.person['Asha']}"
    mail = session.exec(select(Message).where(Message.key == key)).one()
    assert (mail.to_address, f"/call-offs/{call_off.reference}" in mail.text) == ("asha@example.org", True)
    session.commit()
    told = session.exec(select(AuditRecord).where(AuditRecord.action == "offer_declined")).one()
    assert told.actor_id == cast.person["Faye"]
    assert "No one is free" not in told.facts


@pytest.mark.parametrize("name", ["Qi", "Tess", "Asha", "Bram", "Olu", "Audra", "Stranger"])
def test_nobody_but_the_partner_asked_can_answer(session, cast, name):
    _, offer = offered(session, cast)
    who = cast.visitor(session, name)
    with pytest.raises(NotFound):
        accept_offer(session, actor=who, offer=offer, answer=answer())
    with pytest.raises(NotFound):
        decline_offer(session, actor=who, offer=offer, reason="No")
    with pytest.raises(NotFound):
        save_draft(session, actor=who, offer=offer, typed="[]")


def test_a_withdrawn_offer_takes_no_answer(session, cast):
    _, offer = offered(session, cast)
    withdraw_offer(
        session, actor=cast.visitor(session, "Asha"), offer=offer, reason="A mistake in the dates we gave"
    )
    with pytest.raises(ChangedMeanwhile, match="already withdrawn"):
        _accept(session, cast, offer, answer())
