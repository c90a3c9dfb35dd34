"""Using an option to extend an agreement. The cast's option: 24 months, 6 months' notice, from 31 May 2023."""

import threading
from datetime import date

import pytest

from framework import finding
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.extending import approve_extension, propose_extension, refuse_extension
from framework.options import planned
from framework.people.permissions import Visitor
from framework.records import database

IN_TIME = date(2022, 10, 1)
LATE = date(2022, 10, 2)
LAST_NOTICE = date(2022, 11, 30)
TOO_LATE = date(2022, 12, 1)


@pytest.fixture
def dp21(session, cast):
    return session.get(FrameworkAgreement, cast.agreement)


def propose(session, cast, agreement, name="Olu", **words):
    return propose_extension(
        session, actor=cast.visitor(session, name), agreement=agreement, number=1, **words
    )


def approve(session, cast, agreement, name, **words):
    return approve_extension(
        session, actor=cast.visitor(session, name), agreement=agreement, number=1, **words
    )


def refusals(caught):
    return {(one.field, one.rule) for one in caught.value.refusals}


def test_check_4_one_council_alone_leaves_it_pending_and_the_other_completes_it(session, cast, dp21):
    with dates.on(IN_TIME):
        propose(session, cast, dp21)
        option = approve(session, cast, dp21, "Bram")
        assert option.used_at is None
        assert dp21.ends_on == date(2023, 5, 31)
        assert finding.approvals(session, [option.id]) == {option.id: {cast.party["Northbank"]}}
        approve(session, cast, dp21, "Dev")
    assert dp21.ends_on == date(2025, 5, 31)
    assert dp21.original_ends_on == option.ended_before == date(2023, 5, 31)
    assert option.used_at is not None


def test_check_5_an_option_is_used_once_and_says_so(session, cast, dp21):
    with dates.on(IN_TIME):
        propose(session, cast, dp21)
        approve(session, cast, dp21, "Bram")
        approve(session, cast, dp21, "Dev")
        with pytest.raises(Refused) as caught:
            propose(session, cast, dp21)
        assert "cannot be used again" in str(caught.value)
        assert "31 May 2025" in str(caught.value)
        with pytest.raises(Refused):
            approve(session, cast, dp21, "Brook")
    assert dp21.ends_on == date(2025, 5, 31)


def test_check_3_the_last_day_holds_through_the_clock_and_moves_with_the_option(session, cast, dp21):
    assert dp21.status_on(date(2023, 5, 31)).value == "live"
    assert dp21.status_on(date(2023, 6, 1)).value == "expired"
    with dates.on(IN_TIME):
        propose(session, cast, dp21)
        approve(session, cast, dp21, "Bram")
        approve(session, cast, dp21, "Dev")
    assert dp21.status_on(date(2025, 5, 31)).value == "live"
    assert dp21.status_on(date(2025, 6, 1)).value == "expired"


def test_t_83_with_its_option_used_the_founding_shape_has_still_ended_by_november_2026(session, cast, dp21):
    with dates.on(IN_TIME):
        propose(session, cast, dp21)
        approve(session, cast, dp21, "Bram")
        approve(session, cast, dp21, "Dev")
    assert dp21.status_on(date(2026, 11, 22)).value == "expired"


def test_nobody_approves_what_they_proposed(session, cast, dp21):
    with dates.on(IN_TIME):
        propose(session, cast, dp21)
        with pytest.raises(Refused) as caught:
            approve(session, cast, dp21, "Olu")
        assert "somebody else" in str(caught.value)
        approve(session, cast, dp21, "Odette")


def test_an_authority_approves_once(session, cast, dp21):
    with dates.on(IN_TIME):
        propose(session, cast, dp21)
        approve(session, cast, dp21, "Bram")
        with pytest.raises(ChangedMeanwhile):
            approve(session, cast, dp21, "Brook")


def test_only_the_leads_owner_proposes_and_only_members_approve(session, cast, dp21):
    with dates.on(IN_TIME):
        for name in ("Bram", "Asha", "Dev", "Cara", "Zoe", "Faye"):
            with pytest.raises(NotFound):
                propose(session, cast, dp21, name)
        propose(session, cast, dp21)
        for name in ("Asha", "Cara", "Zoe", "Zed", "Faye", "Audra"):
            with pytest.raises(NotFound):
                approve(session, cast, dp21, name)


def test_nothing_unproposed_is_approved(session, cast, dp21):
    with dates.on(IN_TIME), pytest.raises(Refused) as caught:
        approve(session, cast, dp21, "Bram")
    assert "Nobody has proposed" in str(caught.value)


@pytest.mark.parametrize(
    ("day", "needed"),
    [
        (IN_TIME, set()),
        (LATE, {("late_reason", "RULE-95")}),
        (LAST_NOTICE, {("late_reason", "RULE-95")}),
        (TOO_LATE, {("late_reason", "RULE-95"), ("partner_agreement", "RULE-95")}),
    ],
)
def test_rule_95_a_late_decision_needs_its_reasons(session, cast, dp21, day, needed):
    with dates.on(day):
        if needed:
            with pytest.raises(Refused) as caught:
                propose(session, cast, dp21)
            assert refusals(caught) == needed
        propose(session, cast, dp21, **{name: "Because" for name, _ in needed})


def test_rule_95_an_approval_that_comes_late_is_asked_for_the_reasons_too(session, cast, dp21):
    with dates.on(IN_TIME):
        propose(session, cast, dp21)
        approve(session, cast, dp21, "Bram")
    with dates.on(TOO_LATE):
        with pytest.raises(Refused) as caught:
            approve(session, cast, dp21, "Dev")
        assert refusals(caught) == {("late_reason", "RULE-95"), ("partner_agreement", "RULE-95")}
        assert dp21.ends_on == date(2023, 5, 31)
        option = approve(
            session, cast, dp21, "Dev", late_reason="Purdah", partner_agreement="Letters of 29 November"
        )
    assert dp21.ends_on == date(2025, 5, 31)
    assert option.partner_agreement == "Letters of 29 November"


def test_an_expired_agreement_is_not_brought_back(session, cast, dp21):
    with dates.on(date(2023, 6, 1)), pytest.raises(Refused) as caught:
        propose(session, cast, dp21, late_reason="Forgotten", partner_agreement="Letters")
    assert "expired" in str(caught.value)


def test_rule_05_an_extension_past_four_years_needs_a_reason(session, cast, dp21):
    (option,) = finding.options(session, dp21)
    option.months = 25
    with dates.on(date(2022, 9, 1)):
        with pytest.raises(Refused) as caught:
            propose(session, cast, dp21)
        assert refusals(caught) == {("longer_reason", "RULE-05")}
        propose(session, cast, dp21, longer_reason="An exceptional case")
        approve(session, cast, dp21, "Bram")
        approve(session, cast, dp21, "Dev")
    assert dp21.long_term_reason == "An exceptional case"


def test_a_refusal_ends_the_proposal_and_a_new_one_begins_afresh(session, cast, dp21):
    with dates.on(IN_TIME):
        propose(session, cast, dp21)
        approve(session, cast, dp21, "Bram")
        with pytest.raises(Refused):
            refuse_extension(session, actor=cast.visitor(session, "Dev"), agreement=dp21, number=1, reason="")
        option = refuse_extension(
            session,
            actor=cast.visitor(session, "Dev"),
            agreement=dp21,
            number=1,
            reason="We mean to tender",
        )
        assert option.proposed_at is None
        assert finding.approvals(session, [option.id]) == {option.id: set()}
        propose(session, cast, dp21)
        approve(session, cast, dp21, "Dev")
        assert option.used_at is None


def test_an_authority_that_has_left_is_not_asked(session, cast, dp21):
    for member, party in finding.members(session, dp21):
        if party.name == "Southmere":
            member.leaves_on = date(2022, 9, 30)
    with dates.on(IN_TIME):
        propose(session, cast, dp21)
        approve(session, cast, dp21, "Bram")
    assert dp21.ends_on == date(2025, 5, 31)


def test_check_6_after_use_nothing_is_planned_for_the_old_day(session, cast, dp21):
    with dates.on(IN_TIME):
        propose(session, cast, dp21)
        approve(session, cast, dp21, "Bram")
        approve(session, cast, dp21, "Dev")
    (plan,) = planned(dp21, finding.options(session, dp21))
    assert not plan.is_next
    assert (plan.ends_before, plan.ends_after) == (date(2023, 5, 31), date(2025, 5, 31))


def test_the_pages_say_whose_approval_is_missing(visit, session, cast):
    session.close()
    with dates.on(IN_TIME):
        olu = visit("Olu")
        page = olu.follow(olu.send("/agreements/DP21/options/1/propose", {}))
        assert "Waiting for Northbank and Southmere" in page.text
        bram = visit("Bram")
        page = bram.follow(bram.send("/agreements/DP21/options/1/decide", {"outcome": "approve"}))
        assert "Approved by Northbank. Waiting for Southmere" in page.text
        dev = visit("Dev")
        assert "Extending Digital Partners" in dev.get("/").text
        refused = dev.send("/agreements/DP21/options/1/decide", {"outcome": "refuse"}, status=422)
        assert refused.errors == ["Say why the option should not be used"]
        assert refused.values()["outcome"] == "refuse"
        page = dev.follow(dev.send("/agreements/DP21/options/1/decide", {"outcome": "approve"}))
        assert "Extended: it was 31 May 2023" in page.text
        assert "It cannot be used again" in page.text
        assert "(not recorded)" not in page.text
        assert "its last day moved from 31 May 2023 to 31 May 2025" in page.text
        visit("Zoe").get("/agreements/DP21/options/1/decide", status=404)


def test_what_is_typed_about_a_late_extension_is_kept(visit):
    page = visit("Olu").send("/agreements/DP21/options/1/propose", {"late_reason": "x" * 1001}, status=422)
    assert page.values()["late_reason"] == "x" * 1001


def test_the_last_two_approvals_at_once_extend_once(app, session, cast, both_databases):
    with dates.on(IN_TIME):
        agreement = session.get(FrameworkAgreement, cast.agreement)
        propose(session, cast, agreement)
        actors = [cast.visitor(session, name) for name in ("Bram", "Dev")]
        session.commit()
        session.close()
        ready, wrong = threading.Barrier(2), []

        def approve_as(actor: Visitor) -> None:
            with app.app_context():
                ready.wait(timeout=20)
                try:
                    with database.writing() as own:
                        row = own.get_one(FrameworkAgreement, cast.agreement)
                        finding.options(own, row)  # as a page does, before the agreement is held
                        approve_extension(own, actor=actor, agreement=row, number=1)
                except Exception as error:
                    wrong.append(error)

        threads = [threading.Thread(target=approve_as, args=(actor,)) for actor in actors]
        for one in threads:
            one.start()
        for one in threads:
            one.join(timeout=60)
        assert wrong == []
        with app.app_context(), database.writing() as own:
            row = own.get_one(FrameworkAgreement, cast.agreement)
            assert row.ends_on == date(2025, 5, 31)
            (option,) = finding.options(own, row)
            assert len(finding.decisions(own, option)) == 2
