"""The sample's councils, partners and people. All of them are invented; their addresses end in .example, which no mail reaches."""

from dataclasses import dataclass

from framework.definitions.money import Money
from framework.people.permissions import Role


@dataclass(frozen=True, slots=True)
class SampleCouncil:
    """A council with its colour, address and the people in its roles: (name, role, limit in pounds)."""

    name: str
    colour: str
    address: str
    mail: str
    ppon: str
    case_threshold: int
    allocation: int
    people: tuple[tuple[str, Role, int | None], ...]


@dataclass(frozen=True, slots=True)
class SamplePartner:
    """A partner: its size, its people and what its rates are against the usual ones, in hundredths."""

    name: str
    company_number: str
    address: str
    lots: tuple[int, ...]
    staff: int
    turnover: int
    balance_sheet: int
    person: str
    rate_level: int
    is_vcse: bool = False


COUNCILS = (
    SampleCouncil(
        "Northmere City Council",
        "#00703c",
        "Civic Hall, 1 Market Square, Northmere NX1 1AA",
        "northmere.example",
        "PNMC-1001-SMPL",
        25_000,
        8_000_000,
        (
            ("Priya Anand", Role.AUTHORITY_ADMINISTRATOR, None),
            ("Grace Okafor", Role.FRAMEWORK_OWNER, None),
            ("Amara Bello", Role.COMMISSIONING_MANAGER, None),
            ("Daniel Whitlock", Role.APPROVER, 500_000),
            ("Ruth Penhallow", Role.FINANCE_REVIEWER, None),
            ("Idris Vaughan", Role.AUDITOR, None),
        ),
    ),
    SampleCouncil(
        "Eastwold Borough Council",
        "#4c2c92",
        "Town Hall, Quay Street, Eastwold EW4 2BB",
        "eastwold.example",
        "PEBC-1002-SMPL",
        10_000,
        4_000_000,
        (
            ("Tomasz Zielinski", Role.AUTHORITY_ADMINISTRATOR, None),
            ("Helen Marsh", Role.FRAMEWORK_OWNER, None),
            ("Kofi Mensah", Role.COMMISSIONING_MANAGER, None),
            ("Siobhan Doyle", Role.APPROVER, 250_000),
            ("Farid Rahimi", Role.FINANCE_REVIEWER, None),
            ("Megan Pryce", Role.AUDITOR, None),
        ),
    ),
)
OPERATOR = "Lena Fischer"

PARTNERS = (
    SamplePartner(
        "Larkspur Places Ltd",
        "09900001",
        "14 Foundry Row, Northmere NX2 4DD",
        (1,),
        28,
        2_400_000,
        900_000,
        "Jonah Reid",
        96,
    ),
    SamplePartner(
        "Copperbeech CRM Ltd",
        "09900002",
        "Unit 3, Tannery Yard, Eastwold EW1 7GH",
        (2,),
        64,
        6_900_000,
        2_100_000,
        "Nadia Haddad",
        104,
    ),
    SamplePartner(
        "Fieldfare Design CIC",
        "09900003",
        "The Old Library, Mill Lane, Eastwold EW2 3LP",
        (3,),
        19,
        1_450_000,
        380_000,
        "Carys Llwyd-Ŵyn",
        92,
        is_vcse=True,
    ),
    SamplePartner(
        "Hedgerow Web Ltd",
        "SC990004",
        "22 Harbour Street, Leithmouth LM6 6PQ",
        (4,),
        35,
        3_100_000,
        1_200_000,
        "Ewan Rennie",
        95,
    ),
    SamplePartner(
        "Tallow & Finch Software Ltd",
        "09900005",
        "8 Canal Wharf, Northmere NX5 8RS",
        (5,),
        112,
        12_600_000,
        4_700_000,
        "Beatriz Souza",
        102,
    ),
    SamplePartner(
        "Ironbark Security Ltd",
        "09900006",
        "Keep House, Castle Road, Eastwold EW3 9TU",
        (6,),
        47,
        7_200_000,
        2_600_000,
        "Oliver Nkemelu",
        115,
    ),
    SamplePartner(
        "Meridian Public Services plc",
        "09900007",
        "40 Exchange Place, Capital City CC2 1AB",
        (7,),
        3_400,
        410_000_000,
        160_000_000,
        "Victoria Ashdown",
        118,
    ),
    SamplePartner(
        "O’Hara & Quill Consulting LLP",
        "OC990008",
        "5 Temple Court, Capital City CC4 5CD",
        (7,),
        640,
        88_000_000,
        41_000_000,
        "Patrick O’Hara",
        110,
    ),
    SamplePartner(
        "Bluestone Delivery Ltd",
        "09900009",
        "Bridge House, Station Road, Northmere NX1 9EF",
        (7,),
        180,
        21_000_000,
        7_400_000,
        "Leila Farouk",
        106,
    ),
)
# The partners whose people can sign in; the others have people too, without a password.
SIGNING_IN = ("Fieldfare Design CIC", "Hedgerow Web Ltd", "Meridian Public Services plc")

# And a colleague, and somebody whose company is still joining: where, in which role, and who.
ALSO_SIGNING_IN = (
    ("Fieldfare Design CIC", Role.PARTNER_USER, "Bethan Morys"),
    ("Kittiwake Automation Ltd", Role.PARTNER_ADMINISTRATOR, "Tobias Renwick"),
)

# Usual day rates in whole pounds, net of VAT, by role and level, before a partner's own level is applied.
RATES: dict[str, dict[int, int]] = {
    "Delivery manager": {4: 720, 5: 860},
    "Product manager": {4: 760, 5: 900},
    "Business analyst": {3: 540, 4: 680},
    "Service manager": {5: 880},
    "Designer": {3: 560, 4: 690, 5: 820},
    "User researcher": {3: 550, 4: 680},
    "Content designer": {3: 510, 4: 620},
    "Developer": {3: 570, 4: 700, 5: 850},
    "Technical architect": {5: 950, 6: 1_120},
    "Data engineer": {4: 730, 5: 880},
    "Performance analyst": {3: 520, 4: 640},
    "Quality assurance analyst": {3: 480, 4: 590},
    "Cyber security consultant": {4: 840, 5: 990, 6: 1_180},
    "Programme manager": {6: 1_150},
    "Web operations engineer": {4: 710, 5: 840},
}


def rate_of(partner: SamplePartner, role: str, level: int) -> Money:
    """A partner's own day rate: the usual one at its level, in whole £5."""
    return Money.pounds(round(RATES[role][level] * partner.rate_level / 500) * 5)


def mail_of(name: str, host: str) -> str:
    """A plain address for a name with any letters in it."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = "".join(letter if letter.isalnum() else " " for letter in plain.replace("’", "").lower()).split()
    return f"{'.'.join(words)}@{host}"


# Lots of the sample agreement: title, scope, ceiling in pounds net, most partners.
LOTS = (
    (
        "Smart city technologies",
        "Sensors, connectivity and the use of their data for streets, homes and public spaces.",
        900_000,
        1,
    ),
    (
        "Customer relationship management",
        "Design, build and care of case and contact management on low-code platforms.",
        1_400_000,
        1,
    ),
    (
        "User centred design and digital delivery",
        "Research, service design, content and prototypes for services that people can use first time.",
        1_800_000,
        1,
    ),
    (
        "Open-source web technologies",
        "Websites, publishing and intranets on open-source content management systems.",
        1_200_000,
        1,
    ),
    (
        "Application development and integration",
        "Bespoke applications, interfaces between systems and the retirement of old ones.",
        2_100_000,
        1,
    ),
    (
        "Cyber security",
        "Testing, monitoring, response and assurance against recognised standards.",
        600_000,
        1,
    ),
    (
        "General: programmes, DevOps and integration",
        "Programme and project management, service design, DevOps and third-party integration at scale.",
        4_000_000,
        3,
    ),
)
