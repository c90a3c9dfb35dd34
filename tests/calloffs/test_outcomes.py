"""Outcomes: every end of an offer is told to its partner with words, and with nothing that is the council's own."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from calloffs.answering import accept_offer, decline_offer
from calloffs.approving import approve_price, ask_price_approval
from calloffs.awarding import award_call_off
from calloffs.cancelling import cancel_call_off
from calloffs.closing import Rating, agree_final, close_call_off
from calloffs.feedback import Feedback
from calloffs.giving_feedback import LEAST, reply_to_feedback
from calloffs.lapsed_offers import tell_lapsed
from calloffs.offer import Offer
from calloffs.offering import make_offer, withdraw_offer
from calloffs.outcomes import outcomes
from calloffs.turn import Turn, turn_of
from calloffs.withdrawing_award import withdraw_award
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.records.messages import Message
from tests.calloffs.building import accepted, answer, awarded, offered, person
from tests.calloffs.spend.building import live_call_off

WORDS = "Your plan left out the help desk"
INNER = "The leader of the council wants it stopped"


def _turns(session, cast, name="Faye"):
    return [one.turn for one in outcomes(session, cast.visitor(session, name))]


def _closed(session, cast, feedback=WORDS):
    """A live call-off taken past its end and closed; its offer."""
    call_off = live_call_off(session, cast)
    with dates.on(date(2023, 4, 3)):
        agree_final(session, actor=cast.visitor(session, "Finn"), call_off=call_off)
        close_call_off(
            session,
            actor=cast.visitor(session, "Asha"),
            call_off=call_off,
            outcome=INNER,
            rating=Rating.GOOD,
            feedback=feedback,
        )
    return call_off, session.get_one(Offer, call_off.offer_id)


def test_each_end_of_an_offer_is_one_turn_and_is_told(session, cast):
    asha, faye = cast.visitor(session, "Asha"), cast.visitor(session, "Faye")
    _, waiting = offered(session, cast)
    undecided, given = accepted(session, cast)
    assert turn_of(waiting, undecided) is Turn.WAITING
    assert turn_of(given, undecided) is Turn.ANSWERED
    assert outcomes(session, faye) == []

    _, declined = offered(session, cast)
    decline_offer(session, actor=faye, offer=declined, reason="Nobody is free")
    _, taken = offered(session, cast)
    withdraw_offer(session, actor=asha, offer=taken, reason=WORDS)
    _, not_awarded = accepted(session, cast)
    withdraw_offer(session, actor=asha, offer=not_awarded, reason=WORDS)
    won, _ = awarded(session, cast)
    gone, _ = awarded(session, cast)
    withdraw_award(session, actor=asha, call_off=gone, reason=WORDS)
    assert sorted(_turns(session, cast)) == sorted(
        [Turn.DECLINED, Turn.TAKEN_BACK, Turn.NOT_AWARDED, Turn.WON, Turn.AWARD_WITHDRAWN]
    )
    words = {one.turn: one.words for one in outcomes(session, faye)}
    assert words[Turn.DECLINED] == "Nobody is free"
    assert words[Turn.TAKEN_BACK] == words[Turn.NOT_AWARDED] == words[Turn.AWARD_WITHDRAWN] == WORDS
    assert won.award_reason not in words.values()
    with dates.on(date(2022, 11, 30)):
        assert Turn.LAPSED in _turns(session, cast)


def test_an_approval_that_ran_out_under_an_answer_is_told_without_saying_so(session, cast):
    call_off, _ = accepted(session, cast)
    last = call_off.approval_valid_until
    with dates.on(last):
        assert _turns(session, cast) == []
    with dates.on(last + timedelta(days=1)):
        (found,) = outcomes(session, cast.visitor(session, "Faye"))
        assert (found.turn, dates.as_london(found.on).date()) == (Turn.NOT_AWARDED, last)
        assert "did not award in time" in found.words
        assert "approval" not in found.words


def test_what_happens_after_a_refused_price_is_told_and_the_approvers_words_are_not(session, cast, visit):
    call_off, offer = accepted(session, cast, answer(person(rate=850, days=40)))
    asha, bram = cast.visitor(session, "Asha"), cast.visitor(session, "Bram")
    ask_price_approval(session, actor=asha, call_off=call_off)
    approve_price(session, actor=bram, call_off=call_off, outcome="rejected", reason=INNER)
    withdraw_offer(session, actor=asha, offer=offer, reason=WORDS)
    session.commit()
    address = f"/offers/{offer.reference}"
    session.close()
    faye = visit("Faye")
    for page in (faye.get(address), faye.get("/offers/outcomes"), faye.get("/")):
        assert WORDS in page.text
        assert INNER not in page.html
    assert "Your answer was not awarded" in faye.get(address).text


@pytest.mark.parametrize("words", ["", " ", "No", "x" * (LEAST - 1)])
def test_who_was_asked_is_told_why_in_words_that_say_something(session, cast, words):
    asha = cast.visitor(session, "Asha")
    call_off, offer = accepted(session, cast)
    with pytest.raises(Refused, match="Tell the partner why"):
        withdraw_offer(session, actor=asha, offer=offer, reason=words)
    with pytest.raises(Refused, match="Tell the partner why"):
        cancel_call_off(session, actor=asha, call_off=call_off, reason=INNER, feedback=words)
    with pytest.raises(Refused, match="Tell the partner why"):
        award_call_off(session, actor=asha, call_off=call_off, reason="Good value", feedback=words)
    award_call_off(session, actor=asha, call_off=call_off, reason="Good value", feedback=WORDS)
    with pytest.raises(Refused, match="Tell the partner why"):
        withdraw_award(session, actor=asha, call_off=call_off, reason=words)


def test_a_call_off_that_no_partner_has_is_cancelled_without_feedback(session, cast):
    call_off, offer = offered(session, cast)
    decline_offer(session, actor=cast.visitor(session, "Faye"), offer=offer, reason="Nobody is free")
    cancel_call_off(session, actor=cast.visitor(session, "Asha"), call_off=call_off, reason=INNER)
    assert _turns(session, cast) == [Turn.DECLINED]


def test_cancelling_after_an_answer_keeps_the_reason_inside_and_tells_the_partner_its_own(
    session, cast, visit
):
    call_off, offer = accepted(session, cast)
    session.commit()
    reference, address = call_off.reference, f"/offers/{offer.reference}"
    session.close()
    asha, faye = visit("Asha"), visit("Faye")
    cancelling = f"/call-offs/{reference}/cancel"
    wrong = asha.send(cancelling, {"reason": INNER, "feedback": "No"}, status=422)
    assert wrong.errors == [
        "Tell the partner why, in 20 characters or more. The partner will read these words"
    ]
    assert wrong.values()["reason"] == INNER
    shown = asha.follow(asha.send(wrong, {"feedback": WORDS}))
    assert INNER in shown.text
    for page in (faye.get(address), faye.get("/offers/outcomes")):
        assert WORDS in page.text
        assert INNER not in page.html
    mail = session.exec(select(Message).where(Message.key.like("offer-withdrawn:%"))).one()
    assert "was not awarded" in mail.text
    assert WORDS not in mail.text


def test_feedback_at_the_award_is_read_by_the_partner_and_the_reason_is_not(session, cast, visit):
    call_off, offer = accepted(session, cast)
    session.commit()
    reference, address = call_off.reference, f"/offers/{offer.reference}"
    session.close()
    asha, faye = visit("Asha"), visit("Faye")
    award = f"/call-offs/{reference}/award"
    page = asha.get(award)
    for said in ("£800.00", "£850.00", "A tested form", "20 January 2023", "Accessible forms"):
        assert said in page.text, said
    both = asha.send(page, {}, to=award, status=422)
    assert both.errors == [
        "Enter why you are awarding to this partner",
        "Tell the partner why, in 20 characters or more. The partner will read these words",
    ]
    wrong = asha.send(page, {"reason": INNER, "feedback": "Good"}, to=award, status=422)
    assert wrong.errors == [
        "Tell the partner why, in 20 characters or more. The partner will read these words"
    ]
    shown = asha.follow(asha.send(wrong, {"feedback": WORDS}, to=award))
    assert "Asha gave Fennel Web feedback" in shown.text
    for where in (address, f"/call-offs/{reference}", "/offers/outcomes", "/"):
        assert WORDS in faye.get(where).text, where
        assert INNER not in faye.get(where).html, where


def test_a_close_needs_feedback_and_the_partner_hears_how_it_went(session, cast):
    with pytest.raises(Refused, match="Tell the partner why"):
        _closed(session, cast, feedback="Good")
    session.rollback()
    call_off, offer = _closed(session, cast)
    (found,) = outcomes(session, cast.visitor(session, "Faye"))
    assert (found.label, found.rating) == ("Closed", "Good")
    assert [one.words for one in found.feedback] == [WORDS]
    assert found.on == call_off.closed_at
    mail = session.exec(
        select(Message).where(Message.key == f"closed:{offer.id}:{cast.person['Faye']}")
    ).one()
    assert WORDS not in mail.text
    assert INNER not in mail.text


def test_the_partner_replies_once_and_both_sides_read_it_side_by_side(session, cast, visit):
    call_off, offer = _closed(session, cast)
    session.commit()
    reference, address = call_off.reference, f"/offers/{offer.reference}"
    session.close()
    with dates.on(date(2023, 4, 5)):
        asha, faye = visit("Asha"), visit("Faye")
        page = faye.get(f"/call-offs/{reference}")
        assert "Good" in page.text
        assert WORDS in page.text
        assert INNER not in page.html
        assert f"{address}/reply" in page.links
        assert faye.send(f"{address}/reply", {"reply": " "}, status=422).errors == ["Enter your reply"]
        shown = faye.follow(faye.send(f"{address}/reply", {"reply": "The help desk was never in scope"}))
        assert "The help desk was never in scope" in shown.text
        assert faye.get(f"{address}/reply", status=303).location == address
        theirs = asha.get(f"/call-offs/{reference}")
        for said in (WORDS, "The help desk was never in scope", INNER):
            assert said in theirs.text
        for name in ("Qi", "Asha", "Cara"):
            visit(name).get(f"{address}/reply", status=404)
    mail = session.exec(select(Message).where(Message.key.like("feedback-reply:%"))).one()
    assert mail.to_address == "asha@example.org"
    assert "scope" not in mail.text


def test_a_second_reply_and_a_strangers_are_refused(session, cast):
    _, offer = _closed(session, cast)
    faye = cast.visitor(session, "Faye")
    for name in ("Qi", "Asha", "Olu", "Stranger"):
        with pytest.raises(NotFound):
            reply_to_feedback(session, actor=cast.visitor(session, name), offer=offer, words="Mine")
    with pytest.raises(Refused, match="Enter your reply"):
        reply_to_feedback(session, actor=faye, offer=offer, words=" ")
    reply_to_feedback(session, actor=faye, offer=offer, words="Thank you")
    with pytest.raises(ChangedMeanwhile, match="replied already"):
        reply_to_feedback(session, actor=faye, offer=offer, words="And another thing")
    assert session.exec(select(Feedback.reply)).all() == ["Thank you"]


def test_feedback_at_the_award_has_no_reply(session, cast):
    call_off, offer = accepted(session, cast)
    asha, faye = cast.visitor(session, "Asha"), cast.visitor(session, "Faye")
    award_call_off(session, actor=asha, call_off=call_off, reason="Good value", feedback=WORDS)
    with pytest.raises(ChangedMeanwhile, match="no feedback"):
        reply_to_feedback(session, actor=faye, offer=offer, words="Thank you")


def test_a_partner_hears_nothing_of_what_another_partner_was_told(session, cast, visit):
    """Quill declines, Fennel answers and wins: neither page says a word of the other."""
    call_off, first = offered(session, cast, lot=7)
    asha = cast.visitor(session, "Asha")
    decline_offer(session, actor=cast.visitor(session, "Qi"), offer=first, reason="Quill has nobody free")
    second = make_offer(session, actor=asha, call_off=call_off, working_days=5)
    accept_offer(session, actor=cast.visitor(session, "Faye"), offer=second, answer=answer())
    award_call_off(session, actor=asha, call_off=call_off, reason=INNER, feedback=WORDS)
    session.commit()
    references = (first.reference, second.reference)
    session.close()
    qi, faye = visit("Qi"), visit("Faye")
    for where in ("/", "/offers/", "/offers/outcomes", f"/offers/{references[0]}"):
        html = qi.get(where).html
        assert "Fennel" not in html.replace("fennel.example", ""), where
        assert WORDS not in html
    for where in ("/", "/offers/", "/offers/outcomes", f"/offers/{references[1]}"):
        html = faye.get(where).html
        assert "Quill" not in html, where
        assert INNER not in html
    assert (
        "You were asked once: 1 declined. Awarded to you: £0.00 net of VAT" in qi.get("/offers/outcomes").text
    )
    assert (
        "You were asked once: 1 awarded. Awarded to you: £8,000.00 net of VAT"
        in faye.get("/offers/outcomes").text
    )


def test_a_partner_is_told_once_that_its_offer_lapsed(session, cast):
    _, offer = offered(session, cast)
    accepted(session, cast)
    assert tell_lapsed(session) == 0
    with dates.on(date(2022, 11, 30)):
        assert tell_lapsed(session) == 1
        tell_lapsed(session)
    mail = session.exec(select(Message).where(Message.key.like("offer-lapsed:%"))).all()
    assert [one.key for one in mail] == [f"offer-lapsed:{offer.id}:{cast.person['Faye']}"]
    assert "29 November 2022, 11:59pm" in mail[0].text
    with dates.on(date(2022, 12, 20)):
        assert tell_lapsed(session) == 0
