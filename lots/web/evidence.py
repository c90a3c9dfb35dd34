"""Evidence: a partner adds its own with the file, a council adds what it was shown; either reads the file; mistakes are struck out."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.people.registering import look_after
from framework.records.file_kinds import accepts, said_first
from framework.records.uploading import MOST_BYTES, Upload, take_file
from framework.web.downloads import send_download
from framework.web.fields import (
    ChoiceField,
    DayField,
    LineField,
    MoneyField,
    UploadField,
    VisitForm,
    WordsField,
    needed,
)
from framework.web.home import Panel, Waiting
from framework.web.visit import (
    after,
    looked_at,
    page,
    reads_first,
    refused,
    requires,
    session,
    take_turn,
    visitor,
)
from lots import evidencing, finding
from lots.evidence import Evidence, EvidenceKind, Standing
from lots.finding_evidence import file_of, own_piece, piece, to_check
from lots.telling import about_partner

door = Blueprint("evidence", __name__)
_PARTNER = "/partners/<int(max=2147483647):supplier_id>/evidence"
_OWN = "/my-company/evidence"
_ONE = "<int(max=2147483647):evidence_id>"


class EvidenceForm(VisitForm):
    kind = ChoiceField(
        "What it is",
        [needed("Choose what it is")],
        choices=[(one.value, one.label) for one in EvidenceKind],
    )
    called = LineField("What is it called?", description="Only for another certificate or statement")
    reference = LineField("Policy or certificate number", description="Leave it blank when it has none")
    issuer = LineField(
        "Insurer, or the body that certifies", description="Leave it blank for your own statement"
    )
    cover = MoneyField("Limit of cover", description="In pounds. Only for an insurance")
    from_on = DayField(
        "First day",
        what="First day",
        description="Of a modern slavery statement, the day it was made. Otherwise leave it blank when it is not known",
    )
    expires_on = DayField(
        "Last day",
        what="Last day",
        description="The last day on which it is in force. A modern slavery statement may do without",
    )
    file = UploadField("File")


class ReasonForm(VisitForm):
    reason = WordsField("Why?", [needed("Enter the reason")])


class LookForm(VisitForm):
    outcome = ChoiceField(
        "Is it in order?",
        [needed("Choose whether it is in order")],
        choices=[("checked", "Yes, it is in order"), ("sent_back", "No, send it back")],
    )
    reason = WordsField(
        "What must be put right", description="Only when you send it back. The partner reads it"
    )


@door.route(f"{_OWN}/new", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
@reads_first
def add() -> Any:
    """A partner adds what it holds, with the file that shows it. Somebody who acts for several companies says first for which."""
    mine = visitor().parties_where(Permission.COMPANY_KEEP)
    chosen = request.args.get("supplier_id", type=int)
    if chosen is None and len(mine) > 1:
        every = [one for one in finding.own_companies(session(), visitor()) if one.id in mine]
        return page("lots/evidence/whose.html", companies=every)
    chosen = min(mine) if chosen is None else chosen
    if chosen not in mine:
        raise NotFound
    return _adding(chosen, url_for("my_company.show"), "my_company.show", own=True)


@door.route(f"{_PARTNER}/new", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
@reads_first
def record(supplier_id: int) -> Any:
    """A council records what a supplier has shown it, with or without the file."""
    finding.partner(session(), visitor(), supplier_id)
    look_after(session(), visitor(), supplier_id)
    here = url_for("partner.show", supplier_id=supplier_id)
    return _adding(supplier_id, here, "partner.show", own=False, supplier_id=supplier_id)


def _adding(supplier: int, back: str, then: str, *, own: bool, **where: Any) -> Any:
    form = EvidenceForm()
    if form.validate_on_submit():
        try:
            upload = _taken(form)
            take_turn()
            added = evidencing.record_evidence(
                session(),
                actor=visitor(),
                supplier_id=supplier,
                kind=EvidenceKind(form.kind.data),
                reference=form.reference.data,
                cover=form.cover.data,
                from_on=form.from_on.data,
                expires_on=form.expires_on.data,
                issuer=form.issuer.data,
                called=form.called.data,
                upload=upload,
            )
            if own:
                evidencing.tell_of_new(session(), added)
            return after(then, **where, _anchor=f"evidence-{added.id}")
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "lots/evidence/form.html",
        form=form,
        supplier=session().get_one(Party, supplier),
        back_to=back,
        own=own,
        said_first=said_first(),
        accepts=accepts(),
        status=422 if form.problems else 200,
    )


def _taken(form: EvidenceForm) -> Upload | None:
    sent = form.file.data
    if sent is None or not sent.filename:
        return None
    return take_file(sent.filename, sent.read(MOST_BYTES + 1), field="file")


@door.get(f"{_OWN}/{_ONE}/file")
@requires(Permission.COMPANY_KEEP)
def own_file(evidence_id: int) -> Any:
    """The partner's own file, to save."""
    return send_download(file_of(session(), own_piece(session(), visitor(), evidence_id)))


@door.get(f"{_PARTNER}/{_ONE}/file")
@requires(Permission.AGREEMENT_READ)
def file(supplier_id: int, evidence_id: int) -> Any:
    """The file that a partner showed, for people of councils who see the partner; the look is noted."""
    supplier, found = piece(session(), visitor(), supplier_id, evidence_id)
    document = file_of(session(), found)
    looked_at(about_partner(supplier), f"the file of its {found.kind.in_a_sentence}")
    return send_download(document)


@door.route(f"{_OWN}/{_ONE}/strike-out", methods=["GET", "POST"])
@requires(Permission.COMPANY_KEEP)
def own_strike(evidence_id: int) -> Any:
    """The partner strikes out a mistake of its own."""
    found = own_piece(session(), visitor(), evidence_id)
    return _striking(found, "my_company.show")


@door.route(f"{_PARTNER}/{_ONE}/strike-out", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def strike(supplier_id: int, evidence_id: int) -> Any:
    """The framework owner strikes out a mistake."""
    _, found = piece(session(), visitor(), supplier_id, evidence_id)
    return _striking(found, "partner.show", supplier_id=supplier_id)


def _striking(found: Evidence, then: str, **where: Any) -> Any:
    if not evidencing.may_strike(session(), visitor(), found):
        raise NotFound
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            evidencing.strike_out(session(), actor=visitor(), evidence=found, reason=form.reason.data)
            return after(then, **where, _anchor=f"evidence-{found.id}")
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "lots/evidence/strike.html",
        form=form,
        one=found,
        back_to=url_for(then, **where),
        status=422 if form.problems else 200,
    )


@door.route(f"{_PARTNER}/{_ONE}", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def look(supplier_id: int, evidence_id: int) -> Any:
    """The framework owner says whether what a partner recorded is in order."""
    supplier, found = piece(session(), visitor(), supplier_id, evidence_id)
    look_after(session(), visitor(), supplier_id)
    form = LookForm()
    if form.validate_on_submit():
        try:
            if form.outcome.data == "checked":
                evidencing.check_evidence(session(), actor=visitor(), evidence=found)
            else:
                evidencing.send_back(session(), actor=visitor(), evidence=found, reason=form.reason.data)
            return after("partner.show", supplier_id=supplier_id, _anchor=f"evidence-{evidence_id}")
        except Refused as refusal:
            refused(form, refusal)
            supplier, found = piece(session(), visitor(), supplier_id, evidence_id)
    return page(
        "lots/evidence/look.html",
        form=form,
        one=found,
        supplier=supplier,
        open=found.standing is Standing.TO_CHECK or bool(form.problems),
        may_strike=evidencing.may_strike(session(), visitor(), found),
        status=422 if form.problems else 200,
    )


def to_check_panel(own: Session, who: Visitor) -> Panel | None:
    """Home: what partners recorded that the framework owner has not looked at."""
    if not who.may(Permission.AGREEMENT_OPEN):
        return None
    found = to_check(own, who)
    if not found:
        return None
    return Panel(
        heading="Evidence to check",
        items=tuple(
            Waiting(
                title=supplier.name,
                detail=f"{one.name}, to {dates.in_words(one.expires_on)}",
                address=url_for("evidence.look", supplier_id=supplier.id, evidence_id=one.id),
                kind="evidence",
            )
            for one, supplier in found
        ),
        empty="",
    )
