"""Extracts from the command line: the same check, confirmation and undoing as on the pages, told as plain values for JSON."""

import shlex
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from calloffs.extracts import confirming, forgetting, taking, undoing, working
from calloffs.extracts.checking import SUMS, Checked, check, sha256_of
from calloffs.extracts.reading import read_extract
from calloffs.extracts.source import AmountBasis, SpendSource
from calloffs.extracts.sourcing import add_source, authority_named, source_named
from calloffs.extracts.spend_import import ImportState, SpendImport, Verdict
from framework.definitions import dates
from framework.definitions.rules import Refused, refuse
from framework.people import finding
from framework.people.party import Party, PartyKind
from framework.people.permissions import HeldPost, Permission, Role, Visitor
from framework.people.person import Person
from framework.records.database import current, writing

_MOST_BYTES = 100 * 1024 * 1024


def check_file(
    file: Path, source: str, *, authority: str | None = None, basis: AmountBasis | None = None
) -> dict[str, Any]:
    """What loading a file would do. Nothing is saved; the source need not exist yet. Never raises `Refused`: "refused" tells why not."""
    session = current()
    try:
        whose, there = _whose(session, source, authority)
        content = _bytes(file)
        return _told(
            _checked(session, content, file, there, whose, basis), there, whose, source, content, file, basis
        )
    except Refused as refused:
        return {"file": file.name, "source": source, "refused": str(refused)}
    finally:
        session.rollback()


def check_unknown(file: Path, source: str, *, basis: AmountBasis | None = None) -> dict[str, Any]:
    """The same where there is no database yet, and so no source."""
    try:
        content = _bytes(file)
        checked = _checked(None, content, file, None, None, basis)
        return _told(checked, None, None, source, content, file, basis)
    except Refused as refused:
        return {"file": file.name, "source": source, "refused": str(refused)}


def load_file(
    file: Path,
    source: str,
    *,
    authority: str | None = None,
    basis: AmountBasis | None = None,
    agree: bool = False,
    email: str | None = None,
) -> dict[str, Any]:
    """Load a file: its good rows are saved, as somebody who records money or as the command line itself.

    `agree` says that warnings were looked at. Rows that look like others are kept and named: nobody can be asked here, and a row that
    is lost is worse than one too many, which can be taken back. Makes the source when authority and basis are given.
    Never raises `Refused`: "refused" tells why nothing was saved.
    """
    session = current()
    found: dict[str, Any] = {"file": file.name, "source": source}
    try:
        whose, there = _whose(session, source, authority)
        if whose is None or (there is None and basis is None):
            refuse(
                f"There is no source called {source}. Name its --authority and the --basis of its amounts "
                "(net, gross or both), and it is made"
            )
        actor = _actor(session, email, whose)
        content = _bytes(file)
        checked = _checked(session, content, file, there, whose, basis)
        found = _told(checked, there, whose, source, content, file, basis)
        session.rollback()
        _may_be_saved(checked, agree)
        working.work_through()  # what a process that fell over left half-saved
        found["import"] = _save(actor, content, file, checked, source, whose, basis, agree)
        found["source_exists"] = True
    except Refused as refused:
        found["refused"] = str(refused)
    finally:
        session.rollback()
    return found


def undo_import(number: int, *, email: str | None = None) -> dict[str, Any]:
    """Take an import back. Never raises `Refused`: "refused" tells why not."""
    session = current()
    try:
        imported = session.get(SpendImport, number)
        if imported is None:
            refuse(f"There is no import {number}")
        actor = _actor(session, email, session.get_one(Party, imported.authority_id))
        session.rollback()
        with writing() as own:
            undoing.undo(own, actor=actor, imported=own.get_one(SpendImport, number))
        working.finish(number)
        session.expire_all()
        done = session.get_one(SpendImport, number)
        return {
            "import": number,
            "state": done.state.value,
            "withdrawn": done.rows_new,
            "restored": done.rows_changed,
            "refused": None,
        }
    except Refused as refused:
        return {"import": number, "refused": str(refused)}
    finally:
        session.rollback()


def sources_told() -> list[dict[str, Any]]:
    """Every source: name, authority, basis, and its last import that stands."""
    session = current()
    query = select(SpendSource, Party).join(Party, col(Party.id) == col(SpendSource.authority_id))
    found = []
    for source, authority in session.exec(query.order_by(SpendSource.name_key)).all():
        last = session.exec(
            select(SpendImport.id, SpendImport.confirmed_at)
            .where(SpendImport.source_id == source.id, SpendImport.state == ImportState.CONFIRMED)
            .order_by(col(SpendImport.id).desc())
            .limit(1)
        ).first()
        found.append(
            {
                "source": source.name,
                "authority": authority.name,
                "basis": source.basis.value,
                "last_import": last[0] if last else None,
                "last_loaded_on": dates.as_london(last[1]).date().isoformat() if last and last[1] else None,
            }
        )
    session.rollback()
    return found


def _whose(session: Session, source: str, authority: str | None) -> tuple[Party | None, SpendSource | None]:
    there = source_named(session, source)
    named = None if authority is None else authority_named(session, authority)
    if authority is not None and named is None:
        refuse(_no_authority(session, authority))
    if there is None:
        return named, None
    if named is not None and named.id != there.authority_id:
        refuse(f"The source {there.name} belongs to another authority than {named.name}")
    return session.get_one(Party, there.authority_id), there


def _no_authority(session: Session, named: str) -> str:
    """What to do where no authority has this name: the first of all is made by a command, others on the site."""
    if session.exec(select(Party.id).where(Party.kind == PartyKind.AUTHORITY).limit(1)).first() is None:
        return (
            f"No authority is called {named}: this installation has none yet. Make it first, with its administrator: "
            f"./run tracker first-administrator --authority {shlex.quote(named)}. Then load the file again"
        )
    return (
        f"No authority is called {named}. Give its name as it is on the page of the authority, or have the operator add it first, "
        "on the page Installation"
    )


def _bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > _MOST_BYTES:
            refuse(f"{file.name} is far too large to be read. Split it and load the parts one after another")
        return file.read_bytes()
    except OSError as wrong:
        refuse(f"{file.name or file} cannot be opened: {(wrong.strerror or 'no reason given').lower()}")


def _checked(
    session: Session | None,
    content: bytes,
    file: Path,
    source: SpendSource | None,
    authority: Party | None,
    basis: AmountBasis | None,
) -> Checked:
    if source is not None and session is not None:
        if basis is not None and basis is not source.basis:
            refuse(f"The basis of {source.name} is {source.basis.value} and stays so (RULE-92)")
        checked = taking.read_and_check(session, source, content, file.name)
    else:
        taken = basis or AmountBasis.NET
        extract = read_extract(content, file.name, columns={}, basis=taken, ask=True)
        # As it would be on the day it is made: a source without a line.
        unmade = (
            SpendSource(
                id=0,
                authority_id=authority.id,
                name="given",
                name_key="",
                basis=taken,
                created_at=dates.now(),
            )
            if authority
            else None
        )
        checked = check(session, extract, sha256=sha256_of(content), source=unmade, authority=authority)
        checked.notes.append("This source does not exist yet")
        if basis is None and extract.basis_found is None:
            checked.notes.append("A bare amount was taken as net of VAT: no basis was given")
    unknown = [one.text for one in checked.headings if one.field is None]
    if unknown:
        checked.notes.append(
            f"Left out, since nobody has said what they are: {', '.join(one[:60] for one in unknown)}"
        )
    return checked


def _told(
    checked: Checked,
    source: SpendSource | None,
    authority: Party | None,
    name: str,
    content: bytes,
    file: Path,
    basis: AmountBasis | None,
) -> dict[str, Any]:
    taken, taken_from = _basis(checked, source, basis)
    return {
        "file": file.name,
        "sha256": sha256_of(content),
        "source": source.name if source else name,
        "source_exists": source is not None,
        "authority": authority.name if authority else None,
        "basis": taken.value,
        "basis_from": taken_from,
        "rows_read": len(checked.rows),
        "rows_kept": checked.kept,
        "rows_rejected": checked.count[Verdict.REJECTED],
        "rejects": [
            {"row": row.number, "column": one.column, "value": one.value, "reason": one.mend}
            for row in checked.rows
            if row.verdict is Verdict.REJECTED
            for one in row.findings
        ],
        "sums": {one: checked.sums[one] for one in SUMS},
        "sums_left_out": {one: checked.left[one][0] for one in SUMS},
        "unreadable_amounts": {one: checked.left[one][1] for one in SUMS},
        "sums_in_file": {one: _together(checked, one) for one in SUMS},
        "new": checked.count[Verdict.NEW],
        "changed": checked.count[Verdict.CHANGED],
        "known": checked.count[Verdict.KNOWN],
        "asked": checked.asked,
        "changed_rows": [row.number for row in checked.rows if row.verdict is Verdict.CHANGED],
        "asked_rows": [row.number for row in checked.rows if row.asked],
        "headings": [
            {"heading": one.text, "field": one.field, "how": str(one.how)} for one in checked.headings
        ],
        "authorities_named": list(checked.named),
        "warnings": checked.warnings,
        "notes": checked.notes,
        "refused": " ".join(checked.lacks) or None,
        "import": None,
    }


def _basis(
    checked: Checked, source: SpendSource | None, given: AmountBasis | None
) -> tuple[AmountBasis, str]:
    """What the amounts are taken for, and who says so: the source, the command, the headings, or nobody."""
    if source is not None:
        return source.basis, "source"
    if given is not None:
        return given, "given"
    return (checked.basis_found, "headings") if checked.basis_found else (AmountBasis.NET, "assumed")


def _together(checked: Checked, name: str) -> int | None:
    kept, left = checked.sums[name], checked.left[name][0]
    return None if kept is None and left is None else (kept or 0) + (left or 0)


def _may_be_saved(checked: Checked, agree: bool) -> None:
    if checked.lacks:
        refuse(" ".join(checked.lacks))
    if not checked.kept:
        refuse("No row of this file can be kept, so nothing was saved")
    if checked.warnings and not agree:
        refuse(f"{'. '.join(checked.warnings)}. Look at them, then load the file with --agree")


def _save(
    actor: Visitor,
    content: bytes,
    file: Path,
    checked: Checked,
    name: str,
    authority: Party,
    basis: AmountBasis | None,
    agree: bool,
) -> int:
    ready = taking.packed(content)
    with writing() as own:
        source = source_named(own, name) or add_source(
            own, actor=actor, authority_id=authority.id, name=name, basis=basis
        )
        number = taking.take(own, actor=actor, source=source, content=ready, file_name=file.name).id
        own.get_one(SpendImport, number).leased_until = dates.now() + working.LEASE
    working.put_aside(number, checked)
    working.finish(number)
    try:
        with writing() as own:
            confirming.confirm(
                own,
                actor=actor,
                imported=own.get_one(SpendImport, number),
                is_right=agree,
                alike_seen=True,
                without_rejects=True,
                without_unknown=True,
            )
    except Refused:
        with writing() as own:
            forgetting.drop(own, own.get_one(SpendImport, number))
        raise
    working.finish(number)
    while forgetting.forget_some():
        pass
    return number


def _actor(session: Session, email: str | None, authority: Party) -> Visitor:
    if email is None:
        return Visitor(None, "The command line", posts=(HeldPost(authority.id, Role.FINANCE_REVIEWER),))
    person = session.exec(select(Person).where(Person.email == email.strip().lower())).one_or_none()
    found = finding.visitor(session, person.id) if person else None
    if found is None:
        refuse(f"Nobody signs in as {email}")
    if not found.may(Permission.INVOICE_RECORD, authority.id):
        refuse(f"{found.name} may not record money at {authority.name}")
    return found
