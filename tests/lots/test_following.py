"""Following, and the digest: one mail a day to each follower, of what it may see then."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.people.person import Post
from framework.records import database
from framework.records.messages import Message
from lots.forward.digesting import send_digests
from lots.forward.following import follow, followed, unfollow
from lots.forward.planning import change_item
from lots.forward.sharing import drop_item, note_item
from tests.lots.plans import FACTS, planned, shared


def mails(session):
    return [one for one in session.exec(select(Message)) if one.key.startswith("forward-digest")]


def test_following_twice_is_once_and_stopping_is_the_end(session, cast):
    faye = cast.visitor(session, "Faye")
    item = shared(session, cast)
    for _ in range(2):
        follow(session, actor=faye, kind="item", number=item.id)
    assert f"item:{item.id}" in followed(session, faye)
    unfollow(session, actor=faye, kind="item", number=item.id)
    unfollow(session, actor=faye, kind="item", number=item.id)
    assert f"item:{item.id}" not in followed(session, faye)
    assert not followed(session, faye).item(item)
    follow(session, actor=faye, kind="item", number=item.id)
    assert followed(session, faye).item(item)


def test_partners_holding_a_place_are_told_unasked_until_each_stops(session, cast):
    shared(session, cast)
    with dates.on(date(2022, 11, 23)):
        assert send_digests(session) == 1
        second, third = shared(session, cast, title="A bins page"), shared(session, cast, title="A pest page")
        unfollow(session, actor=cast.visitor(session, "Faye"), kind="item", number=second.id)
    (mail,) = mails(session)
    assert (mail.to_address, "A new parking app: shared with you." in mail.text) == ("faye@example.org", True)
    with dates.on(date(2022, 11, 24)):
        assert send_digests(session) == 1
        assert "A pest page" in mails(session)[1].text
        assert "A bins page" not in mails(session)[1].text
        unfollow(session, actor=cast.visitor(session, "Faye"), kind="lot", number=cast.lot[4])
        assert not followed(session, cast.visitor(session, "Faye")).item(third)
        drop_item(session, actor=cast.visitor(session, "Asha"), item=third, reason="No money")
    with dates.on(date(2022, 11, 25)):
        assert send_digests(session) == 0


@pytest.mark.parametrize(("kind", "number"), [("lot", 1), ("lot", 999), ("agreement", 999), ("person", 1)])
def test_what_cannot_be_seen_cannot_be_followed(session, cast, kind, number):
    wanted = cast.lot[number] if (kind, number) == ("lot", 1) else number
    with pytest.raises(NotFound):
        follow(session, actor=cast.visitor(session, "Faye"), kind=kind, number=wanted)
    private = planned(session, cast)
    with pytest.raises(NotFound):
        follow(session, actor=cast.visitor(session, "Faye"), kind="item", number=private.id)


def test_several_changes_of_a_day_are_one_mail_the_next_morning(session, cast):
    faye, asha = cast.visitor(session, "Faye"), cast.visitor(session, "Asha")
    follow(session, actor=faye, kind="lot", number=cast.lot[4])
    follow(session, actor=faye, kind="agreement", number=cast.agreement)
    first, second = shared(session, cast), shared(session, cast, title="A new bins page")
    follow(session, actor=faye, kind="item", number=first.id)
    change_item(session, actor=asha, item=first, facts=replace(FACTS, why="Because"))
    change_item(session, actor=asha, item=first, facts=replace(FACTS, why="Just because"))
    note_item(session, actor=asha, item=second, words="The budget is agreed")
    assert send_digests(session) == 0
    with dates.on(date(2022, 11, 23)):
        assert send_digests(session) == 1
        assert send_digests(session) == 0
    (mail,) = mails(session)
    assert mail.to_address == "faye@example.org"
    assert "A new parking app: shared with you, changed." in mail.text
    assert "A new bins page: shared with you, a note from the council." in mail.text
    assert f"/forward/items/{first.id}" in mail.text
    assert "Asha" not in mail.text
    assert "£" not in mail.text
    with dates.on(date(2022, 11, 24)):
        assert send_digests(session) == 0


def test_a_day_ends_at_midnight_in_london(session, cast):
    faye = cast.visitor(session, "Faye")
    follow(session, actor=faye, kind="lot", number=cast.lot[4])
    with dates.at(datetime(2023, 3, 27, 22, 59, tzinfo=UTC)):
        shared(session, cast, title="Before midnight")
    with dates.at(datetime(2023, 3, 27, 23, 0, tzinfo=UTC)):
        shared(session, cast, title="After midnight")
    with dates.on(date(2023, 3, 28)):
        assert send_digests(session) == 1
    assert "Before midnight" in mails(session)[0].text
    assert "After midnight" not in mails(session)[0].text
    with dates.on(date(2023, 3, 29)):
        assert send_digests(session) == 1
    assert "After midnight" in mails(session)[1].text


def test_days_on_which_nothing_ran_are_made_up_for(session, cast):
    follow(session, actor=cast.visitor(session, "Faye"), kind="lot", number=cast.lot[4])
    shared(session, cast, title="On Tuesday")
    with dates.on(date(2022, 11, 24)):
        shared(session, cast, title="On Thursday")
    with dates.on(date(2022, 11, 28)):
        assert send_digests(session) == 1
    assert "On Tuesday" in mails(session)[0].text
    assert "On Thursday" in mails(session)[0].text


def test_nobody_is_told_of_what_was_before_they_followed_or_what_they_no_longer_see(session, cast):
    old = shared(session, cast)
    with dates.at(datetime(2022, 11, 22, 12, 0, tzinfo=UTC)):
        follow(session, actor=cast.visitor(session, "Cara"), kind="item", number=old.id)
    with dates.on(date(2022, 11, 23)):
        send_digests(session)
        assert [one.to_address for one in mails(session)] == ["faye@example.org"]
        drop_item(session, actor=cast.visitor(session, "Asha"), item=old, reason="No money")
        post = session.exec(select(Post).where(Post.person_id == cast.person["Cara"])).one()
        post.ends_on = date(2022, 11, 23)
        session.add(post)
        session.flush()
    with dates.on(date(2022, 11, 24)):
        send_digests(session)
    assert {one.to_address for one in mails(session)} == {"faye@example.org"}


def test_two_processes_send_one_mail_between_them(app, session, cast, both_databases):
    follow(session, actor=cast.visitor(session, "Faye"), kind="lot", number=cast.lot[4])
    shared(session, cast)
    session.commit()
    session.close()
    with dates.on(date(2022, 11, 23)), app.app_context():
        told = []
        for _ in range(2):
            with database.writing() as own:
                told.append(send_digests(own))
        assert told == [1, 0]
