"""Extracts of finance systems: choose a file, look at what was found, confirm; and take an import back."""

from typing import Any

from flask import Blueprint, request, url_for

from calloffs.extracts import confirming, forgetting, left_out, listing, sourcing, taking, undoing, working
from calloffs.extracts.spend_import import ImportState, SpendImport, Verdict
from calloffs.extracts.written import headings_from, read
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused, refuse
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.recognising import ending_of
from framework.records.sheet_reading import ENDINGS
from framework.web.fields import PickField, TickField, UploadField, VisitForm, needed
from framework.web.visit import (
    after,
    page,
    reads_first,
    refused,
    requires,
    session,
    take_turn,
    visitor,
)

door = Blueprint("extract", __name__)
HERE = "/spend/extracts/<int(max=2147483647):number>"
MOST_BYTES = 11 * 1024 * 1024
_SHOWN = 20
AT_WORK = (ImportState.WAITING, ImportState.READING, ImportState.CONFIRMING, ImportState.UNDOING)
TONES = {
    ImportState.CHECKED: "waiting",
    ImportState.CONFIRMED: "agreed",
    ImportState.UNDONE: "ended",
    ImportState.REFUSED: "stopped",
    ImportState.FORGOTTEN: "ended",
}


class UploadForm(VisitForm):
    source = PickField("Where the file comes from", [needed("Choose where the file comes from")])
    file = UploadField("Extract")


class ConfirmForm(VisitForm):
    is_right = TickField("This is the right file")
    alike_seen = TickField("I have looked at the rows that look like others, and keep those left in")
    without_rejects = TickField("Leave out the rows that cannot be read")


@door.get("/spend/extracts/")
@requires(Permission.EXTRACT_READ)
def index() -> Any:
    """Every import: whose, from which source, by whom, when, how many rows, and its state."""
    after_id = request.args.get("after", type=int)
    if after_id is not None and not 0 < after_id < 2**31:
        raise NotFound
    found = listing.imports(session(), visitor(), after_id)
    return page(
        "calloffs/extracts/index.html",
        imports=found[: listing.MOST],
        older=found[listing.MOST - 1].imported.id if len(found) > listing.MOST else None,
        tones=TONES,
        may_load=visitor().may(Permission.INVOICE_RECORD),
    )


@door.route("/spend/extracts/new", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
@reads_first
def upload() -> Any:
    """First step: which source, which file. A small one is read and checked at once, a large one on the next page."""
    own = visitor().parties_where(Permission.INVOICE_RECORD)
    mine = [(one, party) for one, party in sourcing.sources(session(), visitor()) if party.id in own]
    form = UploadForm()
    form.source.choices = [(str(one.id), f"{one.name}: {party.name}") for one, party in mine]
    if len(mine) > 1:
        form.source.choices.insert(0, ("", "Choose"))
    if form.validate_on_submit():
        try:
            return _take(form)
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "calloffs/extracts/upload.html",
        form=form,
        any_source=bool(mine),
        status=422 if form.problems else 200,
    )


def _take(form: UploadForm) -> Any:
    sent = form.file.data
    if not sent or not sent.filename:
        refuse("Choose a file", "file")
    if ending_of(sent.filename) not in ENDINGS:
        refuse("Choose a CSV, XLSX, XLS or ODS file", "file")
    content = sent.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        refuse("The file is larger than 11 MB. Split it, or load it with the command line", "file")
    source = sourcing.source(session(), visitor(), int(form.source.data))
    checked = None
    if len(content) <= taking.SMALL:
        checked = taking.read_and_check(session(), source, content, sent.filename)
    elif not content.strip():
        refuse("The file is empty. Choose another", "file")
    ready = taking.packed(content)
    take_turn()
    source = sourcing.source(session(), visitor(), int(form.source.data))
    taken = taking.take(
        session(),
        actor=visitor(),
        source=source,
        content=ready,
        file_name=sent.filename,
        checked=checked,
    )
    return after("extract.show", number=taken.id)


@door.get(HERE)
@requires(Permission.EXTRACT_READ)
def show(number: int) -> Any:
    """An import as it stands: being read, to be confirmed, loaded, or taken back."""
    imported = listing.one(session(), visitor(), number)
    if imported.state in AT_WORK and taking.is_small(imported):
        _go_on(number, to_the_end=True)
        imported = listing.one(session(), visitor(), number)
    return shown(imported, ConfirmForm())


@door.get(f"{HERE}/progress")
@requires(Permission.EXTRACT_READ)
def progress(number: int) -> Any:
    """How far it is. Looking does one step of the work, so that it goes on where no scheduler runs."""
    imported = listing.one(session(), visitor(), number)
    if imported.state in AT_WORK:
        _go_on(number)
        imported = listing.one(session(), visitor(), number)
    if imported.state not in AT_WORK:
        return after("extract.show", number=number)
    return page(
        "calloffs/extracts/progress.html",
        fragment="calloffs/extracts/_progress.html",
        imported=imported,
        percent=_percent(imported),
    )


def _go_on(number: int, to_the_end: bool = False) -> None:
    session().rollback()
    (working.finish if to_the_end else working.work_on)(number)
    session().rollback()
    session().expire_all()


def _percent(imported: SpendImport) -> int:
    return min(100, imported.rows_done * 100 // imported.rows_total) if imported.rows_total else 0


def shown(imported: SpendImport, form: VisitForm) -> Any:
    """The page of an import in its state, with what a form of it was refused for."""
    status = 422 if form.problems else 200
    source = sourcing.source(session(), visitor(), imported.source_id)
    facts = {
        "imported": imported,
        "source": source,
        "authority": session().get_one(Party, imported.authority_id),
        "form": form,
        "notes": read(imported.notes),
        "sums": [
            ("Net of VAT", _money(imported.net_pence)),
            ("VAT", _money(imported.vat_pence)),
            ("Including VAT", _money(imported.gross_pence)),
        ],
        "tied": left_out.tied(imported),
        "may_load": visitor().may(Permission.INVOICE_RECORD, imported.authority_id),
        "status": status,
    }
    if imported.state in AT_WORK:
        return page("calloffs/extracts/progress.html", percent=_percent(imported), **facts)
    if imported.state is not ImportState.CHECKED:
        against = undoing.against(session(), imported)
        return page("calloffs/extracts/done.html", against=against, tones=TONES, **facts)
    headings = headings_from(imported.headings)
    return page(
        "calloffs/extracts/check.html",
        headings=headings,
        unknown=[one for one in headings if one.field is None],
        warnings=read(imported.warnings),
        since=confirming.changed_since(session(), imported),
        changes=listing.changes(session(), imported, _SHOWN),
        rejects=listing.told_rejects(session(), imported, _SHOWN),
        new=listing.staged_rows(session(), imported, Verdict.NEW, _SHOWN),
        shown=_SHOWN,
        labels=listing.labels(),
        **facts,
    )


def _money(pence: int | None) -> Money | None:
    return None if pence is None else Money(pence)


@door.post(f"{HERE}/confirm")
@requires(Permission.INVOICE_RECORD)
def confirm(number: int) -> Any:
    """Third step: save what was checked. A small file is saved at once, a large one on the page of its progress."""
    imported = listing.one(session(), visitor(), number, to_change=True)
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            confirming.confirm(
                session(),
                actor=visitor(),
                imported=imported,
                is_right=bool(form.is_right.data),
                alike_seen=bool(form.alike_seen.data),
                without_rejects=bool(form.without_rejects.data),
            )
            if taking.is_small(imported):
                confirming.save_all(session(), imported)
            return after("extract.show", number=number)
        except Refused as refusal:
            refused(form, refusal)
    imported = listing.one(session(), visitor(), number, to_change=True)
    return shown(imported, form)


@door.post(f"{HERE}/again")
@requires(Permission.INVOICE_RECORD)
def again(number: int) -> Any:
    """Check a file once more, since other lines came or went."""
    imported = listing.one(session(), visitor(), number, to_change=True)
    if VisitForm().validate_on_submit():
        confirming.check_again(session(), actor=visitor(), imported=imported)
    return after("extract.show", number=number)


@door.post(f"{HERE}/forget")
@requires(Permission.INVOICE_RECORD)
def forget(number: int) -> Any:
    """Forget a file that was not confirmed."""
    imported = listing.one(session(), visitor(), number, to_change=True)
    if VisitForm().validate_on_submit():
        forgetting.drop(session(), imported)
    return after("extract.upload")


@door.route(f"{HERE}/undo", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
def undo(number: int) -> Any:
    """Take an import back: what that does is said first."""
    imported = listing.one(session(), visitor(), number, to_change=True)
    form = VisitForm()
    if form.validate_on_submit():
        try:
            small = imported.rows_new + imported.rows_changed <= 500
            undoing.undo(session(), actor=visitor(), imported=imported)
            if small:
                undoing.take_back_all(session(), imported)
            return after("extract.show", number=number)
        except Refused as refusal:
            refused(form, refusal)
            imported = listing.one(session(), visitor(), number, to_change=True)
    return page(
        "calloffs/extracts/undo.html",
        imported=imported,
        form=form,
        matched=listing.matched(session(), imported),
        against=undoing.against(session(), imported),
        back_to=url_for("extract.show", number=number),
        status=422 if form.problems else 200,
    )
