"""A partner's rate card: as a table, entered as a table or pasted from a spreadsheet."""

from typing import Any

from flask import Blueprint, request
from wtforms import Form, FormField

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import Refusal, Refused
from framework.people.permissions import Permission, permitted
from framework.web.fields import DayField, LineField, MoneyField, RowsField, VisitForm, WordsField, needed
from framework.web.visit import after, looked_at, page, refused, requires, session, visitor
from lots import finding
from lots.finding import Place, Rates
from lots.opening import is_open_to_change
from lots.pasting import read_rates
from lots.rating import LEVELS, RateLine, enter_rate_card, hours_shown, read_hours
from lots.telling import about_place
from lots.web.lot import may_change
from lots.web.place import place_here

door = Blueprint("rating", __name__)
_HERE = "/lots/<reference>/partners/<int(max=2147483647):appointment_id>/rates"
_SPARE_ROWS = 3
_MOST_ROWS = 200


class HoursField(LineField):
    """Hours in a day as a person writes them, kept as typed; `hundredths` of an hour beside it."""

    hundredths: int = 750

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data:
            self.hundredths = read_hours(self.data)


class RateRow(Form):
    """A role and what a day of it costs at each level; a blank cell is not offered."""

    role = LineField("Role")
    level_1 = MoneyField("Level 1")
    level_2 = MoneyField("Level 2")
    level_3 = MoneyField("Level 3")
    level_4 = MoneyField("Level 4")
    level_5 = MoneyField("Level 5")
    level_6 = MoneyField("Level 6")
    level_7 = MoneyField("Level 7")

    @property
    def levels(self) -> list[MoneyField]:
        """The seven cells, in order."""
        return [self[f"level_{level}"] for level in LEVELS]


class CardForm(VisitForm):
    from_on = DayField("In force from", [needed("Enter the day from which these rates hold")], what="The day")
    hours_per_day = HoursField(
        "Hours in a day",
        [needed("Enter the hours in a day, like 7.5")],
        description="Without travel and lunch, like 7.5 or 8",
    )


class RatesForm(CardForm):
    rates = RowsField(FormField(RateRow), max_entries=_MOST_ROWS)

    def lines(self) -> list[RateLine]:
        """The cells that have a rate, row by row. A row without a role is told apart by its empty role."""
        return [
            (row.form.role.data or "", level, cell.data)
            for row in self.rates
            for level, cell in zip(LEVELS, row.form.levels, strict=True)
            if cell.data is not None
        ]


class PasteForm(CardForm):
    rates = WordsField("Rates", [needed("Paste at least one row")])


def _place(reference: str, appointment_id: int) -> Place:
    place = place_here(reference, appointment_id)
    permitted(visitor(), Permission.AGREEMENT_OPEN, place.agreement.lead_authority_id)
    return place


def _look(place: Place) -> None:
    looked_at(about_place(place.agreement, place.lot, place.appointment, place.supplier), "the rate card")


def as_table(rates: Rates) -> list[tuple[str, list[Money | None]]]:
    """Rates as rows: a role with its seven levels, None where it is not offered."""
    roles = dict.fromkeys(role for role, _ in rates)
    return [(role, [rates.get((role, level)) for level in LEVELS]) for role in roles]


@door.get(_HERE)
@requires(Permission.RATES_READ)
def show(reference: str, appointment_id: int) -> Any:
    """The versions of a partner's rate card, newest first. Every look is recorded."""
    place = place_here(reference, appointment_id)
    cards = finding.rate_cards(session(), appointment_id)
    _look(place)
    in_force = finding.cards_on(session(), [appointment_id], dates.today()).get(appointment_id)
    return page(
        "lots/rating/page.html",
        place=place,
        cards=[(card, hours_shown(card.hours_per_day_hundredths), as_table(rates)) for card, rates in cards],
        in_force=in_force,
        levels=LEVELS,
        may_enter=may_change(visitor(), place.agreement) and place.appointment.ended_on is None,
    )


@door.route(f"{_HERE}/new", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def enter(reference: str, appointment_id: int) -> Any:
    """A new version as a table, beginning with the rates of the one before."""
    place = _place(reference, appointment_id)
    form = RatesForm(data=_before(place))
    if form.is_submitted() and request.form.get("add"):
        if len(form.rates) < _MOST_ROWS:
            form.rates.append_entry()
        return _form(form, place, "lots/rating/form.html")
    if form.validate_on_submit():
        try:
            return _enter(form, place, form.lines())
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
            return _enter(form, place, read_rates(form.rates.data))
        except Refused as refusal:
            refused(form, Refused(*(Refusal(one.sentence, _place_of(one)) for one in refusal.refusals)))
            place = _place(reference, appointment_id)
    return _form(form, place, "lots/rating/paste.html")


def _place_of(refusal: Refusal) -> str | None:
    # A field shows one sentence only; a paste has one for each cell, all of them above the form.
    return None if refusal.field == "rates" else refusal.field


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
    rows: list[dict[str, Any]] = []
    hours, day = "7.5", place.appointment.active_from
    if cards:
        if request.method == "GET":
            _look(place)
        card, rates = cards[0]
        hours = hours_shown(card.hours_per_day_hundredths)
        day = card.from_on if is_open_to_change(place.agreement) else None
        rows = [
            {"role": role, **{f"level_{level}": cell for level, cell in zip(LEVELS, cells, strict=True)}}
            for role, cells in as_table(rates)
        ]
    return {"from_on": day, "hours_per_day": hours, "rates": [*rows, *({} for _ in range(_SPARE_ROWS))]}


def _form(form: CardForm, place: Place, template: str) -> Any:
    return page(
        template,
        form=form,
        place=place,
        levels=LEVELS,
        is_draft=is_open_to_change(place.agreement),
        status=422 if form.problems else 200,
    )
