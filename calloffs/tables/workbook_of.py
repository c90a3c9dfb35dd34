"""A table as a workbook: the rows as asked, live totals, and notes that say what they are."""

from datetime import datetime
from typing import IO

from calloffs.tables.cells import heading
from calloffs.tables.fact_table import Asking, FactTable, Kind
from calloffs.tables.figures_book import Figures, book_of
from calloffs.tables.filtering import choices_of, in_words, whole


def workbook_of(table: FactTable, asking: Asking, as_at: datetime) -> IO[bytes]:
    """Every row of the table as asked, as a workbook on disk. Raises `Refused` for more rows than one takes."""
    every = whole(asking)
    totals = table.totals(every)
    return book_of(
        Figures(
            name=f"facts_{table.key.replace('-', '_')}",
            title=table.title,
            sheet="Figures",
            as_at=as_at,
            author=asking.visitor.name,
            columns=table.columns,
            rows=(row.values for row in table.rows(every)),
            totals=totals,
            notes=_notes(table, every),
        )
    )


def _notes(table: FactTable, asking: Asking) -> list[tuple[str, str]]:
    chosen = in_words(table, asking.filters, choices_of(table, asking))
    worked_out = [
        f"{heading(one)} is worked out from the other columns of its row"
        for one in table.columns
        if one.formula
    ]
    bases = {one.basis: None for one in table.columns if one.kind is Kind.MONEY and one.basis}
    return [
        (
            "Filters",
            "; ".join(f"{label}: {words}" for _, label, words in chosen) or "None: every row you may see",
        ),
        ("How it is made", table.how),
        ("Basis of columns", ", ".join(bases)),
        ("Formulas", ". ".join(["Totals are formulas over the table", *worked_out])),
        ("Headlines", " ".join(table.said(asking))),
        ("Left out", "Rows of authorities whose money you may not read. Control characters within text"),
    ]
