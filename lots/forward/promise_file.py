"""Promises as a file: one row for each, with stable column names."""

import csv
import io

from lots.forward.finding_promises import Held

# What a spreadsheet may take for the beginning of a formula; the wide ones are what some keyboards write.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_HEADS = (
    "lot", "lot_title", "partner", "council", "promise", "kind", "unit", "skill", "staff", "promised", "delivered",
    "confirmed", "due_on", "status", "version",
)  # fmt: skip


def promise_rows(held: list[Held]) -> str:
    """The promises as CSV; a cell that begins like a formula gets an apostrophe before it."""
    made = io.StringIO()
    made.write("\ufeff")
    writer = csv.writer(made)
    writer.writerow(_HEADS)
    for one in held:
        agreed = one.promise.agreed_number is not None
        writer.writerow(
            _safe(str(cell))
            for cell in (
                one.lot.reference,
                one.lot.title,
                one.supplier.name,
                one.authority.name,
                one.promise.id,
                one.version.kind.label,
                one.version.unit,
                one.version.skill,
                "" if one.version.staff is None else one.version.staff,
                one.version.amount,
                one.delivered,
                one.promise.confirmed,
                one.version.due_on.isoformat(),
                one.status.label,
                one.version.number if agreed else "",
            )
        )
    return made.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_DANGEROUS) else text
