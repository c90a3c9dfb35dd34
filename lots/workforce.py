"""The words for people who do the work: roles, families of work, places, clearances, employment and depth of skill.

Roles and places are those of Digital Outcomes and Specialists 5, families those of the Government Digital and Data framework
(RULE-80; Crown copyright, Open Government Licence v3.0). Levels are plain numbers from 1 to 7 (RULE-76): what a level means is the
council's own business, and no licensed scheme's words are kept here.
"""

from enum import StrEnum

LEVELS = range(1, 8)

ROLES = (
    "Agile coach",
    "Business analyst",
    "Communications manager",
    "Content designer",
    "Cyber security consultant",
    "Data architect",
    "Data engineer",
    "Data scientist",
    "Delivery manager",
    "Designer",
    "Developer",
    "Performance analyst",
    "Portfolio manager",
    "Product manager",
    "Programme manager",
    "Quality assurance analyst",
    "Service manager",
    "Technical architect",
    "User researcher",
    "Web operations engineer",
)
"""Offered when somebody types a role. Any other role may be typed as well."""

FAMILIES = (
    "Architecture",
    "Chief digital and data",
    "Data",
    "IT operations",
    "Product and delivery",
    "Quality assurance testing",
    "Software development",
    "User-centred design",
)
"""Categories of work that a rate card may be laid out by, in place of roles."""


class Place(StrEnum):
    """Where somebody can work."""

    OFFSITE = "offsite"
    NORTH_EAST = "north_east"
    NORTH_WEST = "north_west"
    YORKSHIRE = "yorkshire"
    EAST_MIDLANDS = "east_midlands"
    WEST_MIDLANDS = "west_midlands"
    EAST = "east"
    LONDON = "london"
    SOUTH_EAST = "south_east"
    SOUTH_WEST = "south_west"
    SCOTLAND = "scotland"
    WALES = "wales"
    NORTHERN_IRELAND = "northern_ireland"

    @property
    def label(self) -> str:
        return _PLACES[self]


_PLACES = {
    Place.OFFSITE: "Offsite",
    Place.NORTH_EAST: "North East England",
    Place.NORTH_WEST: "North West England",
    Place.YORKSHIRE: "Yorkshire and the Humber",
    Place.EAST_MIDLANDS: "East Midlands",
    Place.WEST_MIDLANDS: "West Midlands",
    Place.EAST: "East of England",
    Place.LONDON: "London",
    Place.SOUTH_EAST: "South East England",
    Place.SOUTH_WEST: "South West England",
    Place.SCOTLAND: "Scotland",
    Place.WALES: "Wales",
    Place.NORTHERN_IRELAND: "Northern Ireland",
}


class Clearance(StrEnum):
    """A security clearance that somebody holds; each one covers those before it (RULE-82)."""

    NONE = "none"
    BPSS = "bpss"
    SC = "sc"
    DV = "dv"

    @property
    def label(self) -> str:
        return {
            Clearance.NONE: "None",
            Clearance.BPSS: "Baseline (BPSS)",
            Clearance.SC: "Security check (SC)",
            Clearance.DV: "Developed vetting (DV)",
        }[self]

    def covers(self, wanted: "Clearance") -> bool:
        """Whether it is enough where `wanted` is asked for."""
        order = list(Clearance)
        return order.index(self) >= order.index(wanted)


class Employment(StrEnum):
    """How the partner employs somebody (RULE-81)."""

    EMPLOYEE = "employee"
    SUBCONTRACTOR = "subcontractor"
    SUBCONTRACTORS_EMPLOYEE = "subcontractors_employee"

    @property
    def label(self) -> str:
        return {
            Employment.EMPLOYEE: "Employee",
            Employment.SUBCONTRACTOR: "Sub-contractor",
            Employment.SUBCONTRACTORS_EMPLOYEE: "Sub-contractor’s employee",
        }[self]


class Payroll(StrEnum):
    """Whether the rules for workers who act through companies of their own may apply (RULE-58)."""

    CONTRACTED_OUT = "contracted_out"
    OWN_COMPANY = "own_company"

    @property
    def label(self) -> str:
        return {
            Payroll.CONTRACTED_OUT: "On a payroll: the off-payroll rules do not apply",
            Payroll.OWN_COMPANY: "Works through a company of their own: the off-payroll rules may apply",
        }[self]


class Depth(StrEnum):
    """How well somebody knows a skill, from having met it to leading others in it."""

    AWARENESS = "awareness"
    WORKING = "working"
    PRACTITIONER = "practitioner"
    EXPERT = "expert"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    def at_least(self, wanted: "Depth") -> bool:
        """Whether it is as deep as `wanted`, or deeper."""
        order = list(Depth)
        return order.index(self) >= order.index(wanted)


def key_of(text: str) -> str:
    """What skills and names are compared by: small letters without doubled spaces."""
    return " ".join(text.split()).casefold()
