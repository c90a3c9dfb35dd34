"""The forecast: how long each ceiling lasts, what if more is approved, and the alerts of ceilings that fill."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from calloffs.forecasting import alerts, finding, outlook
from calloffs.forecasting.burning_up import ahead, so_far
from calloffs.forecasting.finding import Ceiling
from calloffs.forecasting.forecast import RULE
from calloffs.forecasting.wording import begin, headline, left_line, runs_out, start, why_not
from calloffs.spend.balances import agreement
from framework.agreement import FrameworkAgreement
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission, Visitor
from framework.web.burn_up_chart import BurnUp, burn_up
from framework.web.fields import MoneyField, PickField, VisitForm, needed
from framework.web.home import Panel, Waiting
from framework.web.sections import Section
from framework.web.visit import after, page, requires, session, visitor
from lots.lot import Lot

door = Blueprint("forecast", __name__)

WORDS: dict[str, Any] = {
    "begin": begin,
    "headline": headline,
    "left_line": left_line,
    "runs_out": runs_out,
    "start": start,
    "why_not": why_not,
}


class WhatIfForm(VisitForm):
    lot = PickField("Lot", [needed("Choose a lot")], choices=[])
    amount = MoneyField("Amount to approve", [needed("Enter an amount, like 25,000")])


@door.get("/forecast/")
@requires(Permission.SPEND_READ)
def index() -> Any:
    """Every agreement of the visitor: its own ceiling and each lot's in one table."""
    found = finding.ceilings(session(), finding.agreements(session(), visitor()))
    return page("calloffs/forecast/list.html", ceilings=found, rule=RULE, **WORDS)


@door.get("/forecast/<reference>")
@requires(Permission.SPEND_READ)
def show(reference: str) -> Any:
    """One agreement: a table of all its ceilings, then a burn-up of each with the same months in a table."""
    whose = finding.agreement(session(), visitor(), reference)
    found = finding.ceilings(session(), [whose])
    return page(
        "calloffs/forecast/page.html",
        agreement=whose,
        ceilings=found,
        drawn=[_drawn(one) for one in found],
        rule=RULE,
        **WORDS,
    )


def _drawn(one: Ceiling) -> tuple[Ceiling, BurnUp | None, list[Any], list[Any]]:
    """A ceiling with its picture (none before anything is committed) and the rows that it draws."""
    past, to_come = so_far(one), ahead(one)
    return one, _picture(one, past, to_come), past, to_come


def _picture(one: Ceiling, past: list[Any], to_come: list[Any]) -> BurnUp | None:
    if not past:
        return None
    return burn_up(
        one.key,
        headline(one.name, one.forecast),
        f"{headline(one.name, one.forecast)}. {left_line(one.forecast)}, {one.basis}.",
        first_day=min(one.agreement.starts_on or past[0].month, past[0].month),
        last_day=one.forecast.last_day,
        today=one.forecast.today,
        ceiling=one.forecast.ceiling,
        used=[(row.until, row.total) for row in past],
        reserved=one.figures.reserved,
        ahead=[(row.until, row.slow, row.fast) for row in to_come],
    )


@door.get("/forecast/<reference>/what-if")
@requires(Permission.SPEND_READ)
def what_if(reference: str) -> Any:
    """What approving an amount would leave, and until when that lasts; and what waits now."""
    whose = finding.agreement(session(), visitor(), reference)
    lots = {one.lot.reference: one.lot for one in finding.ceilings(session(), [whose]) if one.lot is not None}
    form = WhatIfForm(formdata=request.args or None, meta={"csrf": False})
    form.amount.description = f"On the agreement’s basis: {whose.basis.label}"
    form.lot.choices = [
        ("", "Choose a lot"),
        *((one.reference, f"{one.reference} {one.title}") for one in lots.values()),
    ]
    scenario = None
    # A link names the lot alone: nothing is asked yet, and so nothing is wrong yet.
    if "amount" in request.args and form.validate() and form.amount.data is not None:
        scenario = outlook.what_if(session(), whose, lots[form.lot.data], form.amount.data)
    return page(
        "calloffs/forecast/what_if.html",
        agreement=whose,
        form=form,
        scenario=scenario,
        waiting=outlook.waiting(session(), visitor(), whose),
        rule=RULE,
        status=422 if form.problems else 200,
        **WORDS,
    )


@door.post("/forecast/alerts/<int(max=2147483647):alert_id>/seen")
@requires(Permission.SPEND_READ)
def seen(alert_id: int) -> Any:
    """Take an alert from this person's home page."""
    alerts.acknowledge(session(), actor=visitor(), alert_id=alert_id)
    return after("home.show")


# Places on other pages


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: limits that stand at or above a mark, for those who were told of it."""
    if not who.may(Permission.SPEND_READ):
        return None
    return Panel(
        heading="Ceilings close to full",
        items=tuple(_waiting(one) for one in alerts.standing(own, who)),
        empty="",
    )


def _waiting(one: alerts.Standing) -> Waiting:
    if one.call_off:
        title = f"{one.name}: more is paid than is committed"
        address = url_for("call_off.show", reference=one.call_off)
    else:
        title = f"{one.name}: {one.mark}% of its {one.limit_name} is {one.measure}"
        address = url_for("forecast.show", reference=one.agreement)
    return Waiting(
        title=title,
        detail=f"{one.stands} of {one.limit} {one.measure}, {one.basis}",
        address=address,
        kind="alert",
        button=("I have seen this", url_for("forecast.seen", alert_id=one.alert_id)),
    )


def on_lot(own: Session, who: Visitor, found: Lot) -> Section | None:
    """How long the lot lasts, with its burn-up."""
    whose = own.get(FrameworkAgreement, found.agreement_id)
    if whose is None or whose.recorded_as_past or whose.confirmed_at is None:
        return None
    try:
        agreement(own, who, whose.reference)
    except NotFound:
        return None
    one = finding.of_lot(own, whose, found)
    if one is None:
        return None
    _, chart, past, to_come = _drawn(one)
    facts = {
        "ceiling": one,
        "chart": chart,
        "past": past,
        "to_come": to_come,
        "rule": RULE,
        "what_if": url_for("forecast.what_if", reference=whose.reference, lot=found.reference),
        "all": url_for("forecast.show", reference=whose.reference),
        **WORDS,
    }
    return Section("forecast", "How long it lasts", "calloffs/forecast/_lot.html", facts)
