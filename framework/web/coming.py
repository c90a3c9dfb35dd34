"""What is coming: the dates ahead as a picture, a list and a calendar to subscribe to."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, url_for

from framework import reminding
from framework.definitions import dates
from framework.people import feeding, finding
from framework.people.permissions import Permission
from framework.web.fields import VisitForm
from framework.web.visit import after, open_to_all, page, requires, session, visitor
from framework.web.year_chart import timeline_chart

door = Blueprint("coming", __name__)
_MONTHS = 18
_MOST = 150
"""Dates on one page; the calendar feed carries them all."""


@door.get("/coming/")
@requires(Permission.REMINDERS_READ)
def show() -> Any:
    """Eighteen months ahead, for this person."""
    first, last = _span()
    every = reminding.coming(session(), visitor(), first, last)
    ahead = every[:_MOST]
    return page(
        "framework/coming/page.html",
        ahead=ahead,
        further=len(every) - len(ahead),
        chart=timeline_chart(ahead, first, last) if ahead else None,
        first=first,
        last=last,
        words={one.uid: dates.days_between_in_words(dates.today(), one.on) for one in ahead},
        feed=_feed_address(),
        form=VisitForm(),
    )


@door.post("/coming/feed")
@requires(Permission.REMINDERS_READ)
def renew() -> Any:
    """Give this person a new secret calendar address; the old one stops."""
    feeding.renew(session(), actor=visitor())
    return after("coming.show")


@door.get("/coming/<token>.ics")
@open_to_all
def feed(token: str) -> Response:
    """The same dates as a calendar. The secret address is the key: whoever has it sees what its owner may see today."""
    person_id = feeding.owner(session(), token)
    who = finding.visitor(session(), person_id) if person_id is not None else None
    if who is None or not who.may(Permission.REMINDERS_READ):
        abort(404)
    first, last = _span()
    public_url = current_app.config["TRACKER"].public_url
    ahead = reminding.coming(session(), who, first - timedelta(days=31), last)
    body = feeding.calendar(ahead, public_url, urlsplit(public_url).hostname or "localhost")
    headers = {
        "Content-Disposition": 'attachment; filename="framework-tracker.ics"',
        "Cache-Control": "private, no-store",
    }
    return Response(body, mimetype="text/calendar", headers=headers)


def _span() -> tuple[date, date]:
    today = dates.today()
    return today, dates.add_months(today, _MONTHS)


def _feed_address() -> str | None:
    token = feeding.token_of(session(), visitor())
    if token is None:
        return None
    return f"{current_app.config['TRACKER'].public_url}{url_for('coming.feed', token=token)}"
