"""Sources of extracts: each finance system of an authority, by name, with what its amounts are."""

from typing import Any

from flask import Blueprint

from calloffs.extracts import sourcing
from calloffs.extracts.source import AmountBasis
from framework.definitions.rules import Refused
from framework.people import finding
from framework.people.permissions import Permission
from framework.web.fields import ChoiceField, LineField, PickField, VisitForm, needed
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("extract_source", __name__)


class SourceForm(VisitForm):
    name = LineField("Name of the source", description="For example the finance system and what is exported")
    authority = PickField("Authority", [needed("Choose the authority")])
    basis = ChoiceField(
        "What are the amounts in its files?",
        choices=[(one.value, one.label) for one in AmountBasis],
        description="A column that only says “Amount” is read as this. Lines that have no amount net of VAT cannot be matched",
    )


class NameForm(VisitForm):
    name = LineField("Name of the source")


@door.get("/spend/extracts/sources/")
@requires(Permission.EXTRACT_READ)
def index() -> Any:
    """Every source that the visitor may read."""
    return page(
        "calloffs/extracts/sources.html",
        sources=sourcing.sources(session(), visitor()),
        may_load=visitor().may(Permission.INVOICE_RECORD),
    )


@door.route("/spend/extracts/sources/new", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
def add() -> Any:
    """A new source; then its first file."""
    form = SourceForm()
    own = finding.parties(session(), sorted(visitor().parties_where(Permission.INVOICE_RECORD)))
    form.authority.choices = [(str(one.id), one.name) for one in own]
    if form.validate_on_submit():
        try:
            sourcing.add_source(
                session(),
                actor=visitor(),
                authority_id=int(form.authority.data),
                name=form.name.data or "",
                basis=AmountBasis(form.basis.data) if form.basis.data else None,
            )
            return after("extract.upload")
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "calloffs/extracts/source.html",
        form=form,
        source=None,
        status=422 if form.problems else 200,
    )


@door.route("/spend/extracts/sources/<int(max=2147483647):source_id>", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
def rename(source_id: int) -> Any:
    """Another name for a source, with what is remembered of its columns."""
    source = sourcing.source(session(), visitor(), source_id)
    form = NameForm(name=source.name)
    if form.validate_on_submit():
        try:
            sourcing.rename_source(session(), actor=visitor(), source=source, name=form.name.data or "")
            return after("extract_source.index")
        except Refused as refusal:
            refused(form, refusal)
            source = sourcing.source(session(), visitor(), source_id)
    return page(
        "calloffs/extracts/source.html",
        form=form,
        source=source,
        columns=sourcing.columns_in_words(session(), source.id),
        status=422 if form.problems else 200,
    )
