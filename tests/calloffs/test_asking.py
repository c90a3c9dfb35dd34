"""Questions about an offer: who asks, who answers, who reads, and until when."""

from datetime import date

import pytest
from sqlmodel import select

from calloffs.answering import decline_offer
from calloffs.asking import (
    MOST_QUESTIONS,
    answer_question,
    ask_question,
    questions_of,
    questions_on,
)
from calloffs.offering import make_offer
from calloffs.question import Question
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.records.messages import Message
from tests.calloffs.building import accepted, offered
from tests.calloffs.making import approved


def _ask(session, cast, offer, words="May we work from Leeds?", who="Faye"):
    return ask_question(session, actor=cast.visitor(session, who), offer=offer, words=words)


def _mail(session, key):
    return session.exec(select(Message).where(Message.key == key)).one()


def test_a_question_is_kept_and_whoever_has_the_call_off_is_told(session, cast):
    call_off, offer = offered(session, cast)
    asked = _ask(session, cast, offer, "  May we work from Leeds?  ")
    assert (asked.words, asked.answered_at, asked.to_all) == ("May we work from Leeds?", None, False)
    mail = _mail(session, f"question:{asked.id}:{offer.id}:{cast.person['Asha']}")
    assert "29 November 2022, 11:59pm" in mail.text
    assert "Leeds" not in mail.text
    assert f"\n/call-offs/{call_off.reference}\n" in mail.text


def test_the_answer_is_given_once_and_the_partner_is_told_without_its_words(session, cast):
    _, offer = offered(session, cast)
    asked = _ask(session, cast, offer)
    asha = cast.visitor(session, "Asha")
    with pytest.raises(Refused, match="Enter the answer"):
        answer_question(session, actor=asha, question=asked, answer="  ")
    answer_question(session, actor=asha, question=asked, answer="Yes, two days a week")
    assert asked.answer == "Yes, two days a week"
    mail = _mail(session, f"question-answered:{asked.id}:{offer.id}:{cast.person['Faye']}")
    assert "two days" not in mail.text
    with pytest.raises(ChangedMeanwhile, match="answered already"):
        answer_question(session, actor=asha, question=asked, answer="No")


def test_questions_end_with_the_deadline_and_may_still_be_answered(session, cast):
    _, offer = offered(session, cast)
    asked = _ask(session, cast, offer)
    with dates.on(date(2022, 11, 30)):
        with pytest.raises(Refused, match="this one is lapsed"):
            _ask(session, cast, offer)
        answer_question(session, actor=cast.visitor(session, "Asha"), question=asked, answer="Yes")
    assert asked.answered_at is not None


def test_an_answered_offer_takes_no_more_questions(session, cast):
    _, offer = accepted(session, cast)
    with pytest.raises(ChangedMeanwhile, match="this one is accepted"):
        _ask(session, cast, offer)


def test_nobody_waits_for_an_answer_once_the_offer_is_declined(session, cast):
    _, offer = offered(session, cast)
    asked = _ask(session, cast, offer)
    decline_offer(session, actor=cast.visitor(session, "Faye"), offer=offer, reason="No one is free")
    with pytest.raises(ChangedMeanwhile, match="nobody waits"):
        answer_question(session, actor=cast.visitor(session, "Asha"), question=asked, answer="Yes")


@pytest.mark.parametrize(("words", "said"), [(" ", "Enter your question"), ("x" * 2001, "2,000 characters")])
def test_an_empty_or_endless_question_is_refused(session, cast, words, said):
    _, offer = offered(session, cast)
    with pytest.raises(Refused, match=said):
        _ask(session, cast, offer, words)
    assert questions_on(session, offer) == []


def test_there_are_so_many_questions_and_no_more(session, cast):
    _, offer = offered(session, cast)
    for number in range(MOST_QUESTIONS):
        _ask(session, cast, offer, f"Question {number}?")
    with pytest.raises(Refused, match="the most there may be"):
        _ask(session, cast, offer, "One more?")


@pytest.mark.parametrize("name", ["Qi", "Asha", "Olu", "Cara", "Stranger"])
def test_only_the_partner_asked_asks(session, cast, name):
    _, offer = offered(session, cast)
    with pytest.raises(NotFound):
        _ask(session, cast, offer, who=name)


@pytest.mark.parametrize("name", ["Bram", "Finn", "Olu", "Audra", "Cara", "Faye", "Qi", "Stranger"])
def test_only_a_commissioning_manager_of_the_council_answers(session, cast, name):
    _, offer = offered(session, cast)
    asked = _ask(session, cast, offer)
    with pytest.raises(NotFound):
        answer_question(session, actor=cast.visitor(session, name), question=asked, answer="Yes")


def test_the_next_partner_reads_nothing_of_the_one_before_unless_an_answer_is_for_all(session, cast):
    call_off, first = offered(session, cast, lot=7)
    asked = _ask(session, cast, first, "Is Quill Works free to bid?", who="Qi")
    answer_question(session, actor=cast.visitor(session, "Asha"), question=asked, answer="Yes")
    decline_offer(session, actor=cast.visitor(session, "Qi"), offer=first, reason="No one is free")
    second = make_offer(session, actor=cast.visitor(session, "Asha"), call_off=call_off, working_days=5)
    assert questions_on(session, second) == []
    asked.to_all = True
    session.flush()
    assert [one.answer for one in questions_on(session, second)] == ["Yes"]
    assert [one.partner.name for one in questions_of(session, call_off)] == ["Quill Works"]


def test_asking_and_answering_on_the_pages(session, cast, visit):
    call_off, offer = offered(session, cast)
    session.commit()
    reference, address = call_off.reference, f"/offers/{offer.reference}"
    session.close()
    faye = visit("Faye")
    page = faye.get(address)
    assert "offered to you alone" in page.text
    assert "no other partner does" in page.text
    wrong = faye.send(page, {"question": "x" * 2001}, to=f"{address}/questions", status=422)
    assert wrong.errors == ["Question must be 2,000 characters or fewer"]
    assert wrong.values()["question"] == "x" * 2001
    shown = faye.follow(
        faye.send(page, {"question": "May we <b>work</b> from Leeds?"}, to=f"{address}/questions")
    )
    assert "May we <b>work</b> from Leeds?" in shown.text
    assert "Not answered yet" in shown.text

    with dates.on(date(2022, 11, 24)):
        asha = visit("Asha")
        home = asha.get("/")
        assert "Fennel Web asks about" in home.text
        assert "Waiting 2 days. The offer is open until 29 November 2022, 11:59pm" in home.text
        link = next(one for one in home.links if "/questions/" in one)
        assert asha.send(link, {"answer": ""}, status=422).errors == ["Enter the answer"]
        page = asha.get(link)
        assert "nobody outside your council but them" in page.text
        shown = asha.follow(asha.send(page, {"answer": "Two days a week"}))
        assert "Two days a week" in shown.text
        assert "asked a question for Fennel Web" in shown.text
        assert "Fennel Web asks" not in asha.get("/").text
    asha = visit("Asha")
    assert "Two days a week" in faye.get(address).text
    for name in ("Qi", "Asha", "Cara"):
        visit(name).get(f"{address}/questions", status=404)
    for name in ("Faye", "Bram", "Finn", "Cara", "Qi"):
        visit(name).get(link, status=404)
    assert asha.get(link, status=303).location.endswith(f"/call-offs/{reference}#questions")


def test_a_question_of_another_call_off_is_not_found_under_this_one(session, cast, visit):
    call_off, _ = offered(session, cast)
    _, offer = offered(session, cast)
    asked = _ask(session, cast, offer)
    assert isinstance(asked, Question)
    session.commit()
    reference, number = call_off.reference, asked.id
    session.close()
    visit("Asha").get(f"/call-offs/{reference}/questions/{number}", status=404)


def test_a_draft_without_questions_shows_no_place_for_them(session, cast, visit):
    call_off = approved(session, cast)
    session.commit()
    reference = call_off.reference
    session.close()
    assert "Questions from partners" not in visit("Asha").get(f"/call-offs/{reference}").text
