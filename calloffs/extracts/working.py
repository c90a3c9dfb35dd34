"""Working on imports in steps: each a transaction of its own under a lease, so that another process goes on where one fell over."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.extracts import confirming, forgetting, staging, undoing
from calloffs.extracts.checking import Checked
from calloffs.extracts.source import SpendSource
from calloffs.extracts.spend_import import AT_WORK, ImportState, SpendImport
from calloffs.extracts.taking import bytes_of, read_and_check
from calloffs.extracts.written import Mended
from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.records.columns import table_of
from framework.records.database import current, writing

LEASE = timedelta(seconds=60)
"""How long one process has for a step. A file is read within half of it, or is refused."""
_PAUSE = 0.002
_imports = table_of(SpendImport)


def work_on(import_id: int) -> bool:
    """Do one step of an import that is at work; False when there is nothing to do, or somebody else is doing it.

    Opens transactions of its own, so it is called outside any.
    """
    state = _lease(import_id)
    if state is None:
        return False
    _STEPS[state](import_id)
    return True


def finish(import_id: int) -> None:
    """Do every step of an import that is left, with a short pause after each, in which others write."""
    while (state := _lease(import_id)) is not None:
        if state is ImportState.CONFIRMING:
            # The lease goes on with each piece, which costs no transaction of its own.
            pace = Pace(confirming.AT_ONCE // 3)
            while _save(import_id, dates.now() + LEASE, pace):
                time.sleep(_PAUSE)
        else:
            _STEPS[state](import_id)
        time.sleep(_PAUSE)


def work_through() -> None:
    """Go on with every import that is at work, and forget what nobody confirmed: the periodic job."""
    waiting = select(SpendImport.id).where(sa.text(AT_WORK)).order_by(col(SpendImport.id))
    found = list(current().exec(waiting))
    current().rollback()
    for import_id in found:
        finish(import_id)
    while forgetting.forget_some():
        time.sleep(_PAUSE)


def _lease(import_id: int) -> ImportState | None:
    now = dates.now()
    with writing() as session:
        taken = (
            _imports.update()
            .where(
                _imports.c.id == import_id,
                sa.text(AT_WORK),
                sa.or_(_imports.c.leased_until.is_(None), _imports.c.leased_until <= now),
            )
            .values(leased_until=now + LEASE)
            .returning(_imports.c.state)
        )
        return session.connection().execute(taken).scalar_one_or_none()


def _read(import_id: int) -> None:
    session = current()
    session.rollback()
    while True:  # what an earlier reading staged
        with writing() as own:
            if own.get_one(SpendImport, import_id, with_for_update=True).state is not ImportState.WAITING:
                return
            if not staging.forget(own, import_id):
                break
    session.expire_all()
    imported = session.get_one(SpendImport, import_id)
    source = session.get_one(SpendSource, imported.source_id)
    content, mended, name = bytes_of(imported), Mended.read(imported.mended), imported.file_name
    try:
        checked = read_and_check(session, source, content, name, mended=mended, own_id=import_id)
    except Refused as refused:
        with writing() as own:
            found = own.get_one(SpendImport, import_id, with_for_update=True)
            if found.state is not ImportState.WAITING:
                return
            found.state, found.refusal, found.leased_until = ImportState.REFUSED, str(refused)[:1000], None
        return
    finally:
        session.rollback()
    put_aside(import_id, checked)


def put_aside(import_id: int, checked: Checked) -> None:
    """Keep what was found in the file beside its import, and its rows: at once where they are few, else in parts."""
    rows = staging.to_stage(checked)
    made = staging.packed(rows) if len(rows) > staging.AT_ONCE else []
    with writing() as own:
        found = own.get_one(SpendImport, import_id, with_for_update=True)
        if found.state is not ImportState.WAITING:
            return  # another reader was faster, and it may be confirmed by now
        staging.take_facts(found, checked)
        found.place, found.rows_done, found.rows_total, found.leased_until = 0, 0, len(rows), None
        if len(rows) <= staging.AT_ONCE:
            staging.insert(own, import_id, rows)
            found.state = ImportState.CHECKED
        else:
            staging.put_parts(own, import_id, made)
            found.state = ImportState.READING


def _stage(import_id: int) -> None:
    session = current()
    session.rollback()
    session.expire_all()
    number = session.get_one(SpendImport, import_id).place
    rows = staging.part(session, import_id, number)
    session.rollback()
    with writing() as own:
        if rows is None:
            advance(own, import_id, ImportState.READING, number, then=ImportState.CHECKED)
        elif advance(own, import_id, ImportState.READING, number, number + 1, len(rows)):
            staging.insert(own, import_id, rows)
            staging.drop_part(own, import_id, number)


def advance(
    session: Session,
    import_id: int,
    state: ImportState,
    place: int,
    to: int = 0,
    done: int = 0,
    then: ImportState | None = None,
) -> bool:
    """Move an import on from a place, and give the lease back; False when somebody else has moved it meanwhile."""
    moved = (
        _imports.update()
        .where(_imports.c.id == import_id, _imports.c.state == state, _imports.c.place == place)
        .values(place=to, rows_done=_imports.c.rows_done + done, state=then or state, leased_until=None)
    )
    return session.connection().execute(moved).rowcount == 1


class Pace:
    """How many rows the next piece has, so that a piece holds the writer's turn for about `AIM`, however busy the machine is."""

    AIM = 0.08
    LEAST = 250

    def __init__(self, rows: int) -> None:
        self.rows = max(rows, self.LEAST)

    def took(self, seconds: float) -> None:
        """A piece of so many rows held the turn for so long: the next has as many as fit, at most half as many again."""
        fits = self.rows * min(self.AIM / max(seconds, 0.001), 1.5)
        self.rows = min(max(int(fits), self.LEAST), confirming.AT_ONCE)


def _save(import_id: int, leased_until: datetime | None = None, pace: Pace | None = None) -> bool:
    held = 0.0
    try:
        with writing() as own:
            held = time.perf_counter()
            return confirming.save_some(own, import_id, leased_until, pace.rows if pace else None)
    finally:
        if pace and held:
            pace.took(time.perf_counter() - held)


def _take_back(import_id: int) -> None:
    try:
        with writing() as own:
            undoing.take_back_some(own, import_id)
    except Refused as refused:
        with writing() as own:
            undoing.leave_off(own, import_id, refused)


_STEPS: dict[ImportState, Callable[[int], object]] = {
    ImportState.WAITING: _read,
    ImportState.READING: _stage,
    ImportState.CONFIRMING: _save,
    ImportState.UNDOING: _take_back,
}
