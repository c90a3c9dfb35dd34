"""A checked sheet of people: kept for its owner, mended in place, and put into the draft only on confirmation."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, refuse
from framework.people.permissions import Permission, Visitor, permitted
from framework.records.audit import Subject
from framework.records.columns import table_of
from framework.records.erasing import Erased
from framework.records.sheet import Checked, Sheet, SheetRow
from lots import skillset_finding as finding
from lots.appointment import Appointment
from lots.entering_people import put_people
from lots.finding import Place
from lots.lot import Lot
from lots.person_rules import plain
from lots.skillset import Skillset
from lots.skillset_check import SkillsetCheck
from lots.skillset_reading import ReadRow, check_people

KEPT_FOR = timedelta(hours=24)
MOST_KEPT = 5
"""Sheets that one person has open at once: the oldest makes room."""
MOST_CELL = 2000
"""Characters of a cell that is kept."""


def keep_sheet(session: Session, *, actor: Visitor, place: Place, sheet: Sheet) -> SkillsetCheck:
    """Keep a sheet for its owner for 24 hours, so that it can be mended and confirmed; forgets what nobody came back for.

    Nobody is put into any version. Raises `Refused` when the sheet as a whole cannot be used.
    """
    permitted(actor, Permission.COMPANY_KEEP, place.supplier.id)
    assert actor.person_id is not None
    forget_sheets(session)
    checked, _ = check(session, place, sheet)
    kept = SkillsetCheck(
        owner_id=actor.person_id,
        appointment_id=place.appointment.id,
        cells=_packed(sheet),
        rows_ready=checked.rows_ready,
        read_at=dates.now(),
        expires_at=dates.now() + KEPT_FOR,
    )
    session.add(kept)
    session.flush()
    mine = select(SkillsetCheck).where(SkillsetCheck.owner_id == actor.person_id)
    for older in session.exec(mine.order_by(col(SkillsetCheck.id).desc()).offset(MOST_KEPT)):
        session.delete(older)
    session.flush()
    return kept


def kept_sheet(session: Session, visitor: Visitor, place: Place, number: int) -> SkillsetCheck:
    """The visitor's own sheet for this place. Raises `NotFound` for anybody else's, and when its day has passed."""
    found = session.exec(
        select(SkillsetCheck).where(
            SkillsetCheck.id == number,
            SkillsetCheck.owner_id == visitor.person_id,
            SkillsetCheck.appointment_id == place.appointment.id,
        )
    ).one_or_none()
    if found is None or found.expires_at < dates.now():
        raise NotFound
    return found


def sheet_of(kept: SkillsetCheck) -> Sheet:
    """The sheet as it was read, with what was mended since."""
    said = json.loads(kept.cells)
    return Sheet(
        tuple(SheetRow(number, tuple(cells)) for number, cells in said["rows"]), tuple(said["notes"])
    )


def check(session: Session, place: Place, sheet: Sheet) -> tuple[Checked, tuple[ReadRow, ...]]:
    """The sheet against the place's rate card and the partner's other lots."""
    card = finding.card_for(session, place.appointment.id)
    return check_people(sheet, card, finding.elsewhere(session, place))


def mend_sheet(
    session: Session,
    *,
    actor: Visitor,
    place: Place,
    kept: SkillsetCheck,
    typed: Mapping[tuple[int, int], str],
) -> bool:
    """Put what was typed into cells of rows that had something to mend; True when any of it is new.

    `typed` goes by the row's number and the cell's index from 0. Other cells are left alone, whatever is sent.
    """
    _own(actor, kept)
    sheet = sheet_of(kept)
    _, rows = check(session, place, sheet)
    to_mend = {(row.number, one.index) for row in rows for one in row.findings}
    changed = False
    mended = []
    for row in sheet.rows:
        cells = list(row.cells)
        for (number, index), text in typed.items():
            if number != row.number or (number, index) not in to_mend:
                continue
            cells += [""] * (index + 1 - len(cells))
            text = plain(text)[:MOST_CELL]
            changed = changed or text != plain(cells[index])
            cells[index] = text
        mended.append(SheetRow(row.number, tuple(cells)))
    if changed:
        kept.cells = _packed(Sheet(tuple(mended), sheet.notes))
        kept.rows_ready = check(session, place, sheet_of(kept))[0].rows_ready
        session.add(kept)
    return changed


def confirm_sheet(
    session: Session, *, actor: Visitor, place: Place, kept: SkillsetCheck, replacing: bool
) -> Skillset:
    """Put the rows that are ready into the draft, all or none, after checking them again; the sheet is then forgotten.

    Raises `ChangedMeanwhile` when they are no longer what the owner was shown, `Refused` when there is nothing to keep.
    """
    _own(actor, kept)
    checked, rows = check(session, place, sheet_of(kept))
    if checked.rows_ready != kept.rows_ready:
        raise ChangedMeanwhile(
            Refusal(
                f"Since you checked this sheet your rate card changed: {checked.rows_ready} rows are ready now. "
                "Look at it again, then confirm"
            )
        )
    if not checked.rows_ready:
        refuse("No row is ready, so there is nothing to keep. Mend at least one")
    people = [replace(row.person, number=0) for row in rows if row.ready]
    skillset = put_people(session, actor=actor, place=place, people=people, replacing=replacing)
    drop_sheet(session, actor=actor, kept=kept)
    return skillset


def drop_sheet(session: Session, *, actor: Visitor, kept: SkillsetCheck) -> None:
    """Forget a sheet without keeping anybody of it."""
    _own(actor, kept)
    session.delete(kept)
    session.flush()


def forget_sheets(session: Session) -> int:
    """Delete every sheet whose day has passed (RULE-81); returns how many."""
    table = table_of(SkillsetCheck)
    return session.connection().execute(sa.delete(table).where(table.c.expires_at < dates.now())).rowcount


def erase_sheets(session: Session, most: int) -> Iterator[Erased]:
    """The same for the job that erases, with one record for each sheet."""
    rows = session.exec(
        select(SkillsetCheck, Lot.reference, Appointment.supplier_id)
        .join(Appointment, col(Appointment.id) == col(SkillsetCheck.appointment_id))
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .where(col(SkillsetCheck.expires_at) < dates.now())
        .order_by(col(SkillsetCheck.id))
        .limit(most)
    ).all()
    for kept, lot, supplier_id in rows:
        people = max(len(sheet_of(kept).rows) - 1, 0)
        session.delete(kept)
        yield Erased(
            Subject("skillset", None, f"an unconfirmed sheet of people for lot {lot}", supplier_id),
            people,
            "a day after it was checked",
        )


def _own(actor: Visitor, kept: SkillsetCheck) -> None:
    if kept.owner_id != actor.person_id:
        raise NotFound


def _packed(sheet: Sheet) -> str:
    # Text that is no longer than a cell of ours may be: a stranger's file decides nothing about how much is kept.
    rows = [(row.number, [cell[:MOST_CELL] for cell in row.cells]) for row in sheet.rows]
    return json.dumps({"rows": rows, "notes": list(sheet.notes)})
