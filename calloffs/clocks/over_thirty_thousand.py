"""Payments over £30,000 including VAT of a quarter (RULE-47), and the lines of which nobody can say whether they are."""

from typing import Any

import sqlalchemy as sa

from calloffs.clocks.paid import call_off, paid
from framework.agreement import FrameworkAgreement
from framework.definitions.payments import PUBLISHED_FROM
from framework.definitions.terms import Term
from framework.definitions.thresholds import Trigger, amount
from framework.records.columns import table_of

agreement = table_of(FrameworkAgreement)


def published(authority_ids: list[int], when: Term | None = None) -> sa.Select[Any]:
    """Payments of over £30,000, strictly and each by itself, under agreements whose procurement commenced on or after 1 April 2026."""
    return _of_new_agreements(
        authority_ids, when, lambda gross: gross > amount(Trigger.PUBLISHED_PAYMENT).pence
    )


def cannot_be_judged(authority_ids: list[int], when: Term | None = None) -> sa.Select[Any]:
    """Payments under the same agreements whose lines do not give the amount including VAT."""
    return _of_new_agreements(authority_ids, when, lambda gross: gross.is_(None))


def _of_new_agreements(authority_ids: list[int], when: Term | None, which: Any) -> sa.Select[Any]:
    rows = paid(authority_ids, when).subquery("paid")
    return (
        sa.select(rows, agreement.c.reference.label("agreement"), agreement.c.commenced_on)
        .join(call_off, call_off.c.id == rows.c.call_off_id)
        .join(agreement, agreement.c.id == call_off.c.agreement_id)
        .where(agreement.c.commenced_on >= PUBLISHED_FROM, which(rows.c.gross_pence))
    )
