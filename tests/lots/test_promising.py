"""Promises: offered, agreed, delivered, confirmed; nothing is edited away (RULE-55)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from framework import reminding
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.records.file_kinds import FileKind
from framework.records.messages import Message
from framework.records.uploading import Upload
from lots.forward.delivering import (
    DeliveryFacts,
    decide_delivery,
    deliveries_of,
    tell_delivery,
    withdraw_delivery,
)
from lots.forward.finding_promises import due_by, on_lots, promise, promises, to_answer
from lots.forward.promise import Promise, PromiseKind, PromiseStatus
from lots.forward.promise_file import promise_rows
from lots.forward.promising import (
    RULES,
    Promised,
    change_promise,
    decide_version,
    versions_of,
    withdraw_promise,
)
from tests.lots.plans import PROMISE, promised

TODAY = date(2022, 11, 22)
DONE = "They worked with us on the permit pages"


def delivered(session, cast, one, amount=5, on=TODAY):
    return tell_delivery(
        session,
        actor=cast.visitor(session, "Faye"),
        promise=one,
        facts=DeliveryFacts(amount, on, DONE),
    )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"amount": None}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": 1_000_001}, "amount"),
        ({"unit": ""}, "unit"),
        ({"unit": "x" * 41}, "unit"),
        ({"due_on": None}, "due_on"),
        ({"due_on": date(2022, 11, 21)}, "due_on"),
        ({"due_on": date(2033, 1, 1)}, "due_on"),
        ({"words": ""}, "words"),
        ({"words": "x" * 10_000}, "words"),
        ({"kind": PromiseKind.SKILLS_TRANSFER, "skill": "Testing"}, "staff"),
        ({"kind": PromiseKind.STAFF_TRAINING, "staff": 4}, "skill"),
    ],
)
def test_a_promise_that_cannot_be_measured_is_refused_beside_its_field(facts, field):
    found = []
    for rule in RULES:
        answer = rule(Promised(replace(PROMISE, **facts), TODAY))
        found += answer if isinstance(answer, list) else [answer] if answer else []
    assert [one.field for one in found] == [field]


def test_a_promise_may_be_due_today(session, cast):
    assert promised(session, cast, agreed=False, due_on=TODAY).due_on is None


def test_who_reads_a_promise(session, cast):
    one = promised(session, cast)
    session.flush()
    sees = set()
    for name in ("Asha", "Bram", "Olu", "Audra", "Cara", "Dev", "Zed", "Faye", "Qi", "Tess", "Ari"):
        try:
            promise(session, cast.visitor(session, name), one.id)
        except NotFound:
            continue
        sees.add(name)
    assert sees == {"Asha", "Bram", "Olu", "Audra", "Faye"}


@pytest.mark.parametrize("name", ["Bram", "Cara", "Faye", "Qi"])
def test_only_those_who_plan_for_its_council_decide(session, cast, name):
    one = promised(session, cast, agreed=False)
    with pytest.raises(NotFound):
        decide_version(session, actor=cast.visitor(session, name), promise=one, number=1, agree=True)


@pytest.mark.parametrize("name", ["Asha", "Qi", "Olu"])
def test_only_the_partner_changes_delivers_or_withdraws(session, cast, name):
    one = promised(session, cast)
    who = cast.visitor(session, name)
    for act in (
        lambda: change_promise(session, actor=who, promise=one, facts=PROMISE),
        lambda: withdraw_promise(session, actor=who, promise=one),
        lambda: tell_delivery(session, actor=who, promise=one, facts=DeliveryFacts(1, TODAY, "x")),
    ):
        with pytest.raises(NotFound):
            act()


def test_from_offer_to_kept(session, cast):
    asha, faye = cast.visitor(session, "Asha"), cast.visitor(session, "Faye")
    one = promised(session, cast, agreed=False)
    assert one.status_on(TODAY) is PromiseStatus.OFFERED
    with pytest.raises(Refused, match="Say what should be different"):
        decide_version(session, actor=asha, promise=one, number=1, agree=False)
    decide_version(session, actor=asha, promise=one, number=1, agree=False, words="Could it be 30?")
    assert one.status_on(TODAY) is PromiseStatus.SENT_BACK
    change_promise(session, actor=faye, promise=one, facts=replace(PROMISE, amount=30))
    assert one.status_on(TODAY) is PromiseStatus.OFFERED
    with pytest.raises(Refused, match="no longer waits"):
        decide_version(session, actor=asha, promise=one, number=1, agree=True)
    decide_version(session, actor=asha, promise=one, number=2, agree=True)
    assert (one.status_on(TODAY), one.amount) == (PromiseStatus.AGREED, 30)
    first = delivered(session, cast, one, 10)
    assert one.status_on(TODAY) is PromiseStatus.DELIVERED
    with pytest.raises(Refused, match="has not answered yet"):
        delivered(session, cast, one, 12)
    with pytest.raises(Refused, match="Say why"):
        decide_delivery(session, actor=asha, promise=one, delivery_id=first.id, confirm=False)
    decide_delivery(session, actor=asha, promise=one, delivery_id=first.id, confirm=False, words="We saw 8")
    assert (one.confirmed, one.status_on(TODAY)) == (0, PromiseStatus.AGREED)
    second = delivered(session, cast, one, 8)
    decide_delivery(session, actor=asha, promise=one, delivery_id=second.id, confirm=True)
    assert (one.confirmed, one.status_on(TODAY)) == (8, PromiseStatus.AGREED)
    third = delivered(session, cast, one, 31)
    decide_delivery(session, actor=asha, promise=one, delivery_id=third.id, confirm=True)
    assert (one.confirmed, one.status_on(TODAY)) == (31, PromiseStatus.KEPT)
    assert [each.confirmed for each in deliveries_of(session, one)] == [True, True, False]
    assert [each.agreed for each in versions_of(session, one)] == [True, False]
    with pytest.raises(Refused, match="kept"):
        change_promise(session, actor=faye, promise=one, facts=replace(PROMISE, amount=40, why="More"))


def test_an_agreed_promise_holds_until_the_council_agrees_to_its_change(session, cast):
    asha, faye = cast.visitor(session, "Asha"), cast.visitor(session, "Faye")
    one = promised(session, cast)
    with pytest.raises(Refused, match="Offer a change instead"):
        withdraw_promise(session, actor=faye, promise=one)
    with pytest.raises(Refused, match="Say why the promise should change"):
        change_promise(session, actor=faye, promise=one, facts=replace(PROMISE, amount=10))
    changed = replace(PROMISE, amount=10, due_on=date(2023, 5, 1), why="One apprentice left")
    change_promise(session, actor=faye, promise=one, facts=changed)
    assert (one.amount, one.due_on) == (20, date(2023, 3, 31))
    assert promise(session, faye, one.id).version.amount == 20
    decide_version(session, actor=asha, promise=one, number=2, agree=False, words="Please find another")
    assert one.amount == 20
    change_promise(session, actor=faye, promise=one, facts=changed)
    decide_version(session, actor=asha, promise=one, number=3, agree=True)
    assert (one.amount, one.due_on) == (10, date(2023, 5, 1))
    assert [each.amount for each in versions_of(session, one)] == [10, 10, 20]


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"unit": "hours"}, "unit"), ({"kind": PromiseKind.EVENTS}, "kind"), ({"amount": 4}, "amount")],
)
def test_a_change_keeps_the_measure_and_what_is_confirmed(session, cast, facts, field):
    one = promised(session, cast)
    told = delivered(session, cast, one, 5)
    decide_delivery(
        session, actor=cast.visitor(session, "Asha"), promise=one, delivery_id=told.id, confirm=True
    )
    with pytest.raises(Refused) as refused:
        change_promise(
            session,
            actor=cast.visitor(session, "Faye"),
            promise=one,
            facts=replace(PROMISE, why="x", **facts),
        )
    assert [each.field for each in refused.value.refusals] == [field]


@pytest.mark.parametrize(
    ("amount", "on", "words", "field"),
    [
        (None, TODAY, DONE, "amount"),
        (0, TODAY, DONE, "amount"),
        (5, date(2022, 11, 23), DONE, "delivered_on"),
        (5, date(2022, 11, 21), DONE, "delivered_on"),
        (5, None, DONE, "delivered_on"),
        (5, TODAY, "", "words"),
        (5, TODAY, "Nineteen characters", "words"),
        (5, TODAY, "x" * 10_000, "words"),
    ],
)
def test_a_delivery_needs_a_number_a_day_that_was_and_evidence(session, cast, amount, on, words, field):
    one = promised(session, cast)
    with pytest.raises(Refused) as refused:
        tell_delivery(
            session,
            actor=cast.visitor(session, "Faye"),
            promise=one,
            facts=DeliveryFacts(amount, on, words),
        )
    assert [each.field for each in refused.value.refusals] == [field]


def test_a_file_is_evidence_without_words_and_more_than_promised_is_said(session, cast, visit):
    one = promised(session, cast)
    told = tell_delivery(
        session,
        actor=cast.visitor(session, "Faye"),
        promise=one,
        facts=DeliveryFacts(25, TODAY, ""),
        upload=Upload(FileKind.PDF, b"%PDF-1.4 a log"),
    )
    assert told.document_id
    number = one.id
    session.commit()
    session.close()
    for name in ("Faye", "Asha"):
        assert (
            "25 days until 22 November 2022 (more than the 20 promised)"
            in visit(name).get(f"/promises/{number}").text
        )


def test_a_delivery_that_waits_can_be_taken_back_and_replaced(session, cast, visit):
    one = promised(session, cast)
    first = delivered(session, cast, one, 12)
    with pytest.raises(NotFound):
        withdraw_delivery(session, actor=cast.visitor(session, "Asha"), promise=one, delivery_id=first.id)
    number = one.id
    session.commit()
    session.close()
    address = f"/promises/{number}"
    faye, asha = visit("Faye"), visit("Asha")
    assert "Take the delivery back" not in asha.get(address).text
    where = f"{address}/deliveries/{first.id}/withdraw"
    page = faye.follow(faye.send(faye.get(address), {}, to=where))
    assert "12 days until 22 November 2022: taken back" in page.text
    assert "Tick off what is delivered" in page.text
    assert "Confirm the delivery" not in asha.get(address).text
    again = session.get_one(Promise, number)
    second = delivered(session, cast, again, 11)
    decide_delivery(
        session, actor=cast.visitor(session, "Asha"), promise=again, delivery_id=second.id, confirm=True
    )
    with pytest.raises(Refused, match="no longer waits"):
        withdraw_delivery(session, actor=cast.visitor(session, "Faye"), promise=again, delivery_id=second.id)
    assert again.confirmed == 11


def test_it_is_late_from_the_london_midnight_after_its_day(session, cast):
    one = promised(session, cast)
    session.flush()
    with dates.at(datetime(2023, 3, 31, 22, 59, tzinfo=UTC)):
        assert promise(session, cast.visitor(session, "Faye"), one.id).status is PromiseStatus.AGREED
    with dates.at(datetime(2023, 3, 31, 23, 0, tzinfo=UTC)):
        for name in ("Faye", "Asha", "Olu"):
            held = promise(session, cast.visitor(session, name), one.id)
            assert held.status is PromiseStatus.LATE
        assert [each.late for each in on_lots(promises(session, cast.visitor(session, "Olu")))] == [1]


def test_a_promise_not_agreed_is_never_late_and_counts_nowhere(session, cast):
    one = promised(session, cast, agreed=False)
    session.flush()
    assert one.status_on(date(2024, 1, 1)) is PromiseStatus.OFFERED
    assert on_lots(promises(session, cast.visitor(session, "Olu"))) == []


def test_both_sides_are_reminded_30_and_7_days_before_and_on_the_day(app, session, cast):
    one = promised(session, cast)
    session.flush()
    for day in (date(2023, 3, 1), date(2023, 3, 24), date(2023, 3, 31)):
        with dates.on(day):
            reminding.remind(session)
    keys = [each.key for each in session.exec(select(Message)) if each.key.startswith("promise_due")]
    offsets = {key.split(":")[4] for key in keys}
    assert offsets == {"30d", "7d", "0d"}
    people = {int(key.split(":")[5]) for key in keys}
    assert {cast.person[name] for name in ("Faye", "Asha")} <= people
    assert not {cast.person[name] for name in ("Qi", "Cara", "Finn")} & people
    assert one.due_on == date(2023, 3, 31)


def test_home_and_officers_find_what_waits(session, cast):
    one = promised(session, cast, agreed=False)
    session.flush()
    asha, faye = cast.visitor(session, "Asha"), cast.visitor(session, "Faye")
    assert [each.promise.id for each in to_answer(session, asha)] == [one.id]
    assert to_answer(session, cast.visitor(session, "Cara")) == []
    decide_version(session, actor=asha, promise=one, number=1, agree=True)
    session.flush()
    assert due_by(session, faye, date(2023, 3, 30)) == []
    assert [each.promise.id for each in due_by(session, faye, date(2023, 3, 31))] == [one.id]
    assert due_by(session, cast.visitor(session, "Qi"), date(2023, 3, 31)) == []


def test_the_file_holds_each_promise_and_no_formula(session, cast):
    one = promised(session, cast, unit="=days")
    delivered(session, cast, one, 7)
    session.flush()
    rows = promise_rows(promises(session, cast.visitor(session, "Olu"))).splitlines()
    assert len(rows) == 2
    assert rows[1].startswith(
        f"DP21-4,Web technologies,Fennel Web,Northbank,{one.id},Apprentice days,'=days,,,20,7,0,2023-03-31,"
    )
