"""Forgetting: files that nobody confirmed within a day, and what confirmed ones left staged."""

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.extracts import staging
from calloffs.extracts.spend_import import ImportState, SpendImport
from calloffs.extracts.taking import KEPT_FOR, UNCONFIRMED
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile
from framework.records.database import current, writing

_DONE = (ImportState.CONFIRMED, ImportState.UNDONE, ImportState.FORGOTTEN)
"""States in which nothing staged is wanted any more."""


def forget_some() -> bool:
    """Forget some rows in a transaction of its own; False when nothing is to be forgotten.

    The row of a forgotten import stays, with its number and who began it: another file never comes under the same address.
    """
    session = current()
    found = _next(session)
    session.rollback()
    if found is None:
        return False
    with writing() as own:
        imported = own.get(SpendImport, found, with_for_update=True)
        if imported is None or imported.state not in (*UNCONFIRMED, *_DONE):
            return True  # somebody confirmed it in this very moment: its rows are wanted
        if imported.state in UNCONFIRMED:
            # From its first row on: what is half forgotten can no longer be confirmed.
            _empty(imported)
            own.flush()
        staging.forget(own, found)
    return True


def drop(session: Session, imported: SpendImport) -> None:
    """Forget a file now, because its owner does not want it: its rows go with the next forgetting.

    Raises `ChangedMeanwhile` where it is being read or was saved meanwhile.
    """
    session.refresh(imported, with_for_update=True)
    if imported.state not in (ImportState.CHECKED, ImportState.REFUSED):
        raise ChangedMeanwhile
    _empty(imported)


def _empty(imported: SpendImport) -> None:
    imported.state, imported.content, imported.leased_until = ImportState.FORGOTTEN, b"", None
    # Cells that somebody typed and names that the file gave are what was in it.
    imported.refusal = imported.mended = imported.named = imported.headings = imported.warnings = (
        imported.notes
    ) = ""


def _next(session: Session) -> int | None:
    old = select(SpendImport.id).where(
        col(SpendImport.state).in_(UNCONFIRMED), SpendImport.started_at < dates.now() - KEPT_FOR
    )
    found: int | None = session.exec(old.limit(1)).first()
    if found is not None:
        return found
    left = sa.select(staging.staged.c.import_id).where(
        staging.staged.c.import_id.in_(
            sa.select(col(SpendImport.id)).where(col(SpendImport.state).in_(_DONE))
        )
    )
    return session.connection().execute(left.limit(1)).scalar_one_or_none()
