"""A draft agreement and a past one beside the cast's live one."""

from datetime import date
from typing import Any

from sqlmodel import Session

from framework.agreement import ExtensionOption, FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.regime import Regime
from tests.cast import Cast


def a_draft(session: Session, cast: Cast, **facts: Any) -> FrameworkAgreement:
    """NEW: £1,000,000 net, 1 December 2022 to 30 November 2026, one option of 12 months. Its lead is Northbank."""
    said = {
        "reference": "NEW",
        "title": "New partners",
        "lead_authority_id": cast.party["Northbank"],
        "regime": Regime.PCR2015,
        "starts_on": date(2022, 12, 1),
        "ends_on": date(2026, 11, 30),
        "original_ends_on": date(2026, 11, 30),
        "ceiling_pence": Money.pounds(1_000_000).pence,
        "basis": Basis.NET,
        "created_at": dates.now(),
        **facts,
    }
    agreement = FrameworkAgreement(**said)
    session.add(agreement)
    session.flush()
    session.add(ExtensionOption(agreement_id=agreement.id, number=1, months=12, notice_months=6))
    session.add(
        MemberAuthority(
            agreement_id=agreement.id, authority_id=cast.party["Northbank"], joins_on=date(2022, 12, 1)
        )
    )
    session.flush()
    return agreement


def a_past_agreement(session: Session, cast: Cast) -> FrameworkAgreement:
    """PAST: start and ceiling not published."""
    return a_draft(
        session,
        cast,
        reference="PAST",
        title="Past partners",
        starts_on=None,
        ends_on=date(2019, 5, 31),
        original_ends_on=date(2019, 5, 31),
        ceiling_pence=None,
        recorded_as_past=True,
    )
