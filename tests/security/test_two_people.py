"""Nobody approves what they worked on, whatever posts they hold and whoever touched it last."""

import pytest
from sqlmodel import select

from calloffs import closing
from calloffs.approving import approve_price, ask_price_approval, decide_call_off
from calloffs.business_case.case import CaseType
from calloffs.business_case.deciding import decide_case
from calloffs.business_case.writing import change_case, submit_case
from calloffs.call_off import CallOff
from calloffs.drafting import DraftFacts, change_draft
from calloffs.raising import raise_call_off
from calloffs.signing import sign_for_buyer, sign_for_partner
from calloffs.varying import Change, approve_variation, propose_variation
from framework.confirming import confirm_agreement, submit_agreement
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import HeldPost, Role, Visitor
from framework.people.staffing import give_post
from framework.records.audit import AuditRecord
from tests.calloffs.building import accepted, answer, person
from tests.calloffs.building_awarded import issued_call_off
from tests.calloffs.business_case.cases import COMPLETE, written
from tests.calloffs.making import drafted, raised
from tests.calloffs.spend.building import live_call_off

OWN = r"[Ss]omebody else|another approver"


@pytest.fixture
def nell(session, cast, town):
    """Holds every role at Northbank, with a limit of £9 million."""
    return cast.visitor(session, "Nell")


@pytest.fixture
def asha(session, cast):
    return cast.visitor(session, "Asha")


def test_whoever_raised_it_does_not_approve_it_with_another_hat_on(session, cast, nell):
    call_off = drafted(session, cast)
    raise_call_off(session, actor=nell, call_off=call_off)
    with pytest.raises(Refused, match=OWN):
        decide_call_off(session, actor=nell, call_off=call_off, outcome="approved")


def test_whoever_changed_it_does_not_approve_it_after_a_colleague_touched_it_last(session, cast, nell, asha):
    call_off = drafted(session, cast)
    change_draft(session, actor=nell, call_off=call_off, facts=DraftFacts(base=Money.pounds(21_000)))
    session.commit()
    change_draft(session, actor=asha, call_off=call_off, facts=DraftFacts(location="Anywhere"))
    raise_call_off(session, actor=asha, call_off=call_off)
    with pytest.raises(Refused, match=OWN):
        decide_call_off(session, actor=nell, call_off=call_off, outcome="approved")


def test_whoever_asked_for_a_price_does_not_approve_it(session, cast, nell):
    call_off, _ = accepted(session, cast, answer(person(days=40)), value="20,000")
    ask_price_approval(session, actor=nell, call_off=call_off)
    session.commit()
    with pytest.raises(Refused, match=OWN):
        approve_price(session, actor=nell, call_off=call_off)


def test_whoever_wrote_on_a_case_does_not_decide_it(session, cast, nell, asha):
    from dataclasses import replace

    case = written(session, cast)
    change_case(session, actor=nell, case=case, facts=replace(COMPLETE, kind=CaseType.STATUTORY))
    session.commit()
    change_case(session, actor=asha, case=case, facts=COMPLETE)
    submit_case(session, actor=asha, case=case)
    session.commit()
    with pytest.raises(Refused, match=OWN):
        decide_case(session, actor=nell, case=case, outcome="approved")


def test_neither_the_proposer_nor_the_owner_approves_a_variation(session, cast, nell, asha):
    change = Change(Money.pounds("65,000"), live_call_off(session, cast).ends_on, "More", "not_substantial")
    call_off = live_call_off(session, cast)
    proposed = propose_variation(session, actor=nell, call_off=call_off, change=change)
    with pytest.raises(Refused, match=OWN):
        approve_variation(session, actor=nell, variation=proposed)
    other = live_call_off(session, cast)
    other.owner_id = nell.person_id
    proposed = propose_variation(session, actor=asha, call_off=other, change=change)
    with pytest.raises(Refused, match=OWN):
        approve_variation(session, actor=nell, variation=proposed)


def test_whoever_opened_or_sent_an_agreement_does_not_confirm_it(session, cast, nell, town, monkeypatch):
    from framework import confirming, finding

    monkeypatch.setattr(confirming, "what_is_missing", lambda *_: [])
    draft = finding.agreement(session, nell, town["drafts"][0])
    submit_agreement(session, actor=nell, agreement=draft)
    for name in ("Nell", "Olu"):
        with pytest.raises(Refused, match=OWN):
            confirm_agreement(session, actor=cast.visitor(session, name), agreement=draft)


def test_one_person_in_finance_and_commissioning_does_not_close_alone(session, nell, town, monkeypatch):
    monkeypatch.setattr(closing, "unsettled", lambda *_: [])
    monkeypatch.setattr(closing, "_is_over", lambda *_: [])
    monkeypatch.setattr(closing, "deliverables", lambda *_: [])
    call_off = session.exec(select(CallOff).where(CallOff.reference == town["live"][0])).one()
    closing.agree_final(session, actor=nell, call_off=call_off)
    session.flush()
    with pytest.raises(Refused, match=OWN):
        closing.close_call_off(
            session,
            actor=nell,
            call_off=call_off,
            outcome="Good",
            rating=closing.Rating.GOOD,
            feedback="Delivered as agreed, in good time",
        )


def test_one_person_does_not_sign_for_both_sides(session, cast, nell):
    call_off = issued_call_off(session, cast, number=901)
    both = Visitor(
        nell.person_id,
        nell.name,
        posts=(*nell.posts, HeldPost(cast.party["Fennel Web"], Role.PARTNER_USER)),
    )
    who = {"role": "Director", "authority": "Scheme"}
    sign_for_buyer(session, actor=both, call_off=call_off, **who)
    with pytest.raises(Refused, match=OWN):
        sign_for_partner(session, actor=both, call_off=call_off, **who)


def test_a_limit_at_one_council_counts_for_nothing_at_another(session, cast):
    # An approver of Southmere's who reads at Northbank: two posts, two councils.
    dev = cast.visitor(session, "Dev")
    two = Visitor(
        dev.person_id, dev.name, posts=(*dev.posts, HeldPost(cast.party["Northbank"], Role.AUDITOR))
    )
    call_off = raised(session, cast)
    with pytest.raises(NotFound):
        decide_call_off(session, actor=two, call_off=call_off, outcome="approved")


def test_rights_for_a_second_account_are_on_record(session, cast):
    ari = cast.visitor(session, "Ari")
    with pytest.raises(Refused, match="yourself"):
        give_post(
            session,
            actor=ari,
            party_id=cast.party["Northbank"],
            name="Ari",
            email="ari@example.org",
            role=Role.AUDITOR,
        )
    give_post(
        session,
        actor=ari,
        party_id=cast.party["Northbank"],
        name="Ari Two",
        email="ari2@example.org",
        role=Role.AUDITOR,
    )
    session.commit()
    last = session.exec(select(AuditRecord).where(AuditRecord.action == "post_given")).all()[-1]
    assert last.actor_id == ari.person_id
