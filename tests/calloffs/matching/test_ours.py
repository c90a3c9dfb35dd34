"""Which waiting lines may be ours: not every line with an order number, and decided again as call-offs and partners come."""

from contextlib import contextmanager
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.extracts.spend_line import SpendLine
from calloffs.matching.following import lines_arrived
from calloffs.matching.queue import Filters, how_many, queue
from calloffs.matching.reviewing import review_all
from calloffs.ordering import set_purchase_order
from framework.people.party import Party, PartyKind
from framework.records.columns import table_of
from tests.calloffs.matching.building import a_line, a_source, an_import
from tests.calloffs.spend.building import live_call_off
from tests.cast import Cast


def shown(session: Session, cast: Cast, show: str = "likely") -> list[int]:
    return [one.line.id for one in queue(session, cast.visitor(session, "Finn"), Filters(show)).rows]


def night(session: Session) -> None:
    @contextmanager
    def writing():
        yield session

    review_all(writing)
    session.expire_all()


def test_only_lines_that_speak_of_a_call_off_or_a_partner_may_be_ours(
    both_databases: str, session: Session, cast: Cast
) -> None:
    call_off = live_call_off(session, cast, order="PO-8100")
    live_call_off(session, cast, authority="Southmere", lot=3, order="PO-8200")
    ours = [
        a_line(session, cast, supplier_name="Somebody", purchase_order="po 8100"),
        a_line(session, cast, supplier_name="Somebody", call_off_reference=call_off.reference.lower()),
        a_line(session, cast, supplier_name="Somebody", narrative=f"Work for {call_off.reference}, May"),
        a_line(session, cast, supplier_name="Fennel Web Limited"),
        a_line(session, cast, supplier_name="Fenel Web", purchase_order="4500001"),
    ]
    for name, order in (("City Tyres", "PO-8101"), ("Rent of halls", "PO-8200"), ("", "4500002")):
        a_line(session, cast, supplier_name=name, purchase_order=order)
    assert sorted(shown(session, cast)) == [one.id for one in ours]
    assert how_many(session, cast.visitor(session, "Finn"), "likely") == 5
    assert len(shown(session, cast, "all")) == 8
    flagged = shown(session, cast, "flagged")
    assert flagged == [ours[3].id], "that a line may be ours asks nobody to look at it"


def test_lines_with_a_suggestion_stand_first_on_their_page(session: Session, cast: Cast) -> None:
    # A partner of another council's: its line may be ours and nothing can be suggested for it.
    theirs = live_call_off(session, cast, authority="Southmere", lot=3)
    partner = session.connection().execute(
        sa.text("SELECT p.name FROM party p JOIN appointment a ON a.supplier_id = p.id WHERE a.id = :id"),
        {"id": theirs.appointment_id},
    )
    bare = a_line(session, cast, supplier_name=partner.scalar_one())
    live_call_off(session, cast, order="PO-8300")
    sure = a_line(session, cast, supplier_name="Somebody", purchase_order="PO-8300")
    assert shown(session, cast) == [sure.id, bare.id]


def test_the_night_decides_again_once_a_call_off_has_its_order_or_a_partner_is_appointed(
    session: Session, cast: Cast
) -> None:
    call_off = live_call_off(session, cast, order="PO-8400")
    ordered = a_line(session, cast, supplier_name="Somebody", purchase_order="PO-8401")
    appointed = a_line(session, cast, supplier_name="Newly Appointed Ltd", purchase_order="X-1")
    night(session)
    assert shown(session, cast) == []
    set_purchase_order(session, actor=cast.visitor(session, "Finn"), call_off=call_off, number="PO-8401")
    fresh = Party(
        kind=PartyKind.SUPPLIER, name="Newly Appointed", short_name="New", company_number="09999999"
    )
    session.add(fresh)
    session.flush()
    session.connection().execute(
        sa.text(
            "UPDATE appointment SET supplier_id = :new WHERE id IN (SELECT max(id) FROM appointment WHERE id <> :id)"
        ),
        {"new": fresh.id, "id": call_off.appointment_id},
    )
    night(session)
    assert shown(session, cast) == [ordered.id, appointed.id]
    assert session.get_one(SpendLine, appointed.id).supplier_id == fresh.id
    set_purchase_order(session, actor=cast.visitor(session, "Finn"), call_off=call_off, number="PO-8402")
    night(session)
    assert shown(session, cast) == [appointed.id]


def test_the_queue_is_read_along_an_index_of_few_lines(
    both_databases: str, session: Session, cast: Cast
) -> None:
    live_call_off(session, cast, order="PO-8500")
    brought = an_import(session, a_source(session, cast))
    rows = [
        {
            "source_id": brought.source_id,
            "authority_id": brought.authority_id,
            "import_id": brought.id,
            "row": place,
            "accounting_on": date(2022, 10, 3),
            "net_pence": 100,
            "supplier_name": "City Tyres",
            "purchase_order": f"45{place:06}",
        }
        for place in range(3_000)
    ]
    lines = table_of(SpendLine)
    session.connection().execute(lines.insert(), rows)
    one = a_line(session, cast, imported=brought, purchase_order="PO-8500")
    ids = session.connection().execute(sa.select(lines.c.id).where(lines.c.import_id == brought.id))
    lines_arrived(session, list(ids.scalars()))
    if both_databases == "postgresql":
        session.connection().execute(sa.text("ANALYZE spend_line"))
    seen: list[str] = []

    def note(connection, cursor, statement, parameters, context, many):
        if "FROM spend_line" in statement and "flags" in statement and not seen:
            word = "EXPLAIN" if both_databases == "postgresql" else "EXPLAIN QUERY PLAN"
            seen.append("")
            cursor.execute(f"{word} {statement}", parameters)
            seen[0] = " ".join(str(row) for row in cursor.fetchall())

    bind = session.get_bind()
    sa.event.listen(bind, "before_cursor_execute", note)
    try:
        assert shown(session, cast) == [one.id]
    finally:
        sa.event.remove(bind, "before_cursor_execute", note)
    assert "ix_spend_line_flagged" in seen[0], seen[0]
