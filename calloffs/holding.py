"""Holding a call-off still: the agreement's row first, then its own, then its case, always in that order."""

from sqlmodel import Session, select

from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff
from calloffs.spend import ledger
from framework.agreement import FrameworkAgreement
from framework.definitions.rules import NotFound


def hold_call_off(session: Session, call_off: CallOff) -> FrameworkAgreement:
    """Hold the agreement and then the call-off until the transaction ends, and read both afresh.

    Before any rule reads a figure or a status: whatever the visitor was shown may have changed since.
    """
    agreement = ledger.hold(session, call_off.agreement_id)
    hold_words(session, call_off)
    return agreement


def hold_words(session: Session, call_off: CallOff) -> None:
    """Hold the call-off's own row alone and read it afresh; enough where no money moves."""
    found = session.exec(
        select(CallOff)
        .where(CallOff.id == call_off.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound


def hold_case(session: Session, call_off: CallOff) -> BusinessCase | None:
    """Hold the linked case and read it afresh: call-offs under other agreements may use it too."""
    if call_off.case_id is None:
        return None
    return session.exec(
        select(BusinessCase)
        .where(BusinessCase.id == call_off.case_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
