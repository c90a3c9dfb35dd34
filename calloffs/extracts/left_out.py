"""What rows left out of a file come to, so that rows kept and rows left out together are the file's own total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from calloffs.extracts.extract import Content, Heading
from calloffs.extracts.fields import AMOUNT
from calloffs.extracts.spend_import import SpendImport
from calloffs.extracts.written import Mended
from framework.definitions.money import Money
from framework.records.sheet import Finding

BASES = {"net": "Net of VAT", "vat": "VAT", "gross": "Including VAT"}
_FROM = {"net": ("gross", "vat"), "vat": (), "gross": ("net", "vat")}
"""What an amount follows from where the file has no column of it."""
LeftRows = Sequence[tuple[Content, Sequence[Finding]]]
Left = tuple[int | None, int]
"""Signed pence as far as they can be read, None where the file has no such amount; and how many amounts cannot be read."""


def left_out(rows: LeftRows, headings: Sequence[Heading], sums: Mapping[str, int | None]) -> dict[str, Left]:
    """What rows that are not kept come to, by basis. `sums` are those of the rows kept."""
    column = {name: one.text for name in BASES for one in headings if one.field == f"{name}_pence"}
    if bare := next((one.text for one in headings if one.field == AMOUNT), None):
        gross = sums["gross"] is not None or any(said["gross_pence"] is not None for said, _ in rows)
        column.setdefault("gross" if gross else "net", bare)
    return {name: _one(name, rows, column, sums[name]) for name in BASES}


def _one(name: str, rows: LeftRows, column: Mapping[str, str], kept: int | None) -> Left:
    parts = [name] if name in column else [one for one in _FROM[name] if one in column]
    if name not in column and (len(parts) < 2 or not _FROM[name]):
        return (None if kept is None else 0), 0
    found, unread = 0, 0
    for said, findings in rows:
        wrong = {one.column for one in findings}
        if any(said[f"{one}_pence"] is None and column[one] in wrong for one in parts):
            unread += 1
        elif (pence := _pence(name, said)) is not None:
            found += pence
    return found, unread


def _pence(name: str, said: Content) -> int | None:
    own = said[f"{name}_pence"]
    if isinstance(own, int) or name == "vat":
        return own if isinstance(own, int) else None
    other, vat = (said[f"{one}_pence"] for one in _FROM[name])
    if not isinstance(other, int) or not isinstance(vat, int):
        return None
    return other - vat if name == "net" else other + vat


@dataclass(frozen=True, slots=True)
class Tied:
    """One amount of a file: of the rows kept, of those left out as far as it can be read, and both together."""

    basis: str
    kept: Money | None
    left: Money | None
    unreadable: int
    together: Money


def tied(imported: SpendImport) -> list[Tied]:
    """What rows kept and rows left out of an import come to, for each amount that its file has; empty where none was left out."""
    found = Mended.read(imported.mended).left
    if not imported.rows_rejected and not imported.rows_left_out:
        return []
    kept = {"net": imported.net_pence, "vat": imported.vat_pence, "gross": imported.gross_pence}
    return [
        Tied(
            basis,
            None if kept[name] is None else Money(kept[name] or 0),
            Money(found[name][0] or 0),
            found[name][1],
            Money((kept[name] or 0) + (found[name][0] or 0)),
        )
        for name, basis in BASES.items()
        if name in found and found[name][0] is not None
    ]
