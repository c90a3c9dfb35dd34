"""Folding: numbers as different systems write them, made alike before they are compared."""

import re

_NOT_A_SIGN = re.compile(r"[\s\-_/.#]+")
_NUMBER_WORD = re.compile(r"^(?:PONUMBER|PONO|PO|ORDER|NO)?0*(?=[0-9])")
_COMPANY = 8
_FORMS = re.compile(
    r"\b(?:LTD|LIMITED|PLC|LLP|LP|CIC|INC|CO|COMPANY|UK|GROUP|HOLDINGS|THE|AND)\b|[^A-Z0-9 ]+"
)


def order_number(text: str) -> str:
    """A purchase order number without spaces, dashes, its own word and leading noughts: "PO-001001" and "po 1001" are one."""
    folded = _NOT_A_SIGN.sub("", text).upper()
    return _NUMBER_WORD.sub("", folded)


def number(text: str) -> str:
    """A supplier's number without spaces, in capitals; its noughts are kept, because systems tell them apart."""
    return "".join(text.split()).upper()


def company_number(text: str) -> str:
    """A registered number as Companies House writes it, in eight signs; blank for what cannot be one."""
    folded = "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())
    if folded.isdigit():
        folded = folded.zfill(_COMPANY)
    return folded if len(folded) == _COMPANY and folded.strip("0") else ""


def invoice_number(text: str) -> str:
    """An invoice number as it is compared: spaces folded, in capitals."""
    return " ".join(text.split()).upper()


def reference(text: str) -> str:
    """A call-off's reference: capitals, without spaces, one dash between its parts."""
    return re.sub(r"[\s/_-]+", "-", text.strip()).upper()


def company_name(text: str) -> str:
    """A company's name without its legal form, signs and capitals."""
    return " ".join(_FORMS.sub(" ", text.upper()).split())
