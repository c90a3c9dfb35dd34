"""What a report is: one definition that is a page, a fragment, a CSV file and a workbook."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from calloffs.spend.balances import Figures, figures_of
from framework.agreement import FrameworkAgreement
from framework.people.permissions import Visitor


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the words of its text columns, its figures, the basis they stand on, where it leads, and the filters of its entries."""

    words: tuple[str, ...]
    figures: Figures
    basis: str
    link: tuple[str, str] | None = None
    """Endpoint and reference of the record that the row is about."""
    number: int = 0
    """Place to go on from, in reports that come in pages."""
    entries: Mapping[str, str] | None = None
    """Filters of the table of ledger entries that the row is the sum of."""

    def by_column(self, report: "Report") -> dict[str, str]:
        """Its words by the names of the report's text columns; a row may leave the last ones out."""
        return {column.name: word for column, word in zip(report.columns, self.words, strict=False)}


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a report and for what: the agreement (None in the overview), and how many rows after which."""

    session: Session
    visitor: Visitor
    agreement: FrameworkAgreement | None = None
    after: int = 0
    most: int | None = None

    @property
    def one_agreement(self) -> FrameworkAgreement:
        assert self.agreement is not None
        return self.agreement

    @property
    def basis(self) -> str:
        """The basis of an agreement's figures, in words."""
        return self.one_agreement.basis.label


@dataclass(frozen=True, slots=True)
class Column:
    """A text column: the stable name it has in files, and its heading."""

    name: str
    heading: str


FIGURES = (
    Column("ceiling", "Ceiling"),
    Column("reserved", "Reserved"),
    Column("committed", "Committed"),
    Column("invoiced", "Invoiced"),
    Column("paid", "Paid"),
    Column("left", "Left"),
    Column("left_to_invoice", "Left to invoice"),
)
"""The money columns that every spend report has after its text columns."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its place in addresses, its title, its text columns and how its rows are found.

    `rows` honours `after` and `most` where `paged`; `rest` are rows that close the table (what others have, what belongs to nobody
    yet), so that the rows together always make the total.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Asked], Iterator[Line]]
    total: Callable[[Asked], list[Line]]
    rest: Callable[[Asked], list[Line]] = lambda _asked: []
    paged: bool = False
    bars: bool = False


def all_lines(report: Report, asked: Asked) -> Iterator[Line]:
    """Every row of a report, the closing ones last."""
    yield from report.rows(asked)
    yield from report.rest(asked)


def total_of_agreement(asked: Asked) -> list[Line]:
    """The agreement's own balances, which the rows of each of its reports add up to."""
    found = asked.one_agreement
    whole = figures_of(found, found.ceiling)
    return [Line((found.title,), whole, asked.basis, entries={"agreement": found.reference})]
