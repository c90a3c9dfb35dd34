"""Proposals: between one partner and one council, and nobody else."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.records import timeline
from framework.records.messages import Message
from lots.appointment import Appointment
from lots.forward.finding_proposals import own_proposals, proposal, proposals_on, said_about, waiting
from lots.forward.planning import change_item
from lots.forward.proposal import ProposalStatus, Reply
from lots.forward.proposing import (
    ProposalFacts,
    change_proposal,
    draft_proposal,
    reply_to,
    say_more,
    send_proposal,
    withdraw_proposal,
)
from lots.forward.sharing import drop_item
from tests.lots.plans import FACTS, planned, shared

WORDS = ProposalFacts("Use what we have", "We would reuse the permit pages", "Two developers", "25k_to_100k")


def proposed(session, cast, item, who="Faye", told_lead=None):
    actor = cast.visitor(session, who)
    made = draft_proposal(
        session, actor=actor, item_id=item.id, supplier_id=actor.posts[0].party_id, facts=WORDS
    )
    if told_lead is not None:
        send_proposal(session, actor=actor, proposal=made, told_lead=told_lead)
    session.flush()
    return made


def readers(session, cast, made):
    found = set()
    for name in ("Asha", "Bram", "Olu", "Audra", "Cara", "Dev", "Zed", "Faye", "Qi", "Tess", "Ari", "Opal"):
        try:
            proposal(session, cast.visitor(session, name), made.id)
        except NotFound:
            continue
        found.add(name)
    return found


def test_a_draft_is_the_partners_alone(session, cast):
    item = shared(session, cast, "Cara", lot=7)
    made = proposed(session, cast, item)
    assert readers(session, cast, made) == {"Faye"}
    assert proposals_on(session, cast.visitor(session, "Cara"), item) == []
    assert timeline.of(session, cast.visitor(session, "Cara"), "proposal", made.id) == []


@pytest.mark.parametrize(
    ("wide", "who"), [(False, {"Faye", "Cara", "Dev"}), (True, {"Faye", "Cara", "Dev", "Olu"})]
)
def test_who_reads_a_sent_proposal(session, cast, wide, who):
    item = shared(session, cast, "Cara", lot=7, is_agreement_wide=wide)
    made = proposed(session, cast, item, told_lead=wide)
    assert readers(session, cast, made) == who


def test_a_plan_that_is_widened_later_widens_no_proposal(session, cast):
    item = shared(session, cast, "Cara", lot=7)
    made = proposed(session, cast, item, told_lead=False)
    change_item(
        session,
        actor=cast.visitor(session, "Cara"),
        item=item,
        facts=replace(FACTS, is_agreement_wide=True),
    )
    assert readers(session, cast, made) == {"Faye", "Cara", "Dev"}


def test_who_would_read_it_changed_while_it_was_written_so_its_writer_looks_again(session, cast):
    item = shared(session, cast, "Cara", lot=7, is_agreement_wide=True)
    made = proposed(session, cast, item)
    with pytest.raises(Refused, match="Who reads the proposal has just changed"):
        send_proposal(session, actor=cast.visitor(session, "Faye"), proposal=made, told_lead=False)
    assert made.sent_at is None


@pytest.mark.parametrize(("name", "wide"), [("Qi", False), ("Qi", True), ("Asha", False), ("Zed", False)])
def test_only_a_partner_on_the_lot_proposes(session, cast, name, wide):
    item = shared(session, cast, is_agreement_wide=wide)
    actor = cast.visitor(session, name)
    with pytest.raises(NotFound):
        draft_proposal(
            session, actor=actor, item_id=item.id, supplier_id=actor.posts[0].party_id, facts=WORDS
        )
    with pytest.raises(NotFound):
        proposed(session, cast, planned(session, cast))


def test_nobody_proposes_for_another_company(session, cast):
    item = shared(session, cast, lot=7)
    with pytest.raises(NotFound):
        draft_proposal(
            session,
            actor=cast.visitor(session, "Faye"),
            item_id=item.id,
            supplier_id=cast.party["Quill Works"],
            facts=WORDS,
        )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": ""}, "title"),
        ({"words": "x" * 8001}, "words"),
        ({"who": "x" * 2001}, "who"),
        ({"band": "big"}, "band"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused(session, cast, facts, field):
    item = shared(session, cast)
    made = proposed(session, cast, item)
    with pytest.raises(Refused) as refused:
        change_proposal(
            session, actor=cast.visitor(session, "Faye"), proposal=made, facts=replace(WORDS, **facts)
        )
    assert [one.field for one in refused.value.refusals] == [field]


def test_what_was_sent_stays_as_it_was_sent(session, cast):
    made = proposed(session, cast, shared(session, cast), told_lead=False)
    faye = cast.visitor(session, "Faye")
    with pytest.raises(Refused, match="has been sent"):
        change_proposal(session, actor=faye, proposal=made, facts=WORDS)
    with pytest.raises(Refused, match="has been sent"):
        send_proposal(session, actor=faye, proposal=made, told_lead=False)


def test_the_council_replies_asks_for_more_and_hears_more(session, cast):
    made = proposed(session, cast, shared(session, cast), told_lead=False)
    asha, faye = cast.visitor(session, "Asha"), cast.visitor(session, "Faye")
    assert [one.proposal.id for one in waiting(session, asha)] == [made.id]
    with pytest.raises(Refused, match="not asked for more"):
        say_more(session, actor=faye, proposal=made, words="And another thing")
    reply_to(session, actor=asha, proposal=made, reply=Reply.MORE, words="Which pages?")
    assert (made.status, waiting(session, asha)) == (ProposalStatus.ANSWERED, [])
    say_more(session, actor=faye, proposal=made, words="The permit pages")
    session.flush()
    assert [one.proposal.id for one in waiting(session, asha)] == [made.id]
    with pytest.raises(Refused, match="not asked for more"):
        say_more(session, actor=faye, proposal=made, words="Once more")
    reply_to(session, actor=asha, proposal=made, reply=Reply.THANKS, words="Thank you")
    session.flush()
    assert [one.reply for one in said_about(session, made)] == [Reply.MORE, None, Reply.THANKS]
    told = [one.to_address for one in session.exec(select(Message))]
    assert told.count("faye@example.org") == 2
    assert "qi@example.org" not in told


@pytest.mark.parametrize("name", ["Bram", "Cara", "Qi", "Zed"])
def test_only_those_who_plan_for_the_council_reply(session, cast, name):
    made = proposed(session, cast, shared(session, cast), told_lead=False)
    with pytest.raises(NotFound):
        reply_to(
            session, actor=cast.visitor(session, name), proposal=made, reply=Reply.THANKS, words="Thanks"
        )


def test_what_is_withdrawn_waits_for_nobody_and_is_answered_by_nobody(session, cast):
    made = proposed(session, cast, shared(session, cast), told_lead=False)
    withdraw_proposal(session, actor=cast.visitor(session, "Faye"), proposal=made)
    asha = cast.visitor(session, "Asha")
    assert waiting(session, asha) == []
    with pytest.raises(Refused, match="withdrawn"):
        reply_to(session, actor=asha, proposal=made, reply=Reply.THANKS, words="Thanks")
    assert [one.proposal.id for one in own_proposals(session, cast.visitor(session, "Faye"))] == [made.id]
    assert own_proposals(session, cast.visitor(session, "Qi")) == []


def test_nothing_is_proposed_for_what_is_no_longer_coming(session, cast):
    item = shared(session, cast)
    made = proposed(session, cast, item)
    drop_item(session, actor=cast.visitor(session, "Asha"), item=item, reason="No money")
    with pytest.raises(Refused, match="no longer coming"):
        send_proposal(session, actor=cast.visitor(session, "Faye"), proposal=made, told_lead=False)


def test_a_suspended_partner_reads_on_and_proposes_when_the_suspension_is_over(session, cast, visit):
    item = shared(session, cast)
    place = session.get_one(Appointment, cast.appointment[4, "Fennel Web"])
    place.suspended_from, place.suspended_until = date(2022, 11, 1), date(2022, 12, 1)
    session.flush()
    with pytest.raises(Refused, match="until the end of 1 December 2022"):
        proposed(session, cast, item)
    number = item.id
    session.commit()
    session.close()
    page = visit("Faye").get(f"/forward/items/{number}")
    assert "suspended on this lot until the end of 1 December 2022" in page.text
    assert "Answer with a proposal" not in page.text
    assert FACTS.title in visit("Faye").get("/forward/").text
    with dates.on(date(2022, 12, 2)):
        assert proposed(session, cast, session.get_one(type(item), number)).item_id == number
