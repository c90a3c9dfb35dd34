"""Reading extracts: any council's ledger or payments file into rows, or a refusal that says what to do (RULE-89, RULE-92).

The file is opened, its headings are found and its values are parsed in a process apart; one answer comes back.
"""

from collections.abc import Mapping, Sequence

from calloffs.extracts.extract import Extract, Heading, ReadRow
from calloffs.extracts.source import AmountBasis


def read_extract(
    content: bytes,
    file_name: str,
    *,
    columns: Mapping[str, str],
    basis: AmountBasis | None,
    field: str = "file",
    ask: bool = False,
) -> Extract:
    """Read a whole extract: CSV, TSV, XLSX, XLS or ODS, at most 40 MB and 120,000 rows.

    `columns` are the headings that a person decided before, folded, with the name of their field ("" leaves the column out); they win
    over `COLUMN_ALIASES`. `basis` is the source's own: it decides what a bare "Amount" is. Raises `Refused` beside `field` in words for
    a file that cannot be read, or without headings, an amount, a day, or a basis for its amount. With `ask` the last three are no
    refusal: the extract comes without rows and `lacks` says what a person must answer, so that the columns can be shown and chosen.
    """
    raise NotImplementedError


def read_row(
    cells: Sequence[str], headings: Sequence[Heading], basis: AmountBasis | None, *, number: int = 0
) -> ReadRow:
    """One row whose cells a person mended, read as its neighbours were. `headings` are those of its import, `number` is its row."""
    raise NotImplementedError
