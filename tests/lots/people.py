"""People to put forward in tests: one who is whole, and sheets of forty."""

from datetime import date
from typing import Any

from sqlmodel import Session

from framework.people.permissions import Permission
from lots import finding
from lots.entering_people import put_people
from lots.finding import Place
from lots.person_rules import PersonFacts
from lots.skillset import Skillset
from lots.submitting import accept_skillset, submit_skillset
from lots.workforce import Clearance, Depth, Employment, Payroll
from lots.workforce import Place as WorkPlace
from tests.cast import Cast

HEAD = (
    "Name\tRole\tLevel\tSkills\tDays a week\tAvailable from\tAvailable to\tPlaces\tClearance\tClearance date\t"
    "Employment\tOff-payroll\tDay rate"
)
GOOD = (
    "{name}\tDesigner\t4\tFigma (expert); User research (working)\t5\t01/12/2022\t\tLondon; Offsite\tSC\t14/03/2021\t"
    "Employee\tOn a payroll\t900"
)


def facts(**changes: Any) -> PersonFacts:
    """A person whom every rule lets through on the cast's rate card."""
    return PersonFacts(
        **{
            "role": "Designer",
            "level": 4,
            "skills": (("Figma", Depth.EXPERT),),
            "quarter_days": 20,
            "available_from": date(2022, 12, 1),
            "places": (WorkPlace.LONDON,),
            "employment": Employment.EMPLOYEE,
            "off_payroll": Payroll.CONTRACTED_OUT,
            "name": "Gwen Ŵyn",
            "clearance": Clearance.NONE,
            **changes,
        }
    )


def forty(bad: bool = True) -> str:
    """Forty rows below two rows of titles; with `bad`, three of them want mending: a level, a place and a day rate."""
    rows = [GOOD.format(name=f"Person number {number}") for number in range(1, 41)]
    if bad:
        rows[3] = rows[3].replace("\t4\t", "\t9\t")
        rows[16] = rows[16].replace("London; Offsite", "Atlantis")
        rows[39] = rows[39].replace("\t900", "\tlots")
    return "\n".join(["People of Fennel Web", "", HEAD, *rows])


def place_of(
    session: Session, cast: Cast, lot: int = 4, name: str = "Fennel Web", who: str = "Faye"
) -> Place:
    """A partner's place as its own user finds it."""
    return finding.own_place(
        session, cast.visitor(session, who), cast.appointment[lot, name], Permission.COMPANY_KEEP
    )


def accepted(session: Session, cast: Cast, people: list[PersonFacts] | None = None, **where: Any) -> Skillset:
    """A version that Olu has accepted."""
    who = cast.visitor(session, where.get("who", "Faye"))
    place = place_of(session, cast, **where)
    skillset = put_people(session, actor=who, place=place, people=people or [facts()])
    submit_skillset(session, actor=who, place=place, skillset=skillset)
    accept_skillset(session, actor=cast.visitor(session, "Olu"), place=place, skillset=skillset)
    return skillset
