"""Which flags a line carries, from what it says and the call-off it is matched to (check 47)."""

import re
from collections.abc import Iterator
from typing import Any

from calloffs.matching import folding, naming
from calloffs.matching.flags import Flag, of
from calloffs.matching.rules import Candidate
from framework.definitions.money import Basis

_WORDS = re.compile(r"[A-Z0-9]+(?:[-/][A-Z0-9]+)*")


def at_arrival(line: Any) -> Iterator[Flag]:
    """Of a line of a known supplier that is not matched yet."""
    if not line.purchase_order.strip() and not line.call_off_reference.strip():
        yield Flag.NO_PURCHASE_ORDER
    if line.net_pence is None:
        yield Flag.NEEDS_VAT


def when_matched(line: Any, call_off: Candidate, supplier_id: int | None) -> Iterator[Flag]:
    """Of a matched line, read anew each time, so that what is no longer true is no longer said.

    `supplier_id` is the party that the line's own numbers mean. What rests on postings (over value, paid twice) and on later files
    is added by whoever posts.
    """
    day = line.invoice_on or line.received_on or line.accounting_on
    if call_off.closed_on is not None:
        yield Flag.CLOSED
    if _paid_to_another(line, call_off, supplier_id):
        yield Flag.NOT_PARTNER
    if _names_another_lot(line, call_off):
        yield Flag.WRONG_LOT
    if call_off.signed_on is None or day < call_off.signed_on:
        yield Flag.BEFORE_SIGNATURE
    if call_off.starts_on and day < call_off.starts_on:
        yield Flag.OUTSIDE_TERM
    if call_off.last_day and day > call_off.last_day:
        yield Flag.AFTER_END
    if not call_off.order.strip():
        yield Flag.NO_PURCHASE_ORDER
    if line.net_pence is None or (call_off.basis is Basis.GROSS and line.gross_pence is None):
        yield Flag.NEEDS_VAT


def _paid_to_another(line: Any, call_off: Candidate, supplier_id: int | None) -> bool:
    """Whether the numbers or the name mean another party, or the name is wholly unlike the partner's.

    Matching such a line by hand teaches its supplier number; that does not take the flag from the line which taught it.
    """
    if supplier_id is not None and supplier_id != call_off.supplier_id:
        return True
    asked = supplier_id is None or Flag.NOT_PARTNER in of(line.flags)
    return asked and naming.unlike(line.supplier_name, call_off.partner)


def _names_another_lot(line: Any, call_off: Candidate) -> bool:
    """Whether the line names a lot of the same agreement, or a call-off under it, other than the matched call-off's."""
    own = folding.reference(call_off.lot)
    head, _, _ = own.rpartition("-")
    if not head:
        return False
    text = f"{line.call_off_reference} {line.narrative}".upper()
    for word in _WORDS.findall(text):
        parts = folding.reference(word).split("-")[: head.count("-") + 2]
        named = "-".join(parts)
        if named.startswith(f"{head}-") and named != own and parts[-1].isdigit() and len(parts[-1]) < 4:
            return True
    return False
