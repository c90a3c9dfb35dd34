"""Recording that the finance director approved a half-year's figures: they are frozen as they stand, and later changes are shown."""

from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from calloffs.clocks.compliance import figures
from calloffs.clocks.compliance_report import COUNTED, ComplianceFigures, ComplianceReport
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.payments import half_year_of
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

_LONGEST_NAME = 120


def approve(
    session: Session,
    *,
    actor: Visitor,
    authority: Party,
    ends_on: date,
    director: str,
    approved_on: date,
    shown: str,
) -> ComplianceReport:
    """Keep the figures of the half-year that ended on a day, with the name of the finance director who approved them.

    `shown` is `mark` of the figures that were on the page. Raises `Refused` with every reason, `ChangedMeanwhile` when the figures
    moved since, `NotFound` for somebody who may not close periods there.
    """
    permitted(actor, Permission.PERIOD_CLOSE, authority.id)
    half = half_year_of(ends_on)
    found = []
    if ends_on != half.last or ends_on >= dates.today():
        found.append(Refusal("The figures can be approved once the half-year is over"))
    if not director.strip():
        found.append(Refusal("Enter the name of the finance director", "director", "RULE-46"))
    elif len(director) > _LONGEST_NAME:
        found.append(Refusal(f"Use {_LONGEST_NAME} characters or fewer for the name", "director"))
    if approved_on > dates.today():
        found.append(Refusal("The day of approval must not be after today", "approved_on"))
    elif approved_on <= half.last:
        found.append(Refusal("The day of approval must be after the half-year’s last day", "approved_on"))
    if found:
        raise Refused(*found)
    now = figures(session, authority.id, half)
    if mark(now) != shown:
        raise ChangedMeanwhile(
            Refusal("The figures have changed since they were shown to you. Look at them again, then approve")
        )
    row = ComplianceReport(
        **{name: getattr(now, name) for name in COUNTED},
        authority_id=authority.id,
        ends_on=ends_on,
        version=len(approvals(session, authority.id, ends_on)) + 1,
        finance_director=director.strip(),
        approved_on=approved_on,
        recorded_at=dates.now(),
        recorded_by_id=actor.person_id,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise ChangedMeanwhile from None
    audit.record(
        session,
        actor=actor,
        action="compliance_approved",
        subject=audit.Subject(
            "compliance_report", row.id, f"payments compliance to {ends_on.isoformat()}", authority.id
        ),
        facts={
            "version": row.version,
            "payments": now.payments,
            "sum": Money(now.payments_pence),
            "not_in_time": now.not_in_time,
            "fell_due": now.fell_due,
            "approved_on": approved_on,
        },
        words={"director": row.finance_director},
    )
    return row


def approvals(session: Session, authority_id: int, ends_on: date) -> list[ComplianceReport]:
    """Every approval of a half-year, the newest first."""
    return list(
        session.exec(
            select(ComplianceReport)
            .where(ComplianceReport.authority_id == authority_id, ComplianceReport.ends_on == ends_on)
            .order_by(col(ComplianceReport.version).desc())
        )
    )


def mark(found: ComplianceFigures) -> str:
    """All figures on one line, so that nobody approves others than they read."""
    return " ".join(str(getattr(found, name)) for name in COUNTED)
