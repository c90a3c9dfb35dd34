"""The form on which a partner answers: people, skills, deliverables, approach and price, in rows that may be left blank."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, FormField

from calloffs.answering import (
    CLEARANCES,
    MOST_ROWS,
    Answer,
    DeliverableLine,
    PersonLine,
    SkillLine,
)
from framework.definitions.money import Money
from framework.definitions.rules import Refusal, Refused
from framework.web.fields import (
    DayField,
    DaysField,
    LineField,
    MoneyField,
    PickField,
    RowsField,
    TickField,
    VisitForm,
    WordsField,
    at_most,
    clean,
)
from lots.person_rules import PersonFacts
from lots.workforce import Depth, key_of

ROWS = ("people", "skills", "deliverables")
_CLEARANCE = {"none": "None", "bpss": "BPSS", "sc": "Security check (SC)", "dv": "Developed vetting (DV)"}


class PersonRow(Form):
    name = LineField("Name (leave blank if still to be named)", [at_most(120, "Name")])
    work = PickField("Role and level")
    day_rate = MoneyField("Day rate in pounds, net of VAT")
    days = DaysField("Days")
    clearance = PickField("Clearance held", choices=[(one, _CLEARANCE[one]) for one in CLEARANCES])
    is_key = TickField("This is a key person")

    needs = (
        ("work", "Choose a role and level"),
        ("day_rate", "Enter a day rate, like 650"),
        ("days", "Enter how many days this person will work, like 20 or 2.5"),
    )
    shows = ("name", "work", "day_rate", "days")

    def read(self) -> PersonLine:
        """Once complete."""
        assert self.day_rate.data is not None
        assert self.days.data is not None
        level, _, role = str(self.work.data).partition(":")
        return PersonLine(
            role=role[:80],
            level=int(level) if level.isdecimal() and len(level) < 3 else 0,
            day_rate=self.day_rate.data,
            quarter_days=self.days.data,
            name=self.name.data,
            is_key=bool(self.is_key.data),
            clearance=self.clearance.data or "none",
        )

    @property
    def total(self) -> Money | None:
        """Day rate times days, once both are there."""
        if self.day_rate.data is None or self.days.data is None:
            return None
        return PersonLine("", 1, self.day_rate.data, self.days.data).total


class SkillRow(Form):
    skill = LineField("Skill", [at_most(120, "Skill")])
    depth = PickField("Depth", choices=[("", "Choose"), *((one.value, one.label) for one in Depth)])

    needs = (("skill", "Enter the skill"), ("depth", "Choose how deep the skill is"))
    shows = ("skill", "depth")

    def read(self) -> SkillLine:
        """Once complete."""
        return SkillLine(self.skill.data, Depth(self.depth.data))


class DeliverableRow(Form):
    description = WordsField("What will be handed over", [at_most(2000, "Description")])
    criteria = WordsField("How the council will judge that it is done", [at_most(2000, "Criteria")])
    due_on = DayField("Date due", what="Date due")
    owner = LineField("Who is responsible for it (optional)", [at_most(120, "Name")])
    payment = MoneyField("Payment for it in pounds, net of VAT")

    needs = (
        ("description", "Enter what will be handed over"),
        ("criteria", "Enter how the council will judge that it is done"),
        ("due_on", "Enter the date due, like 27 3 2027"),
    )
    shows = ("description", "criteria", "due_on", "owner", "payment")

    def read(self) -> DeliverableLine:
        """Once complete."""
        assert self.due_on.data is not None
        return DeliverableLine(
            self.description.data, self.criteria.data, self.due_on.data, self.owner.data, self.payment.data
        )


class AnswerForm(VisitForm):
    """Rows left wholly blank are ignored; a row with anything in it must be complete."""

    people = RowsField(FormField(PersonRow), "People", min_entries=1, max_entries=MOST_ROWS)
    skills = RowsField(FormField(SkillRow), "Skills", min_entries=1, max_entries=MOST_ROWS)
    deliverables = RowsField(FormField(DeliverableRow), "Deliverables", min_entries=1, max_entries=MOST_ROWS)
    pick = PickField("Somebody of your skillset", choices=[("", "Choose")])
    approach = WordsField("How you will do the work (optional)", [at_most(20_000, "Approach")])
    fixed_price = MoneyField("Price of the work in pounds, net of VAT, without options and expenses")

    def offering(self, rates: Mapping[tuple[str, int], Money]) -> "AnswerForm":
        """The same form with the roles and levels of the frozen rate card to choose from."""
        self._choices = [("", "Choose")] + [
            (f"{level}:{role}", f"{role}, level {level} (up to {most} a day)")
            for (role, level), most in rates.items()
        ]
        for entry in self.people.entries:
            entry.form.work.choices = self._choices
        return self

    def add_row(self, rows: str) -> None:
        """One more blank row, up to the most there may be."""
        if rows in ROWS and len(self._fields[rows].entries) < MOST_ROWS:
            self._fields[rows].append_entry()
            for entry in self.people.entries:
                entry.form.work.choices = self._choices

    def knowing(self, people: Sequence[PersonFacts]) -> "AnswerForm":
        """The same form with the people of the partner's accepted skillset to pick from."""
        self._known = {str(one.number): one for one in people}
        self.pick.choices = [("", "Choose")] + [
            (number, f"{one.called}: {one.role}, level {one.level}") for number, one in self._known.items()
        ]
        return self

    def add_picked(self, rates: Mapping[tuple[str, int], Money]) -> None:
        """Whoever was picked, on the first row that is blank or on one more; rates stay those of the frozen card."""
        person = self._known.get(str(self.pick.data))
        if person is None:
            self.pick.errors = ["Choose somebody of your skillset"]
            return
        filled = self.filled("people")
        blank = next((entry.form for entry in self.people.entries if entry.form not in filled), None)
        if blank is None:
            self.add_row("people")
            blank = self.people.entries[-1].form
        level = person.level or 0
        rate = person.day_rate or rates.get((person.role, level))
        for name, data, shown in (
            ("name", person.name, person.name),
            ("work", f"{level}:{person.role}", f"{level}:{person.role}"),
            ("day_rate", rate, rate.plain if rate else ""),
            ("clearance", person.clearance.value, person.clearance.value),
        ):
            if name == "work" and (person.role, level) not in rates:
                continue
            blank[name].data, blank[name].raw_data = data, [shown]
        self._add_skills(person)
        self.pick.data = ""

    def _add_skills(self, person: PersonFacts) -> None:
        """The skills of whoever was picked, on blank rows or on more, but none that is there already."""
        there = {key_of(row.skill.data or "") for row in self.filled("skills")}
        for skill, depth in person.skills:
            if key_of(skill) in there:
                continue
            there.add(key_of(skill))
            filled = self.filled("skills")
            row = next((entry.form for entry in self.skills.entries if entry.form not in filled), None)
            if row is None:
                if len(self.skills.entries) >= MOST_ROWS:
                    return
                self.add_row("skills")
                row = self.skills.entries[-1].form
            row.skill.data, row.skill.raw_data = skill, [skill]
            row.depth.data, row.depth.raw_data = depth.value, [depth.value]

    def validate(self, extra_validators: Any = None) -> bool:
        """Each row with anything in it has all that it needs."""
        good = bool(super().validate(extra_validators))
        for rows in ROWS:
            for row in self.filled(rows):
                for name, sentence in row.needs:
                    field = row[name]
                    if field.data in (None, "") and not field.errors:
                        field.errors = [sentence]
                        good = False
        return good

    def answer(self) -> Answer:
        """What was typed, once valid."""
        return Answer(
            people=tuple(row.read() for row in self.filled("people")),
            skills=tuple(row.read() for row in self.filled("skills")),
            deliverables=tuple(row.read() for row in self.filled("deliverables")),
            approach=self.approach.data,
            fixed_price=self.fixed_price.data,
        )

    def named(self) -> list[tuple[str, int]]:
        """Names and quarter days typed so far, of the rows that have days; who is still to be named has a blank name."""
        rows = self.filled("people")
        return [(row.name.data or "", row.days.data) for row in rows if row.days.data]

    def people_total(self) -> Money:
        """The people's lines that are complete so far, together."""
        return sum((row.total for row in self.filled("people") if row.total), Money.zero())

    def take(self, refused: Refused) -> None:
        """Put refusals beside fields inside rows too: their numbers count only the rows that are filled in."""
        rest: list[Refusal] = []
        for refusal in refused.refusals:
            rows, _, place = (refusal.field or "").partition("-")
            number, _, name = place.partition("-")
            if rows in ROWS and name:
                field = self.filled(rows)[int(number)][name]
                field.errors = [*field.errors, refusal.sentence]
            else:
                rest.append(refusal)
        if rest:
            super().take(Refused(*rest))

    def filled(self, rows: str) -> list[Any]:
        """Rows of one part with anything in them."""
        forms = (entry.form for entry in self._fields[rows].entries)
        return [form for form in forms if any(_typed(form[name]) for name in form.shows)]


def _typed(field: Any) -> bool:
    return any(clean(str(one)) for one in field.raw_data or ())


def packed(typed: Iterable[tuple[str, str]]) -> str:
    """What was typed, as text to keep with the offer."""
    names = (*ROWS, "approach", "fixed_price")
    return json.dumps([[name, value] for name, value in typed if name.split("-")[0] in names])


def unpacked(kept: str) -> "MultiDict[str, str] | None":
    """What was kept, as the form reads it; None when nothing was."""
    return MultiDict([(name, value) for name, value in json.loads(kept)]) if kept else None
