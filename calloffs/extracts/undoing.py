"""Taking an import back within 30 days: its lines are withdrawn, what it changed is as before, and their matches are reversed."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.extracts.confirming import (
    CHANGED_AT_ONCE,
    contents,
    hold,
    hold_agreements,
    on_behalf,
    put_content,
    subject,
    version,
)
from calloffs.extracts.finding import line
from calloffs.extracts.source import SpendSource
from calloffs.extracts.spend_import import ImportState, SpendImport
from calloffs.extracts.spend_line import CONTENT
from calloffs.matching import following
from framework.definitions import dates
from framework.definitions.rules import Refused, refuse
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

_BLOCK, _MOST_SAID = 500, 5


def undo(session: Session, *, actor: Visitor, imported: SpendImport) -> None:
    """Have a loaded file taken back, in steps (`working`), a small one at once by `take_back_all`.

    Raises `Refused` after its last day, and when a later import changed the same lines: that one has to be taken back first.
    """
    permitted(actor, Permission.INVOICE_RECORD, imported.authority_id)
    hold(session, imported.source_id)
    session.refresh(imported, with_for_update=True)
    if why := against(session, imported):
        refuse(why)
    if no := following.against_withdrawal(session, imported.id):
        raise Refused(*no[:_MOST_SAID])
    imported.state, imported.undone_by_id, imported.refusal = ImportState.UNDOING, actor.person_id, ""
    imported.place, imported.rows_done, imported.leased_until = 0, 0, None
    imported.rows_total = imported.rows_new + imported.rows_changed
    session.flush()


def against(session: Session, imported: SpendImport) -> str:
    """Why an import cannot be taken back now, as a sentence; blank when it can."""
    if imported.state is not ImportState.CONFIRMED:
        return f"Import {imported.id} cannot be taken back: {imported.state.label.lower()}"
    if imported.undo_until is None or imported.undo_until < dates.today():
        last = dates.in_words(imported.undo_until) if imported.undo_until else "the last day"
        return f"Import {imported.id} could be taken back until {last}"
    if at_it := session.exec(
        select(SpendImport.id).where(
            SpendImport.source_id == imported.source_id,
            col(SpendImport.state).in_((ImportState.CONFIRMING, ImportState.UNDOING)),
        )
    ).first():
        return f"Import {at_it} of the same source is being saved or taken back. Try again in a minute"
    if later := _later(session, imported):
        named = ", ".join(str(one) for one in later)
        return f"Lines of import {imported.id} were changed later by import {named}. Take that back first"
    return ""


def _later(session: Session, imported: SpendImport) -> list[int]:
    """Imports that changed, after this one, lines which it brought or changed."""
    mine = version.alias("mine")
    brought = sa.select(version.c.replaced_by_import_id).where(
        version.c.restored_at.is_(None),
        version.c.replaced_by_import_id != imported.id,
        version.c.line_id.in_(sa.select(line.c.id).where(line.c.import_id == imported.id)),
    )
    changed = sa.select(version.c.replaced_by_import_id).where(
        version.c.restored_at.is_(None),
        mine.c.replaced_by_import_id == imported.id,
        mine.c.line_id == version.c.line_id,
        mine.c.id < version.c.id,
    )
    query = sa.union(brought, changed)
    return sorted(session.connection().execute(query).scalars())


def take_back_all(session: Session, imported: SpendImport) -> None:
    """Take back a small import in the caller's own transaction."""
    while take_back_some(session, imported.id):
        pass


def take_back_some(session: Session, import_id: int) -> bool:
    """Take back the next lines of an import that is being taken back; False when nothing is left to do.

    Exactly once: withdrawn lines and restored versions say so themselves, in the transaction that does it.
    """
    query = select(SpendImport).where(SpendImport.id == import_id).with_for_update()
    imported = session.exec(query.execution_options(populate_existing=True)).one()
    if imported.state is not ImportState.UNDOING:
        return False
    actor = on_behalf(imported.undone_by_id, imported.authority_id)
    done = _withdraw_some(session, imported, actor) or _restore_some(session, imported, actor)
    imported.rows_done += done
    imported.leased_until = None
    if not done:
        _finish(session, imported, actor)
    session.flush()
    return bool(done)


def _withdraw_some(session: Session, imported: SpendImport, actor: Visitor) -> int:
    """Matched lines first and those of a call-off together: half of them might be refused where all of them can go."""
    connection = session.connection()
    mine = sa.and_(line.c.import_id == imported.id, line.c.withdrawn_at.is_(None))
    target = sa.select(sa.func.min(line.c.call_off_id)).where(mine, line.c.call_off_id.is_not(None))
    call_off_id = None if imported.place else connection.execute(target).scalar_one()
    query = sa.select(line.c.id).where(mine).order_by(line.c.id)
    if call_off_id is not None:
        query = query.where(line.c.call_off_id == call_off_id)
    else:
        query = query.where(line.c.id > imported.place).limit(CHANGED_AT_ONCE * 2)
    ids = list(connection.execute(query).scalars())
    if ids:
        hold_agreements(session, ids)
        following.lines_withdrawn(session, actor=actor, line_ids=ids)
        for start in range(0, len(ids), _BLOCK):
            some = line.c.id.in_(ids[start : start + _BLOCK])
            connection.execute(line.update().where(some).values(withdrawn_at=dates.now()))
        if call_off_id is None:
            imported.place = ids[-1]
    return len(ids)


def leave_off(session: Session, import_id: int, refused: Refused) -> None:
    """Stop taking an import back, since a call-off of its lines no longer lets them go: it stands as loaded, with why on its page.

    Lines of other call-offs that went already stay withdrawn; it can be taken back again.
    """
    query = select(SpendImport).where(SpendImport.id == import_id).with_for_update()
    imported = session.exec(query.execution_options(populate_existing=True)).one()
    if imported.state is not ImportState.UNDOING:
        return
    actor = on_behalf(imported.undone_by_id, imported.authority_id)
    imported.state, imported.refusal, imported.leased_until = ImportState.CONFIRMED, str(refused)[:1000], None
    audit.record(
        session,
        actor=actor,
        action="extract_undo_stopped",
        subject=subject(imported),
        facts={"withdrawn": imported.rows_done},
        words={"why": imported.refusal},
    )
    imported.undone_by_id = None


def _restore_some(session: Session, imported: SpendImport, actor: Visitor) -> int:
    connection = session.connection()
    names = ("accounting_on", *CONTENT)
    rows: list[Any] = list(
        connection.execute(
            sa.select(version.c.id, version.c.line_id, *(version.c[name] for name in names))
            .where(version.c.replaced_by_import_id == imported.id, version.c.restored_at.is_(None))
            .order_by(version.c.id)
            .limit(CHANGED_AT_ONCE)
        )
    )
    if rows:
        before = contents(session, [row.line_id for row in rows])
        hold_agreements(session, list(before))
        put_content(session, [(row.line_id, dict(row._mapping)) for row in rows])
        connection.execute(
            version.update().where(version.c.id.in_([row.id for row in rows])).values(restored_at=dates.now())
        )
        following.content_changed(session, actor=actor, changed=list(before.items()))
    return len(rows)


def _finish(session: Session, imported: SpendImport, actor: Visitor) -> None:
    imported.state, imported.undone_at = ImportState.UNDONE, dates.now()
    source = session.get_one(SpendSource, imported.source_id)
    audit.record(
        session,
        actor=actor,
        action="extract_undone" if imported.undone_by_id else "extract_undone_by_command",
        subject=subject(imported),
        facts={
            "source": source.name,
            "withdrawn": imported.rows_new,
            "restored": imported.rows_changed,
            "sha256": imported.sha256,
        },
    )
