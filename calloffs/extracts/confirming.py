"""Confirming a checked file: its rows become lines, some thousand in each transaction; none counts before the last is there."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.extracts import mends
from calloffs.extracts.checking import settled
from calloffs.extracts.finding import line
from calloffs.extracts.identity import alike_of
from calloffs.extracts.source import SpendSource
from calloffs.extracts.spend_import import ImportState, SpendImport, Verdict
from calloffs.extracts.spend_line import CONTENT, SpendLineVersion
from calloffs.extracts.staging import staged
from calloffs.extracts.taking import hold_checked, read_again
from calloffs.extracts.whose import stranger_names
from calloffs.extracts.written import headings_from, read
from calloffs.matching import following
from calloffs.spend import ledger
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused, refuse
from framework.people.party import Party
from framework.people.permissions import HeldPost, Permission, Role, Visitor, permitted
from framework.records import audit
from framework.records.columns import table_of

UNDO_DAYS = 30
AT_ONCE = 2_500
"""Most new lines of one transaction: few enough that nobody waits 100 ms for the writer's turn."""
CHANGED_AT_ONCE = 200
"""Most changed lines of one transaction: each may post a difference to the ledger."""
_DEARER = 10
"""How many new lines cost what a changed one does."""
version = table_of(SpendLineVersion)


def confirm(
    session: Session,
    *,
    actor: Visitor,
    imported: SpendImport,
    is_right: bool = False,
    alike_seen: bool = False,
    without_rejects: bool = False,
    without_unknown: bool = False,
) -> None:
    """Have a checked file saved: it is saved in steps (`working`), a small one at once by `save_all`.

    `is_right` agrees to every warning, and the file's names for its authority are remembered; `alike_seen` says that rows which look like
    others were looked at; `without_rejects` leaves out rows that cannot be read, `without_unknown` columns that
    nobody has explained, this once. Raises `Refused` for what is not agreed or decided, and
    `ChangedMeanwhile` when other lines came since the check: it is then read again, and has to be looked at again.
    """
    permitted(actor, Permission.INVOICE_RECORD, imported.authority_id)
    source = hold(session, imported.source_id)
    session.refresh(imported, with_for_update=True)
    if imported.state is not ImportState.CHECKED:
        refuse(f"Import {imported.id} is not waiting to be confirmed: {imported.state.label.lower()}")
    _nobody_saving(session, imported)
    if since := changed_since(session, imported):
        raise ChangedMeanwhile(Refusal(since))
    refusals = list(_undecided(imported, is_right, alike_seen, without_rejects))
    if not without_unknown:
        refusals += _unexplained(imported)
    if refusals:
        raise Refused(*refusals)
    if read(imported.warnings):
        _remember_names(session, source, imported)
    imported.state, imported.place, imported.rows_done = ImportState.CONFIRMING, 0, 0
    imported.rows_total = imported.rows_new + imported.rows_changed
    imported.leased_until, imported.confirmed_by_id = None, actor.person_id
    if without_rejects:
        imported.rows_left_out += imported.rows_rejected
    session.flush()


def hold(session: Session, source_id: int) -> SpendSource:
    """Take the source's row until the transaction ends: one file of a source is saved or taken back at a time."""
    query = select(SpendSource).where(SpendSource.id == source_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def _nobody_saving(session: Session, imported: SpendImport) -> None:
    at_it = session.exec(
        select(SpendImport).where(
            SpendImport.source_id == imported.source_id,
            col(SpendImport.state).in_((ImportState.CONFIRMING, ImportState.UNDOING)),
        )
    ).first()
    if at_it is not None:
        refuse(f"Import {at_it.id} of the same source is {at_it.state.label.lower()}. Try again in a minute")


def changed_since(session: Session, imported: SpendImport) -> str:
    """What happened to the source's lines since the file was checked, as a sentence; blank for nothing."""
    times = settled(session, imported.source_id) - imported.settled
    if not times:
        return ""
    last = sa.func.coalesce(col(SpendImport.undone_at), col(SpendImport.confirmed_at))
    found = session.exec(
        select(SpendImport)
        .where(SpendImport.source_id == imported.source_id, col(SpendImport.confirmed_at).is_not(None))
        .order_by(last.desc(), col(SpendImport.id).desc())
        .limit(times)
    ).all()
    said = " and ".join(f"import {one.id} was {'taken back' if one.undone_at else 'loaded'}" for one in found)
    return f"Since this file was checked, {said}. Check it again and look at what would happen now"


def _undecided(
    imported: SpendImport, is_right: bool, alike_seen: bool, without_rejects: bool
) -> Iterable[Refusal]:
    if imported.refusal:
        yield from (Refusal(lacking) for lacking in imported.refusal.splitlines())
    if read(imported.warnings) and not is_right:
        yield Refusal("Look at the warnings, and tick that this is the right file", "is_right")
    if imported.rows_asked and not alike_seen:
        yield Refusal(
            "Look at the rows that look like others, and tick that the ones left in are to be kept",
            "alike_seen",
        )
    if imported.rows_rejected and not without_rejects:
        yield Refusal("Mend the rows that cannot be read, or tick that they are left out", "without_rejects")
    if not (imported.rows_new or imported.rows_changed or imported.rows_known or imported.refusal):
        yield Refusal("No row of this file can be kept, so there is nothing to save")


def _unexplained(imported: SpendImport) -> list[Refusal]:
    unknown = [one.text for one in headings_from(imported.headings) if one.field is None]
    if not unknown:
        return []
    named = ", ".join(unknown[:5]) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
    return [Refusal(f"Say first what these columns are, or leave them out: {named}", "columns")]


def _remember_names(session: Session, source: SpendSource, imported: SpendImport) -> None:
    authority = session.get_one(Party, source.authority_id)
    new = stranger_names(imported.named.splitlines(), authority, source.known_as)
    source.known_as = "\n".join([*source.known_as.splitlines(), *new])[:2000]


def check_again(session: Session, *, actor: Visitor, imported: SpendImport) -> None:
    """Read and judge a checked file once more, since other lines came or went."""
    permitted(actor, Permission.INVOICE_RECORD, imported.authority_id)
    hold_checked(session, imported)
    read_again(imported)


def save_all(session: Session, imported: SpendImport) -> None:
    """Save a small file in the caller's own transaction."""
    while save_some(session, imported.id):
        pass


def save_some(
    session: Session, import_id: int, leased_until: datetime | None = None, most: int | None = None
) -> bool:
    """Save the next rows of a file that is being saved; after the last it counts. False when nothing is left to do.

    `leased_until` keeps the lease for whoever goes on at once; `most` is how many new rows at most, fewer changed ones.
    Exactly once, whoever does it and however often: new rows are known by the place that the import has come to, changed ones by what
    is still staged as changed, and both move in the transaction that saves them.
    """
    query = select(SpendImport).where(SpendImport.id == import_id).with_for_update()
    imported = session.exec(query.execution_options(populate_existing=True)).one()
    if imported.state is not ImportState.CONFIRMING:
        return False
    new = min(most or AT_ONCE, AT_ONCE)
    changed = min(max(new // _DEARER, 1), CHANGED_AT_ONCE)
    saved = _insert_some(session, imported, new) or _change_some(session, imported, changed)
    imported.rows_done += saved
    imported.leased_until = leased_until if saved else None
    if not saved:
        _finish(session, imported)
    session.flush()
    return bool(saved)


_COPIED = ("row", "identity", "occurrence", "alike", "accounting_on", *CONTENT)


def _insert_some(session: Session, imported: SpendImport, most: int) -> int:
    connection = session.connection()
    new = sa.and_(
        staged.c.import_id == imported.id, staged.c.verdict == Verdict.NEW, staged.c.row > imported.place
    )
    some = sa.select(staged.c.row).where(new).order_by(staged.c.row).limit(most).subquery()
    last = connection.execute(sa.select(sa.func.max(some.c.row))).scalar_one_or_none()
    if last is None:
        return 0
    whose = {
        "source_id": imported.source_id,
        "authority_id": imported.authority_id,
        "import_id": imported.id,
        "flags": "",
        "not_ours_why": "",
    }
    rows = sa.select(
        *(sa.literal(value).label(name) for name, value in whose.items()),
        *(staged.c[name] for name in _COPIED),
    ).where(new, staged.c.row <= last)
    made = connection.execute(line.insert().from_select([*whose, *_COPIED], rows).returning(line.c.id))
    ids = [line_id for (line_id,) in made]
    following.lines_arrived(session, ids)
    imported.place = last
    return len(ids)


def _change_some(session: Session, imported: SpendImport, most: int) -> int:
    connection = session.connection()
    names = ("id", "line_id", "accounting_on", "alike", *CONTENT)
    to_change = connection.execute(
        sa.select(*(staged.c[name] for name in names))
        .where(staged.c.import_id == imported.id, staged.c.verdict == Verdict.CHANGED)
        .order_by(staged.c.row)
        .limit(most)
    ).all()
    if not to_change:
        return 0
    before = contents(session, [row.line_id for row in to_change])
    hold_agreements(session, list(before))
    now = dates.now()
    connection.execute(
        version.insert(),
        [
            {**content, "line_id": line_id, "replaced_by_import_id": imported.id, "replaced_at": now}
            for line_id, content in before.items()
        ],
    )
    put_content(session, [(row.line_id, dict(row._mapping)) for row in to_change])
    connection.execute(
        staged.update().where(staged.c.id.in_([row.id for row in to_change])).values(verdict=Verdict.KNOWN)
    )
    actor = on_behalf(imported.confirmed_by_id, imported.authority_id)
    following.content_changed(session, actor=actor, changed=list(before.items()))
    return len(to_change)


def contents(session: Session, line_ids: list[int]) -> dict[int, dict[str, Any]]:
    """What lines say now, with their accounting day, by line."""
    names = ("accounting_on", *CONTENT)
    query = sa.select(line.c.id, *(line.c[name] for name in names)).where(line.c.id.in_(line_ids))
    return {
        line_id: dict(zip(names, said, strict=True)) for line_id, *said in session.connection().execute(query)
    }


def hold_agreements(session: Session, line_ids: list[int]) -> None:
    """Take the agreements of matched lines before the lines themselves, as whoever matches does: neither waits for the other for ever."""
    calls = table_of(CallOff)
    query = (
        sa.select(calls.c.agreement_id)
        .join(line, line.c.call_off_id == calls.c.id)
        .where(line.c.id.in_(line_ids))
        .distinct()
    )
    for agreement_id in sorted(session.connection().execute(query).scalars()):
        ledger.hold(session, agreement_id)


def put_content(session: Session, said: list[tuple[int, dict[str, Any]]]) -> None:
    """Let lines say something else: CONTENT and the accounting day of each."""
    names = ("accounting_on", *CONTENT)
    session.connection().execute(
        line.update()
        .where(line.c.id == sa.bindparam("b_id"))
        .values(alike=sa.bindparam("b_alike"), **{name: sa.bindparam(f"b_{name}") for name in names}),
        [
            {
                "b_id": line_id,
                "b_alike": alike_of(content),
                **{f"b_{name}": content[name] for name in names},
            }
            for line_id, content in said
        ],
    )


def on_behalf(person_id: int | None, authority_id: int) -> Visitor:
    """Whoever confirmed or undid it, as the actor of steps done later: what they might do then, they may be done for now."""
    name = "" if person_id else "The command line"
    return Visitor(person_id, name, posts=(HeldPost(authority_id, Role.FINANCE_REVIEWER),))


def _finish(session: Session, imported: SpendImport) -> None:
    imported.state, imported.content = ImportState.CONFIRMED, b""
    imported.confirmed_at = dates.now()
    imported.undo_until = undo_until(imported.confirmed_at)
    mends.keep(session, imported)
    money = {
        name: Money(pence)
        for name, pence in (
            ("net", imported.net_pence),
            ("vat", imported.vat_pence),
            ("gross", imported.gross_pence),
        )
        if pence is not None
    }
    source = session.get_one(SpendSource, imported.source_id)
    audit.record(
        session,
        actor=on_behalf(imported.confirmed_by_id, imported.authority_id),
        action="extract_loaded" if imported.confirmed_by_id else "extract_loaded_by_command",
        subject=subject(imported),
        facts={
            "source": source.name,
            "read": imported.rows_read,
            "new": imported.rows_new,
            "changed": imported.rows_changed,
            "known": imported.rows_known,
            "rejected": imported.rows_rejected,
            "sha256": imported.sha256,
            **money,
        },
        words={"file_name": imported.file_name},
    )


def undo_until(confirmed_at: datetime) -> Any:
    """The last day, in London, on which an import can be taken back, included."""
    return dates.as_london(confirmed_at).date() + timedelta(days=UNDO_DAYS)


def subject(imported: SpendImport) -> audit.Subject:
    return audit.Subject("spend_import", imported.id, f"import {imported.id}", imported.authority_id)
