"""Offering: one partner at a time, the one that the lot's own way names, until a working-day deadline."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, select

from calloffs.answering import decline_offer
from calloffs.approving import decide_call_off
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.cancelling import cancel_call_off
from calloffs.mechanisms import nobody_to_ask
from calloffs.offer import Offer, OfferStatus
from calloffs.offering import make_offer, withdraw_offer
from calloffs.raising import raise_call_off, withdraw_request
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.regime import Regime
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.people.party import Party
from framework.records.audit import AuditRecord
from framework.records.messages import Message
from lots.appointment import Appointment
from lots.lot import AwardMethod, DirectAwardBasis, Lot, Mechanism
from lots.rate_card import RateCard
from tests.calloffs.building import ANSWERS, accepted, awarded, offered, pounds
from tests.calloffs.making import approved, raised
from tests.cast import Cast


def _rules(refused: pytest.ExceptionInfo[Refused]) -> list[str | None]:
    return [one.rule for one in refused.value.refusals]


def _offer(session: Session, cast: Cast, call_off: CallOff, who: str = "Asha", days: int = 5) -> Offer:
    return make_offer(session, actor=cast.visitor(session, who), call_off=call_off, working_days=days)


def _asked(session: Session, offer: Offer) -> str:
    supplier_id = session.get_one(Appointment, offer.appointment_id).supplier_id
    return session.get_one(Party, supplier_id).name


def _decline(session: Session, cast: Cast, offer: Offer) -> None:
    by = cast.visitor(session, ANSWERS[_asked(session, offer)])
    decline_offer(session, actor=by, offer=offer, reason="No one is free")


def test_an_approved_call_off_goes_to_the_lots_only_partner_and_the_route_is_kept(session, cast):
    call_off, offer = offered(session, cast)
    assert offer.reference == f"{call_off.reference}-O1"
    assert _asked(session, offer) == "Fennel Web"
    assert offer.route == "Fennel Web is the only active partner of lot 4"
    assert call_off.status is CallOffStatus.OFFERED
    assert (call_off.offer_id, call_off.offer_deadline_at) == (offer.id, offer.deadline_at)
    session.commit()
    told = session.exec(select(AuditRecord).where(AuditRecord.action == "offer_made")).one()
    assert '"route":"Fennel Web is the only active partner of lot 4"' in told.facts


def test_the_procurement_act_wants_the_lots_mechanism_named_even_for_one_partner(session, cast):
    session.get_one(FrameworkAgreement, cast.agreement).regime = Regime.PA2023
    _, offer = offered(session, cast)
    assert "the framework's stated mechanism: The lot has one partner" in offer.route


def test_two_working_days_from_maundy_thursday_end_on_the_wednesday_after_easter(session, cast):
    with dates.at(datetime(2023, 4, 6, 9, 0, tzinfo=UTC)):
        call_off = approved(session, cast, lot=4, starts_on=date(2023, 5, 1), ends_on=date(2023, 6, 30))
        offer = _offer(session, cast, call_off, days=2)
        assert dates.moment_in_words(offer.deadline_at) == "12 April 2023, 11:59pm"
    with dates.at(datetime(2023, 4, 12, 22, 59, 59, tzinfo=UTC)):
        assert (offer.status, call_off.status) == (OfferStatus.OFFERED, CallOffStatus.OFFERED)
    with dates.at(datetime(2023, 4, 12, 23, 0, tzinfo=UTC)):
        assert (offer.status, call_off.status) == (OfferStatus.LAPSED, CallOffStatus.APPROVED)


@pytest.mark.parametrize("days", [0, -1, 21])
def test_a_deadline_outside_one_to_twenty_working_days_is_refused(session, cast, days):
    call_off = approved(session, cast, lot=4)
    with pytest.raises(Refused, match="1 to 20 working days"):
        _offer(session, cast, call_off, days=days)


def test_a_deadline_after_the_approval_runs_out_is_refused(session, cast):
    call_off = approved(session, cast, lot=4)
    call_off.approval_valid_until = date(2022, 11, 28)
    session.flush()
    with pytest.raises(Refused, match="the approval runs out after 28 November 2022") as refused:
        _offer(session, cast, call_off, days=5)
    assert refused.value.refusals[0].field == "working_days"
    assert _offer(session, cast, call_off, days=4).status is OfferStatus.OFFERED


def test_only_an_approved_call_off_in_date_is_offered(session, cast):
    waiting = raised(session, cast, lot=4)
    with pytest.raises(Refused, match="this one is submitted"):
        _offer(session, cast, waiting)
    stale = approved(session, cast, lot=4)
    stale.approval_valid_until = date(2022, 11, 21)
    session.flush()
    with pytest.raises(Refused, match="ran out after 21 November 2022"):
        _offer(session, cast, stale)
    assert stale.reserved_pence == 0


def test_a_lot_without_a_way_to_award_directly_is_refused(session, cast):
    lot = session.get_one(Lot, cast.lot[7])
    lot.direct_award_basis = DirectAwardBasis.NONE
    call_off = approved(session, cast, lot=7)
    with pytest.raises(Refused, match="its partners must compete") as refused:
        _offer(session, cast, call_off)
    assert _rules(refused) == ["RULE-11"]


def test_a_lot_for_competition_is_refused(session, cast):
    session.get_one(Lot, cast.lot[7]).award_method = AwardMethod.COMPETITION
    call_off = approved(session, cast, lot=7)
    with pytest.raises(Refused) as refused:
        _offer(session, cast, call_off)
    assert _rules(refused) == ["RULE-11"]


def test_several_partners_without_a_stated_mechanism_are_refused(session, cast):
    call_off = approved(session, cast, lot=7)
    lot = session.get_one(Lot, cast.lot[7])
    lot.mechanism = None
    with pytest.raises(Refused, match="states no objective mechanism") as refused:
        _offer(session, cast, call_off)
    assert _rules(refused) == ["RULE-11"]
    lot.direct_award_basis = DirectAwardBasis.SINGLE_SUPPLIER
    with pytest.raises(Refused, match="3 active partners") as refused:
        _offer(session, cast, call_off)
    assert _rules(refused) == ["RULE-11"]


def test_a_suspended_only_partner_leaves_nobody_to_ask_until_the_morning_after(session, cast):
    call_off = approved(session, cast, lot=4)
    place = session.get_one(Appointment, cast.appointment[(4, "Fennel Web")])
    place.suspended_from, place.suspended_until = date(2022, 11, 1), date(2022, 11, 22)
    session.flush()
    with pytest.raises(Refused, match="no active partner today"):
        _offer(session, cast, call_off)
    with dates.on(date(2022, 11, 23)):
        assert _offer(session, cast, call_off).status is OfferStatus.OFFERED


def test_nothing_is_offered_to_an_excluded_only_partner(session, cast):
    call_off = approved(session, cast, lot=4)
    session.get_one(Party, cast.party["Fennel Web"]).excluded = True
    with pytest.raises(Refused, match="Fennel Web is excluded") as refused:
        _offer(session, cast, call_off)
    assert _rules(refused) == ["RULE-08"]


def test_without_a_rate_card_in_force_there_is_nothing_to_freeze(session, cast):
    call_off = approved(session, cast, lot=4)
    card = session.exec(
        select(RateCard).where(RateCard.appointment_id == cast.appointment[(4, "Fennel Web")])
    ).one()
    card.from_on = date(2022, 11, 23)
    session.flush()
    with pytest.raises(Refused, match="no rate card in force") as refused:
        _offer(session, cast, call_off)
    assert _rules(refused) == ["RULE-78"]
    with dates.on(date(2022, 11, 23)):
        assert _offer(session, cast, call_off).rate_card_id == card.id


def test_an_offer_may_be_made_on_the_agreements_last_day_and_not_the_day_after(session, cast):
    call_off = approved(session, cast, lot=4, starts_on=date(2023, 5, 1), ends_on=date(2023, 6, 30))
    call_off.approval_valid_until = date(2023, 12, 31)
    session.flush()
    with dates.at(datetime(2023, 5, 31, 22, 59, tzinfo=UTC)):
        offer = _offer(session, cast, call_off)
        withdraw_offer(
            session, actor=cast.visitor(session, "Asha"), offer=offer, reason="A mistake in the dates we gave"
        )
    with (
        dates.at(datetime(2023, 5, 31, 23, 1, tzinfo=UTC)),
        pytest.raises(Refused, match="31 May 2023") as refused,
    ):
        _offer(session, cast, call_off)
    assert _rules(refused) == ["RULE-21"]


def test_an_authority_that_has_left_offers_nothing(session, cast):
    call_off = approved(session, cast, lot=4)
    member = session.exec(
        select(MemberAuthority).where(MemberAuthority.authority_id == cast.party["Northbank"])
    ).one()
    member.leaves_on = date(2022, 11, 21)
    session.flush()
    with pytest.raises(Refused, match="not a member") as refused:
        _offer(session, cast, call_off)
    assert _rules(refused) == ["RULE-03"]


def test_one_offer_at_a_time(session, cast):
    call_off, offer = offered(session, cast)
    with pytest.raises(Refused, match=f"{offer.reference} is still open"):
        _offer(session, cast, call_off)
    call_off, offer = accepted(session, cast, lot=4)
    with pytest.raises(Refused, match=f"{offer.reference} is still accepted"):
        _offer(session, cast, call_off)


def test_a_decline_keeps_the_reservation_for_the_next_partner_by_rank(session, cast):
    call_off, first = offered(session, cast, lot=7)
    reserved = call_off.reserved_pence
    assert reserved == pounds(20_000).pence
    assert _asked(session, first) == "Quill Works"
    assert "Quill Works: rank 1" in first.route
    _decline(session, cast, first)
    assert call_off.status is CallOffStatus.APPROVED
    assert (call_off.reserved_pence, call_off.offer_id) == (reserved, None)
    second = _offer(session, cast, call_off)
    assert second.reference.endswith("-O2")
    assert _asked(session, second) == "Fennel Web"
    assert "Quill Works was passed over: declined" in second.route


def test_a_lapse_passes_the_turn_on_too_and_when_all_said_no_nobody_is_left(session, cast):
    call_off, _ = offered(session, cast, lot=7, working_days=1)
    with dates.on(date(2022, 11, 24)):
        assert call_off.status is CallOffStatus.APPROVED
        second = _offer(session, cast, call_off)
        assert _asked(session, second) == "Fennel Web"
        assert "Quill Works was passed over: let its offer lapse" in second.route
        _decline(session, cast, second)
        third = _offer(session, cast, call_off)
        assert _asked(session, third) == "Tern Systems"
        _decline(session, cast, third)
        with pytest.raises(Refused, match="already answered no") as refused:
            _offer(session, cast, call_off)
        assert _rules(refused) == ["RULE-11"]
        assert nobody_to_ask(session, call_off) == "no partner has accepted"
        assert call_off.reserved_pence == pounds(20_000).pence


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (
            {"suspended_from": date(2022, 11, 1), "suspended_until": date(2022, 11, 30)},
            "suspended until 30 November 2022",
        ),
        ({"active_from": date(2022, 12, 1)}, "active from 1 December 2022"),
        ({"active_from": None}, "not active yet"),
        (
            {"ended_on": date(2022, 11, 22), "ended_as": "withdrawn"},
            "withdrew from the lot on 22 November 2022",
        ),
        (
            {"ended_on": date(2022, 11, 1), "ended_as": "removed"},
            "was removed from the lot on 1 November 2022",
        ),
    ],
)
def test_a_partner_that_was_not_active_is_named_as_passed_over_with_why(session, cast, visit, facts, why):
    call_off = approved(session, cast, lot=7)
    place = session.get_one(Appointment, cast.appointment[(7, "Quill Works")])
    for name, value in facts.items():
        setattr(place, name, value)
    session.flush()
    offer = _offer(session, cast, call_off)
    assert _asked(session, offer) == "Fennel Web"
    assert f"Quill Works was passed over: {why}" in offer.route
    frozen = offer.route
    place.suspended_from = place.suspended_until = None
    session.commit()
    session.close()
    assert f"Quill Works was passed over: {why}" in visit("Olu").get("/lots/DP21-7/turns").text
    assert session.exec(select(Offer.route).where(Offer.id == offer.id)).one() == frozen


def test_when_every_partner_declined_home_and_the_call_off_say_so(session, cast, visit):
    call_off = approved(session, cast, lot=7)
    assert nobody_to_ask(session, call_off) == ""
    for _ in range(3):
        _decline(session, cast, _offer(session, cast, call_off))
    reference = call_off.reference
    session.commit()
    session.close()
    asha = visit("Asha")
    said = "to change or to cancel, because every partner has declined"
    assert said in asha.get("/").text
    assert said in asha.get(f"/call-offs/{reference}").text
    page = asha.get(f"/call-offs/{reference}/offer").text
    assert "RULE" not in page
    assert "Last offered work on this lot on 22 November 2022" in page


def test_withdrawing_an_offer_does_not_move_the_turn_to_another_partner(session, cast):
    call_off, first = offered(session, cast, lot=7)
    withdraw_offer(
        session, actor=cast.visitor(session, "Asha"), offer=first, reason="The dates we gave were wrong"
    )
    assert call_off.status is CallOffStatus.APPROVED
    assert call_off.reserved_pence == pounds(20_000).pence
    assert _asked(session, _offer(session, cast, call_off)) == "Quill Works"


def test_an_excluded_partner_is_passed_over_and_the_record_says_so(session, cast):
    session.get_one(Party, cast.party["Quill Works"]).excluded = True
    _, offer = offered(session, cast, lot=7)
    assert _asked(session, offer) == "Fennel Web"
    assert "Quill Works was passed over: excluded" in offer.route


def test_in_turns_the_partner_asked_longest_ago_comes_first_and_ties_go_by_rank(session, cast):
    session.get_one(Lot, cast.lot[7]).mechanism = Mechanism.ROTATION
    asked = []
    for day in (22, 23, 24, 25, 28):
        with dates.on(date(2022, 11, day)):
            _, offer = offered(session, cast, lot=7)
            asked.append(_asked(session, offer))
    assert asked == ["Quill Works", "Fennel Web", "Tern Systems", "Quill Works", "Fennel Web"]
    assert "last offered work on this lot on 23 November 2022" in offer.route


def test_in_turns_an_offer_that_was_withdrawn_was_no_turn(session, cast):
    session.get_one(Lot, cast.lot[7]).mechanism = Mechanism.ROTATION
    call_off, offer = offered(session, cast, lot=7)
    withdraw_offer(session, actor=cast.visitor(session, "Asha"), offer=offer, reason="To ask somebody else")
    assert _asked(session, _offer(session, cast, call_off)) == "Quill Works"


def test_a_request_changed_and_raised_again_may_go_back_to_who_declined(session, cast):
    call_off, offer = offered(session, cast, lot=7)
    _decline(session, cast, offer)
    asha = cast.visitor(session, "Asha")
    with dates.on(date(2022, 11, 23)):
        withdraw_request(session, actor=asha, call_off=call_off, reason="Fewer days")
        raise_call_off(session, actor=asha, call_off=call_off)
        decide_call_off(session, actor=cast.visitor(session, "Bram"), call_off=call_off, outcome="approved")
        again = _offer(session, cast, call_off)
    assert _asked(session, again) == "Quill Works"
    assert again.reference.endswith("-O2")


def test_withdrawing_needs_a_reason_and_an_offer_without_a_final_answer(session, cast):
    asha = cast.visitor(session, "Asha")
    _, offer = offered(session, cast)
    with pytest.raises(Refused, match="Tell the partner why"):
        withdraw_offer(session, actor=asha, offer=offer, reason=" ")
    _decline(session, cast, offer)
    with pytest.raises(ChangedMeanwhile, match="it is declined"):
        withdraw_offer(session, actor=asha, offer=offer, reason="Too late")
    _, offer = awarded(session, cast)
    with pytest.raises(ChangedMeanwhile, match="has been awarded"):
        withdraw_offer(session, actor=asha, offer=offer, reason="Too late")


def test_an_accepted_offer_may_be_withdrawn_before_award_and_the_partner_is_told(session, cast):
    call_off, offer = accepted(session, cast)
    withdraw_offer(
        session, actor=cast.visitor(session, "Asha"), offer=offer, reason="The funding for it was cut"
    )
    assert (offer.status, call_off.status) == (OfferStatus.WITHDRAWN, CallOffStatus.APPROVED)
    mail = session.exec(
        select(Message).where(Message.key == f"offer-withdrawn:{offer.id}:{cast.person['Faye']}")
    )
    assert mail.one().to_address == "faye@example.org"


def test_cancelling_takes_the_open_offer_back_and_frees_the_reservation(session, cast):
    call_off, offer = offered(session, cast)
    cancel_call_off(
        session,
        actor=cast.visitor(session, "Asha"),
        call_off=call_off,
        reason="Not needed",
        feedback="The service is no longer needed",
    )
    assert offer.status is OfferStatus.WITHDRAWN
    assert call_off.reserved_pence == 0
    keys = set(session.exec(select(Message.key)))
    assert f"offer-withdrawn:{offer.id}:{cast.person['Faye']}" in keys


def test_the_partners_people_are_told_once_and_without_figures(session, cast):
    _, offer = offered(session, cast, value=23_456)
    mail = session.exec(select(Message).where(Message.key == f"offer:{offer.id}:{cast.person['Faye']}")).one()
    assert f"\n/offers/{offer.reference}\n" in mail.text
    assert "29 November 2022, 11:59pm" in mail.text
    assert "£" not in mail.text
    assert "23,456" not in mail.text


@pytest.mark.parametrize("name", ["Bram", "Finn", "Olu", "Audra", "Cara", "Zed", "Faye", "Stranger"])
def test_only_a_commissioning_manager_of_the_authority_offers_or_withdraws(session, cast, name):
    call_off = approved(session, cast, lot=4)
    with pytest.raises(NotFound):
        _offer(session, cast, call_off, who=name)
    offer = _offer(session, cast, call_off)
    with pytest.raises(NotFound):
        withdraw_offer(session, actor=cast.visitor(session, name), offer=offer, reason="Mine")
