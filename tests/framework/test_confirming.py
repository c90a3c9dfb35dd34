"""Sending an agreement to be confirmed, and confirming it as a second person."""

import threading
from datetime import date

import pytest

from framework import confirming, finding
from framework.agreement import AgreementStatus, FrameworkAgreement
from framework.confirming import confirm_agreement, return_agreement, submit_agreement, what_is_missing
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused
from framework.opening import change_agreement, facts_of, remove_authority
from framework.people.permissions import Visitor
from framework.records import database
from tests.framework.agreements import WORDS, a_draft, a_whole_draft

PA = {"commenced_on": date(2025, 3, 3), "starts_on": date(2025, 9, 1), "ends_on": date(2027, 8, 31)}


@pytest.fixture(autouse=True)
def only_this_floor(monkeypatch, app):
    """What the floors above ask before an agreement goes live is tested there."""
    monkeypatch.setattr(confirming, "COMPLETE", [])


@pytest.fixture
def sent(session, cast):
    """An agreement that Olu opened and sent."""
    agreement = a_whole_draft(session, cast)
    return submit_agreement(session, actor=cast.visitor(session, "Olu"), agreement=agreement)


def sentences(missing):
    return " ".join(one.sentence for one in missing)


@pytest.mark.parametrize("word", WORDS)
def test_rule_04_an_agreement_under_the_act_must_state_each_thing(session, cast, word):
    agreement = a_whole_draft(session, cast, **{**PA, word: ""})
    (only,) = what_is_missing(session, agreement)
    assert only.rule == "RULE-04"
    with pytest.raises(Refused):
        submit_agreement(session, actor=cast.visitor(session, "Olu"), agreement=agreement)
    assert agreement.is_draft


def test_rule_04_a_light_touch_agreement_is_exempt(session, cast):
    agreement = a_whole_draft(session, cast, **PA, is_light_touch=True, **dict.fromkeys(WORDS, ""))
    assert what_is_missing(session, agreement) == []


def test_a_new_draft_lacks_its_document_and_says_so(session, cast):
    assert sentences(what_is_missing(session, a_draft(session, cast))) == "Attach the agreement document"


def test_a_floor_above_may_ask_for_more(session, cast, monkeypatch):
    agreement = a_whole_draft(session, cast)
    monkeypatch.setattr(
        confirming, "COMPLETE", [lambda _session, one: [Refusal(f"{one.reference} has no lot")]]
    )
    assert sentences(what_is_missing(session, agreement)) == "DP23 has no lot"


def test_an_agreement_whose_last_day_has_passed_is_not_confirmed(session, cast, sent):
    with dates.on(date(2024, 11, 1)), pytest.raises(Refused) as caught:
        confirm_agreement(session, actor=cast.visitor(session, "Odette"), agreement=sent)
    assert "Record it as a past agreement" in str(caught.value)


@pytest.mark.parametrize("name", ["Odette", "Bram"])
def test_a_second_owner_or_an_approver_of_the_lead_confirms(session, cast, sent, name):
    assert sent.status_on(dates.today()) is AgreementStatus.AWAITING_CONFIRMATION
    confirm_agreement(session, actor=cast.visitor(session, name), agreement=sent)
    assert sent.status_on(date(2022, 10, 31)) is AgreementStatus.SCHEDULED
    assert sent.status_on(date(2022, 11, 1)) is AgreementStatus.LIVE
    assert sent.status_on(date(2024, 10, 31)) is AgreementStatus.LIVE
    assert sent.status_on(date(2024, 11, 1)) is AgreementStatus.EXPIRED


def test_whoever_opened_or_sent_it_does_not_confirm_it(session, cast):
    agreement = a_whole_draft(session, cast)
    submit_agreement(session, actor=cast.visitor(session, "Odette"), agreement=agreement)
    for name in ("Olu", "Odette"):
        with pytest.raises(Refused) as caught:
            confirm_agreement(session, actor=cast.visitor(session, name), agreement=agreement)
        assert "somebody else" in str(caught.value)
    confirm_agreement(session, actor=cast.visitor(session, "Bram"), agreement=agreement)


def test_nobody_else_may_confirm(session, cast, sent):
    for name in ("Asha", "Finn", "Audra", "Dev", "Cara", "Zoe", "Faye"):
        with pytest.raises(NotFound):
            confirm_agreement(session, actor=cast.visitor(session, name), agreement=sent)


def test_an_unsent_draft_is_not_confirmed(session, cast):
    agreement = a_whole_draft(session, cast)
    with pytest.raises(ChangedMeanwhile):
        confirm_agreement(session, actor=cast.visitor(session, "Bram"), agreement=agreement)


def test_what_was_sent_cannot_be_changed_until_it_is_returned(session, cast, sent):
    olu = cast.visitor(session, "Olu")
    with pytest.raises(Refused):
        change_agreement(session, actor=olu, agreement=sent, facts=facts_of(sent))
    with pytest.raises(Refused) as caught:
        return_agreement(session, actor=cast.visitor(session, "Bram"), agreement=sent, reason="  ")
    assert caught.value.refusals[0].field == "reason"
    return_agreement(
        session, actor=cast.visitor(session, "Bram"), agreement=sent, reason="Southmere has left"
    )
    remove_authority(session, actor=olu, agreement=sent, authority_id=cast.party["Southmere"])
    assert len(finding.members(session, sent)) == 1


def test_two_confirmations_at_once_are_one(app, session, cast, both_databases):
    agreement = a_whole_draft(session, cast)
    submit_agreement(session, actor=cast.visitor(session, "Olu"), agreement=agreement)
    number = agreement.id
    actors = [cast.visitor(session, name) for name in ("Odette", "Bram")]
    session.commit()
    session.close()
    ready, answers = threading.Barrier(2), []

    def confirm_as(actor: Visitor) -> None:
        with app.app_context():
            ready.wait(timeout=20)
            try:
                with database.writing() as own:
                    row = own.get_one(FrameworkAgreement, number)
                    confirm_agreement(own, actor=actor, agreement=row)
                answers.append("confirmed")
            except ChangedMeanwhile as late:
                answers.append(str(late))

    threads = [threading.Thread(target=confirm_as, args=(actor,)) for actor in actors]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert sorted(answers) == ["This agreement has been confirmed already", "confirmed"]
