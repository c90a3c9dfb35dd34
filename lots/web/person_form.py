"""The form on which a partner says who somebody is, what they can do and when: one person, on one page."""

from typing import Any

from wtforms import Form, FormField

from framework.definitions.rules import Refusal, Refused
from framework.web.fields import (
    ChoiceField,
    DayField,
    DaysField,
    LineField,
    MoneyField,
    NumberField,
    PickField,
    RowsField,
    TicksField,
    VisitForm,
    at_most,
    clean,
)
from lots.person_rules import MOST_SKILLS, WEEK_SAID, Card, PersonFacts
from lots.workforce import Clearance, Depth, Employment, Payroll, Place


class SkillRow(Form):
    """A skill and how deep it is; a row left blank is passed over."""

    skill = LineField("Skill", [at_most(120, "The skill")])
    depth = PickField("How deep", choices=[("", "Choose"), *((one.value, one.label) for one in Depth)])


class WeekField(DaysField):
    """Days a week as typed, refused with the bounds of a week."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(WEEK_SAID) from None


class PersonForm(VisitForm):
    """With a rate card, role and level are chosen from it; without one they are typed."""

    name = LineField("Name (optional)", [at_most(120, "The name")])
    work = PickField("Role and level")
    role = LineField("Role", [at_most(80, "The role")])
    level = NumberField("Level", least=1, most=7, what="The level")
    skills = RowsField(FormField(SkillRow), "Skills", min_entries=1, max_entries=MOST_SKILLS)
    quarter_days = WeekField("Days a week")
    available_from = DayField("First day available", what="First day")
    available_to = DayField("Last day available (optional)", what="Last day")
    places = TicksField("Where this person can work", choices=[(one.value, one.label) for one in Place])
    clearance = PickField("Clearance held", choices=[(one.value, one.label) for one in Clearance])
    clearance_on = DayField("Date the clearance was given", what="Clearance date")
    employment = ChoiceField(
        "How you employ this person", choices=[(one.value, one.label) for one in Employment]
    )
    off_payroll = ChoiceField("Off-payroll working", choices=[(one.value, one.label) for one in Payroll])
    day_rate = MoneyField("Day rate (optional)")

    def __init__(self, card: Card | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if card:
            del self.role
            del self.level
            self.work.choices = [("", "Choose")] + [
                (f"{level}:{role}", f"{role}, level {level} (up to {cap} a day)")
                for (role, level), cap in card.rates.items()
            ]
        else:
            del self.work

    def validate(self, extra_validators: Any = None) -> bool:
        """Each skill row with anything in it is whole, and a clearance is one of ours."""
        good = bool(super().validate(extra_validators))
        for row in self._filled():
            for name, sentence in (("skill", "Enter the skill"), ("depth", "Choose how deep the skill is")):
                if not row[name].data and not row[name].errors:
                    row[name].errors = [sentence]
                    good = False
        return good

    def facts(self, number: int = 0) -> PersonFacts:
        """What was typed, once it could be read."""
        if "work" in self:
            level, _, role = str(self.work.data or "").partition(":")
            work = {"role": role[:80], "level": int(level) if level.isdecimal() and len(level) < 3 else None}
        else:
            work = {"role": self.role.data, "level": self.level.data}
        return PersonFacts(
            **work,  # type: ignore[arg-type]
            name=self.name.data or "",
            skills=tuple((row.skill.data, Depth(row.depth.data)) for row in self._filled()),
            quarter_days=self.quarter_days.data,
            available_from=self.available_from.data,
            available_to=self.available_to.data,
            places=tuple(Place(one) for one in self.places.data or ()),
            clearance=Clearance(self.clearance.data) if self.clearance.data else Clearance.NONE,
            clearance_on=self.clearance_on.data,
            employment=Employment(self.employment.data) if self.employment.data else None,
            off_payroll=Payroll(self.off_payroll.data) if self.off_payroll.data else None,
            day_rate=self.day_rate.data,
            number=number,
        )

    def take(self, refused: Refused) -> None:
        """Refusals of role and level stand beside the one field that asks for both."""
        asked_at_once = "work" in self
        told: dict[str, Refusal] = {}
        for one in refused.refusals:
            field = "work" if asked_at_once and one.field in ("role", "level") else one.field
            # A role that was not chosen has no level either: one sentence says it.
            sentence = "Choose a role and level" if field == "work" and not self.work.data else one.sentence
            told.setdefault(f"{field}:{sentence}", Refusal(sentence, field, one.rule, one.left))
        super().take(Refused(*told.values()))

    def _filled(self) -> list[Any]:
        forms = [entry.form for entry in self.skills.entries]
        return [
            form
            for form in forms
            if any(clean(str(one)) for name in ("skill", "depth") for one in form[name].raw_data or ())
        ]


def as_typed(person: PersonFacts) -> dict[str, Any]:
    """A person as the form shows them to be changed."""
    return {
        "name": person.name,
        "work": f"{person.level}:{person.role}",
        "role": person.role,
        "level": person.level,
        "skills": [{"skill": skill, "depth": depth.value} for skill, depth in person.skills],
        "quarter_days": person.quarter_days,
        "available_from": person.available_from,
        "available_to": person.available_to,
        "places": [one.value for one in person.places],
        "clearance": person.clearance.value,
        "clearance_on": person.clearance_on,
        "employment": person.employment.value if person.employment else None,
        "off_payroll": person.off_payroll.value if person.off_payroll else None,
        "day_rate": person.day_rate,
    }
