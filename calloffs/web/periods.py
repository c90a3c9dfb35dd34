"""Accounting periods: the one to close next, every period of a year, and the calendar of an authority."""

from datetime import date
from typing import Any

from flask import Blueprint, request, url_for

from calloffs.figures.scope import NOT_AWARDED
from calloffs.periods.choosing import choose_calendar
from calloffs.periods.closing import (
    authorities,
    authority,
    close_period,
    closed_periods,
    look,
    next_to_close,
    period_named,
    year_of,
)
from calloffs.periods.figures import NO_PARTNER, WORD, totals
from calloffs.periods.late_changes import late_by_period
from framework.definitions import dates
from framework.definitions.periods import calendars, periods_of
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.people.permissions import Permission
from framework.web.fields import ChoiceField, TickField, VisitForm, needed
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("periods", __name__)
_OF = "/spend/periods/<int(max=2147483647):authority_id>"
_EARLIEST, _LATEST = 2000, 2100
"""Years that a page may be asked for."""


class CloseForm(VisitForm):
    looked = TickField(
        "I have looked at these figures. Closing cannot be undone",
        [needed("Tick that you have looked at these figures, for closing cannot be undone")],
    )


class CalendarForm(VisitForm):
    calendar = ChoiceField("Calendar")


@door.get("/spend/periods/")
@requires(Permission.SPEND_READ)
def index() -> Any:
    """The periods of the visitor's first authority."""
    mine = authorities(session(), visitor())
    if not mine:
        raise NotFound
    return after("periods.year", authority_id=mine[0].id)


@door.get(_OF)
@requires(Permission.SPEND_READ)
def year(authority_id: int) -> Any:
    """The period to close next with its figures, and every period of a financial year."""
    return _year(authority_id, CloseForm(formdata=None))


@door.get(f"{_OF}/<day>")
@requires(Permission.SPEND_READ)
def show(authority_id: int, day: str) -> Any:
    """One period: its figures, as frozen and as they are now."""
    return _show(authority_id, _day(day), CloseForm(formdata=None))


@door.post(f"{_OF}/<day>/close")
@requires(Permission.PERIOD_CLOSE)
def close(authority_id: int, day: str) -> Any:
    """Freeze the period's figures."""
    form, begins = CloseForm(), _day(day)
    if form.validate_on_submit():
        try:
            close_period(
                session(),
                actor=visitor(),
                authority_id=authority_id,
                period_on=begins,
                seen=request.form.get("seen", ""),
            )
            return after("periods.show", authority_id=authority_id, day=day)
        except ChangedMeanwhile as refusal:
            # These are other figures than those that were looked at.
            form.looked.data = False
            refused(form, refusal)
        except Refused as refusal:
            refused(form, refusal)
    return _show(authority_id, begins, form)


@door.route(f"{_OF}/calendar", methods=["GET", "POST"])
@requires(Permission.PERIOD_CLOSE)
def calendar(authority_id: int) -> Any:
    """Choose by which periods the authority closes."""
    found = authority(session(), visitor(), authority_id)
    if not visitor().may(Permission.PERIOD_CLOSE, authority_id):
        raise NotFound
    form = CalendarForm()
    form.calendar.choices = list(calendars().items())
    if form.validate_on_submit():
        try:
            choose_calendar(
                session(), actor=visitor(), authority_id=authority_id, calendar=form.calendar.data or ""
            )
            return after("periods.year", authority_id=authority_id)
        except Refused as refusal:
            refused(form, refusal)
            found = authority(session(), visitor(), authority_id)
    elif not form.is_submitted():
        form.calendar.data = found.calendar
    return page(
        "calloffs/periods/calendar.html",
        form=form,
        authority=found,
        examples=[(name, periods_of(code, dates.today())) for code, name in calendars().items()],
        status=422 if form.problems else 200,
    )


def _year(authority_id: int, form: CloseForm) -> Any:
    found = authority(session(), visitor(), authority_id)
    closed = closed_periods(session(), authority_id)
    following = next_to_close(found.calendar, closed, dates.today())
    shown = _asked_year() or (following.first_day if following else dates.today())
    return page(
        "calloffs/periods/year.html",
        form=form,
        authority=found,
        others=[one for one in authorities(session(), visitor()) if one.id != found.id],
        calendar=calendars()[found.calendar],
        looked=look(session(), found, following) if following else None,
        periods=year_of(found.calendar, shown),
        closed={one.period_on: one for one in closed},
        late=late_by_period(session(), authority_id),
        year=dates.financial_year(shown),
        earlier=dates.first_of_financial_year(shown).year - 1,
        later=dates.first_of_financial_year(shown).year + 1,
        **_shared(authority_id, following),
    )


def _show(authority_id: int, begins: date, form: CloseForm) -> Any:
    found = authority(session(), visitor(), authority_id)
    period = period_named(found.calendar, begins)
    return page(
        "calloffs/periods/show.html",
        form=form,
        authority=found,
        looked=look(session(), found, period),
        late=late_by_period(session(), authority_id).get(begins, 0),
        status=422 if form.problems else 200,
        **_shared(authority_id, period),
    )


def _shared(authority_id: int, period: Any) -> dict[str, Any]:
    action = (
        url_for("periods.close", authority_id=authority_id, day=period.first_day.isoformat())
        if period
        else ""
    )
    return {
        "action": action,
        "kinds": WORD,
        "totals": totals,
        "no_partner": NO_PARTNER,
        "not_awarded": NOT_AWARDED,
        "may_close": visitor().may(Permission.PERIOD_CLOSE, authority_id),
    }


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if not _EARLIEST <= found.year <= _LATEST:
        raise NotFound
    return found


def _asked_year() -> date | None:
    said = request.args.get("year", "")
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and _EARLIEST <= int(said) <= _LATEST):
        raise NotFound
    return date(int(said), 4, 1)
