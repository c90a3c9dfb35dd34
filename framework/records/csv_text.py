"""Text as CSV that spreadsheets read rightly: marked as UTF-8, and no cell that they would take for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice

_ROWS = 500
# What a spreadsheet may take for the beginning of a formula; the wide ones are what some keyboards write.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before a cell that begins like one."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def csv_blocks(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Rows of text as CSV, in blocks of 500 rows; the first begins with a mark that tells spreadsheets it is UTF-8."""
    buffer, left = io.StringIO(), iter(rows)
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    while block := list(islice(left, _ROWS)):
        writer.writerows(block)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()
