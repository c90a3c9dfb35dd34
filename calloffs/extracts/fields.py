"""Fields: what a column of an extract can hold, in words for people."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    TEXT = "text"
    DAY = "day"
    PENCE = "pence"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a line says."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    longest: int = 0
    """Characters of a text."""
    cut: bool = False
    """Whether a text that is too long is cut and told (a description), or the row is to be mended (a number that must be whole)."""


AMOUNT = "amount"
"""The field of a bare "Amount": it becomes net or gross by the basis of the source (RULE-92)."""

_LABELS = {
    "transaction_number": "Transaction number",
    "line_number": "Line number within the transaction",
    "invoice_number": "Invoice number",
    "purchase_order": "Purchase order number",
    "call_off_reference": "Call-off or contract reference",
    "supplier_number": "Supplier number",
    "supplier_name": "Supplier name",
    "company_number": "Company number",
    "invoice_on": "Invoice date",
    "received_on": "Date the invoice was received",
    "due_on": "Date payment is due",
    "paid_on": "Date paid or posted",
    "net_pence": "Amount net of VAT",
    "vat_pence": "VAT",
    "gross_pence": "Amount including VAT",
    "irrecoverable_vat_pence": "VAT that cannot be recovered",
    "cost_centre": "Cost centre",
    "account_code": "Account code",
    "account_label": "Account description",
    "directorate": "Directorate",
    "service": "Service",
    "narrative": "Description or purpose",
    "category": "Merchant or procurement category",
    "spend_type": "Type of spend (revenue, capital)",
    "card": "Purchase card",
    "authority_named": "Authority the row belongs to",
    AMOUNT: "Amount, net or gross as the source says",
}
_LONGEST = {
    name: longest
    for longest, names in (
        (40, ("line_number", "company_number")),
        (60, ("spend_type", "card")),
        (
            80,
            (
                "transaction_number",
                "invoice_number",
                "purchase_order",
                "call_off_reference",
                "supplier_number",
            ),
        ),
        (120, ("cost_centre", "account_code")),
        (200, ("supplier_name", "account_label", "directorate", "service", "category", "authority_named")),
        (1000, ("narrative",)),
    )
    for name in names
}
"""Characters of each text, as `LineContent` has them: said again because the reader works apart from the database."""
_WHOLE = {"transaction_number", "line_number", "invoice_number", "purchase_order", "call_off_reference"}
_WHOLE |= {"supplier_number", "company_number"}


def _field(name: str, label: str) -> Field:
    if name.endswith("_on"):
        return Field(name, label, Kind.DAY)
    if name not in _LONGEST:
        return Field(name, label, Kind.PENCE)
    return Field(name, label, Kind.TEXT, _LONGEST[name], cut=name not in _WHOLE)


FIELDS: dict[str, Field] = {name: _field(name, label) for name, label in _LABELS.items()}
"""Every field by its name, in the order in which people choose: those of `LineContent`, and the bare amount."""
DAYS = tuple(name for name, one in FIELDS.items() if one.kind == Kind.DAY)
ACCOUNTING_DAYS = ("paid_on", "invoice_on", "received_on")
"""A row needs one of them: the first that it has is its accounting day."""
EMPTY: dict[str, str | int | None] = {
    name: "" if one.kind == Kind.TEXT else None for name, one in FIELDS.items() if name != AMOUNT
}
"""What a row says that says nothing."""
