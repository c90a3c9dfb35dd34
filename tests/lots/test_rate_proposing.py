"""A partner proposes rates; the framework owner accepts them or sends them back. One proposal waits at a time."""

from datetime import date

import pytest
from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.records import database
from framework.records.messages import Message
from lots import finding, rate_finding
from lots.appointing import appoint, take_off
from lots.appointment import Appointment
from lots.lot import Lot
from lots.opening import add_lot
from lots.rate_card import RateCard
from lots.rate_deciding import accept_proposal, return_proposal
from lots.rate_finding import Move
from lots.rate_proposal import RateProposal, RateProposalStatus
from lots.rate_proposing import save_proposal, submit_proposal, withdraw_proposal
from lots.rating import enter_rate_card
from tests.lots.drafts import a_draft
from tests.lots.test_opening import ONE

FROM = date(2022, 12, 1)
LOWER = [("Designer", 4, Money.pounds(900)), ("Tester", 2, Money.pounds(300))]


@pytest.fixture
def faye(cast, session):
    return cast.visitor(session, "Faye")


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


@pytest.fixture
def place(cast, session, faye):
    return finding.appointment(session, faye, cast.appointment[4, "Fennel Web"])


def saved(session, faye, place, rates=LOWER, **more):
    facts = {"from_on": FROM, "basis_version": 1, **more}
    return save_proposal(session, actor=faye, place=place, rates=rates, **facts)


def sent(session, faye, place, **more):
    proposal = saved(session, faye, place, **more)
    submit_proposal(session, actor=faye, place=place, proposal=proposal, revision=proposal.revision)
    return proposal


def told(session, what):
    return list(
        session.exec(
            select(Message.to_address).where(col(Message.subject).contains(what)).order_by("to_address")
        )
    )


def test_from_draft_to_version_two_with_both_sides_told(both_databases, session, faye, olu, place):
    proposal = saved(session, faye, place)
    assert proposal.status is RateProposalStatus.DRAFT
    assert rate_finding.waiting(session, olu) == []
    assert [one.id for one, _ in rate_finding.unfinished(session, faye)] == [proposal.id]
    submit_proposal(session, actor=faye, place=place, proposal=proposal, revision=1)
    assert [one.id for one, _ in rate_finding.waiting(session, olu)] == [proposal.id]
    assert told(session, "proposes rates") == ["odette@example.org", "olu@example.org"]
    card = accept_proposal(session, actor=olu, place=place, proposal=proposal)
    assert (card.version, card.from_on, proposal.accepted_version) == (2, FROM, 2)
    assert finding.rates_of(session, card.id) == {(role, level): rate for role, level, rate in LOWER}
    assert proposal.status is RateProposalStatus.ACCEPTED
    assert told(session, "were accepted") == ["faye@example.org"]
    in_force = finding.rate_card_in_force(session, place.appointment.id, date(2022, 11, 30))
    assert in_force is not None
    assert in_force[0].version == 1


def test_a_draft_is_saved_over_and_a_page_of_an_earlier_one_is_refused(session, faye, place):
    first = saved(session, faye, place)
    again = saved(session, faye, place, rates=LOWER[:1], revision=1)
    assert (again.id, again.revision) == (first.id, 2)
    assert rate_finding.lines_of(session, again) == LOWER[:1]
    for stale in (0, 1):
        with pytest.raises(ChangedMeanwhile):
            saved(session, faye, place, revision=stale)
    with pytest.raises(ChangedMeanwhile):
        submit_proposal(session, actor=faye, place=place, proposal=again, revision=1)


def test_one_waits_and_a_second_is_refused_until_it_is_withdrawn(session, faye, place):
    proposal = sent(session, faye, place)
    with pytest.raises(Refused) as refused:
        saved(session, faye, place, revision=1)
    assert "Withdraw them first" in str(refused.value)
    withdraw_proposal(session, actor=faye, place=place, proposal=proposal)
    assert proposal.status is RateProposalStatus.WITHDRAWN
    assert sent(session, faye, place).id != proposal.id


def test_sent_back_with_a_reason_that_the_partner_reads(session, faye, olu, place):
    proposal = sent(session, faye, place)
    with pytest.raises(Refused) as refused:
        return_proposal(session, actor=olu, place=place, proposal=proposal, reason="  ")
    assert refused.value.refusals[0].field == "reason"
    return_proposal(session, actor=olu, place=place, proposal=proposal, reason="The tester is too dear")
    assert (proposal.status, proposal.return_reason) == (
        RateProposalStatus.RETURNED,
        "The tester is too dear",
    )
    assert told(session, "were sent back") == ["faye@example.org"]
    with pytest.raises(ChangedMeanwhile):
        accept_proposal(session, actor=olu, place=place, proposal=proposal)
    with pytest.raises(Refused):
        withdraw_proposal(session, actor=faye, place=place, proposal=proposal)


def test_t_60_a_pound_above_the_maximum_is_refused_when_it_is_proposed(session, faye, place):
    proposal = saved(session, faye, place, rates=[("Designer", 4, Money.pounds(936))])
    with pytest.raises(Refused) as refused:
        submit_proposal(session, actor=faye, place=place, proposal=proposal, revision=1)
    (one,) = refused.value.refusals
    assert one.rule == "RULE-78"
    assert "Designer, level 4: £936.00 is more than the £935.00 of rate card version 1" in one.sentence


def test_a_proposal_begun_before_a_newer_version_is_refused(session, faye, olu, place):
    draft = saved(session, faye, place)
    enter_rate_card(session, actor=olu, appointment=place.appointment, from_on=FROM, rates=LOWER)
    for act in (
        lambda: saved(session, faye, place, revision=1),
        lambda: submit_proposal(session, actor=faye, place=place, proposal=draft, revision=1),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert "Version 2 of your rate card has come since" in str(refused.value)
    later = date(2023, 1, 1)
    saved(session, faye, place, revision=1, basis_version=2, from_on=later)
    submit_proposal(session, actor=faye, place=place, proposal=draft, revision=2)
    enter_rate_card(session, actor=olu, appointment=place.appointment, from_on=date(2022, 12, 2), rates=LOWER)
    with pytest.raises(Refused) as refused:
        accept_proposal(session, actor=olu, place=place, proposal=draft)
    assert "Version 3 was entered after" in str(refused.value)


def test_a_version_accepted_after_its_day_begins_today(session, faye, olu, place):
    proposal = sent(session, faye, place)
    with dates.on(date(2022, 12, 9)):
        card = accept_proposal(session, actor=olu, place=place, proposal=proposal)
    assert card.from_on == date(2022, 12, 9)


def test_while_onboarding_the_partners_rates_become_version_1(session, cast, olu, faye):
    lot = add_lot(session, actor=olu, agreement=a_draft(session, cast), facts=ONE)
    seat = appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Fennel Web"])
    with pytest.raises(NotFound):
        finding.own_place(session, faye, seat.id, "company:keep")
    seat.invited_at = dates.now()
    session.flush()
    place = finding.own_place(session, faye, seat.id, "company:keep")
    proposal = sent(session, faye, place, basis_version=0)
    card = accept_proposal(session, actor=olu, place=place, proposal=proposal)
    assert (card.version, card.from_on) == (1, FROM)
    # Of a draft nothing was promised yet: higher rates may still take its place.
    higher = [(role, level, rate * 2) for role, level, rate in LOWER]
    again = sent(session, faye, place, basis_version=1, rates=higher)
    card = accept_proposal(session, actor=olu, place=place, proposal=again)
    ((only, rates),) = finding.rate_cards(session, seat.id)
    assert (only.version, rates["Designer", 4]) == (1, Money.pounds(1800))


def test_old_and_new_stand_side_by_side(session, faye, place):
    lines = [
        ("Designer", 3, Money.pounds(600)),
        ("designer", 4, Money.pounds(900)),
        ("Developer", 4, Money.pounds(851)),
        ("Tester", 1, Money.pounds(200)),
    ]
    found = rate_finding.compared(session, place, lines, FROM)
    moves = {role: [change.move for change in changes] for role, changes in found.rows}
    never = Move.NEVER
    assert moves["Designer"] == [never, never, Move.SAME, Move.FALL, never, never, never]
    assert moves["Developer"] == [never, never, never, Move.RISE, Move.GONE, never, never]
    assert moves["Tester"][0] is Move.NEW
    assert moves["Delivery manager"][4] is Move.GONE
    assert "Designer, level 4: £900.00, fall from £935.00" in found.told
    assert "Developer, level 5: no longer offered, was £1,115.00" in found.told
    assert "Tester, level 1: £200.00, new" in found.told
    assert dict(found.counts) == {"Rise": 1, "Fall": 1, "New": 1, "No longer offered": 2, "Same": 1}


def test_a_rise_by_the_clause_is_shown_with_its_arithmetic(session, cast, faye, olu, place):
    lot = session.get_one(Lot, cast.lot[4])
    lot.rate_rise_bp, lot.rates_rise_from = 300, date(2022, 6, 1)
    session.flush()
    lines = [("Designer", 4, Money.pounds("963.05"))]
    found = rate_finding.compared(session, place, lines, FROM)
    assert found.rises == ["Designer, level 4: £935.00 of version 1, risen by 3% once, is at most £963.05"]
    proposal = sent(session, faye, place, rates=lines)
    assert accept_proposal(session, actor=olu, place=place, proposal=proposal).version == 2


def test_rivals_and_people_of_councils_propose_nothing_and_partners_accept_nothing(
    session, cast, faye, olu, place
):
    proposal = saved(session, faye, place)
    for name in ("Qi", "Tess", "Olu", "Asha", "Stranger"):
        who = cast.visitor(session, name)
        with pytest.raises(NotFound):
            save_proposal(
                session, actor=who, place=place, from_on=FROM, rates=LOWER, basis_version=1, revision=1
            )
        with pytest.raises(NotFound):
            submit_proposal(session, actor=who, place=place, proposal=proposal, revision=1)
        with pytest.raises(NotFound):
            withdraw_proposal(session, actor=who, place=place, proposal=proposal)
    submit_proposal(session, actor=faye, place=place, proposal=proposal, revision=1)
    for name in ("Faye", "Qi", "Asha", "Bram", "Audra", "Zed"):
        with pytest.raises(NotFound):
            accept_proposal(session, actor=cast.visitor(session, name), place=place, proposal=proposal)
        with pytest.raises(NotFound):
            return_proposal(
                session, actor=cast.visitor(session, name), place=place, proposal=proposal, reason="x"
            )


def test_who_left_the_lot_proposes_nothing(session, faye, place):
    place.appointment.ended_on = date(2022, 11, 1)
    with pytest.raises(Refused) as refused:
        saved(session, faye, place)
    assert "left this lot" in str(refused.value)


def test_the_database_itself_holds_one_open_proposal_to_a_place(both_databases, session, faye, place):
    saved(session, faye, place)
    session.add(
        RateProposal(appointment_id=place.appointment.id, created_at=dates.now(), changed_at=dates.now())
    )
    with pytest.raises(Exception, match=r"(?i)unique"):
        session.flush()
    session.rollback()


def test_nothing_is_left_of_a_refused_answer(app, session, cast, faye, olu, place):
    proposal = sent(session, faye, place)
    number, seat = proposal.id, place.appointment.id
    session.commit()
    database.begin_writing(session)
    place.appointment.ended_on = date(2022, 11, 1)
    with pytest.raises(Refused):
        accept_proposal(session, actor=olu, place=place, proposal=proposal)
    session.rollback()
    own: Session = session
    assert own.get_one(RateProposal, number).status is RateProposalStatus.SUBMITTED
    assert own.get_one(Appointment, seat).ended_on is None
    assert [card.version for card in own.exec(select(RateCard).where(RateCard.appointment_id == seat))] == [1]


def test_what_was_proposed_goes_with_a_place_that_is_taken_off_a_draft(
    both_databases, session, cast, olu, faye
):
    lot = add_lot(session, actor=olu, agreement=a_draft(session, cast), facts=ONE)
    seat = appoint(session, actor=olu, lot=lot, supplier_id=cast.party["Fennel Web"])
    seat.invited_at = dates.now()
    session.flush()
    place = finding.own_place(session, faye, seat.id, "company:keep")
    accept_proposal(session, actor=olu, place=place, proposal=sent(session, faye, place, basis_version=0))
    saved(session, faye, place, basis_version=1)
    take_off(session, actor=olu, appointment=seat)
    session.flush()
    assert session.exec(select(RateProposal)).all() == []
