"""What is published under the transparency code: a look at the register and at spend over £500, what is left out, and the files."""

from typing import Any

from flask import Blueprint, request

from calloffs.clocks import asked_for
from calloffs.opendata import register as contracts
from calloffs.opendata import spend_over_500
from calloffs.opendata.redacting import line_of, mark, standing_mark, take_away
from calloffs.tables.cells import RIGHT, shown
from calloffs.tables.fact_table import Asking, FactTable
from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.definitions.terms import Term
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.web.fields import VisitForm
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("publishing", __name__)
_FIRST = 10


@door.get("/spend/publication/register")
@requires(Permission.SPEND_READ)
def register() -> Any:
    """The register of one quarter: its first rows, what is left out and why, and the files."""
    authority, when = _asked(Permission.SPEND_READ)
    return _preview(
        "calloffs/opendata/register.html",
        contracts.TABLE,
        authority,
        when,
        left_out=contracts.left_out(session(), authority.id, when),
    )


@door.get("/spend/publication/spend-over-500")
@requires(Permission.EXTRACT_READ)
def spend() -> Any:
    """Spend over £500 of one quarter, in the same way."""
    authority, when = _asked(Permission.EXTRACT_READ)
    return _preview(
        "calloffs/opendata/spend_over_500.html",
        spend_over_500.TABLE,
        authority,
        when,
        outcome=spend_over_500.outcome(session(), authority.id, when),
    )


@door.route("/spend/publication/lines/<int(max=2147483647):number>", methods=["GET", "POST"])
@requires(Permission.EXTRACT_READ)
def line(number: int) -> Any:
    """One line: mark it as personal data, or take the mark away."""
    found = line_of(session(), visitor(), number)
    form = VisitForm()
    standing = standing_mark(session(), number)
    if form.validate_on_submit():
        try:
            if request.form.get("do") == "take_away":
                take_away(session(), actor=visitor(), found=found)
            else:
                mark(session(), actor=visitor(), found=found)
            return after("publishing.line", number=number)
        except Refused as refusal:
            refused(form, refusal)
            found, standing = line_of(session(), visitor(), number), standing_mark(session(), number)
    return page(
        "calloffs/opendata/line.html",
        form=form,
        line=found,
        mark=standing,
        redacted=spend_over_500.REDACTED,
        may_mark=visitor().may(Permission.INVOICE_RECORD, found.authority_id),
        status=422 if form.problems else 200,
    )


def _asked(permission: Permission) -> tuple[Party, Term]:
    authority = asked_for.authority(session(), visitor(), permission, request.args.get("authority", ""))
    return authority, asked_for.quarter(request.args.get("quarter", ""))


def _preview(template: str, table: FactTable, authority: Party, when: Term, **facts: Any) -> Any:
    filters = {"authority": authority.name, "quarter": when.last.isoformat()}
    asking = Asking(session(), visitor(), filters)
    return page(
        template,
        table=table,
        authority=authority,
        authorities=asked_for.authorities(session(), visitor(), table.permission),
        filters=filters,
        words=asked_for.term_in_words(when),
        quarters=asked_for.choices(asked_for.quarters()),
        rows=list(table.rows(Asking(session(), visitor(), filters, most=_FIRST))),
        totals=table.totals(asking),
        first=_FIRST,
        is_over=when.last < dates.today(),
        shown=shown,
        right=RIGHT,
        **facts,
    )
