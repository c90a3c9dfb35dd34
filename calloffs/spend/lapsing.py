"""Approvals that have run out give their reservations back before anybody is shown a figure."""

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.spend import ledger
from framework.records.database import writing


def bring_up_to_date(session: Session) -> None:
    """Free what has run out, in a short transaction of its own. Costs one indexed look when nothing has.

    So a page shows what is left today even where no job has run for a week.
    """
    if not ledger.run_out(session):
        return
    session.rollback()
    with writing() as own:
        # One lock at a time, in one order: the same order in which every other action takes them.
        found = select(CallOff.agreement_id).where(col(CallOff.id).in_(ledger.run_out(own))).distinct()
        for agreement_id in sorted(own.exec(found)):
            ledger.hold(own, agreement_id)
