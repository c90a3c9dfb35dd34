"""The people whom the sample's partners put forward, all of them invented, and the skills that each lot is expected to supply."""

from dataclasses import dataclass

from lots.workforce import Clearance, Depth, Employment, Payroll, Place

_DEPTHS = {"a": Depth.AWARENESS, "w": Depth.WORKING, "p": Depth.PRACTITIONER, "e": Depth.EXPERT}
OFF, NE, EA, LO, SC, WA = (
    Place.OFFSITE,
    Place.NORTH_EAST,
    Place.EAST,
    Place.LONDON,
    Place.SCOTLAND,
    Place.WALES,
)
BPSS, SEC, DV = Clearance.BPSS, Clearance.SC, Clearance.DV


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a team. `skills` is written as "Python e, SQL p": the letter is how deep. `days` are days a week."""

    name: str
    role: str
    level: int
    skills: str
    places: tuple[Place, ...] = (OFF,)
    clearance: Clearance = BPSS
    days: float = 5
    free_in: int = 0
    """Days from the version's own day until they are free."""
    cheaper_by: int = 0
    """Whole pounds a day under the card."""
    employment: Employment = Employment.EMPLOYEE
    off_payroll: Payroll = Payroll.CONTRACTED_OUT

    @property
    def depths(self) -> tuple[tuple[str, Depth], ...]:
        """Skills with their depths."""
        pairs = (one.strip().rpartition(" ") for one in self.skills.split(","))
        return tuple((skill, _DEPTHS[letter]) for skill, _, letter in pairs)


SUB = Employment.SUBCONTRACTOR
OWN = Payroll.OWN_COMPANY
Team = tuple[Member, ...]

# In the order of the partners.
TEAMS: tuple[Team, ...] = (
    (
        Member("Imogen Farrant", "Delivery manager", 4, "Agile delivery p, Procurement w", (NE, OFF)),
        Member("Dov Perlman", "Data engineer", 4, "Sensor networks e, Python p, SQL p", (NE, OFF)),
        Member("Wren Atkinson", "Developer", 4, "Python e, Geographic data p, Sensor networks w", (NE,)),
        Member("", "Developer", 3, "Python w, Sensor networks p", (OFF,), Clearance.NONE, 4, 30, 20),
    ),
    (
        Member("Marek Novak", "Developer", 4, "Low-code platforms e, API design p", (EA, OFF)),
        Member("Sunita Rao", "Business analyst", 4, "Process mapping e, Low-code platforms w", (EA, LO)),
        Member("Keith Ballard", "Delivery manager", 4, "Agile delivery e, Data migration w", (EA,)),
        Member(
            "Lowri Jenkins", "Business analyst", 3, "Process mapping p, User stories p", (OFF, WA), days=4
        ),
        Member("", "Developer", 3, "Low-code platforms p", (OFF,), Clearance.NONE, 5, 45),
    ),
    (
        Member("Alys Brennan", "User researcher", 4, "User research e, Accessibility p", (EA, LO, OFF)),
        Member("Jude Akande", "Designer", 4, "Service design e, Prototyping e", (EA, OFF), SEC),
        Member("Freya Lindqvist", "Content designer", 4, "Plain English e, Accessibility w", (OFF,)),
        Member("Tariq Hussain", "Designer", 3, "Interaction design p, Prototyping p", (EA,), cheaper_by=15),
        Member("Nell Castellano", "Content designer", 3, "Plain English p, Forms e", (OFF,), days=3),
        Member("", "User researcher", 3, "User research p", (OFF, WA), Clearance.NONE, 2.5, 20),
    ),
    (
        Member("Owen Tudur", "Developer", 4, "Open-source publishing e, PHP e", (SC, OFF)),
        Member("Isla MacRae", "Developer", 4, "Accessibility e, Front-end code e", (SC, OFF)),
        Member("Grzegorz Wilk", "Designer", 4, "Interaction design p, Front-end code p", (OFF,)),
        Member("Fiona Drummond", "Content designer", 3, "Plain English p, Search p", (SC,), days=4),
        Member(
            "Calum Baird",
            "Web operations engineer",
            4,
            "Web hosting e, Performance testing w",
            (OFF,),
            SEC,
            3,
            0,
            0,
            SUB,
            OWN,
        ),
    ),
    (
        Member("Theo Barrett", "Developer", 5, "Java e, API design e", (NE, LO, OFF), SEC),
        Member("Mina Castellano", "Developer", 4, "Java p, Data migration e", (NE, OFF)),
        Member("Ansel Whitcombe", "Technical architect", 5, "Cloud architecture e, API design p", (LO,), SEC),
        Member("Parveen Gill", "Quality assurance analyst", 4, "Test automation e, Accessibility w", (OFF,)),
        Member("Joss Merriweather", "Delivery manager", 4, "Agile delivery e", (NE, OFF), days=4),
        Member("", "Developer", 3, "Java w, Test automation w", (OFF,), Clearance.NONE, 5, 15, 25),
    ),
    (
        Member("Tamsin Hale", "Cyber security consultant", 5, "Penetration testing e", (EA, LO), SEC),
        Member("Emeka Nwosu", "Cyber security consultant", 6, "Incident response e, Risk work e", (LO,), DV),
        Member("Greta Sandoval", "Cyber security consultant", 4, "Security monitoring p", (OFF,), SEC),
    ),
    (
        Member("Rosalind Keane", "Programme manager", 6, "Programme planning e, Benefits p", (LO, EA), SEC),
        Member("Dmitri Volkov", "Technical architect", 6, "Cloud architecture e, Networks e", (LO,), DV),
        Member("Harriet Oyelaran", "Data engineer", 5, "Data platforms e, SQL e", (LO, OFF), SEC),
        Member("Piers Langley", "Business analyst", 4, "Process mapping p, Benefits w", (LO,)),
        Member("", "Delivery manager", 5, "Agile delivery e", (LO, NE), SEC, 5, 60),
    ),
    (
        Member("Cormac Daly", "Programme manager", 6, "Programme planning e, Procurement p", (LO, OFF)),
        Member("Esther Blum", "Service manager", 5, "Service design p, Benefits e", (LO,), days=3),
        Member("Vikram Shetty", "Data engineer", 4, "Data platforms p, Python e", (OFF,), SEC),
        Member("", "Technical architect", 6, "Cloud architecture p", (LO,), SEC, 2.5, 25),
    ),
    (
        Member("Ruby Calloway", "Delivery manager", 5, "Agile delivery e, Benefits p", (NE, OFF)),
        Member("Ines Marchetti", "Product manager", 4, "Product strategy e, User stories e", (NE,)),
        Member("Bram Hooper", "Web operations engineer", 5, "DevOps e, Cloud architecture p", (OFF,), SEC),
        Member("Zainab Iqbal", "Performance analyst", 4, "Data analysis e, SQL p", (NE, OFF), days=4),
        Member("Luke Tranter", "Programme manager", 6, "Programme planning p", (NE,), free_in=40),
    ),
)

# What each lot is expected to supply, by its number. Nobody puts forward the skills named last on lots 3 and 5.
EXPECTED: dict[int, tuple[str, ...]] = {
    1: ("Sensor networks", "Geographic data"),
    2: ("Low-code platforms", "Process mapping"),
    3: ("User research", "Service design", "Plain English", "Research in British Sign Language"),
    4: ("Open-source publishing", "Accessibility"),
    5: ("API design", "Data migration", "Test automation", "Mainframe data extraction"),
    6: ("Penetration testing", "Incident response"),
    7: ("Programme planning", "DevOps", "Cloud architecture"),
}


def who_does(team: Team, role: str, level: int, among: int) -> Member | None:
    """Somebody of the team for this work, the closest level first; None where nobody has the role."""
    found = sorted(
        (one for one in team if one.role == role and one.name), key=lambda one: abs(one.level - level)
    )
    return found[among % len(found)] if found else None
