"""A partner's rate card: as a table, and entered by the framework owner in a table that a spreadsheet may fill."""

from typing import Any

from flask import Blueprint, request

from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.people import finding as people
from framework.people.permissions import Permission, permitted
from framework.records.sheet import Checked
from framework.web.fields import VisitForm
from framework.web.visit import (
    after,
    looked_at,
    page,
    refused,
    repeatable,
    requires,
    session,
    visitor,
    writes_apart,
)
from lots import finding, rate_finding
from lots.finding import Place
from lots.opening import is_open_to_change
from lots.rate_rules import RateLine, hours_shown, rule_in_words
from lots.rating import above_here, enter_rate_card
from lots.telling import about_place
from lots.web.lot import may_change
from lots.web.place import place_here
from lots.web.rate_table import RatesForm, UploadForm, as_table, read_into, rows_of
from lots.workforce import FAMILIES, LEVELS, ROLES

door = Blueprint("rating", __name__)
_HERE = "/lots/<reference>/partners/<int(max=2147483647):appointment_id>/rates"


def _place(reference: str, appointment_id: int) -> Place:
    place = place_here(reference, appointment_id)
    permitted(visitor(), Permission.AGREEMENT_OPEN, place.agreement.lead_authority_id)
    return place


def look(place: Place) -> None:
    """Note that the visitor, of a council, looks at the rates of a place."""
    looked_at(about_place(place.agreement, place.lot, place.appointment, place.supplier), "the rate card")


def versions_shown(place: Place) -> dict[str, Any]:
    """What the list of versions on a page needs: each with its rates, who entered or accepted it and when it holds."""
    own, today = session(), dates.today()
    cards = finding.rate_cards(own, place.appointment.id)
    sent = rate_finding.proposals(own, place.appointment.id)
    writers = {card.created_by_id for card, _ in cards if card.created_by_id}
    names = people.names(own, {one for one in writers if one})
    accepted = {one.accepted_version for one in sent}
    in_force = finding.cards_on(own, [place.appointment.id], today).get(place.appointment.id)
    return {
        "cards": [
            {
                "card": card,
                "hours": hours_shown(card.hours_per_day_hundredths),
                "rows": as_table(rates),
                "by": names.get(card.created_by_id or 0, ""),
                "was_proposed": card.version in accepted,
                "word": "in force today"
                if in_force and in_force.id == card.id
                else "not in force yet"
                if card.from_on > today
                else "",
            }
            for card, rates in cards
        ],
        "proposals": sent,
        "levels": LEVELS,
    }


@door.get(_HERE)
@requires(Permission.RATES_READ)
def show(reference: str, appointment_id: int) -> Any:
    """The versions of a partner's rate card, newest first. Every look is recorded."""
    place = place_here(reference, appointment_id)
    look(place)
    may = may_change(visitor(), place.agreement)
    return page(
        "lots/rating/page.html",
        place=place,
        **versions_shown(place),
        rule=rule_in_words(place.lot),
        may_answer=may,
        may_enter=may and place.appointment.ended_on is None,
    )


@door.route(f"{_HERE}/new", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def enter(reference: str, appointment_id: int) -> Any:
    """A new version as a table, beginning with the rates of the one before."""
    place = _place(reference, appointment_id)
    form = RatesForm(data=_before(place))
    if form.add_asked:
        form.add_row()
        return _form(form, place, "lots/rating/form.html")
    if form.is_submitted():
        typed_right = form.validate()
        lines = form.lines(above_here(session(), place, form.from_on.data))
        if typed_right and not form.problems:
            try:
                return _enter(form, place, lines)
            except Refused as refusal:
                refused(form, refusal)
                place = _place(reference, appointment_id)
    return _form(form, place, "lots/rating/form.html")


@door.route(f"{_HERE}/upload", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
@repeatable
@writes_apart
def upload(reference: str, appointment_id: int) -> Any:
    """Read a file or a paste into the table, to be looked at and mended there. Nothing is saved."""
    place = _place(reference, appointment_id)
    asked = UploadForm()
    if asked.validate_on_submit():
        try:
            before, sheet = _before(place), asked.sheet()
            # What stands above a cap is told with the cap.
            look(place)
            checked, table = read_into(before, sheet, above_here(session(), place, before["from_on"]))
            return _form(table, place, "lots/rating/form.html", checked)
        except Refused as refusal:
            refused(asked, refusal)
            place = _place(reference, appointment_id)
    return _form(asked, place, "lots/rating/upload.html")


def _enter(form: Any, place: Place, lines: list[RateLine]) -> Any:
    enter_rate_card(
        session(),
        actor=visitor(),
        appointment=place.appointment,
        from_on=form.from_on.data,
        rates=lines,
        hours_per_day_hundredths=form.hours_per_day.hundredths,
    )
    return after("rating.show", reference=place.lot.reference, appointment_id=place.appointment.id)


def _before(place: Place) -> dict[str, Any]:
    cards = finding.rate_cards(session(), place.appointment.id)
    hours, day, table = "7.5", place.appointment.active_from, []
    if cards:
        if request.method == "GET":
            look(place)
        card, rates = cards[0]
        hours = hours_shown(card.hours_per_day_hundredths)
        day = card.from_on if is_open_to_change(place.agreement) else None
        table = as_table(rates)
    return {"from_on": day, "hours_per_day": hours, "rates": rows_of(table)}


def _form(form: VisitForm, place: Place, template: str, checked: Checked | None = None) -> Any:
    return page(
        template,
        form=form,
        place=place,
        checked=checked,
        levels=LEVELS,
        rule=rule_in_words(place.lot),
        words=(*ROLES, *FAMILIES),
        is_draft=is_open_to_change(place.agreement),
        status=422 if form.problems or (checked and checked.findings) else 200,
    )
