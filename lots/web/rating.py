"""A partner's rate card: as a table, entered as a table or pasted from a spreadsheet by the framework owner."""

from typing import Any

from flask import Blueprint, request

from framework.definitions import dates
from framework.definitions.rules import Refusal, Refused
from framework.people import finding as people
from framework.people.permissions import Permission, permitted
from framework.records.sheet import pasted
from framework.web.fields import CellsField, needed
from framework.web.visit import after, looked_at, page, refused, requires, session, visitor
from lots import finding, rate_finding
from lots.finding import Place
from lots.opening import is_open_to_change
from lots.rate_rules import RateLine, hours_shown, rule_in_words
from lots.rates_reading import MOST_ROWS, check_rates
from lots.rating import above_here, enter_rate_card
from lots.telling import about_place
from lots.web.lot import may_change
from lots.web.place import place_here
from lots.web.rate_table import CardForm, RatesForm, as_table, rows_of
from lots.workforce import FAMILIES, LEVELS, ROLES

door = Blueprint("rating", __name__)
_HERE = "/lots/<reference>/partners/<int(max=2147483647):appointment_id>/rates"


class PasteForm(CardForm):
    rates = CellsField("Rates", [needed("Paste at least one row")])


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


@door.route(f"{_HERE}/paste", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def paste(reference: str, appointment_id: int) -> Any:
    """A new version pasted from a spreadsheet."""
    place = _place(reference, appointment_id)
    before = _before(place)
    before.pop("rates")
    form = PasteForm(data=before)
    if form.validate_on_submit():
        try:
            sheet = pasted(form.rates.data, field="rates", most_rows=MOST_ROWS)
            checked, lines = check_rates(sheet, above=above_here(session(), place, form.from_on.data))
            if checked.findings:
                # A field shows one sentence only; a paste has one for each cell, all of them above the form.
                raise Refused(*(Refusal(one.sentence) for one in checked.findings))
            return _enter(form, place, lines)
        except Refused as refusal:
            refused(form, refusal)
            place = _place(reference, appointment_id)
    return _form(form, place, "lots/rating/paste.html")


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


def _form(form: CardForm, place: Place, template: str) -> Any:
    return page(
        template,
        form=form,
        place=place,
        levels=LEVELS,
        rule=rule_in_words(place.lot),
        words=(*ROLES, *FAMILIES),
        is_draft=is_open_to_change(place.agreement),
        status=422 if form.problems else 200,
    )
