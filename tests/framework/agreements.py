"""What tests of agreements begin with: the facts of a lawful agreement, and one that lacks nothing this floor asks for."""

from datetime import date
from typing import Any

from sqlmodel import Session

from framework.agreement import FrameworkAgreement
from framework.attaching import attach_document
from framework.definitions.money import Basis, Money
from framework.opening import AgreementFacts, add_authority, add_option, open_agreement
from tests.cast import Cast

A_PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
WORDS = {
    "description": "Digital work for two councils",
    "price_mechanism": "Day rates up to each partner's rate card",
    "selection_process": "The lot's only partner, or the ranked order",
}


def terms(**other: Any) -> AgreementFacts:
    """Facts that nothing has against, changed as asked."""
    lawful: dict[str, Any] = {
        "title": "Digital Partners 3",
        "reference": "DP23",
        "commenced_on": date(2022, 6, 1),
        "starts_on": date(2022, 11, 1),
        "ends_on": date(2024, 10, 31),
        "ceiling": Money.pounds(1_000_000),
        "basis": Basis.NET,
    }
    return AgreementFacts(**{**lawful, **other})


def a_draft(session: Session, cast: Cast, **other: Any) -> FrameworkAgreement:
    """A draft opened by Olu of Northbank."""
    olu = cast.visitor(session, "Olu")
    return open_agreement(session, actor=olu, lead_authority_id=cast.party["Northbank"], facts=terms(**other))


def a_whole_draft(session: Session, cast: Cast, **other: Any) -> FrameworkAgreement:
    """A draft with both councils, an option of 12 months with 6 months' notice, its statements and its document."""
    olu = cast.visitor(session, "Olu")
    agreement = a_draft(session, cast, **{**WORDS, **other})
    add_authority(session, actor=olu, agreement=agreement, authority_id=cast.party["Southmere"])
    add_option(session, actor=olu, agreement=agreement, months=12, notice_months=6)
    attach_document(session, actor=olu, agreement=agreement, file_name="dp23.pdf", content=A_PDF)
    return agreement
