"""Giving a return: when it is due, what it must say, and that it is given once."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlmodel import select

from calloffs.returns import asking
from calloffs.returns.asking import ReturnStatus, standing, standings
from calloffs.returns.giving import LineFacts, ReturnFacts, Seen, give_return, save_draft
from calloffs.returns.monthly_return import ReturnLine, due_at, due_on, last_correction_day
from calloffs.returns.reading import head_of, newest_lines
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.people.person import Post
from tests.calloffs.returns.building import OCTOBER, give, line, noted, seen
from tests.calloffs.spend.building import live_call_off

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("month", "due"),
    [
        (date(2022, 12, 1), date(2023, 1, 10)),  # 2 January everywhere, 3 January in Scotland
        (date(2023, 3, 1), date(2023, 4, 11)),  # Good Friday and Easter Monday
        (date(2022, 10, 1), date(2022, 11, 7)),
        (date(2022, 2, 1), date(2022, 3, 7)),
        (date(2022, 4, 1), date(2022, 5, 9)),  # early May bank holiday
    ],
)
def test_a_return_is_due_on_the_fifth_working_day_of_the_four_nations(month, due):
    assert due_on(month) == due
    assert dates.as_london(due_at(month)).strftime("%d %H:%M") == f"{due:%d} 23:59"


@pytest.mark.parametrize("month", [date(2022, 3, 1), date(2022, 9, 1), date(2022, 10, 1)])
def test_the_last_minute_of_the_day_is_in_time_and_the_next_is_not_summer_or_winter(month):
    day = due_on(month)
    last = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=LONDON)
    nextday = dates.start_of(day + (date(2022, 1, 2) - date(2022, 1, 1)))
    assert asking.status_at(month, None, last) is ReturnStatus.TO_GIVE
    assert asking.status_at(month, None, nextday) is ReturnStatus.OVERDUE
    assert asking.status_at(month, last, nextday) is ReturnStatus.GIVEN
    assert asking.status_at(month, nextday, nextday) is ReturnStatus.GIVEN_LATE


@pytest.mark.usefixtures("both_databases")
def test_a_call_off_is_asked_about_for_each_month_in_which_it_ran_on_any_day(session, cast):
    live_call_off(session, cast, starts=date(2022, 8, 31), ends=date(2022, 10, 1))
    fennel = cast.party["Fennel Web"]
    # Signed on 25 August; a first day of 31 August counts, and a last day of 1 October.
    assert [one.month.month for one in standings(session, fennel)] == [10, 9, 8]
    for month, asked in ((7, 0), (8, 1), (9, 1), (10, 1), (11, 0)):
        assert len(asking.asked_of(session, fennel, date(2022, month, 1))) == asked


@pytest.mark.usefixtures("both_databases")
def test_the_two_ways_of_asking_agree_in_every_month(session, cast):
    with dates.on(date(2023, 9, 12)):
        one = live_call_off(session, cast)
        one.terminated_on = date(2022, 11, 1)
        two = live_call_off(session, cast, starts=date(2023, 2, 1), ends=date(2023, 4, 30))
        two.closed_at = dates.start_of(date(2023, 5, 20))
        three = live_call_off(session, cast, starts=date(2022, 12, 5), ends=date(2022, 12, 6))
        three.cancelled_at = dates.now()
        four = live_call_off(session, cast, starts=date(2023, 6, 1), ends=date(2023, 6, 30))
        four.signed_at = datetime(2023, 6, 10, tzinfo=LONDON)
        session.flush()
        fennel = cast.party["Fennel Web"]
        counted = {one.month: one.call_offs for one in standings(session, fennel)}
        for number in range(24):
            month = dates.add_months(date(2022, 1, 1), number)
            if month > date(2023, 8, 1):
                continue
            assert len(asking.asked_of(session, fennel, month)) == counted.get(month, 0), month


def test_at_midnight_of_the_first_in_london_the_month_before_is_asked_about(session, cast):
    live_call_off(session, cast)
    fennel = cast.party["Fennel Web"]
    with dates.at(datetime(2022, 10, 31, 23, 59, tzinfo=LONDON)):
        assert standing(session, fennel, OCTOBER) is None
    with dates.at(datetime(2022, 11, 1, 0, 0, tzinfo=LONDON)):
        assert standing(session, fennel, OCTOBER).status is ReturnStatus.TO_GIVE
    # In summer London's first of the month begins while UTC is still in the month before.
    with dates.at(datetime(2023, 5, 31, 23, 30, tzinfo=ZoneInfo("UTC"))):
        live_call_off(session, cast, starts=date(2023, 5, 2), ends=date(2023, 5, 31))
        assert standing(session, fennel, date(2023, 5, 1)) is not None


def test_nobody_owes_years_though_they_may_be_given(session, cast):
    live_call_off(session, cast)
    fennel = cast.party["Fennel Web"]
    with dates.at(datetime(2023, 1, 31, 23, 59, tzinfo=LONDON)):
        assert standing(session, fennel, OCTOBER).status is ReturnStatus.OVERDUE
    with dates.at(datetime(2023, 2, 1, 0, 0, tzinfo=LONDON)):
        assert standing(session, fennel, OCTOBER).status is ReturnStatus.NOT_GIVEN
        assert standing(session, fennel, OCTOBER).may_change


def test_a_partner_owes_no_month_from_before_its_first_person_came(session, cast):
    live_call_off(session, cast)
    faye = session.exec(select(Post).where(Post.person_id == cast.person["Faye"])).one()
    faye.starts_on = date(2022, 10, 2)
    session.flush()
    fennel = cast.party["Fennel Web"]
    assert [one.month for one in standings(session, fennel)] == [OCTOBER]
    assert asking.asked_of(session, fennel, date(2022, 8, 1)) == []
    # Asked about on 1 October, when nobody was there to be asked.
    assert asking.asked_of(session, fennel, date(2022, 9, 1)) == []


@pytest.mark.usefixtures("both_databases")
def test_a_return_says_of_each_call_off_what_was_delivered_and_invoiced(session, cast):
    own = live_call_off(session, cast, deliverables=("A prototype", "A report"))
    souths = live_call_off(session, cast, authority="Southmere")
    version = give(
        session,
        cast,
        line(
            own,
            "-12.34",
            done=(2,),
            delivered="",
            days={4: 10, 5: 0},
            invoices=("INV-1", "INV-2"),
            concerns="None",
        ),
        LineFacts(souths.id, no_business=True),
    )
    head = head_of(session, cast.party["Fennel Web"], OCTOBER)
    (first, days), (second, none) = newest_lines(session, head)
    assert (version.number, first.net, first.deliverable_numbers) == (1, Money(-1234), (2,))
    assert [(one.level, one.days) for one in days] == [(4, "2.5")]
    assert first.invoice_numbers == ("INV-1", "INV-2")
    assert (second.no_business, second.net, none) == (True, Money.zero(), [])


def test_check_44_no_business_is_a_valid_answer_for_all_call_offs_at_once(session, cast):
    live_call_off(session, cast)
    live_call_off(session, cast)
    give(session, cast, no_business=True)
    stands = standing(session, cast.party["Fennel Web"], OCTOBER)
    assert stands.status is ReturnStatus.GIVEN_LATE
    lines = session.exec(select(ReturnLine)).all()
    assert [(one.no_business, one.net_pence) for one in lines] == [(True, 0), (True, 0)]


def test_every_reason_is_given_at_once_beside_its_field(session, cast):
    one, two, three = (live_call_off(session, cast) for _ in range(3))
    with pytest.raises(Refused) as refused:
        give(
            session,
            cast,
            LineFacts(one.id),
            LineFacts(two.id, no_business=True, net=Money.pounds(5)),
            LineFacts(
                three.id,
                net=Money.zero(),
                delivered="Work",
                invoices=("x" * 61,),
                forecast=Money(-1),
                done=(9,),
            ),
        )
    fields = [refusal.field for refusal in refused.value.refusals]
    assert fields == [
        f"line_{one.id}-net",
        f"line_{one.id}-delivered",
        f"line_{two.id}-no_business",
        f"line_{three.id}-delivered",
        f"line_{three.id}-invoices",
        f"line_{three.id}-forecast",
    ]


def test_a_return_leaves_no_call_off_out_and_names_none_that_is_not_its_own(session, cast):
    own = live_call_off(session, cast)
    rivals = live_call_off(session, cast, lot=7, partner="Quill Works")
    with pytest.raises(Refused, match=own.reference):
        give(session, cast)
    with pytest.raises(NotFound):
        give(session, cast, line(own), line(rivals))
    with pytest.raises(Refused, match="one line"):
        give(session, cast, line(own), line(own))


def test_nobody_gives_the_return_of_another_company_or_of_no_month(session, cast):
    own = live_call_off(session, cast)
    facts = ReturnFacts((line(own),))
    for name in ("Qi", "Asha", "Finn", "Stranger"):
        with pytest.raises(NotFound):
            give_return(
                session,
                actor=cast.visitor(session, name),
                supplier_id=cast.party["Fennel Web"],
                month=OCTOBER,
                facts=facts,
                seen=Seen(),
            )
    for month in (date(2022, 10, 2), date(2021, 10, 1)):
        with pytest.raises(NotFound):
            give(session, cast, line(own), month=month)


def test_the_running_month_cannot_be_returned_yet_and_a_closed_one_no_more(session, cast):
    own = live_call_off(session, cast)
    with pytest.raises(Refused, match="from 1 December 2022"):
        give(session, cast, line(own), month=date(2022, 11, 1))
    assert last_correction_day(OCTOBER) == date(2024, 3, 31)
    assert last_correction_day(date(2023, 3, 1)) == date(2024, 3, 31)
    assert last_correction_day(date(2023, 4, 1)) == date(2025, 3, 31)
    with (
        dates.at(datetime(2024, 4, 1, 0, 0, tzinfo=LONDON)),
        pytest.raises(Refused, match="until 31 March 2024"),
    ):
        give(session, cast, line(own))
    with dates.at(datetime(2024, 3, 31, 23, 59, tzinfo=LONDON)):
        assert give(session, cast, line(own)).number == 1


def test_a_draft_is_kept_and_nobody_overwrites_or_gives_what_they_did_not_see(session, cast):
    own = live_call_off(session, cast)
    fennel, faye = cast.party["Fennel Web"], cast.visitor(session, "Faye")
    how = {"actor": faye, "supplier_id": fennel, "month": OCTOBER}
    assert save_draft(session, typed="[]", seen=Seen(), **how) == 1
    assert standing(session, fennel, OCTOBER).has_draft
    with pytest.raises(ChangedMeanwhile):
        save_draft(session, typed="[1]", seen=Seen(0, 0), **how)
    with pytest.raises(ChangedMeanwhile):
        give_return(session, facts=ReturnFacts((line(own),)), seen=Seen(), **how)
    give_return(session, facts=ReturnFacts((line(own),)), seen=Seen(0, 1), **how)
    assert not standing(session, fennel, OCTOBER).has_draft
    with pytest.raises(ChangedMeanwhile):
        give_return(session, facts=ReturnFacts((line(own),)), seen=seen(session, fennel, OCTOBER), **how)


@pytest.mark.usefixtures("both_databases")
@pytest.mark.parametrize(
    "table", ["monthly_return_version", "monthly_return_line", "monthly_return_days", "monthly_return_note"]
)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_was_given(session, cast, table, change):
    own = live_call_off(session, cast)
    give(session, cast, line(own, days={4: 4}))
    noted(session, cast, own)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.connection().execute(sa.text(change.format(table)))
