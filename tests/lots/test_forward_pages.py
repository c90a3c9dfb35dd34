"""The pages of the forward view and of promises: who finds them, what they say, and what bad input gets."""

import io

import pytest

from lots.forward.following import unfollow
from lots.forward.planning import change_item
from tests.lots.plans import FACTS, planned, promised, shared
from tests.statements import counted

HOSTILE = "<script>alert(1)</script>{{ 7 * 7 }}"
ITEM = {
    "lot": "DP21-4",
    "title": "A new parking app",
    "what": "People pay by phone",
    "start_part": "q2",
    "start_year": "2023",
    "stage": "idea",
    "contact_role": "Head of digital",
}
PROMISE = {
    "kind": "apprentice_days",
    "amount": "20",
    "due_on": ["31", "3", "2023"],
    "words": "Two apprentices",
}


@pytest.fixture
def item(session, cast):
    """A plan of Northbank's on lot 4, shared."""
    found = shared(session, cast).id
    session.commit()
    session.close()
    return found


@pytest.fixture
def promise(session, cast):
    """A promise of Fennel Web's to Northbank, agreed."""
    found = promised(session, cast).id
    session.commit()
    session.close()
    return found


def test_from_plan_to_proposal_to_reply_through_the_pages(visit, cast):
    asha, faye = visit("Asha"), visit("Faye")
    page = asha.follow(asha.send("/forward/items/new", ITEM))
    assert "Not shared: only people of Northbank see it" in page.text
    address = page.response.request.path
    faye.get(address, status=404)
    asha.send(f"{address}/share", {})
    shown = faye.get(address)
    assert "Answer with a proposal" in shown.text
    assert "gives no right to be asked or awarded" in shown.text
    assert "Asha" not in shown.text
    sent = faye.send(f"{address}/propose", {"title": "Use what we have", "words": "We would reuse it"})
    proposal = sent.location
    visit("Asha").get(proposal, status=404)
    assert (
        "it is read by people of Fennel Web and of Northbank. Nobody else reads it" in faye.get(proposal).text
    )
    faye.send(proposal, {}, to=f"{proposal}/send")
    assert "Use what we have" in asha.get("/").text
    page = asha.send(proposal, {"reply": "more", "words": ""}, to=f"{proposal}/reply", status=422)
    assert page.errors
    asha.send(proposal, {"reply": "more", "words": "Which pages?"}, to=f"{proposal}/reply")
    faye.send(proposal, {"words": "The permit pages"}, to=f"{proposal}/more")
    assert "The permit pages" in asha.get(proposal).text
    faye.send(f"{proposal}/withdraw", {})
    taken_back = asha.get(proposal)
    assert "A proposal that was withdrawn" in taken_back.text
    assert "We would reuse it" not in taken_back.html
    for name in ("Qi", "Cara", "Olu", "Zed"):
        if name == "Olu":
            visit(name).get(proposal)
        else:
            visit(name).get(proposal, status=404)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "Enter a title"),
        ({"what": "x" * 10_000}, "What is wanted must be 4,000 characters or fewer"),
        ({"start_year": ""}, "Enter the year, like 2027"),
        ({"start_part": ""}, "Choose the month or quarter of this year"),
        ({"start_year": "2021"}, "April to June 2021 is over"),
        ({"start_year": "99999"}, "Year of the start must be a whole number from 2,000 to 2,099"),
        ({"start_part": "q9"}, "Choose one of the options"),
        ({"band": "huge"}, "Choose one of the options"),
        ({"stage": "requested"}, "Choose one of the options"),
        ({"lot": "DP21-9"}, "Choose one of the options"),
        ({"months": "999"}, "Likely length must be a whole number from 1 to 96"),
    ],
)
def test_bad_plans_come_back_with_a_sentence_and_everything_typed(visit, cast, fields, sentence):
    page = visit("Asha").send("/forward/items/new", {**ITEM, "why": HOSTILE, **fields}, status=422)
    assert any(one.startswith(sentence) for one in page.errors), page.errors
    assert page.values("/forward/items/new")["why"] == HOSTILE
    assert "No coming work is planned" in visit("Asha").get("/forward/").text


def test_hostile_words_are_words(visit, cast, session):
    made = shared(session, cast, title=HOSTILE, what=HOSTILE, why=HOSTILE)
    change_item(session, actor=cast.visitor(session, "Asha"), item=made, facts=FACTS)
    number = made.id
    session.commit()
    session.close()
    for name in ("Asha", "Faye"):
        for address in ("/forward/", f"/forward/items/{number}", "/forward/lots/DP21-4"):
            page = visit(name).get(address)
            assert "<script>alert" not in page.html
    assert HOSTILE in visit("Faye").get(f"/forward/items/{number}").text


def test_a_change_says_what_it_was_and_stops_who_saw_older_words(visit, cast, item):
    asha, olu = visit("Asha"), visit("Olu")
    address = f"/forward/items/{item}/change"
    hers = asha.get(address)
    olu.send(address, {"why": "The budget is agreed"})
    page = asha.send(hers, {"why": "My own words"}, status=422)
    assert "Someone else changed this" in page.text
    assert page.values(address)["why"] == "My own words"
    shown = visit("Faye").get(f"/forward/items/{item}")
    assert "Fewer machines to look after" in shown.text
    assert "The budget is agreed" in shown.text
    asha.send(page, {})
    assert "My own words" in asha.get(f"/forward/items/{item}").text


def test_one_tick_follows_and_one_stops(visit, cast, item):
    faye = visit("Faye")
    address = f"/forward/items/{item}"
    page = faye.get(address)
    for shown in ("You follow this", "Follow this plan", "You follow this"):
        assert shown in page.text
        page = faye.follow(faye.send(page, {}, to="/forward/follow"))
    assert "Follow this plan" in page.text
    for about in ("item:999999", "lot:", "person:1", "item:99999999999999999999", ""):
        faye.send(address, {"about": about}, to="/forward/follow", status=404)


def test_new_work_on_a_companys_own_lots_is_on_home_followed_or_not(visit, session, cast):
    unfollow(session, actor=cast.visitor(session, "Faye"), kind="lot", number=cast.lot[4])
    shared(session, cast)
    planned(session, cast, title="Not yet")
    session.commit()
    session.close()
    home = visit("Faye").get("/")
    assert "A new parking app" in home.text
    assert "Not yet" not in home.text
    assert "A new parking app" not in visit("Qi").get("/").text


def test_a_vision_is_published_in_versions_that_stay(visit, cast):
    asha, council = visit("Asha"), cast.party["Northbank"]
    address, versions = f"/forward/lots/DP21-4/vision/{council}", f"/forward/lots/DP21-4/visions/{council}"
    page = asha.send(address, {"words": "", "then": "publish"}, status=422)
    assert "Write the vision before you publish it" in page.errors
    half = {"words": "First words", "outcomes-0-words": "Nine of ten forms"}
    page = asha.send(address, {**half, "then": "publish"}, status=422)
    assert any("how it will be known" in one for one in page.errors)
    whole = {**half, "outcomes-0-by_on": ["31", "3", "2024"], "outcomes-0-known_by": "The share online"}
    asha.send(address, {**whole, "then": "save"})
    assert "First words" in asha.get(versions).text
    visit("Faye").get(versions, status=404)
    visit("Cara").get(versions, status=404)
    draft = asha.get(versions)
    assert "Publish the vision" in draft.text
    asha.send(draft, {"then": "publish"}, to=address)
    assert "Publish the vision" not in asha.get(versions).text
    asha.send(address, {"words": "Second words", "then": "publish"})
    shown = visit("Faye").get(versions)
    assert "First words" in shown.text
    assert "replaced" in shown.text
    on_lot = visit("Faye").get("/forward/lots/DP21-4")
    assert "Second words" in on_lot.text
    assert "First words" not in on_lot.text
    assert "By 31 March 2024" in on_lot.text
    visit("Faye").get(address, status=404)
    visit("Cara").get(address, status=404)
    visit("Qi").get("/forward/lots/DP21-4", status=404)
    visit("Asha").get(f"/forward/agreements/DP21/vision/{council}", status=404)
    visit("Olu").get(f"/forward/agreements/DP21/vision/{council}")


def test_a_promise_from_offer_to_kept_through_the_pages(visit, cast):
    faye, asha = visit("Faye"), visit("Asha")
    place = {
        "appointment_id": str(cast.appointment[4, "Fennel Web"]),
        "authority_id": str(cast.party["Northbank"]),
    }
    page = faye.send("/promises/new", {**place, **PROMISE, "due_on": ["1", "1", "2020"]}, status=422)
    assert "1 January 2020 is over. Enter a day ahead" in page.errors
    address = faye.send("/promises/new", {**place, **PROMISE}).location
    assert "agree or send back" in asha.get("/").text
    page = asha.send(address, {"then": "back"}, to=f"{address}/decide", status=422)
    assert any("Say what should be different" in one for one in page.errors)
    asha.send(address, {"then": "agree"}, to=f"{address}/decide")
    words = "Both apprentices came and worked beside the team"
    delivery = {"amount": "20", "delivered_on": ["22", "11", "2022"], "words": words}
    faye.send(f"{address}/deliver", {**delivery, "amount": "x"}, status=422)
    faye.send(f"{address}/deliver", delivery)
    asha.send(address, {"then": "refuse"}, to=f"{address}/confirm", status=422)
    asha.send(address, {"then": "confirm"}, to=f"{address}/confirm")
    assert "20 of 20 days confirmed" in faye.get(address).text
    assert "Kept" in visit("Olu").get("/promises/").text
    for name in ("Qi", "Cara", "Zed"):
        visit(name).get(address, status=404)
        visit(name).get(f"{address}/deliver", status=404)


def test_evidence_may_be_a_file_and_only_a_real_one(visit, cast, promise):
    faye = visit("Faye")
    address = f"/promises/{promise}"
    delivery = {"amount": "5", "delivered_on": ["22", "11", "2022"], "words": "Both came"}
    bad = {**delivery, "file": (io.BytesIO(b"MZ not a pdf"), "evidence.pdf")}
    page = faye.send(f"{address}/deliver", bad, status=422)
    assert page.errors
    assert "Nothing yet" in faye.get(address).text


def test_the_list_as_a_file_holds_what_its_reader_may_see(visit, cast, promise):
    for name, rows in (("Olu", 2), ("Asha", 2), ("Faye", 2), ("Qi", 1), ("Cara", 1)):
        page = visit(name).get("/promises.csv")
        assert len(page.response.get_data(as_text=True).splitlines()) == rows, name


def test_fifty_shared_plans_cost_as_many_statements_as_one(app, visit, session, cast, item):
    addresses = ("/forward/", "/forward/lots/DP21-4", "/forward/agreements/DP21", "/")
    people = {name: visit(name) for name in ("Faye", "Asha", "Olu")}

    def cost():
        for one in people.values():
            one.get("/forward/")
        return {
            (name, address): counted(app, lambda one=one, address=address: one.get(address))
            for name, one in people.items()
            for address in addresses
        }

    few = cost()
    for number in range(49):
        shared(session, cast, title=f"Plan {number}")
    for _ in range(20):
        promised(session, cast)
    session.commit()
    session.close()
    assert cost() == few
    assert visit("Faye").get("/forward/").text.count("To be asked") == 50
