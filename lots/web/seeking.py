"""Find people: who can do it, with every filter in the address."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.datastructures import MultiDict

from framework.agreement import AgreementStatus
from framework.definitions import dates
from framework.people.permissions import Permission
from framework.records.audit import Subject
from framework.web.fields import (
    DayField,
    LineField,
    MoneyField,
    PickField,
    TickField,
    VisitForm,
    at_most,
)
from framework.web.visit import looked_at, page, requires, session, visitor
from lots.on_offer import OpenPlace
from lots.seeking import MOST_ROWS, Found, Row, Wanted, seek
from lots.workforce import LEVELS, Clearance, Depth, Place

door = Blueprint("seeking", __name__)
_LEVELS = [("", "Any"), *((str(level), str(level)) for level in LEVELS)]
FILTERS = (
    "skill",
    "depth",
    "role",
    "level_from",
    "level_to",
    "most",
    "by",
    "place",
    "clearance",
    "within",
    "names",
)


class SeekForm(VisitForm):
    skill = LineField("Skill", [at_most(120, "Skill")])
    depth = PickField("Depth at least", choices=[("", "Any"), *((one.value, one.label) for one in Depth)])
    role = PickField("Role")
    level_from = PickField("Level from", choices=_LEVELS)
    level_to = PickField("Level to", choices=_LEVELS)
    most = MoneyField("Most for a day, net of VAT")
    by = DayField("Free by", what="Free by")
    place = PickField("Can work in", choices=[("", "Anywhere"), *((one.value, one.label) for one in Place)])
    clearance = PickField(
        "Clearance at least",
        choices=[("", "Any"), *((one.value, one.label) for one in Clearance if one is not Clearance.NONE)],
    )
    within = PickField("Lot or agreement")
    names = TickField("Show who they are. The partner can see that you looked")

    def validate(self, extra_validators: Any = None) -> bool:
        """The levels are the right way round."""
        good = bool(super().validate(extra_validators))
        low, high = self.level_from.data, self.level_to.data
        if low and high and int(low) > int(high):
            self.level_to.errors = [*self.level_to.errors, f"Choose level {low} or above"]
            return False
        return good

    def wanted(self) -> Wanted:
        """What was asked for, once valid."""
        return Wanted(
            skill=self.skill.data or "",
            depth=Depth(self.depth.data) if self.depth.data else None,
            role=self.role.data or "",
            level_from=int(self.level_from.data) if self.level_from.data else None,
            level_to=int(self.level_to.data) if self.level_to.data else None,
            most=self.most.data,
            by=self.by.data,
            place=Place(self.place.data) if self.place.data else None,
            clearance=Clearance(self.clearance.data) if self.clearance.data else None,
            within=self.within.data or "",
        )


@door.get("/find-people")
@requires(Permission.RATES_READ)
def show() -> Any:
    """People on offer to this visitor's authorities, partner by partner; nothing is looked up until something is asked."""
    own, who = session(), visitor()
    asked = any(name in request.args for name in FILTERS)
    form = SeekForm(formdata=request.args if asked else None, meta={"csrf": False})
    for field in (form.role, form.within):
        # What stands in an old address is looked for, though nobody offers it any more.
        field.choices = [("", "Any"), (field.data or "", field.data or "Any")]
    read = form.wanted() if asked and form.validate() else None
    found = seek(own, who, read)
    _offer(form, found)
    shown = found.rows[:MOST_ROWS]
    named = {one.place.at.appointment.id for one in shown if form.names.data and _may_name(one.place)}
    _note(shown, named)
    return page(
        "lots/seeking/page.html",
        fragment="lots/seeking/_found.html",
        form=form,
        found=found,
        rows=[_told(row, row.place.at.appointment.id in named) for row in shown],
        more=max(0, len(found.rows) - MOST_ROWS),
        asked=read is not None,
        chips=_chips(form, found) if read else [],
        loosen=_loosen(read) if read and not shown else [],
        day=read.day if read else dates.today(),
        as_at=dates.now(),
        today=dates.today(),
        may_name=who.may(Permission.SKILLSETS_READ),
        status=422 if form.problems else 200,
    )


def _offer(form: SeekForm, found: Found) -> None:
    form.role.choices = [("", "Any"), *((one, one) for one in found.roles)]
    if form.role.data and form.role.data not in found.roles:
        form.role.choices.append((form.role.data, form.role.data))
    agreements = {one.at.agreement.reference: one.at.agreement.title for one in found.within}
    lots = {one.at.lot.reference: f"Lot {one.at.lot.reference}: {one.at.lot.title}" for one in found.within}
    form.within.choices = [("", "All"), *agreements.items(), *lots.items()]
    if form.within.data and form.within.data not in {*agreements, *lots}:
        form.within.choices.append((form.within.data, form.within.data))


def _may_name(place: OpenPlace) -> bool:
    return bool(place.authorities & visitor().parties_where(Permission.SKILLSETS_READ))


def _note(shown: list[Row], named: set[int]) -> None:
    # One record of a look at rates however many partners are shown; a look at named people is each partner's own to read.
    if any(row.rates for row in shown):
        looked_at(Subject("search", None, "Find people"), "day rates")
    for row in shown:
        at = row.place.at
        if at.appointment.id in named:
            about = Subject(
                "appointment",
                at.appointment.id,
                f"{at.supplier.name} on lot {at.lot.reference}",
                at.supplier.id,
            )
            looked_at(about, "the people offered")


def _told(row: Row, named: bool) -> dict[str, Any]:
    at, today = row.place.at, dates.today()
    may_start = (
        bool(row.place.authorities & visitor().parties_where(Permission.CALL_OFF_RAISE))
        and at.agreement.status_on(today) is AgreementStatus.LIVE
    )
    return {
        "row": row,
        "at": at,
        "named": named,
        "start": url_for("drafting.new", lot=at.lot.reference) if may_start else None,
    }


def _chips(form: SeekForm, found: Found) -> list[tuple[str, str]]:
    """Each filter that is on, in words, with the address without it."""
    said = {
        "skill": form.skill.data,
        "depth": form.depth.data and f"{Depth(form.depth.data).label} or deeper",
        "role": form.role.data,
        "level_from": form.level_from.data and f"Level {form.level_from.data} or above",
        "level_to": form.level_to.data and f"Level {form.level_to.data} or below",
        "most": form.most.data and f"{form.most.data} a day or less",
        "by": form.by.data and f"Free by {dates.in_words(form.by.data)}",
        "place": form.place.data and Place(form.place.data).label,
        "clearance": form.clearance.data and f"{Clearance(form.clearance.data).label} or higher",
        "within": form.within.data and dict(form.within.choices)[form.within.data],
        "names": "With names" if form.names.data else "",
    }
    return [(words, _without(name)) for name, words in said.items() if words]


def _without(name: str) -> str:
    kept = [
        (one, value)
        for one, value in request.args.items(multi=True)
        if one in FILTERS and one != name and value
    ]
    # What is left when the last filter is taken off still asks: for everybody.
    asked: MultiDict[str, Any] = MultiDict(kept or [("skill", "")])
    return url_for("seeking.show", **asked.to_dict(flat=False))  # type: ignore[arg-type]


def _loosen(wanted: Wanted) -> list[tuple[str, int]]:
    """What to take off when nobody is found: each single filter without which somebody is, with how many people that finds."""
    plain = Wanted()
    found = []
    for name, words in _TAKE_OFF.items():
        if getattr(wanted, name) != getattr(plain, name):
            people = seek(session(), visitor(), replace(wanted, **{name: getattr(plain, name)})).people
            if people:
                found.append((words, people))
    return found


_TAKE_OFF = {
    "skill": "another skill",
    "depth": "any depth",
    "role": "any role",
    "level_from": "a lower level",
    "level_to": "a higher level",
    "most": "a higher day rate",
    "by": "a later day",
    "place": "any place",
    "clearance": "any clearance",
    "within": "every lot and agreement",
}
