"""Identity of lines (RULE-90): what makes a row of a file the same line as one that was loaded before, in whatever order they come.

A line is its transaction number and line number within a source; where there is no line number, one of several with the same number.
The amount is content and never identity. Among rows with the same key those that say the same are paired first, so that another
order changes nothing; what is left over is a change of what is left over; the rest is new.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from calloffs.extracts.fields import ACCOUNTING_DAYS, DAYS
from calloffs.extracts.spend_import import Verdict
from calloffs.extracts.spend_line import CONTENT

Told = tuple[str | int | None, ...]
"""Everything that a row says, in the order of CONTENT, days as ISO text."""
_INSTEAD = (
    *("supplier_number", "supplier_name", "invoice_number", "purchase_order", "call_off_reference"),
    *("invoice_on", "received_on", "paid_on", "narrative"),
)
"""What stands in for a transaction number where a row has none."""
_MOST_COMPARED = 40
"""Leftovers of one key on either side that are compared one by one; beyond it they are paired in order of what they say."""


@dataclass(frozen=True, slots=True)
class Known:
    """A line that was loaded before."""

    line_id: int
    occurrence: int
    told: Told


@dataclass(frozen=True, slots=True)
class Judged:
    """What a row is: new, changed or known, its number among the rows with the same key, and the line it means."""

    verdict: Verdict
    occurrence: int
    line_id: int | None = None


def key_of(content: Mapping[str, Any]) -> str:
    """What identifies a row within its source, as 32 characters. Days may be days or ISO text."""
    transaction = content["transaction_number"]
    if transaction:
        said = ["t", transaction, content["line_number"]]
    else:
        said = ["r", *(_text(content[name]) for name in _INSTEAD)]
    return blake2b("\x1f".join(said).encode(), digest_size=16).hexdigest()


def alike_of(content: Mapping[str, Any]) -> int:
    """The same number for rows of one supplier, accounting day and amount: they may tell one payment twice."""
    supplier = " ".join(content["supplier_name"].casefold().split()) or content["supplier_number"]
    net, gross = content["net_pence"], content["gross_pence"]
    amount = f"n{net}" if net is not None else f"g{gross}"
    said = f"{supplier}\x1f{accounting_day(content)}\x1f{amount}"
    return int.from_bytes(blake2b(said.encode(), digest_size=8).digest()) >> 1


def accounting_day(content: Mapping[str, Any]) -> str | None:
    """The day that counts for periods, as ISO text: paid, else invoiced, else received; None where the row says none of them."""
    return next((_text(content[name]) for name in ACCOUNTING_DAYS if content[name]), None)


def told(content: Mapping[str, Any]) -> Told:
    """A row's content as it is compared."""
    return tuple(
        _text(content[name]) if name in DAYS and content[name] else content[name] for name in CONTENT
    )


def judge(rows: Sequence[tuple[int, Told]], known: Sequence[Known]) -> dict[int, Judged]:
    """What each row (number and content) of one key is, given the lines of that key that were loaded before."""
    found: dict[int, Judged] = {}
    standing: dict[Told, list[Known]] = {}
    for line in sorted(known, key=lambda one: one.occurrence):
        standing.setdefault(line.told, []).append(line)
    left: list[tuple[int, Told]] = []
    for number, said in rows:
        same = standing.get(said)
        if same:
            line = same.pop(0)
            found[number] = Judged(Verdict.KNOWN, line.occurrence, line.line_id)
        else:
            left.append((number, said))
    lines = [line for same in standing.values() for line in same]
    for number, line in _nearest(left, lines):
        found[number] = Judged(Verdict.CHANGED, line.occurrence, line.line_id)
    last = max((line.occurrence for line in known), default=0)
    new = sorted((one for one in left if one[0] not in found), key=lambda one: (_sortable(one[1]), one[0]))
    for occurrence, (number, _) in enumerate(new, start=last + 1):
        found[number] = Judged(Verdict.NEW, occurrence)
    return found


def _nearest(rows: Sequence[tuple[int, Told]], lines: Sequence[Known]) -> Iterator[tuple[int, Known]]:
    """Leftover rows with the leftover lines that they say most alike; the order of the file decides nothing."""
    if not rows or not lines:
        return
    rows = sorted(rows, key=lambda one: (_sortable(one[1]), one[0]))
    if max(len(rows), len(lines)) > _MOST_COMPARED:
        in_order = sorted(lines, key=lambda one: (_sortable(one.told), one.occurrence))
        yield from ((number, line) for (number, _), line in zip(rows, in_order, strict=False))
        return
    distances = sorted(
        (sum(one != other for one, other in zip(said, line.told, strict=True)), at, line.occurrence)
        for at, (_, said) in enumerate(rows)
        for line in lines
    )
    by_occurrence = {line.occurrence: line for line in lines}
    taken: set[int] = set()
    for _, at, occurrence in distances:
        if at not in taken and occurrence in by_occurrence:
            taken.add(at)
            yield rows[at][0], by_occurrence.pop(occurrence)


def _sortable(said: Told) -> tuple[str, ...]:
    return tuple("" if one is None else str(one) for one in said)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value.isoformat())
