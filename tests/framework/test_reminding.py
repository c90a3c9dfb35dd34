"""Reminders: each once, the nearest only when late, and none for what has moved or closed."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from framework import reminding
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.people import staffing
from framework.records import database
from framework.records.messages import Message
from lots.evidence import Evidence, EvidenceKind


def run(session, day):
    """Run the job on a day and return the keys that are new."""
    before = set(session.exec(select(Message.key)))
    with dates.on(day):
        reminding.remind(session)
    return sorted(set(session.exec(select(Message.key))) - before)


def of(keys, kind, who):
    return [key for key in keys if key.startswith(kind) and key.endswith(f":{who}")]


def test_the_owner_is_reminded_of_the_end_once_on_each_mark(session, cast):
    olu = cast.person["Olu"]
    sent = []
    day = date(2022, 11, 1)
    while day <= date(2023, 5, 31):
        sent += of(run(session, day), "agreement_end", olu)
        day += timedelta(days=1)
    # 6, 3 and 1 months before Wednesday 31 May 2023: 30 November, 28 February and, as 30 April is a Sunday, Friday 28 April.
    assert [key.split(":")[4] for key in sent] == ["6m", "3m", "1m"]


def test_a_second_run_the_same_day_sends_nothing_more(session, cast):
    assert of(run(session, date(2022, 11, 30)), "agreement_end", cast.person["Olu"])
    assert run(session, date(2022, 11, 30)) == []


def test_after_days_without_a_run_only_the_nearest_goes_and_says_that_it_is_late(session, cast):
    # T-68: ten days down over the 30-day and 7-day marks of an insurance.
    faye = cast.person["Faye"]
    run(session, date(2023, 5, 25))
    new = of(run(session, date(2023, 6, 24)), "evidence_end", faye)
    assert [key.split(":")[4] for key in new] == ["7d"] * len(new)
    text = session.exec(select(Message.subject, Message.text).where(Message.key == new[0])).one()
    assert text[0].startswith("Late reminder: ")
    assert "was due on 23 June 2023" in text[1]


def test_a_moved_end_moves_its_reminders(session, cast):
    # T-69 and check 6.
    olu = cast.person["Olu"]
    run(session, date(2022, 11, 30))
    agreement = session.get(FrameworkAgreement, cast.agreement)
    agreement.ends_on = date(2025, 5, 31)
    session.flush()
    assert of(run(session, date(2023, 2, 28)), "agreement_end", olu) == []
    assert [key.split(":")[3] for key in of(run(session, date(2023, 11, 30)), "agreement_end", olu)] == [
        "2025-05-31"
    ]
    assert len(of([*session.exec(select(Message.key))], "agreement_end", olu)) == 2


def test_a_cancelled_agreement_reminds_nobody(session, cast):
    session.get(FrameworkAgreement, cast.agreement).cancelled_at = dates.now()
    session.flush()
    assert not [key for key in run(session, date(2022, 11, 30)) if key.startswith(("agreement", "option"))]


def test_the_notice_of_an_option_is_the_last_day_less_the_notice(session, cast):
    # 31 May 2023 less 6 months is 30 November 2022; its 7-day mark is Wednesday 23 November.
    keys = of(run(session, date(2022, 11, 23)), "option_notice", cast.person["Olu"])
    assert [key.split(":")[4:7] for key in keys] == [["1", "2022-11-30", "7d"]]


def test_a_used_option_needs_no_notice(session, cast):
    from framework.agreement import ExtensionOption

    session.exec(select(ExtensionOption)).one().used_at = dates.now()
    session.flush()
    assert not [key for key in run(session, date(2022, 11, 23)) if key.startswith("option")]


def test_a_replaced_insurance_is_not_chased(session, cast):
    # Thursday 1 June 2023 is within 30 days of 30 June 2023.
    supplier = cast.party["Fennel Web"]
    for kind in EvidenceKind:
        session.add(
            Evidence(supplier_id=supplier, kind=kind, expires_on=date(2024, 6, 30), recorded_at=dates.now())
        )
    session.flush()
    run(session, date(2023, 5, 1))
    keys = run(session, date(2023, 6, 1))
    assert of(keys, "evidence_end", cast.person["Qi"])
    assert not of(keys, "evidence_end", cast.person["Faye"])


def test_somebody_who_left_is_not_written_to(session, cast):
    from framework.people.person import Post

    post = session.exec(select(Post).where(Post.person_id == cast.person["Olu"])).one()
    staffing.end_post(session, actor=cast.visitor(session, "Ari"), post_id=post.id)
    session.flush()
    keys = run(session, date(2022, 11, 30))
    assert not of(keys, "agreement_end", cast.person["Olu"])
    assert of(keys, "agreement_end", cast.person["Odette"])


def test_coming_shows_a_partner_its_own_and_a_stranger_nothing(visit):
    faye = visit("Faye").get("/coming/").text
    assert "Fennel Web: Professional indemnity insurance" in faye
    assert "Quill Works" not in faye
    assert "DP21" not in faye
    assert "Nothing ends" in visit("Zed").get("/coming/").text


def test_coming_shows_the_owner_the_end_and_the_notice(visit):
    page = visit("Olu").get("/coming/")
    assert "DP21 Digital Partners ends" in page.text
    assert "Notice to extend DP21" in page.text
    assert page.all("svg") or "<svg" in page.html


def test_the_calendar_has_the_same_dates_behind_a_secret_that_can_be_renewed(visit, app):
    from icalendar import Calendar

    olu = visit("Olu")
    shown = olu.follow(olu.send("/coming/", {}, to="/coming/feed"))
    first = next(link for link in shown.links if link.endswith(".ics")).split("8000")[1]
    events = Calendar.from_ical(visit("").client.get(first).data).walk("VEVENT")
    assert ("DP21 Digital Partners ends", date(2023, 5, 31)) in {
        (str(one["summary"]), one["dtstart"].dt) for one in events
    }
    olu.send("/coming/", {}, to="/coming/feed")
    visit("").get(first, status=404)
    visit("").get("/coming/guessed.ics", status=404)


@pytest.mark.parametrize("name", ["Olu", "Asha", "Audra", "Faye"])
def test_the_page_costs_the_same_number_of_statements_for_any_number_of_dates(app, visit, cast, name):
    from tests.statements import counted

    someone = visit(name)
    few = counted(app, lambda: someone.get("/coming/"))
    with app.app_context(), database.writing() as session:
        for index in range(30):
            session.add(
                Evidence(
                    supplier_id=cast.party["Fennel Web"],
                    kind=EvidenceKind.OTHER,
                    called=f"Certificate {index}",
                    reference=str(index),
                    expires_on=date(2023, 7, 1),
                    recorded_at=dates.now(),
                )
            )
    assert counted(app, lambda: someone.get("/coming/")) == few


def test_a_long_list_shows_the_nearest_and_says_how_many_follow(app, visit, cast):
    with app.app_context(), database.writing() as session:
        for index in range(160):
            session.add(
                Evidence(
                    supplier_id=cast.party["Fennel Web"],
                    kind=EvidenceKind.OTHER,
                    called=f"Certificate {index}",
                    reference=str(index),
                    expires_on=date(2023, 7, 1),
                    recorded_at=dates.now(),
                )
            )
    page = visit("Faye").get("/coming/")
    assert len(page.all("tbody")[0].findall("{http://www.w3.org/1999/xhtml}tr")) == 150
    assert "13 later dates are in the calendar below" in page.text
