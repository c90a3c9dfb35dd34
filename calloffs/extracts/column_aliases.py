"""What councils call their columns: one open list for every finance system, folded (`headings.fold`)."""

import json
from pathlib import Path
from typing import NamedTuple

LEFT_OUT = ""


class Alias(NamedTuple):
    """Headings that mean one field. Where two columns mean the same field, the lower rank is the nearer one and wins."""

    field: str
    headings: tuple[str, ...]
    rank: int = 1


def _read() -> tuple[Alias, ...]:
    rows = json.loads(Path(__file__).with_name("column_aliases.json").read_text(encoding="utf-8"))
    return tuple(Alias(row["field"], tuple(row["headings"]), row["rank"]) for row in rows)


# A new dialect is a heading more in a row of the file, folded: small letters, one space between words, no marks. No heading stands
# twice. What a person says of a source is remembered with the source and needs nothing here.
COLUMN_ALIASES: tuple[Alias, ...] = _read()
