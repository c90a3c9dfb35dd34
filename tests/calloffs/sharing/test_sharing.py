"""Shares are proposed by the authority that buys, agreed by every other, and never edited (check 22)."""

from datetime import date

import pytest
import sqlalchemy as sa

from calloffs.sharing import finding
from calloffs.sharing.agreeing import answer_sharing
from calloffs.sharing.proposing import propose_sharing, withdraw_sharing
from calloffs.sharing.sharing import shares_of
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.people.permissions import Role
from framework.people.person import Post
from tests.calloffs.sharing.sharing_made import pay, proposed, shared
from tests.calloffs.spend.building import live_call_off

DAY = date(2022, 10, 5)


def shares(session, cast, call_off, day=None):
    names = {one: name for name, one in cast.party.items()}
    return [(names[one], bp) for one, bp in shares_of(session, call_off.id, day)]


def test_shares_hold_once_the_other_authority_agreed_and_from_their_day(session, cast):
    call_off = live_call_off(session, cast)
    proposed(session, cast, call_off)
    assert shares(session, cast, call_off) == [("Northbank", 10_000)]
    answer_sharing(session, actor=cast.visitor(session, "Dev"), call_off=call_off, number=1, agrees=True)
    assert shares(session, cast, call_off) == [("Northbank", 6_000), ("Southmere", 4_000)]
    assert shares(session, cast, call_off, date(2022, 8, 31)) == [("Northbank", 10_000)]


def test_check_22_each_authority_bears_its_share_of_every_figure_to_the_penny(session, cast):
    call_off = shared(session, cast, (DAY, 1), (DAY, 100), (date(2022, 8, 30), 7), value="60,000.01")
    rows = {one.authority: one for one in finding.borne(session, call_off)}
    north, south = rows["Northbank"], rows["Southmere"]
    assert (north.committed[1], south.committed[1]) == (Money.pounds("36,000.01"), Money.pounds("24,000.00"))
    # 101 pence since the day the shares began, and 7 of before that Northbank bears alone.
    assert (north.paid[1], south.paid[1]) == (Money(68), Money(40))
    assert north.invoiced[0] + south.invoiced[0] == Money(call_off.invoiced_pence)


def test_every_reason_against_shares_is_said_at_once(session, cast):
    call_off = live_call_off(session, cast)
    asha = cast.visitor(session, "Asha")
    wrong = [(cast.party["Northbank"], 6_000), (cast.party["Elsewhere"], 3_000)]
    with pytest.raises(Refused) as refused:
        propose_sharing(session, actor=asha, call_off=call_off, shares=wrong, from_on=None, reason=" ")
    said = str(refused.value)
    for words in ("add up to 90%", "Elsewhere is not a member", "first day", "why the call-off is shared"):
        assert words in said


@pytest.mark.parametrize(("moment", "said"), [("closed_at", "closed"), ("cancelled_at", "cancelled")])
def test_the_shares_of_what_is_over_no_longer_change(session, cast, moment, said):
    call_off = live_call_off(session, cast)
    setattr(call_off, moment, dates.now())
    with pytest.raises(Refused, match=f"is {said}"):
        proposed(session, cast, call_off)


def test_an_authority_that_left_the_agreement_bears_no_new_share(session, cast):
    call_off = live_call_off(session, cast)
    session.connection().execute(
        sa.text("UPDATE member_authority SET leaves_on = '2022-11-21' WHERE authority_id = :one"),
        {"one": cast.party["Southmere"]},
    )
    with pytest.raises(Refused, match="Southmere is not a member"):
        proposed(session, cast, call_off)


def test_nobody_answers_for_the_authority_that_buys_or_twice_or_what_is_no_longer_asked(session, cast):
    call_off = live_call_off(session, cast)
    proposed(session, cast, call_off)
    for name in ("Finn", "Bram", "Cara", "Zoe"):
        with pytest.raises(NotFound):
            answer_sharing(
                session, actor=cast.visitor(session, name), call_off=call_off, number=1, agrees=True
            )
    fern = cast.visitor(session, "Fern")
    with pytest.raises(Refused, match="why you refuse"):
        answer_sharing(session, actor=fern, call_off=call_off, number=1, agrees=False)
    answer_sharing(session, actor=fern, call_off=call_off, number=1, agrees=False, reason="Too much")
    with pytest.raises(ChangedMeanwhile):
        answer_sharing(session, actor=fern, call_off=call_off, number=1, agrees=True)
    assert shares(session, cast, call_off) == [("Northbank", 10_000)]


def test_whoever_proposed_does_not_agree_for_the_other_authority(session, cast):
    session.add(
        Post(
            person_id=cast.person["Asha"],
            party_id=cast.party["Southmere"],
            role=Role.FINANCE_REVIEWER,
            starts_on=date(2021, 1, 1),
        )
    )
    call_off = live_call_off(session, cast)
    proposed(session, cast, call_off)
    with pytest.raises(Refused, match="You proposed"):
        answer_sharing(session, actor=cast.visitor(session, "Asha"), call_off=call_off, number=1, agrees=True)


def test_a_new_version_counts_from_its_day_and_the_one_before_stays_as_it_was(session, cast):
    call_off = shared(session, cast, (date(2022, 9, 5), 100))
    with pytest.raises(Refused, match="1 September 2022"):
        proposed(session, cast, call_off, shares=(("Northbank", 10_000),), from_on=date(2022, 8, 1))
    proposed(session, cast, call_off, shares=(("Northbank", 10_000),), from_on=date(2022, 10, 1))
    # Left out, Southmere has still to agree.
    answer_sharing(session, actor=cast.visitor(session, "Fern"), call_off=call_off, number=2, agrees=True)
    pay(session, call_off, (DAY, 50))
    rows = {one.authority: one for one in finding.borne(session, call_off)}
    assert (rows["Northbank"].paid[1], rows["Southmere"].paid[1]) == (Money(110), Money(40))
    assert shares(session, cast, call_off, date(2022, 9, 30))[1] == ("Southmere", 4_000)


def test_one_proposal_at_a_time_which_the_buying_authority_may_take_back(session, cast):
    call_off = live_call_off(session, cast)
    proposed(session, cast, call_off)
    with pytest.raises(Refused, match="waits for an answer"):
        proposed(session, cast, call_off, by="Finn")
    with pytest.raises(NotFound):
        withdraw_sharing(session, actor=cast.visitor(session, "Fern"), call_off=call_off)
    withdraw_sharing(session, actor=cast.visitor(session, "Finn"), call_off=call_off)
    proposed(session, cast, call_off, by="Finn")


@pytest.mark.usefixtures("both_databases")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE call_off_sharing SET from_on = '2022-01-01'",
        "DELETE FROM call_off_sharing",
        "UPDATE call_off_share SET share_bp = 1",
        "DELETE FROM sharing_answer",
    ],
)
def test_the_database_itself_refuses_to_edit_an_agreed_version(session, cast, statement):
    shared(session, cast)
    session.flush()
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.connection().execute(sa.text(statement))
