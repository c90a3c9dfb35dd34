"""Suspending, cancelling and closing an agreement."""

from datetime import date

import pytest

from framework import closing, confirming
from framework.agreement import AgreementStatus, FrameworkAgreement
from framework.cancelling import cancel_agreement
from framework.closing import close_agreement
from framework.confirming import confirm_agreement, submit_agreement
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused
from framework.suspending import resume_agreement, suspend_agreement
from tests.framework.agreements import a_draft, a_whole_draft

AFTER = date(2023, 6, 1)


@pytest.fixture(autouse=True)
def only_this_floor(monkeypatch, app):
    """What the floors above ask is tested there."""
    monkeypatch.setattr(confirming, "COMPLETE", [])
    monkeypatch.setattr(closing, "ASK", [])


@pytest.fixture
def dp21(session, cast):
    return session.get(FrameworkAgreement, cast.agreement)


@pytest.fixture
def olu(session, cast):
    return cast.visitor(session, "Olu")


def test_a_suspended_agreement_is_resumed(session, olu, dp21):
    suspend_agreement(session, actor=olu, agreement=dp21, reason="A challenge")
    assert dp21.status_on(dates.today()) is AgreementStatus.SUSPENDED
    with pytest.raises(ChangedMeanwhile):
        suspend_agreement(session, actor=olu, agreement=dp21, reason="Again")
    resume_agreement(session, actor=olu, agreement=dp21, reason="Withdrawn")
    assert dp21.status_on(dates.today()) is AgreementStatus.LIVE
    with pytest.raises(ChangedMeanwhile):
        resume_agreement(session, actor=olu, agreement=dp21, reason="Again")


def test_a_suspended_agreement_expires_on_its_day_all_the_same(session, olu, dp21):
    suspend_agreement(session, actor=olu, agreement=dp21, reason="A challenge")
    assert dp21.status_on(AFTER) is AgreementStatus.EXPIRED


@pytest.mark.parametrize("act", [suspend_agreement, resume_agreement, cancel_agreement])
def test_each_is_the_lead_authoritys_framework_owners_alone(session, cast, dp21, act):
    for name in ("Bram", "Asha", "Dev", "Cara", "Audra", "Zoe", "Faye"):
        with pytest.raises(NotFound):
            act(session, actor=cast.visitor(session, name), agreement=dp21, reason="No")


def test_a_draft_is_not_suspended_and_a_live_agreement_is_not_cancelled(session, cast, olu, dp21):
    with pytest.raises(Refused):
        suspend_agreement(session, actor=olu, agreement=a_draft(session, cast), reason="No")
    with pytest.raises(Refused) as caught:
        cancel_agreement(session, actor=olu, agreement=dp21, reason="No")
    assert "suspend it instead" in str(caught.value)


def test_a_draft_or_a_scheduled_agreement_is_cancelled_with_a_reason(session, cast, olu):
    coming = a_whole_draft(session, cast, starts_on=date(2023, 1, 1))
    submit_agreement(session, actor=olu, agreement=coming)
    confirm_agreement(session, actor=cast.visitor(session, "Bram"), agreement=coming)
    assert coming.status_on(dates.today()) is AgreementStatus.SCHEDULED
    with pytest.raises(Refused) as caught:
        cancel_agreement(session, actor=olu, agreement=coming, reason="")
    assert caught.value.refusals[0].field == "reason"
    cancel_agreement(session, actor=olu, agreement=coming, reason="No money")
    draft = a_draft(session, cast, reference="DP25")
    cancel_agreement(session, actor=olu, agreement=draft, reason="No need")
    for one in (coming, draft):
        assert one.status_on(dates.today()) is AgreementStatus.CANCELLED
        with pytest.raises(ChangedMeanwhile):
            cancel_agreement(session, actor=olu, agreement=one, reason="Again")


def test_only_an_expired_agreement_is_closed(session, olu, dp21):
    with pytest.raises(Refused):
        close_agreement(session, actor=olu, agreement=dp21, lessons="Start sooner")
    with dates.on(AFTER):
        with pytest.raises(Refused) as caught:
            close_agreement(session, actor=olu, agreement=dp21, lessons="")
        assert {one.field for one in caught.value.refusals} == {"lessons"}
        close_agreement(session, actor=olu, agreement=dp21, lessons="Start sooner")
        assert dp21.status_on(AFTER) is AgreementStatus.CLOSED


def test_what_still_runs_above_keeps_it_open(session, olu, dp21, monkeypatch):
    monkeypatch.setattr(closing, "ASK", [lambda _session, _one: [Refusal("DP21-4-0001 still runs")]])
    with dates.on(AFTER), pytest.raises(Refused) as caught:
        close_agreement(session, actor=olu, agreement=dp21, lessons="Start sooner")
    assert "DP21-4-0001 still runs" in str(caught.value)


def test_the_pages_cancel_and_close(visit, session, cast):
    reference = a_draft(session, cast).reference
    session.commit()
    session.close()
    olu = visit("Olu")
    page = olu.send(f"/agreements/{reference}/cancel", {"reason": "x" * 1001}, status=422)
    assert page.values()["reason"] == "x" * 1001
    page = olu.follow(olu.send(f"/agreements/{reference}/cancel", {"reason": "No money"}))
    assert "Cancelled" in page.text
    assert "No money" in page.text
    with dates.on(AFTER):
        olu = visit("Olu")
        page = olu.follow(olu.send("/agreements/DP21/close", {"lessons": "Start sooner"}))
        assert "Closed" in page.text
        assert "Start sooner" in page.text
