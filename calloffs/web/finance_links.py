"""Where finance goes from the page of spend: tasks and tables, by heading, each shown to whoever holds its permission."""

from collections.abc import Container
from dataclasses import dataclass

from framework.people.permissions import Permission, Visitor


@dataclass(frozen=True, slots=True)
class Link:
    """A link: the heading it stands under, its words, its endpoint with what that needs, and who sees it."""

    heading: str
    words: str
    endpoint: str
    permission: Permission
    where: tuple[tuple[str, str], ...] = ()


LOAD, LOOK, PAY, CLOSE, OUT = (
    "Load and match",
    "Where the money stands",
    "Paying on time",
    "Month and year end",
    "Publish and take away",
)

# A new page of finance is one line here.
LINKS: tuple[Link, ...] = (
    Link(
        LOOK,
        "Figures by council, lot, partner, programme, year and period",
        "figures.index",
        Permission.SPEND_READ,
    ),
    Link(LOAD, "Load an extract of the finance system", "extract.upload", Permission.INVOICE_RECORD),
    Link(LOAD, "Extracts of finance systems", "extract.index", Permission.EXTRACT_READ),
    Link(OUT, "Every table, to filter and to take away", "table.index", Permission.SPEND_READ),
    Link(OUT, "Addresses for your spreadsheet", "feeds.index", Permission.SPEND_READ),
    Link(CLOSE, "Accounting periods", "periods.index", Permission.SPEND_READ),
    Link(CLOSE, "Accruals", "table.show", Permission.SPEND_READ, (("key", "accruals"),)),
    Link(CLOSE, "Recharges between authorities", "recharging.index", Permission.SPEND_READ),
    Link(CLOSE, "Shared call-offs", "sharing.index", Permission.SPEND_READ),
    Link(
        CLOSE,
        "Later changes to closed periods",
        "table.show",
        Permission.SPEND_READ,
        (("key", "late-changes"),),
    ),
    Link(LOAD, "Match lines to call-offs", "matching.index", Permission.EXTRACT_READ),
    Link(LOAD, "Match all certain lines", "certain.show", Permission.INVOICE_RECORD),
    Link(LOAD, "Load a file of invoices", "importing.upload", Permission.INVOICE_RECORD),
    Link(LOOK, "How long ceilings last", "forecast.index", Permission.SPEND_READ),
    Link(LOOK, "Where it waits", "pictures.waiting", Permission.CALL_OFF_READ),
    Link(
        LOOK,
        "Payments to partners without a call-off",
        "table.show",
        Permission.EXTRACT_READ,
        (("key", "off-contract"),),
    ),
    Link(
        LOOK,
        "Commitments without an invoice for 60 days",
        "table.show",
        Permission.SPEND_READ,
        (("key", "without-invoice"),),
    ),
    Link(
        LOOK,
        "Partners’ returns that disagree with the ledger",
        "table.show",
        Permission.SPEND_READ,
        (("key", "returns-differ"),),
    ),
    Link(LOOK, "Partners’ returns", "comparing.index", Permission.SPEND_READ),
    Link(
        PAY,
        "Unpaid invoices and their clocks",
        "table.show",
        Permission.SPEND_READ,
        (("key", "unpaid-invoices"),),
    ),
    Link(PAY, "Disputed invoices", "table.show", Permission.SPEND_READ, (("key", "disputes"),)),
    Link(
        PAY,
        "Invoices that were not valid and were sent back",
        "table.show",
        Permission.SPEND_READ,
        (("key", "invoices-sent-back"),),
    ),
    Link(PAY, "Payments compliance figures", "compliance.show", Permission.EXTRACT_READ),
    Link(PAY, "Payments over £30,000", "compliance.over_30000", Permission.EXTRACT_READ),
    Link(OUT, "Register of contracts over £5,000", "publishing.register", Permission.SPEND_READ),
    Link(OUT, "Spend over £500", "publishing.spend", Permission.EXTRACT_READ),
)


def links_for(visitor: Visitor, doors: Container[str]) -> list[tuple[str, list[Link]]]:
    """Links by heading, in the order of the headings: those whose door exists and whose permission the visitor holds."""
    found = []
    for heading in (LOAD, LOOK, PAY, CLOSE, OUT):
        own = [
            one
            for one in LINKS
            if one.heading == heading and one.endpoint in doors and visitor.may(one.permission)
        ]
        if own:
            found.append((heading, own))
    return found
