"""Holding: take an agreement's row until the transaction ends, and know it as it is now."""

from sqlmodel import Session, select

from framework.agreement import FrameworkAgreement
from framework.definitions.rules import NotFound
from framework.records.audit import Subject


def hold(session: Session, agreement_id: int) -> FrameworkAgreement:
    """The agreement, read afresh and held until the transaction ends, so that two people act one after the other.

    For actions on the agreement itself; money is held by the ledger. Raises `NotFound`.
    """
    agreement = session.exec(
        select(FrameworkAgreement)
        .where(FrameworkAgreement.id == agreement_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if agreement is None:
        raise NotFound
    return agreement


def about(agreement: FrameworkAgreement) -> Subject:
    """The agreement as the subject of an audit record: the lead authority's alone until its members may see it."""
    party_id = None if agreement.is_public else agreement.lead_authority_id
    return Subject("agreement", agreement.id, f"{agreement.title} ({agreement.reference})", party_id)
