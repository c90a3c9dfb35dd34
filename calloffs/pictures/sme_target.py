"""The share of an agreement's spend that is to go to small and medium-sized enterprises, set by its framework owner."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import WHOLE
from framework.definitions.quantities import percent_shown
from framework.definitions.rules import Refusal, Refused
from framework.holding import about
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit


class SmeTarget(SQLModel, table=True):
    """A target from the moment it was set until the next one; None where the agreement does without. Never edited."""

    __tablename__ = "sme_target"

    id: int = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="framework_agreement.id", index=True)
    target_bp: int | None = None
    """Basis points, of value and of number alike."""
    set_at: datetime
    set_by_id: int | None = Field(default=None, foreign_key="person.id")

    __table_args__ = (
        sa.CheckConstraint("target_bp IS NULL OR target_bp BETWEEN 1 AND 10000", name="target_a_share"),
    )


def target_of(session: Session, agreement_id: int) -> int | None:
    """The agreement's target now in basis points, or None."""
    found = session.exec(
        select(SmeTarget)
        .where(SmeTarget.agreement_id == agreement_id)
        .order_by(col(SmeTarget.id).desc())
        .limit(1)
    ).first()
    return None if found is None else found.target_bp


def set_target(session: Session, *, actor: Visitor, agreement: FrameworkAgreement, share: int | None) -> None:
    """Set the target in basis points, or with None do without; the same again changes nothing.

    For the lead authority's framework owner: raises `NotFound` for anybody else, and `Refused` for a share that is none.
    """
    permitted(actor, Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    if share is not None and not 0 < share <= WHOLE:
        raise Refused(Refusal("Enter a target above 0% and up to 100%", field="share"))
    before = target_of(session, agreement.id)
    if before == share:
        return
    session.add(
        SmeTarget(agreement_id=agreement.id, target_bp=share, set_at=dates.now(), set_by_id=actor.person_id)
    )
    audit.record(
        session,
        actor=actor,
        action="sme_target_set",
        subject=about(agreement),
        facts={"target": (percent_shown(before or 0), percent_shown(share or 0))},
    )
