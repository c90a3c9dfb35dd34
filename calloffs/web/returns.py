"""A partner's own returns: the list, the form, the check before giving, and each return as it stands."""

import re
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from calloffs.returns import reading
from calloffs.returns.asking import ReturnStatus, Standing, standings
from calloffs.returns.comparing import partner_rows
from calloffs.returns.correcting import check_correction, correct_return
from calloffs.returns.giving import Seen, check_return, give_return, save_draft
from calloffs.returns.monthly_return import day_of_week, last_correction_day, month_in_words
from calloffs.returns.reading import OwnReturn
from calloffs.web.return_form import ReturnForm, as_given, form_for, packed, unpacked
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import VisitForm
from framework.web.home import Panel, Waiting
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("returns", __name__)

TONES = {
    ReturnStatus.TO_GIVE: "waiting",
    ReturnStatus.OVERDUE: "stopped",
    ReturnStatus.GIVEN: "agreed",
    ReturnStatus.GIVEN_LATE: "agreed",
    ReturnStatus.NOT_GIVEN: "ended",
}
_ON_HOME = 3
_COMPANY = "/returns/<int(max=2147483647):supplier_id>/<month>"


def month_of(text: str) -> date:
    """A month as addresses spell it, "2022-10". Raises `NotFound`."""
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
        raise NotFound
    return date(int(text[:4]), int(text[5:]), 1)


@door.get("/returns/")
@requires(Permission.RETURN_GIVE)
def index() -> Any:
    """Every return this partner was asked for or gave, the newest month first."""
    companies = [(one, standings(session(), one.id)) for one in reading.own_suppliers(session(), visitor())]
    return page("calloffs/returns/list.html", companies=companies, tones=TONES, due=due_in_words)


@door.get(_COMPANY)
@requires(Permission.RETURN_GIVE)
def show(supplier_id: int, month: str) -> Any:
    """One return as given, with every version, and where it differs from what the councils recorded."""
    own = _own(supplier_id, month)
    if not own.standing.versions and own.standing.may_change:
        return after("returns.form", supplier_id=supplier_id, month=month)
    return page(
        "calloffs/returns/page.html",
        own=own,
        tone=TONES[own.standing.status],
        versions=reading.versions_of(session(), own.head) if own.head else [],
        rows=partner_rows(session(), visitor(), supplier_id, own.standing.month),
        words=month_in_words(own.standing.month),
        last_day=last_correction_day(own.standing.month),
    )


@door.route(f"{_COMPANY}/give", methods=["GET", "POST"])
@requires(Permission.RETURN_GIVE)
def form(supplier_id: int, month: str) -> Any:
    """Fill in a return, or correct it; save it to come back to, or go on to check it."""
    own = _own(supplier_id, month)
    if not own.standing.may_change:
        raise NotFound
    form = _form(own)
    if form.is_submitted():
        try:
            if request.form.get("save"):
                _keep(own)
                return after("returns.index")
            if form.validate():
                _check(own, form)
                _keep(own)
                return after("returns.check", supplier_id=supplier_id, month=month)
        except Refused as refusal:
            refused(form, refusal)
            own = _own(supplier_id, month)
    return page(
        "calloffs/returns/form.html",
        form=form,
        own=own,
        seen=_seen_now(own),
        words=month_in_words(own.standing.month),
        due=due_in_words(own.standing),
        status=422 if form.problems else 200,
    )


@door.route(f"{_COMPANY}/check", methods=["GET", "POST"])
@requires(Permission.RETURN_GIVE)
def check(supplier_id: int, month: str) -> Any:
    """What will be given, once more before it is."""
    own = _own(supplier_id, month)
    if request.method == "POST" and own.standing.versions and not (own.head and own.head.draft):
        # Somebody gave the very draft that this person has on the screen.
        raise ChangedMeanwhile
    typed = _form(own, formdata=unpacked(own.head.draft)) if own.head and own.head.draft else None
    if typed is None or not own.standing.may_change or not _is_whole(own, typed):
        return after("returns.form", supplier_id=supplier_id, month=month)
    form = VisitForm()
    if form.validate_on_submit():
        how: dict[str, Any] = {
            "actor": visitor(),
            "supplier_id": supplier_id,
            "month": own.standing.month,
            "facts": typed.facts(),
            "seen": _seen_then(),
        }
        if own.standing.versions:
            correct_return(session(), reason=typed.reason.data or "", **how)
        else:
            give_return(session(), **how)
        return after("returns.show", supplier_id=supplier_id, month=month)
    facts = typed.facts()
    said = {one.call_off_id: one for one in facts.lines}
    return page(
        "calloffs/returns/check.html",
        form=form,
        own=own,
        facts=facts,
        lines=[(one, said[one.id], reading.days_in_words(said[one.id])) for one in own.asked],
        total=facts.total,
        reason=typed.reason.data,
        seen=_seen_now(own),
        words=month_in_words(own.standing.month),
    )


def _own(supplier_id: int, month: str) -> OwnReturn:
    return reading.own_return(session(), visitor(), supplier_id, month_of(month))


def _form(own: OwnReturn, **how: Any) -> ReturnForm:
    made = form_for(own.asked)
    if how or request.method == "POST":
        return made(**how)
    if own.head and own.head.draft:
        return made(formdata=unpacked(own.head.draft))
    if own.head and own.standing.versions:
        return made(data=as_given(reading.newest_lines(session(), own.head)))
    return made()


def _check(own: OwnReturn, form: ReturnForm) -> None:
    how: dict[str, Any] = {
        "actor": visitor(),
        "supplier_id": own.supplier.id,
        "month": own.standing.month,
        "facts": form.facts(),
    }
    if own.standing.versions:
        check_correction(session(), reason=form.reason.data or "", **how)
    else:
        check_return(session(), **how)


def _is_whole(own: OwnReturn, typed: ReturnForm) -> bool:
    # Its own token is the page's, not the draft's.
    del typed["csrf_token"]
    if not typed.validate():
        return False
    try:
        _check(own, typed)
    except Refused:
        return False
    return True


def _keep(own: OwnReturn) -> None:
    typed = packed(request.form.items(multi=True))
    save_draft(
        session(),
        actor=visitor(),
        supplier_id=own.supplier.id,
        month=own.standing.month,
        typed=typed,
        seen=_seen_then(),
    )


def _seen_now(own: OwnReturn) -> str:
    return f"{own.head.versions}.{own.head.draft_saves}" if own.head else "0.0"


def _seen_then() -> Seen:
    found = re.fullmatch(r"([0-9]{1,6})\.([0-9]{1,6})", request.form.get("seen", ""))
    return Seen(int(found[1]), int(found[2])) if found else Seen(-1, -1)


def due_in_words(one: Standing) -> str:
    """When it is due, with the day of the week and how far off that is."""
    return f"{day_of_week(one.due_on)}, {dates.days_between_in_words(dates.today(), one.due_on)}"


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: the newest returns that this partner still owes."""
    if not who.may(Permission.RETURN_GIVE):
        return None
    owed = [
        one
        for supplier in reading.own_suppliers(own, who)
        for one in standings(own, supplier.id)
        if one.status in (ReturnStatus.TO_GIVE, ReturnStatus.OVERDUE)
    ]
    items = tuple(
        Waiting(
            title=f"Your return for {month_in_words(one.month)}",
            detail=f"{'Was due' if one.status is ReturnStatus.OVERDUE else 'Due'} {due_in_words(one)}. {'Draft kept' if one.has_draft else '“No business” is an answer too'}",
            address=url_for("returns.form", supplier_id=one.supplier_id, month=one.slug),
            kind="return",
        )
        for one in owed[:_ON_HOME]
    )
    empty = "No return is due. On the first of each month you are asked what you delivered and invoiced."
    return Panel("Your monthly returns", items, empty, more=url_for("returns.index"))
