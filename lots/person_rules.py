"""What a partner says of one person it puts forward, and the rules it must meet, whether typed on a page or read from a file."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import Refusal
from lots.finding import Rates
from lots.workforce import LEVELS, Clearance, Depth, Employment, Payroll, Place

MOST_PEOPLE = 200
"""In one version."""
MOST_SKILLS = 20
MOST_QUARTER_DAYS = 28
WEEK_SAID = "Enter days a week from 0.25 to 7, in quarter days, like 5 or 2.5"
NAME_LENGTH, ROLE_LENGTH, SKILL_LENGTH = 120, 80, 120
# What a spreadsheet takes for a formula or a quoted cell, and what parts one word from the next in our own columns.
_NEVER_FIRST = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "'", "|", ",", ";", ":")


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """One person as the partner puts them forward; None or an empty tuple where nothing was said."""

    role: str = ""
    level: int | None = None
    skills: tuple[tuple[str, Depth], ...] = ()
    quarter_days: int | None = None
    """Capacity in quarters of a day a week: 20 is five days."""
    available_from: date | None = None
    available_to: date | None = None
    """Last day, included; None where no end is known."""
    places: tuple[Place, ...] = ()
    employment: Employment | None = None
    off_payroll: Payroll | None = None
    name: str = ""
    """Blank for somebody who is not named until they are offered."""
    clearance: Clearance = Clearance.NONE
    clearance_on: date | None = None
    day_rate: Money | None = None
    """Net of VAT; None where the card's own rate is asked."""
    number: int = 0
    """Row in the version, from 1; 0 before there is one."""

    @property
    def called(self) -> str:
        """The name, or "Person 3" where there is none."""
        return self.name or f"Person {self.number}"


@dataclass(frozen=True, slots=True)
class Card:
    """The rate card that people are held to: its version and the most a day may cost, net of VAT."""

    version: int
    """0 for rates that wait for the council's answer and are no version yet."""
    rates: Rates
    caps: dict[tuple[str, int], tuple[str, Money]] = field(default_factory=dict)
    supplier: str = ""
    """Whose card it is, where somebody else reads what is said of it; blank for the partner itself."""

    @classmethod
    def of(cls, version: int, rates: Rates, supplier: str = "") -> "Card":
        """With roles found whatever their capitals."""
        return cls(
            version,
            rates,
            {(role.lower(), level): (role, cap) for (role, level), cap in rates.items()},
            supplier,
        )

    @property
    def called(self) -> str:
        """The card in words for its reader, like "version 2 of your rate card"."""
        if not self.version:
            return f"the rates that {self.supplier or 'you'} sent"
        whose = f"the rate card of {self.supplier}" if self.supplier else "your rate card"
        return f"version {self.version} of {whose}"

    def cap(self, role: str, level: int | None) -> Money | None:
        """The most a day may cost; None where the role is not offered at the level (RULE-77)."""
        found = self.caps.get((role.lower(), level or 0))
        return found[1] if found else None

    def spelt(self, role: str) -> str:
        """The role as the card spells it, or as it came."""
        return next((known for known, _ in self.rates if known.lower() == role.lower()), role)


@dataclass(frozen=True, slots=True)
class PersonIntent:
    """One person, the card in force (None while there is none) and the London day."""

    person: PersonFacts
    card: Card | None
    today: date


def plain(text: str) -> str:
    """One line of text: no control or direction characters, no doubled spaces, none around it."""
    kept = "".join(
        " " if one in "\t\r\n" else one
        for one in text
        if one in "\t\r\n" or (unicodedata.category(one) not in ("Cc", "Cs") and not _turns(one))
    )
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _turns(one: str) -> bool:
    # Characters that turn the direction of writing could make a page say something else than it holds.
    return "\u202a" <= one <= "\u202e" or "\u2066" <= one <= "\u2069"


def skill_key(skill: str) -> str:
    """What a skill is found and grouped by."""
    return " ".join(skill.casefold().split())[:SKILL_LENGTH]


def tidied(person: PersonFacts, card: Card | None) -> PersonFacts:
    """The same with plain text, the role spelt as on the card, and no date where there is no clearance."""
    role = plain(person.role)
    return replace(
        person,
        role=card.spelt(role) if card else role,
        name=plain(person.name),
        skills=tuple((plain(skill), depth) for skill, depth in person.skills),
        places=tuple(one for one in Place if one in person.places),
    )


def _text_refused(text: str, what: str, length: int, where: str) -> Refusal | None:
    if len(text) > length:
        return Refusal(f"{what} must be {length} characters or fewer", field=where)
    if text.startswith(_NEVER_FIRST):
        return Refusal(
            f"{what} must not begin with “{text[0]}”. Begin with a letter or a number", field=where
        )
    return None


def name_can_be_kept(intent: PersonIntent) -> Refusal | None:
    """A name is optional; it never begins like a formula."""
    return _text_refused(intent.person.name, "The name", NAME_LENGTH, "name")


def role_and_level_are_named(intent: PersonIntent) -> Iterator[Refusal]:
    """A role, and a level from 1 to 7 (RULE-76)."""
    if not intent.person.role:
        yield Refusal("Enter the role", field="role")
    elif refusal := _text_refused(intent.person.role, "The role", ROLE_LENGTH, "role"):
        yield refusal
    if intent.person.level is None:
        yield Refusal("Enter a level from 1 to 7", field="level")
    elif intent.person.level not in LEVELS:
        yield Refusal("Enter a level from 1 to 7", field="level", rule="RULE-76")


def skills_have_depths(intent: PersonIntent) -> Iterator[Refusal]:
    """At least one skill, each named once."""
    skills = intent.person.skills
    if not skills:
        yield Refusal("Enter at least one skill and how deep it is, like Python (expert)", field="skills")
    if len(skills) > MOST_SKILLS:
        yield Refusal(f"Enter {MOST_SKILLS} skills or fewer, the most useful first", field="skills")
    seen: set[str] = set()
    for skill, _ in skills:
        if not skill:
            yield Refusal("Enter the skill", field="skills")
        elif refusal := _text_refused(skill, "A skill", SKILL_LENGTH, "skills"):
            yield refusal
        elif ";" in skill or any(f"({one.value})" in skill.lower() for one in Depth):
            yield Refusal(f"Enter one skill at a time: “{skill[:60]}” names several", field="skills")
        elif skill_key(skill) in seen:
            yield Refusal(f"Leave one out: {skill} is there twice", field="skills")
        seen.add(skill_key(skill))


def week_is_sensible(intent: PersonIntent) -> Refusal | None:
    """From a quarter of a day to seven days a week (RULE-79)."""
    quarters = intent.person.quarter_days
    if quarters is not None and 1 <= quarters <= MOST_QUARTER_DAYS:
        return None
    return Refusal(WEEK_SAID, field="quarter_days")


def availability_runs_forward(intent: PersonIntent) -> Refusal | None:
    """A first day, and a last day that is not before it."""
    first, last = intent.person.available_from, intent.person.available_to
    if first is None:
        return Refusal(
            "Enter the first day this person is available, like 27/03/2027", field="available_from"
        )
    if last and last < first:
        return Refusal(
            f"The last day must be {dates.in_words(first)} or later, the first day this person is available",
            field="available_to",
        )
    return None


def works_somewhere(intent: PersonIntent) -> Refusal | None:
    """At least one place."""
    if intent.person.places:
        return None
    return Refusal("Choose at least one place, like London; Offsite", field="places")


def clearance_has_a_real_date(intent: PersonIntent) -> Refusal | None:
    """A date belongs to a clearance and has come; a date that is missing is only warned of (RULE-82)."""
    person = intent.person
    if person.clearance_on is None:
        return None
    if person.clearance is Clearance.NONE:
        return Refusal("Say which clearance this is the date of, or leave the date blank", field="clearance")
    if person.clearance_on > intent.today:
        return Refusal("The date of the clearance must be today or earlier", field="clearance_on")
    return None


def employment_is_said(intent: PersonIntent) -> Iterator[Refusal]:
    """How the person is employed, and whether the off-payroll rules may apply (RULE-58): both are choices, never assumed."""
    if intent.person.employment is None:
        yield Refusal(
            "Choose employee, sub-contractor or sub-contractor’s employee", field="employment", rule="RULE-81"
        )
    if intent.person.off_payroll is None:
        yield Refusal(
            "Say whether this person is on a payroll or works through a company of their own",
            field="off_payroll",
            rule="RULE-58",
        )


def is_on_the_rate_card(intent: PersonIntent) -> Refusal | None:
    """RULE-77: a blank cell of the card is not offered."""
    person, card = intent.person, intent.card
    if card is None or person.level not in LEVELS or card.cap(person.role, person.level):
        return None
    if not person.role or _text_refused(person.role, "", ROLE_LENGTH, ""):
        return None
    then = "" if card.supplier else ". Choose a role and level that is"
    return Refusal(
        f"{person.role}, level {person.level} is not on {card.called} for this lot, so it is not offered{then}",
        field="role",
        rule="RULE-77",
    )


def day_rate_is_within_the_card(intent: PersonIntent) -> Refusal | None:
    """RULE-78: a person's own rate may be lower than the card's, never higher."""
    person, card = intent.person, intent.card
    if person.day_rate is None:
        return None
    if person.day_rate.pence <= 0:
        return Refusal(
            "Enter a day rate of more than £0, or leave it blank", field="day_rate", rule="RULE-77"
        )
    cap = card.cap(person.role, person.level) if card else None
    if card is None or cap is None or person.day_rate <= cap:
        return None
    most = f"the most for {card.spelt(person.role)}, level {person.level} on {card.called}"
    return Refusal(
        f"{person.day_rate} a day is above {cap}, {most}"
        if card.supplier
        else f"Enter {cap} or less: that is {most}",
        field="day_rate",
        rule="RULE-78",
        left=cap,
    )


# Every rule about one person. A new one is a function above and its name here.
RULES = (
    name_can_be_kept,
    role_and_level_are_named,
    skills_have_depths,
    week_is_sensible,
    availability_runs_forward,
    works_somewhere,
    clearance_has_a_real_date,
    employment_is_said,
    is_on_the_rate_card,
    day_rate_is_within_the_card,
)


def against(person: PersonFacts, card: Card | None) -> list[Refusal]:
    """Everything that speaks against this person being put forward; nothing when all is well."""
    intent = PersonIntent(person, card, dates.today())
    found: list[Refusal] = []
    for rule in RULES:
        answer = rule(intent)
        if isinstance(answer, Refusal):
            found.append(answer)
        elif answer is not None:
            found.extend(answer)
    return found
