"""What the sample's councils see coming and aim at, in their words: visions, outcomes and pieces of work."""

from dataclasses import dataclass

from lots.forward.pipeline import Stage


@dataclass(frozen=True, slots=True)
class Ahead:
    """One piece of coming work. Days are counted from the day of loading; `start` is ahead of it, the others before it."""

    title: str
    council: int
    lot: int
    what: str
    why: str
    planned: int
    start: int
    months: int
    band: str
    stage: Stage
    shared: int | None = None
    ends_as: str = ""
    """"begun" (a draft call-off was made of it) or "dropped", some days before the day of loading; "" while it is still ahead."""
    is_wide: bool = False
    unsettled: str = ""
    note: str = ""
    settles_as: Stage | None = None
    """The stage it reached since, told to those who follow it."""


AHEAD: tuple[Ahead, ...] = (
    Ahead(
        "One account for council tax, parking and permits",
        0,
        3,
        "Research and design for one account that people sign in to once.",
        "People have seven passwords for us, and phone when they forget one.",
        150,
        120,
        9,
        "100k_to_250k",
        Stage.IDEA,
        130,
        is_wide=True,
        unsettled="Whether parking joins in the first year.",
        note="Somebody asked whether research may begin before the account itself is chosen. It may.",
        settles_as=Stage.PLANNED,
    ),
    Ahead(
        "A new design for planning notices",
        0,
        3,
        "Notices that neighbours understand, on paper and online.",
        "One in three calls about planning asks what a notice means.",
        95,
        75,
        4,
        "25k_to_100k",
        Stage.PREPARED,
        60,
    ),
    Ahead(
        "Letters about care, in plain words",
        1,
        3,
        "Rewrite and test the forty letters that families get most.",
        "Complaints quote our letters back to us.",
        40,
        200,
        3,
        "to_25k",
        Stage.IDEA,
        8,
    ),
    Ahead(
        "Move the intranet to the main website’s platform",
        0,
        4,
        "Move 900 pages and six tools, and close what nobody reads.",
        "The intranet’s own support ends next year.",
        120,
        100,
        6,
        "25k_to_100k",
        Stage.PLANNED,
        100,
        unsettled="Which of the six tools is kept.",
    ),
    Ahead(
        "A directory of services for families",
        1,
        4,
        "An open directory that libraries, schools and charities fill themselves.",
        "Five lists exist and none is right.",
        70,
        150,
        8,
        "100k_to_250k",
        Stage.PLANNED,
        10,
        is_wide=True,
    ),
    Ahead(
        "Replace the bus shelter screens’ software",
        1,
        1,
        "Software for 120 screens, and a feed that others can use.",
        "The screens show yesterday when a line is lost.",
        110,
        260,
        10,
        "100k_to_250k",
        Stage.IDEA,
        80,
    ),
    Ahead(
        "Contact history in one place",
        1,
        2,
        "Bring four years of contacts into the case system.",
        "Residents tell their story again at each desk.",
        90,
        60,
        5,
        "25k_to_100k",
        Stage.PREPARED,
        45,
    ),
    Ahead(
        "Interfaces to the new social care system",
        0,
        5,
        "Four interfaces, tested with the supplier of the system.",
        "The old ones stop with the old system.",
        85,
        95,
        7,
        "250k_to_500k",
        Stage.PLANNED,
        30,
        unsettled="The day on which the old system ends.",
    ),
    Ahead(
        "Yearly test of public services",
        0,
        6,
        "An independent test of everything that residents sign in to.",
        "Good practice, and a condition of our network.",
        60,
        110,
        2,
        "25k_to_100k",
        Stage.PLANNED,
    ),
    Ahead(
        "Wi-Fi in libraries, redesigned",
        1,
        7,
        "Design and buying advice for eleven buildings.",
        "Rooms are full in the evenings and the network is not.",
        140,
        90,
        6,
        "100k_to_250k",
        Stage.PLANNED,
        115,
        ends_as="dropped",
    ),
    Ahead(
        "Show what is in the ground before we dig",
        0,
        1,
        "A map of pipes and cables that crews use on site.",
        "Last year crews cut eleven cables.",
        75,
        45,
        5,
        "25k_to_100k",
        Stage.PREPARED,
        55,
        ends_as="begun",
    ),
    Ahead(
        "A shared team for data in both councils",
        0,
        7,
        "A programme to set up one team, its tools and its first three products.",
        "Each council has half of the people it needs.",
        65,
        180,
        18,
        "500k_to_1m",
        Stage.IDEA,
        40,
        is_wide=True,
        unsettled="Where the team sits and who pays for tools.",
    ),
)

DROPPED = "The libraries’ own landlord now provides the network in all eleven buildings."

# (council, lot or None for the whole agreement, the vision, outcomes with days ahead and how it is known)
VISIONS: tuple[tuple[int, int | None, str, tuple[tuple[str, int, str], ...]], ...] = (
    (
        0,
        None,
        "By the end of this agreement most people in Northmere will do what they need with us online because it is easier, and nobody is "
        "left without help. We buy in small pieces, from smaller firms where we can, and our own staff take over what is made.",
        (
            (
                "Two in three requests are finished online without a call",
                400,
                "Share of requests, each month",
            ),
            (
                "Every service in use is looked after by our own staff",
                500,
                "List of services and their teams",
            ),
            ("A third of what we spend here goes to smaller firms", 300, "Ledger by partner, each quarter"),
        ),
    ),
    (
        1,
        None,
        "Eastwold is smaller and cannot do everything. We want a few services that are very good, made once with Northmere where both need "
        "the same, and written down so that anybody could look after them.",
        (
            ("Four services made once for both councils", 450, "Services in use in both"),
            ("No system in use that its maker has stopped supporting", 350, "Yearly review of systems"),
        ),
    ),
    (
        0,
        3,
        "Design here begins with people who find our services hardest to use. We would rather stop early than finish something that "
        "nobody needed.",
        (("Ten services tested with people who use a screen reader", 250, "Notes of the tests, published"),),
    ),
    (
        1,
        4,
        "Websites that a small team can look after: open source, shared with other councils, and quick on an old phone.",
        (("Every page loads within three seconds on an old phone", 200, "Monthly measurement"),),
    ),
)
