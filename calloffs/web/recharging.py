"""Recharges between authorities: who owes whom, and the statement that goes with an invoice."""

from datetime import date
from typing import Any

from flask import Blueprint, request

from calloffs.sharing.marking import between, raise_statement, raised_between, ready, total_of
from calloffs.sharing.recharge_table import RULE
from calloffs.sharing.recharging import pairs, schedule
from framework.definitions import dates
from framework.definitions.money import Money, MoneyError
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission
from framework.web.fields import DayField, LineField, VisitForm, at_most
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("recharging", __name__)
_PAIR = "/spend/recharges/<int(max=2147483647):payee_id>/<int(max=2147483647):payer_id>"


class RaisedForm(VisitForm):
    invoice_number = LineField("Number of your invoice", [at_most(60, "The number")])
    raised_on = DayField("Day of your invoice", what="Day")


@door.get("/spend/recharges/")
@requires(Permission.SPEND_READ)
def index() -> Any:
    """Every pair of authorities of which the visitor's own is one, and the rule."""
    return page("calloffs/recharging/index.html", rows=pairs(schedule(session(), visitor())), rule=RULE)


@door.get(_PAIR)
@requires(Permission.SPEND_READ)
def show(payee_id: int, payer_id: int) -> Any:
    """What one authority owes another: what is left to raise, and every statement."""
    return _page(payee_id, payer_id, RaisedForm(formdata=None))


@door.post(f"{_PAIR}/raise")
@requires(Permission.INVOICE_RECORD)
def mark(payee_id: int, payer_id: int) -> Any:
    """Freeze what is left to raise under an invoice of the authority that is owed."""
    form = RaisedForm()
    if form.validate_on_submit():
        try:
            raise_statement(
                session(),
                actor=visitor(),
                payee_id=payee_id,
                payer_id=payer_id,
                through_on=_through(request.form.get("through_on", "")),
                invoice_number=form.invoice_number.data or "",
                raised_on=form.raised_on.data,
                seen=_seen(),
            )
            return after("recharging.show", payee_id=payee_id, payer_id=payer_id)
        except Refused as refusal:
            refused(form, refusal)
    elif not visitor().may(Permission.INVOICE_RECORD, payee_id):
        raise NotFound
    return _page(payee_id, payer_id, form)


def _page(payee_id: int, payer_id: int, form: RaisedForm) -> Any:
    own = between(schedule(session(), visitor()), payee_id, payer_id)
    if not own:
        raise NotFound
    over = sorted({one.period.last_day for one in own if one.period.last_day < dates.today()}, reverse=True)
    through = over[0] if over else None
    waiting = ready(own, through) if through else []
    return page(
        "calloffs/recharging/pair.html",
        form=form,
        pair=pairs(own)[0],
        waiting=waiting,
        through=through,
        total=total_of(waiting),
        statements=raised_between(session(), payee_id, payer_id),
        may_mark=visitor().may(Permission.INVOICE_RECORD, payee_id) and bool(waiting),
        rule=RULE,
        status=422 if form.problems else 200,
    )


def _through(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None


def _seen() -> Money | None:
    try:
        return Money.pounds(request.form.get("seen", ""), allow_negative=True)
    except MoneyError:
        return None
