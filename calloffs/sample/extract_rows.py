"""What the sample's extracts say of its partners: bills of call-offs, and payments that no call-off explains."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import Session

from calloffs.sample.extract_files import PaidRow
from calloffs.sample.people import PARTNERS, SamplePartner
from calloffs.sample.places import (
    BLUESTONE,
    COPPERBEECH,
    FIELDFARE,
    HEDGEROW,
    LARKSPUR,
    MERIDIAN,
    OHARA,
    TALLOW,
)
from calloffs.sample.running import Bill
from calloffs.sample.telling import Telling
from framework.definitions import dates
from framework.definitions.money import Money, vat_on

_BY_REFERENCE = 3
"""Every third call-off of the export is named by its reference, the others by their purchase order."""


def supplier_number(partner: SamplePartner) -> str:
    """A partner's number in the accounts payable system."""
    return f"2{PARTNERS.index(partner) + 1:05}"


def row_of(session: Session, bill: Bill) -> PaidRow:
    """The payment of a bill, as the finance system tells it."""
    telling = bill.telling
    call_off = telling.call_off(session)
    partner, _ = telling.partner(session, call_off)
    net = bill.net(session)
    named = telling.number % _BY_REFERENCE == 0 or telling.story.council == 1
    return PaidRow(
        transaction=f"B{bill.reference[4:].replace('-', '')}",
        supplier=partner.name.upper() if telling.number % 2 else partner.name,
        words=f"{telling.story.title}, {bill.day:%B %Y}",
        paid_on=bill.paid_on,
        net=net,
        vat=vat_on(net, call_off.vat_rate_bp),
        invoice=bill.reference,
        invoice_on=bill.day,
        order="" if named else call_off.purchase_order,
        reference=call_off.reference if named else "",
        supplier_number=supplier_number(partner),
        cost_centre=call_off.cost_centre,
        directorate="Digital and change",
        account="4810 Digital services",
    )


def of_bills(session: Session, bills: Sequence[Bill]) -> list[PaidRow]:
    return [row_of(session, one) for one in bills]


def loose(council: int, first: date, last: date) -> list[PaidRow]:
    """Payments to partners from `first` to `last`, both included, that name neither an order nor a call-off."""
    turn = first.month % 3
    found = []
    for number, (day, supplier, partner, words, pounds) in enumerate(_LOOSE[council]):
        paid_on = _nth(first, day + turn)
        if paid_on <= last:
            found.append(
                PaidRow(
                    transaction=f"L{first:%y%m%d}{number:02}",
                    supplier=supplier,
                    words=words[turn],
                    paid_on=paid_on,
                    net=Money.pounds(pounds[turn]),
                    invoice=f"{supplier[:2].upper()}-{first:%m%d}{number:02}",
                    supplier_number=supplier_number(partner),
                    directorate="Digital and change",
                    account="4810 Digital services",
                )
            )
    return found


def _nth(first: date, day: int) -> date:
    found = first + timedelta(days=day - 1)
    return found if dates.is_working_day(found) else dates.next_working_day(found)


# Day counted from the file's first, as the supplier is called, the partner, what for and net pounds (each third month).
_LOOSE: tuple[tuple[tuple[int, str, SamplePartner, tuple[str, ...], tuple[int, ...]], ...], ...] = (
    (
        (
            5,
            "Larkspur Places Limited",
            LARKSPUR,
            ("Spare gateway units, delivered", "Batteries for sensors", "Mounting of two gateways"),
            (486, 212, 934),
        ),
        (
            6,
            "TALLOW AND FINCH SOFTWARE LTD",
            TALLOW,
            ("Out of hours release support", "Licence for test tools", "Training, one day, six people"),
            (1_640, 380, 1_150),
        ),
        (
            24,
            "Fieldfare Design C.I.C.",
            FIELDFARE,
            ("Stand at the jobs fair, sponsored",) * 3,
            (350, 350, 350),
        ),
    ),
    (
        (
            4,
            "O’Hara and Quill Consulting LLP",
            OHARA,
            (
                "Review of the finance restructure",
                "Leadership day, facilitated",
                "Review of fees and charges",
            ),
            (9_800, 2_400, 12_650),
        ),
        (
            9,
            "BLUESTONE DELIVERY LIMITED",
            BLUESTONE,
            (
                "Interim project manager, two weeks",
                "Interim project manager, one week",
                "Handover, three days",
            ),
            (6_250, 3_125, 1_875),
        ),
        (
            16,
            "Copperbeech C R M Ltd",
            COPPERBEECH,
            ("Admin training, half a day", "Admin training, a day", "Report templates"),
            (540, 1_080, 760),
        ),
    ),
)


class Named:
    """A payment whose text mentions a call-off."""

    def __init__(self, telling: Telling, paid_on: date) -> None:
        self.telling, self.paid_on = telling, paid_on

    def __call__(self, session: Session) -> PaidRow | None:
        if not self.telling.reference:
            return None
        return PaidRow(
            transaction=f"N{self.paid_on:%y%m%d}",
            supplier="Hedgerow Web",
            words=f"Hosting move, see {self.telling.reference}",
            paid_on=self.paid_on,
            net=Money.pounds(1_280),
            invoice=f"HW-{self.paid_on:%m%d}",
            supplier_number=supplier_number(HEDGEROW),
        )


class Travel:
    """Expenses billed apart, by the call-off's purchase order."""

    def __init__(self, telling: Telling, paid_on: date) -> None:
        self.telling, self.paid_on = telling, paid_on

    def __call__(self, session: Session) -> PaidRow | None:
        call_off = self.telling.call_off(session)
        partner, _ = self.telling.partner(session, call_off)
        return PaidRow(
            transaction=f"V{self.paid_on:%y%m%d}{self.telling.number}",
            supplier=partner.name,
            words="Travel and one night, as agreed",
            paid_on=self.paid_on,
            net=Money(31_840 + self.telling.number * 325),
            invoice=f"EXP-{self.telling.number:03}",
            invoice_on=self.paid_on - timedelta(days=3),
            order=call_off.purchase_order,
            supplier_number=supplier_number(partner),
            cost_centre=call_off.cost_centre,
            directorate="Digital and change",
            account="4815 Travel of suppliers",
        )


class Past:
    """A bill for more than is left of a call-off’s value."""

    invoice = "INV-EXTRA-1"
    over = Money.pounds(640)

    def __init__(self, telling: Telling, paid_on: date) -> None:
        self.telling, self.paid_on = telling, paid_on

    def __call__(self, session: Session) -> PaidRow | None:
        call_off = self.telling.call_off(session)
        partner, _ = self.telling.partner(session, call_off)
        left = Money(call_off.committed_pence - call_off.invoiced_pence)
        return PaidRow(
            transaction=f"X{self.paid_on:%y%m%d}",
            supplier=partner.name,
            words="Rest of the price, and two more fixes",
            paid_on=self.paid_on,
            net=left + self.over,
            invoice=self.invoice,
            invoice_on=self.paid_on - timedelta(days=3),
            order=call_off.purchase_order,
            supplier_number=supplier_number(partner),
            cost_centre=call_off.cost_centre,
            directorate="Digital and change",
            account="4810 Digital services",
        )


class Early:
    """A bill for work before both sides had signed."""

    invoice = "INV-EARLY-1"

    def __init__(self, telling: Telling, paid_on: date) -> None:
        self.telling, self.paid_on = telling, paid_on

    def __call__(self, session: Session) -> PaidRow | None:
        if not self.telling.reference:
            return None
        call_off = self.telling.call_off(session)
        partner, _ = self.telling.partner(session, call_off)
        return PaidRow(
            transaction=f"E{self.paid_on:%y%m%d}",
            supplier=partner.name,
            words="Two days of discovery before the start",
            paid_on=self.paid_on,
            net=Money.pounds(1_290),
            invoice=self.invoice,
            invoice_on=self.paid_on - timedelta(days=6),
            reference=call_off.reference,
            directorate="Digital and change",
        )


class Twice:
    """A line with the purchase order of one call-off and the reference of another: a person has to look."""

    def __init__(self, order: Telling, reference: Telling, paid_on: date) -> None:
        self.order, self.reference, self.paid_on = order, reference, paid_on

    def __call__(self, session: Session) -> PaidRow | None:
        call_off = self.order.call_off(session)
        return PaidRow(
            transaction=f"T{self.paid_on:%y%m%d}",
            supplier=MERIDIAN.name,
            words="Workshops, two days",
            paid_on=self.paid_on,
            net=Money.pounds(2_360),
            invoice=f"MP-{self.paid_on:%m%d}",
            order=call_off.purchase_order,
            reference=self.reference.reference,
            supplier_number=supplier_number(MERIDIAN),
        )
