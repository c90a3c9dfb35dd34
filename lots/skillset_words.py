"""The words that people write in a sheet of people, and what each of them means."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from lots.workforce import Clearance, Depth, Employment, Payroll, Place

Word = TypeVar("Word", bound=StrEnum)


def said(text: str) -> str:
    """A word as it is compared: small letters and single spaces, without signs between."""
    return " ".join(re.sub(r"[^a-z0-9&+]+", " ", re.sub(r"[’'`]", "", text.lower())).split())


def _words(kind: type[Word], others: Mapping[Word, str]) -> dict[str, Word]:
    # Each meaning is known by its own value and label, and by what else people write, parted by "|".
    found: dict[str, Word] = {}
    for one in kind:
        written = (one.value, one.label, *others.get(one, "").split("|"))  # type: ignore[attr-defined]
        found.update({said(word): one for word in written if said(word)})
    return found


DEPTHS = _words(
    Depth,
    {
        Depth.AWARENESS: "aware|basic|beginner|1",
        Depth.WORKING: "working knowledge|working level|intermediate|2",
        Depth.PRACTITIONER: "practising|practised|3",
        Depth.EXPERT: "expert level|lead|4",
    },
)
CLEARANCES = _words(
    Clearance,
    {
        Clearance.NONE: "no|n a|na|nil|not held|no clearance",
        Clearance.BPSS: "baseline|baseline check",
        Clearance.SC: "security check|sc cleared|sc clearance|security cleared",
        Clearance.DV: "developed vetting|dv cleared|dv clearance",
    },
)
EMPLOYMENTS = _words(
    Employment,
    {
        Employment.EMPLOYEE: "employed|staff|permanent|perm|permanent staff|permanent employee|own staff",
        Employment.SUBCONTRACTOR: "sub contractor|contractor|sub|freelance|freelancer|associate|self employed",
        Employment.SUBCONTRACTORS_EMPLOYEE: "sub contractors employee|sub contractor employee|subcontractor employee|"
        "employee of a sub contractor|employee of sub contractor|employee of subcontractor|employee of a subcontractor",
    },
)
OFF_PAYROLL = _words(
    Payroll,
    {
        Payroll.CONTRACTED_OUT: "on a payroll|on payroll|payroll|paye|no|n|false|does not apply|not off payroll",
        Payroll.OWN_COMPANY: "own company|yes|y|true|psc|personal service company|limited company|ltd|off payroll|may apply",
    },
)
PLACES = _words(
    Place,
    {
        Place.OFFSITE: "off site|remote|remotely|home|from home|home working|work from home|wfh|anywhere remote",
        Place.NORTH_EAST: "ne|north east",
        Place.NORTH_WEST: "nw|north west",
        Place.YORKSHIRE: "yorks|yorkshire and humber|yorkshire humber|yorkshire & the humber|yorkshire & humber|humber",
        Place.EAST_MIDLANDS: "e midlands",
        Place.WEST_MIDLANDS: "w midlands",
        Place.EAST: "east england|east anglia",
        Place.LONDON: "greater london",
        Place.SOUTH_EAST: "se|south east",
        Place.SOUTH_WEST: "sw|south west",
        Place.SCOTLAND: "",
        Place.WALES: "cymru",
        Place.NORTHERN_IRELAND: "ni|n ireland",
    },
)
EVERYWHERE = frozenset(
    {"anywhere", "everywhere", "uk", "uk wide", "all", "any", "whole uk", "anywhere in the uk"}
)
"""Every place there is."""
NO_END = frozenset({"", "ongoing", "on going", "open", "open ended", "none", "no end", "n a", "na", "tbc"})
AT_ONCE = frozenset({"now", "immediately", "at once", "today", "asap"})

# Field of a person: our own heading, then what else the column is called.
HEADINGS: dict[str, tuple[str, ...]] = {
    "name": (
        "Name",
        "person",
        "full name",
        "person name",
        "named person",
        "resource",
        "resource name",
        "staff name",
    ),
    "role": ("Role", "job role", "job title", "job", "title", "position", "role name"),
    "level": ("Level", "grade", "sfia level", "role level", "seniority", "lvl"),
    "skills": (
        "Skills",
        "skill set",
        "skillset",
        "skills and depth",
        "skills and depths",
        "key skills",
        "competencies",
    ),
    "quarter_days": (
        "Days a week",
        "days per week",
        "days week",
        "capacity",
        "capacity days a week",
        "days",
        "weekly days",
        "days pw",
        "dpw",
    ),
    "available_from": (
        "Available from",
        "from",
        "start",
        "start date",
        "available",
        "availability",
        "first day",
    ),
    "available_to": ("Available to", "available until", "to", "until", "end", "end date", "last day"),
    "places": ("Places", "place", "location", "locations", "where", "region", "regions", "work location"),
    "clearance": ("Clearance", "security clearance", "clearance level", "security", "vetting"),
    "clearance_on": (
        "Clearance date",
        "date of clearance",
        "clearance given",
        "clearance granted",
        "clearance on",
        "date cleared",
    ),
    "employment": (
        "Employment",
        "employment type",
        "employed as",
        "contract type",
        "employment status",
        "engagement",
    ),
    "off_payroll": (
        "Off-payroll",
        "off payroll status",
        "ir35",
        "ir35 status",
        "off payroll rules",
        "own company",
    ),
    "day_rate": (
        "Day rate",
        "rate",
        "daily rate",
        "day rate net",
        "day rate net of vat",
        "day rate gbp",
        "rate per day",
        "price per day",
    ),
}
FIELD_OF = {said(heading): name for name, headings in HEADINGS.items() for heading in headings}
TITLES = {name: headings[0] for name, headings in HEADINGS.items()}
"""What each column is called in our own files."""
NEEDED = ("role", "level", "skills", "quarter_days", "available_from", "places", "employment", "off_payroll")
"""Columns without which no row could be ready."""
EMPLOYMENT_WORDS = {
    Employment.EMPLOYEE: "Employee",
    Employment.SUBCONTRACTOR: "Sub-contractor",
    Employment.SUBCONTRACTORS_EMPLOYEE: "Sub-contractor’s employee",
}
OFF_PAYROLL_WORDS = {Payroll.CONTRACTED_OUT: "On a payroll", Payroll.OWN_COMPANY: "Own company"}
CLEARANCE_WORDS = {
    Clearance.NONE: "None",
    Clearance.BPSS: "BPSS",
    Clearance.SC: "SC",
    Clearance.DV: "DV",
}
