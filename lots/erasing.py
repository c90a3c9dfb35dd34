"""Erasing the people of skillsets that are no longer put forward (RULE-81)."""

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select, update

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.people.party import Party
from framework.records.audit import Subject
from framework.records.erasing import UNSUCCESSFUL_MONTHS, Erased, erase_words
from lots.appointment import Appointment
from lots.lot import Lot
from lots.skillset import Skillset, SkillsetPerson
from lots.workforce import Clearance

WORDS = ("name", "names", "people", "person")
"""Words of audit records about a skillset that hold people's names."""


def erase_skillsets(session: Session, most: int) -> Iterable[Erased]:
    """People of versions that were replaced, sent back or left lying a year ago, or whose place or agreement ended then.

    Names and clearances go; role, level, rate, skills and days stay, which tell nobody who it was.
    """
    today = dates.today()
    last_day = dates.add_months(today, -UNSUCCESSFUL_MONTHS)
    # Whatever happened up to the end of that London day.
    before = dates.start_of(last_day + timedelta(days=1))
    still_named = (
        select(SkillsetPerson.id)
        .where(SkillsetPerson.skillset_id == Skillset.id, col(SkillsetPerson.erased_at).is_(None))
        .exists()
    )
    rows = session.exec(
        select(Skillset, Lot.reference, Party)
        .join(Appointment, col(Appointment.id) == col(Skillset.appointment_id))
        .join(Party, col(Party.id) == col(Appointment.supplier_id))
        .join(Lot, col(Lot.id) == col(Appointment.lot_id))
        .join(FrameworkAgreement, col(FrameworkAgreement.id) == col(Lot.agreement_id))
        .where(
            still_named,
            or_(
                col(Skillset.superseded_at) < before,
                col(Skillset.returned_at) < before,
                sa.and_(col(Skillset.submitted_at).is_(None), col(Skillset.created_at) < before),
                col(Appointment.ended_on) <= last_day,
                col(FrameworkAgreement.closed_at) < before,
                col(FrameworkAgreement.cancelled_at) < before,
                col(FrameworkAgreement.ends_on) <= last_day,
            ),
        )
        .order_by(col(Skillset.id))
        .limit(most)
    ).all()
    for skillset, lot, supplier in rows:
        done = session.exec(
            update(SkillsetPerson)
            .where(col(SkillsetPerson.skillset_id) == skillset.id, col(SkillsetPerson.erased_at).is_(None))
            .values(name=None, clearance=Clearance.NONE, clearance_on=None, erased_at=dates.now())
        )
        erase_words(session, "skillset", [skillset.id], WORDS)
        yield Erased(
            Subject("skillset", skillset.id, f"version {skillset.version} on lot {lot}", supplier.id),
            done.rowcount,
            f"{UNSUCCESSFUL_MONTHS} months after it was last put forward",
        )
