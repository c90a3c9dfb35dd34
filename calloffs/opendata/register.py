"""The register of contracts under the transparency code (RULE-52), with exactly its fields, and what is left out of it.

The value judged is the maximum value net of VAT, options and expenses cap included, strictly over £5,000. A call-off is in force in a
quarter when it was signed by its last day and any day of its term lies in it. Nothing in a row names a private person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff, CallOffOption
from calloffs.clocks.asked_for import asked_authorities, authority_choices, quarter, quarter_choices
from calloffs.extracts.finding import counts, line
from calloffs.tables.asked_rows import asked_rows
from calloffs.tables.fact_table import Asking, Column, FactTable, Filter, Kind, Row, Total
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.companies import sme
from framework.definitions.money import Money
from framework.definitions.terms import Term
from framework.definitions.thresholds import Trigger, amount
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

_c, _option = table_of(CallOff), table_of(CallOffOption)
_agreement, _lot, _place = (table_of(one) for one in (FrameworkAgreement, Lot, Appointment))
_authority, _partner = table_of(Party).alias("authority"), table_of(Party).alias("partner")
_NET = "net of VAT"
_LONGEST_DESCRIPTION = 500
_EVER = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Call-offs of a quarter that are not on the register, by why."""

    small: int
    """In force, with a value of £5,000.00 or less."""
    unsigned: int
    """Awarded, and not signed by both sides by the quarter's last day."""


def left_out(session: Session, authority_id: int, when: Term) -> LeftOut:
    """What the register of a quarter leaves out."""
    connection = session.connection()
    counted = sa.select(sa.func.count()).select_from(_c).where(_c.c.authority_id == authority_id)
    small = counted.where(*_in_force(when), _c.c.value_net_pence <= amount(Trigger.CONTRACTS_REGISTER).pence)
    unsigned = counted.where(
        _c.c.awarded_at <= dates.end_of(when.last),
        sa.or_(_c.c.signed_at.is_(None), _c.c.signed_at > dates.end_of(when.last)),
        _c.c.award_withdrawn_at.is_(None),
        _c.c.cancelled_at.is_(None),
    )
    return LeftOut(*(int(connection.execute(one).scalar_one()) for one in (small, unsigned)))


def _in_force(when: Term) -> list[sa.ColumnElement[bool]]:
    return [
        _c.c.signed_at <= dates.end_of(when.last),
        _c.c.award_withdrawn_at.is_(None),
        _c.c.cancelled_at.is_(None),
        _c.c.starts_on <= when.last,
        sa.func.coalesce(_c.c.terminated_on, _c.c.ends_on) >= when.first,
        sa.or_(_c.c.closed_at.is_(None), _c.c.closed_at >= dates.start_of(when.first)),
    ]


def _wanted(asking: Asking) -> list[Any]:
    chosen = asking.filters.get("quarter")
    when = quarter(chosen) if chosen else Term(_EVER, dates.today())
    return [
        _c.c.authority_id.in_(asked_authorities(asking, Permission.SPEND_READ)),
        *_in_force(when),
        _c.c.value_net_pence > amount(Trigger.CONTRACTS_REGISTER).pence,
    ]


def _rows(asking: Asking) -> Iterator[Row]:
    irrecoverable = (
        sa.select(sa.func.sum(line.c.irrecoverable_vat_pence))
        .where(line.c.call_off_id == _c.c.id, counts())
        .correlate(_c)
        .scalar_subquery()
    )
    notice = (
        sa.select(_option.c.notice_days)
        .where(_option.c.call_off_id == _c.c.id, _option.c.used_at.is_(None))
        .order_by(_option.c.number)
        .limit(1)
        .correlate(_c)
        .scalar_subquery()
    )
    query = (
        sa.select(
            _c,
            _agreement.c.reference.label("agreement"),
            _lot.c.title.label("lot_title"),
            _lot.c.scope,
            _authority.c.name.label("authority"),
            _partner.c.name.label("partner"),
            *(_partner.c[one] for one in ("address", "company_number", "is_vcse", "vcse_number")),
            *(_partner.c[one] for one in ("staff", "turnover_pence", "balance_sheet_pence")),
            irrecoverable.label("irrecoverable"),
            notice.label("notice"),
        )
        .join(_agreement, _agreement.c.id == _c.c.agreement_id)
        .join(_lot, _lot.c.id == _c.c.lot_id)
        .join(_authority, _authority.c.id == _c.c.authority_id)
        .join(_place, _place.c.id == _c.c.appointment_id)
        .join(_partner, _partner.c.id == _place.c.supplier_id)
        .where(*_wanted(asking))
    )
    for one in asked_rows(asking, query, _c.c.id):
        yield Row(
            (
                one.reference,
                one.title,
                one.programme or one.authority,
                f"{one.lot_title}: {one.scope}".rstrip(": ")[:_LONGEST_DESCRIPTION],
                ", ".join(part for part in (one.partner, one.address) if part),
                Money(one.value_net_pence),
                None if one.irrecoverable is None else Money(int(one.irrecoverable)),
                one.starts_on,
                one.terminated_on or one.ends_on,
                None if one.notice is None else one.ends_on - timedelta(days=one.notice),
                f"Published invitation to tender (call-off under framework agreement {one.agreement})",
                _size(one),
            ),
            ("call_off.show", {"reference": one.reference}),
            one.id,
        )


def _size(one: Any) -> str:
    money = [
        None if pence is None else Money(pence) for pence in (one.turnover_pence, one.balance_sheet_pence)
    ]
    said = {True: "SME", False: "Not an SME", None: "SME: not known"}[sme(one.staff, *money)]
    parts = [said, "VCSE" if one.is_vcse else "not VCSE"]
    if one.is_vcse and one.vcse_number:
        parts.append(f"registered number {one.vcse_number}")
    if one.company_number:
        parts.append(f"company number {one.company_number}")
    return ", ".join(parts)


def _totals(asking: Asking) -> list[Total]:
    query = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_c.c.value_net_pence), 0))
    rows, pence = asking.session.connection().execute(query.where(*_wanted(asking))).one()
    return [Total(_NET, {"sum_over_term": Money(int(pence))}, int(rows))]


TABLE = FactTable(
    key="register",
    title="Register of contracts over £5,000",
    permission=Permission.SPEND_READ,
    columns=(
        Column("reference", "Reference number", Kind.CODE),
        Column("title", "Title of agreement"),
        Column("department", "Department responsible"),
        Column("description", "Description of the services"),
        Column("supplier", "Supplier name and details"),
        Column("sum_over_term", "Sum over the term", Kind.MONEY, _NET, summed=True),
        Column("irrecoverable_vat", "VAT that cannot be recovered", Kind.MONEY, "VAT"),
        Column("start_date", "Start date", Kind.DAY),
        Column("end_date", "End date", Kind.DAY),
        Column("review_date", "Review date", Kind.DAY),
        Column("invitation_or_tender", "Invitation to quote or published invitation to tender"),
        Column("sme_or_vcse", "SME or VCSE, and registration number"),
    ),
    rows=_rows,
    totals=_totals,
    how="Call-offs of the authority that were in force in the quarter (up to today where none is chosen): signed, with a day "
    "of their term in it, and a maximum value of more than £5,000.00 net of VAT, options and expenses cap included. Department is the "
    "call-off’s programme, or the authority where it has none. VAT that cannot be recovered is what matched lines of the finance system "
    "say; it is blank where none says so. The review date is the last day to give notice of the first unused option; it is blank where "
    "there is none. Description is the lot’s; nothing names a private person.",
    filters=(
        Filter("authority", "Authority", authority_choices(Permission.SPEND_READ)),
        Filter("quarter", "Quarter", quarter_choices, blank="All quarters"),
    ),
    exact=True,
)
