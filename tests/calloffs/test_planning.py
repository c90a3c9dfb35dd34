"""Coming work and call-offs: a draft shared ahead, a plan that becomes a request, a promise made with an offer."""

import pytest
from sqlmodel import select

from calloffs.cancelling import cancel_call_off
from calloffs.plan_of_call_off import linked_item, plan_is_asked_for
from calloffs.planned import PlannedCallOff
from calloffs.planning import (
    linked_call_off,
    promise_with_offer,
    request_from_plan,
    share_draft,
)
from calloffs.raising import raise_call_off, withdraw_request
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from lots.forward.periods import period_of
from lots.forward.pipeline import NewsKind, PipelineNews, Stage
from lots.forward.planning import ItemFacts
from lots.forward.promising import decide_version
from lots.forward.sharing import drop_item
from tests.calloffs.building import accepted, offered
from tests.calloffs.making import drafted, raised
from tests.lots.plans import FACTS, PROMISE, shared


def test_a_plan_becomes_a_request_with_its_title_lot_and_words(session, cast):
    item = shared(session, cast)
    call_off = request_from_plan(session, actor=cast.visitor(session, "Asha"), item=item)
    assert (call_off.title, call_off.lot_id, call_off.authority_id) == (
        item.title,
        item.lot_id,
        item.authority_id,
    )
    assert (call_off.in_scope, call_off.background, call_off.dependencies) == (
        item.what,
        item.why,
        item.unsettled,
    )
    assert call_off.value_net_pence == 0
    assert item.stage is Stage.PREPARED
    assert linked_call_off(session, item).id == call_off.id
    newest = session.exec(select(PipelineNews)).all()[-1]
    assert (newest.kind, newest.words, newest.changed) == (NewsKind.BEGUN, "", "")


def test_it_becomes_a_request_once(session, cast):
    item = shared(session, cast)
    asha = cast.visitor(session, "Asha")
    request_from_plan(session, actor=asha, item=item)
    with pytest.raises(Refused, match="already"):
        request_from_plan(session, actor=asha, item=item)


def test_what_was_dropped_becomes_no_request(session, cast):
    item = shared(session, cast)
    asha = cast.visitor(session, "Asha")
    drop_item(session, actor=asha, item=item, reason="No money")
    with pytest.raises(Refused, match="This is over"):
        request_from_plan(session, actor=asha, item=item)


@pytest.mark.parametrize("name", ["Olu", "Bram", "Cara", "Faye"])
def test_only_an_officer_of_its_council_makes_it_a_request(session, cast, name):
    item = shared(session, cast)
    with pytest.raises(NotFound):
        request_from_plan(session, actor=cast.visitor(session, name), item=item)


def test_a_draft_shared_ahead_shows_only_what_was_typed_and_keeps_its_link(session, cast):
    call_off = drafted(session, cast)
    facts = ItemFacts(
        title="Something new",
        what="In few words",
        start=period_of("q2", 2023),
        contact_role="Head of digital",
    )
    item = share_draft(session, actor=cast.visitor(session, "Asha"), call_off=call_off, facts=facts)
    assert (item.title, item.what, item.why, item.band, item.months) == (
        "Something new",
        "In few words",
        "",
        "",
        None,
    )
    assert item.is_shared
    assert linked_item(session, call_off).id == item.id
    with pytest.raises(Refused, match="already"):
        share_draft(session, actor=cast.visitor(session, "Asha"), call_off=call_off, facts=facts)


def test_only_its_owner_shares_a_draft_and_only_a_draft_is_shared(session, cast):
    call_off = drafted(session, cast)
    for name in ("Olu", "Bram", "Cara"):
        with pytest.raises(NotFound):
            share_draft(session, actor=cast.visitor(session, name), call_off=call_off, facts=FACTS)
    with pytest.raises(Refused, match="no draft any more"):
        share_draft(session, actor=cast.visitor(session, "Asha"), call_off=raised(session, cast), facts=FACTS)


def test_a_shared_draft_is_said_to_be_asked_for_once_it_was_raised(session, cast):
    call_off = drafted(session, cast)
    asha = cast.visitor(session, "Asha")
    item = share_draft(session, actor=asha, call_off=call_off, facts=FACTS)
    assert item.stage is Stage.PLANNED
    plan_is_asked_for(session, actor=asha, call_off=call_off)
    assert (item.stage, item.ended_at) == (Stage.REQUESTED, dates.now())
    plan_is_asked_for(session, actor=asha, call_off=call_off)
    session.flush()
    assert _kinds(session) == [NewsKind.SHARED, NewsKind.REQUESTED]


def _kinds(session):
    return [one.kind for one in session.exec(select(PipelineNews).order_by(PipelineNews.id))]


def test_a_plan_hears_that_its_call_off_was_raised_taken_back_raised_again_and_cancelled(session, cast):
    call_off = raised(session, cast)
    asha, item = cast.visitor(session, "Asha"), shared(session, cast)
    session.add(PlannedCallOff(item_id=item.id, call_off_id=call_off.id, linked_at=dates.now()))
    plan_is_asked_for(session, actor=asha, call_off=call_off)
    withdraw_request(session, actor=asha, call_off=call_off, reason="The dates moved")
    assert (item.stage, item.ended_at) == (Stage.PREPARED, None)
    raise_call_off(session, actor=asha, call_off=call_off)
    assert item.stage is Stage.REQUESTED
    withdraw_request(session, actor=asha, call_off=call_off, reason="The money went")
    cancel_call_off(session, actor=asha, call_off=call_off, reason="The money went")
    session.flush()
    assert (item.stage, item.ended_at, linked_call_off(session, item)) == (Stage.PLANNED, None, None)
    assert _kinds(session)[1:] == [
        NewsKind.REQUESTED,
        NewsKind.CHANGED,
        NewsKind.REQUESTED,
        NewsKind.CHANGED,
        NewsKind.CHANGED,
    ]
    assert request_from_plan(session, actor=asha, item=item).id != call_off.id


def test_a_plan_that_was_dropped_stays_dropped_whatever_becomes_of_its_draft(session, cast):
    asha, item = cast.visitor(session, "Asha"), shared(session, cast)
    call_off = request_from_plan(session, actor=asha, item=item)
    drop_item(session, actor=asha, item=item, reason="No money")
    plan_is_asked_for(session, actor=asha, call_off=call_off)
    assert item.stage is Stage.DROPPED
    cancel_call_off(session, actor=asha, call_off=call_off, reason="No money")
    assert item.stage is Stage.DROPPED


def test_a_promise_made_with_an_offer_waits_until_the_work_is_the_partners(session, cast):
    call_off, offer = accepted(session, cast)
    promise = promise_with_offer(session, actor=cast.visitor(session, "Faye"), offer=offer, facts=PROMISE)
    assert promise.authority_id == call_off.authority_id
    with pytest.raises(Refused, match="has not been awarded to this partner"):
        _agree(session, cast, promise)


def _agree(session, cast, promise):
    from calloffs.planning import awarded_to_its_partner
    from lots.forward import promising

    assert awarded_to_its_partner in promising.ASK
    decide_version(session, actor=cast.visitor(session, "Asha"), promise=promise, number=1, agree=True)


def test_a_rival_promises_nothing_with_anothers_offer(session, cast):
    _, offer = offered(session, cast)
    with pytest.raises(NotFound):
        promise_with_offer(session, actor=cast.visitor(session, "Qi"), offer=offer, facts=PROMISE)


def test_the_plans_page_names_its_call_off_to_its_council_alone(session, cast, visit):
    item = shared(session, cast)
    call_off = request_from_plan(session, actor=cast.visitor(session, "Asha"), item=item)
    reference, address = call_off.reference, f"/forward/items/{item.id}"
    session.commit()
    session.close()
    assert reference in visit("Asha").get(address).text
    for name in ("Faye", "Cara"):
        page = visit(name).get(address)
        assert "An officer has begun the request" in page.text
        assert "asked for by" not in page.text
        assert reference not in page.html
        assert "Asha" not in page.text


def test_an_officer_makes_a_request_and_shares_a_draft_through_the_pages(session, cast, visit):
    item, call_off = shared(session, cast), drafted(session, cast, lot=4)
    number, reference = item.id, call_off.reference
    session.commit()
    session.close()
    asha = visit("Asha")
    assert "Make it a request" in asha.get(f"/forward/items/{number}").text
    sent = asha.send(f"/forward/items/{number}/request", {})
    assert sent.location.startswith("/call-offs/DP21-4-")
    asha.follow(sent)
    assert f"/call-offs/{reference}/share-ahead" in asha.get(f"/call-offs/{reference}").links
    page = asha.send(f"/call-offs/{reference}/share-ahead", {}, status=422)
    assert "Choose the month or quarter of the start" in page.errors
    fields = {"what": "<b>Words</b>", "contact_role": "Head", "start_part": "q2", "start_year": "2023"}
    sent = asha.send(f"/call-offs/{reference}/share-ahead", fields)
    shown = visit("Faye").get(sent.location)
    assert "<b>Words</b>" in shown.text
    assert reference not in shown.html
    visit("Olu").get(f"/call-offs/{reference}/share-ahead", status=404)


def test_a_partner_promises_with_its_offer_through_the_page(session, cast, visit):
    call_off, offer = offered(session, cast)
    reference, theirs = offer.reference, call_off.reference
    session.commit()
    session.close()
    faye = visit("Faye")
    assert "Promise social value with it" in faye.get(f"/offers/{reference}").text
    faye.send(f"/offers/{reference}/promise", {"kind": "carbon"}, status=422)
    fields = {"kind": "carbon", "amount": "100", "due_on": ["1", "6", "2023"], "words": "Fewer journeys"}
    shown = faye.follow(faye.send(f"/offers/{reference}/promise", fields))
    assert "100 kg of CO2 saved" in shown.text
    assert "100 kg of CO2 saved" in faye.get(f"/offers/{reference}").text
    assert theirs not in shown.html
    assert "100 kg of CO2 saved" in visit("Asha").get(f"/call-offs/{theirs}").text
    visit("Qi").get(f"/offers/{reference}/promise", status=404)
