"""The list: who sees which rows, how they are filtered, and what it costs."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from calloffs import finding
from calloffs.approving import decide_call_off
from calloffs.call_off import CallOff
from calloffs.cancelling import cancel_call_off
from calloffs.finding import call_offs
from calloffs.listing import Filters
from framework.definitions import dates
from framework.definitions.rules import NotFound
from framework.records import database
from tests.calloffs.making import an_approved_case, approved, drafted, raised


def many(session: Session, cast, number: int) -> None:
    for one in range(number):
        session.add(
            CallOff(
                reference=f"DP21-3-{one + 1:04}",
                agreement_id=cast.agreement,
                lot_id=cast.lot[3],
                authority_id=cast.party["Northbank" if one % 2 else "Southmere"],
                owner_id=cast.person["Asha"],
                appointment_id=cast.appointment[3, "Cedar Design"],
                title=f"Work {one + 1}",
                created_at=dates.now(),
                submitted_at=dates.now(),
            )
        )
    session.flush()


def references(session, cast, who="Asha", **filters):
    return [one.reference for one in call_offs(session, cast.visitor(session, who), Filters(**filters)).rows]


def test_an_authority_sees_its_own_and_no_other(session, cast):
    mine, theirs = drafted(session, cast), drafted(session, cast, who="Cara")
    assert references(session, cast) == [mine.reference]
    assert references(session, cast, "Cara") == [theirs.reference]
    for name in ("Zed", "Faye", "Ari", "Stranger", "Opal"):
        assert references(session, cast, name) == []


def test_the_lead_s_framework_owner_sees_others_in_short(session, cast):
    drafted(session, cast, who="Cara")
    theirs = raised(session, cast, who="Cara", title="A private matter")
    row = call_offs(session, cast.visitor(session, "Olu"), Filters()).rows[0]
    assert (row.reference, row.title, row.owner) == (theirs.reference, None, None)
    assert references(session, cast, "Olu") == [theirs.reference]
    assert references(session, cast, "Olu", words="private") == []
    assert references(session, cast, "Olu", words=theirs.reference.lower()) == [theirs.reference]
    assert references(session, cast, "Asha") == []


def test_the_filters_narrow_the_list(session, cast):
    case = an_approved_case(session, cast)
    draft = drafted(session, cast, case=case, title="Forms")
    waiting = raised(session, cast, case=case, lot=4, title="Web 100%")
    passed = approved(session, cast, case=case, title="Forms again")
    gone = drafted(session, cast, case=case, title="Gone")
    cancel_call_off(session, actor=cast.visitor(session, "Asha"), call_off=gone, reason="Gone")
    assert references(session, cast, group="draft") == [draft.reference]
    assert references(session, cast, group="waiting") == [waiting.reference]
    assert references(session, cast, group="approved") == [passed.reference]
    assert references(session, cast, group="stopped") == [gone.reference]
    assert references(session, cast, lot="DP21-4") == [waiting.reference]
    assert references(session, cast, lot="NOT-THERE") == []
    assert references(session, cast, words="forms") == [passed.reference, draft.reference]
    assert references(session, cast, words="0%") == [waiting.reference]
    assert references(session, cast, words="%") == [waiting.reference]
    passed.appointment_id = cast.appointment[3, "Cedar Design"]
    session.flush()
    assert references(session, cast, words="cedar") == [passed.reference]
    draft.owner_id = cast.person["Bram"]
    session.flush()
    assert draft.reference not in references(session, cast, mine=True)


def test_pages_follow_each_other_without_gaps(session, cast):
    many(session, cast, 120)
    who = cast.visitor(session, "Olu")
    seen, after = [], None
    while True:
        found = call_offs(session, who, Filters(), after)
        seen += [one.id for one in found.rows]
        after = found.next
        if after is None:
            break
    assert len(seen) == 120
    assert seen == sorted(set(seen), reverse=True)


@pytest.mark.parametrize("name", ["Asha", "Olu"])
def test_the_list_costs_the_same_for_3_rows_and_300(visit, app, cast, name):
    reader = visit(name)
    with app.app_context():
        engine = database.db.engine

    def statements() -> int:
        counted: list[str] = []

        def hear(_connection, _cursor, statement, *_rest):
            counted.append(statement)

        sa.event.listen(engine, "before_cursor_execute", hear)
        shown = reader.get("/call-offs/?status=waiting&words=work")
        sa.event.remove(engine, "before_cursor_execute", hear)
        assert len(shown.all("tr")) > 1
        return len(counted)

    with app.app_context(), database.writing() as own:
        many(own, cast, 3)
    few = statements()
    with app.app_context(), database.writing() as own:
        own.execute(sa.delete(CallOff))
        many(own, cast, 300)
    assert statements() == few


def test_the_partner_finds_its_call_off_from_award_on(session, cast):
    call_off = approved(session, cast, lot=4)
    faye, qi = cast.visitor(session, "Faye"), cast.visitor(session, "Qi")
    call_off.appointment_id = cast.appointment[4, "Fennel Web"]
    session.flush()
    with pytest.raises(NotFound):
        finding.call_off(session, faye, call_off.reference)
    call_off.awarded_at = dates.now()
    session.flush()
    assert finding.call_off(session, faye, call_off.reference) is call_off
    with pytest.raises(NotFound):
        finding.call_off(session, qi, call_off.reference)


def test_pages_show_each_reader_their_own_side(visit, session, cast):
    call_off = approved(session, cast, lot=4, title="Kept to ourselves")
    call_off.appointment_id = cast.appointment[4, "Fennel Web"]
    call_off.awarded_at = dates.now()
    call_off.offer_id = None
    theirs = raised(session, cast, who="Cara", title="A private matter")
    decide_call_off(
        session, actor=cast.visitor(session, "Dev"), call_off=theirs, outcome="returned", reason="A secret"
    )
    session.commit()
    session.close()
    at = f"/call-offs/{call_off.reference}"
    assert "What is left for others" in visit("Audra").get(at).text
    partner = visit("Faye").get(at)
    assert "What is left" not in partner.text
    assert "What has happened" not in partner.text
    for name in ("Qi", "Cara", "Zed", "Stranger", "Opal", "Ari"):
        visit(name).get(at, 404)
    short = visit("Olu").get(f"/call-offs/{theirs.reference}")
    assert "private" not in short.text
    assert "secret" not in short.text
    visit("Asha").get(f"/call-offs/{theirs.reference}", 404)


@pytest.mark.parametrize("reference", ["DP21-3-9999", "-1", "99999999999999999999", "%00", "new%2F..", "'"])
def test_unknown_references_are_not_found(visit, cast, reference):
    asha = visit("Asha")
    for page in ("", "/draft", "/raise", "/cancel", "/copy", "/purchase-order", "/hand-over", "/fits"):
        asha.get(f"/call-offs/{reference}{page}", 404)


@pytest.mark.parametrize("after", ["-1", "x", "9" * 30, "²", ""])
def test_a_strange_place_to_begin_is_the_beginning_or_nothing(visit, cast, after):
    visit("Asha").get(f"/call-offs/?after={after}&status=nonsense&lot=%01&words=%25")
