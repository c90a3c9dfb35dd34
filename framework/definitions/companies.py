"""Companies: their registered numbers, and which of them the law counts as small or medium."""

from __future__ import annotations

import re

from framework.definitions.money import Money
from framework.definitions.thresholds import Trigger, amount

SME_STAFF_UNDER = 250  # Procurement Act 2023 s.123(1)


class CompanyNumberError(ValueError):
    """What was typed is not a company number; the message says how to mend it."""


def sme(staff: int | None, turnover: Money | None, balance_sheet: Money | None) -> bool | None:
    """Whether a supplier is a small or medium-sized enterprise (RULE-54); None where its figures do not say.

    Fewer than 250 staff, and turnover of £44m or less or a balance sheet of £38m or less. 250 staff or more, or both figures over,
    is no whatever else is not known (None).
    """
    small_turnover = None if turnover is None else turnover <= amount(Trigger.SME_TURNOVER)
    small_balance = None if balance_sheet is None else balance_sheet <= amount(Trigger.SME_BALANCE_SHEET)
    if (staff is not None and staff >= SME_STAFF_UNDER) or (
        small_turnover is False and small_balance is False
    ):
        return False
    return True if staff is not None and (small_turnover or small_balance) else None


def company_number(text: str) -> str:
    """A registered company number as Companies House writes it: 8 characters, zeros and letters kept.

    "557725" is "00557725", "sc 268016" is "SC268016". Raises `CompanyNumberError` with a sentence.
    """
    written = re.sub(r"\s+", "", text or "").upper()
    if not written:
        raise CompanyNumberError("Enter the company number, like 00557725")
    if re.fullmatch(r"[0-9]{1,8}", written):
        number = written.zfill(8)
    elif parts := re.fullmatch(r"([A-Z]{2})([0-9]{1,6})", written):
        number = parts[1] + parts[2].zfill(6)
    elif re.fullmatch(r"[A-Z]{2}[0-9]{5}[A-Z]|R[0-9]{7}", written):
        number = written  # registered societies, and companies of Northern Ireland before 1924
    else:
        raise CompanyNumberError(
            "Enter a company number of 8 numbers, or 2 letters and 6 numbers, like SC268016"
        )
    if not re.search(r"[1-9]", number):
        raise CompanyNumberError("Enter a real company number, like 00557725")
    return number


def vat_number(text: str) -> str | None:
    """A VAT registration number with its country, spaces gone: GB or XI (Northern Ireland) and 9 or 12 numbers; None for blank.

    Government departments have GBGD and health authorities GBHA with 3 numbers. Nine or twelve numbers alone count as GB. Only the
    form is checked, not the sum. Raises `CompanyNumberError` with a sentence.
    """
    written = re.sub(r"[\s-]+", "", text or "").upper()
    if not written:
        return None
    if re.fullmatch(r"[0-9]{9}(?:[0-9]{3})?|GD[0-4][0-9]{2}|HA[5-9][0-9]{2}", written):
        written = f"GB{written}"
    if not re.fullmatch(r"(?:GB|XI)[0-9]{9}(?:[0-9]{3})?|GB(?:GD[0-4]|HA[5-9])[0-9]{2}", written):
        raise CompanyNumberError(
            "Enter a VAT number of GB and 9 or 12 numbers, like GB123456789, or leave it blank"
        )
    return written


def procurement_number(text: str, *, duns_too: bool = False) -> str | None:
    """A PPON like "ABCD-1234-EFGH" (RULE-86), or with `duns_too` a DUNS of nine digits; None for blank.

    Raises `CompanyNumberError` with a sentence.
    """
    written = re.sub(r"\s+", "", text or "").upper()
    if not written:
        return None
    if re.fullmatch(r"[A-Z]{4}-[0-9]{4}-[A-Z]{4}", written):
        return written
    if duns_too and re.fullmatch(r"[0-9]{9}", written.replace("-", "")):
        return written.replace("-", "")
    either = ", or a DUNS number of 9 numbers" if duns_too else ""
    raise CompanyNumberError(f"Enter a PPON like ABCD-1234-EFGH{either}, or leave it blank")
