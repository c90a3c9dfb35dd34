"""The audit chain: append-only, whole, and told in sentences."""

import pytest
import sqlalchemy as sa
from sqlmodel import select

from framework.definitions.money import Money
from framework.records import audit, chain, database, timeline
from framework.records.audit import AuditRecord, AuditWords


@pytest.fixture
def three_records(session, cast, both_databases):
    asha = cast.visitor(session, "Asha")
    for pounds in (10, 20, 30):
        audit.record(
            session,
            actor=asha,
            action="tried_out",
            subject=audit.Subject("agreement", cast.agreement, "DP21", cast.party["Northbank"]),
            facts={"value": Money.pounds(pounds), "change": (Money.pounds(1), Money.pounds(pounds))},
            words={"reason": f"because of {pounds}"},
        )
    session.commit()
    database.begin_writing(session)
    return session


def test_records_are_chained_and_the_chain_is_whole(three_records):
    count, faults = chain.verify(three_records)
    assert (count, faults) == (3, [])


def test_a_record_cannot_be_updated_or_deleted(three_records, both_databases):
    for statement in (
        "UPDATE audit_record SET action = 'x' WHERE id = 2",
        "DELETE FROM audit_record WHERE id = 2",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            three_records.connection().execute(sa.text(statement))
        three_records.rollback()


def test_a_record_changed_by_hand_is_found(three_records, both_databases):
    _without_triggers(three_records, both_databases)
    three_records.connection().execute(sa.text("UPDATE audit_record SET actor_id = NULL WHERE id = 2"))
    _, faults = chain.verify(three_records)
    assert [fault.number for fault in faults] == [2]
    assert "was changed after it was written" in faults[0].sentence


def test_a_record_taken_away_is_found_also_at_the_end(three_records, both_databases):
    _without_triggers(three_records, both_databases)
    three_records.connection().execute(sa.text("DELETE FROM audit_record WHERE id = 3"))
    assert "head says 3" in " ".join(fault.sentence for fault in chain.verify(three_records)[1])
    three_records.connection().execute(sa.text("DELETE FROM audit_record WHERE id = 1"))
    assert "record 1 is missing" in " ".join(fault.sentence for fault in chain.verify(three_records)[1])


def test_changed_text_is_found_and_erased_text_is_not_a_fault(three_records):
    text = three_records.exec(select(AuditWords)).first()
    text.value = "something else"
    three_records.flush()
    assert "text “reason” of record 1" in chain.verify(three_records)[1][0].sentence
    text.value, text.erased_at = None, text_moment(three_records)
    three_records.flush()
    assert chain.verify(three_records)[1] == []


def test_it_is_told_as_a_sentence_with_what_was_written(three_records, cast, monkeypatch):
    monkeypatch.setitem(
        timeline.SENTENCES, "tried_out", "{actor} tried {subject} for {value}, {change.before} before"
    )
    told = timeline.of(three_records, cast.visitor(three_records, "Bram"), "agreement", cast.agreement)
    assert told[0].sentence == "Asha tried DP21 for £30.00, £1.00 before"
    assert told[0].words == "because of 30"
    assert told[0].when == "22 November 2022, 10:00am"


def test_another_councils_people_are_told_nothing(three_records, cast):
    assert timeline.of(three_records, cast.visitor(three_records, "Cara"), "agreement", cast.agreement) == []


def test_a_rolled_back_transaction_leaves_no_record(session, cast):
    audit.record(
        session,
        actor=cast.visitor(session, "Asha"),
        action="x",
        subject=audit.Subject("agreement", 1, "DP21"),
    )
    session.rollback()
    database.begin_writing(session)
    session.commit()
    assert session.exec(select(AuditRecord)).all() == []


def text_moment(session):
    return session.exec(select(AuditRecord.at)).first()


def _without_triggers(session, kind):
    connection = session.connection()
    if kind == "sqlite":
        connection.execute(sa.text("DROP TRIGGER audit_record_no_update"))
        connection.execute(sa.text("DROP TRIGGER audit_record_no_delete"))
    else:
        connection.execute(sa.text("ALTER TABLE audit_record DISABLE TRIGGER ALL"))
