"""Rows of an extract: the cells of one row become what a line says, or findings that say what to mend (RULE-89)."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from calloffs.extracts.amount_basis import AmountBasis
from calloffs.extracts.columns import split
from calloffs.extracts.extract import Content, Heading, ReadRow
from calloffs.extracts.fields import ACCOUNTING_DAYS, AMOUNT, EMPTY, FIELDS, Field, Kind
from calloffs.extracts.values import NO_REFERENCE, NOTHING, ValueToMend, day_of, pence_of
from framework.definitions.companies import CompanyNumberError, company_number
from framework.definitions.money import Money
from framework.records.sheet import Finding

_REFERENCES = frozenset({"purchase_order", "call_off_reference", "company_number"})
_LONGEST_NOTHING = max(map(len, NO_REFERENCE))
_SHOWN = 80
Read = tuple[str | int | None, str]
"""A value, and what to mend where there is none."""


class RowReader:
    """Reads the rows of one file, and remembers each different value, since ledgers repeat themselves."""

    def __init__(self, headings: Sequence[Heading], basis: AmountBasis | None) -> None:
        self.cut: Counter[str] = Counter()
        """How many different texts of each heading were too long and were cut."""
        self._columns: list[tuple[Heading, str, dict[str, Read], Callable[[str], Read]]] = []
        for one in headings:
            if one.field:
                name = _amount_field(basis) if one.field == AMOUNT else one.field
                self._columns.append((one, name, {}, self._parser(one, FIELDS[one.field])))
        self._by_name = {name: one for one, name, _, _ in self._columns}
        self._split = next((one for one, _, _, _ in self._columns if one.reads_as == "split"), None)

    @property
    def amounts(self) -> dict[str, Heading]:
        """The columns of amounts by the name under which a row holds them."""
        return {name: one for name, one in self._by_name.items() if FIELDS[name].kind == Kind.PENCE}

    @property
    def names(self) -> list[str]:
        """What a row of this file can say: the fields of its columns, and what follows from them."""
        said = set(self._by_name)
        if self._split:
            said.add("line_number")
        if "vat_pence" in said and said & {"net_pence", "gross_pence"}:
            said |= {"net_pence", "gross_pence"}
        return [name for name in EMPTY if name in said]

    def read(self, number: int, cells: Sequence[str]) -> ReadRow:
        """One row; `cells` has one cell for each heading."""
        content: Content = dict(EMPTY)
        findings: list[Finding] = []
        for one, name, known, parse in self._columns:
            text = cells[one.position]
            read = known.get(text)
            if read is None:
                read = known[text] = parse(text)
            content[name] = read[0]
            if read[1]:
                findings.append(Finding(number, one.text, text[:_SHOWN], read[1]))
        if self._split:
            content["transaction_number"], content["line_number"] = split(str(content["transaction_number"]))
        if not findings:
            findings = [
                Finding(number, one.text, cells[one.position][:_SHOWN], mend)
                for one, mend in self._against(content)
            ]
        return ReadRow(number, content, tuple(cells) if findings else (), tuple(findings))

    def _parser(self, heading: Heading, field: Field) -> Callable[[str], Read]:
        if field.kind == Kind.PENCE:
            return _pence
        if field.kind == Kind.DAY:
            return partial(_day, from_1904=heading.reads_as == "1904")
        return partial(self._text, heading=heading, field=field)

    def _text(self, text: str, *, heading: Heading, field: Field) -> Read:
        nothing = NO_REFERENCE if field.name in _REFERENCES else NOTHING
        if len(text) <= _LONGEST_NOTHING and text.casefold() in nothing:
            return "", ""
        if field.name == "company_number":
            text = _company(text)
        if len(text) <= field.longest:
            return text, ""
        if not field.cut:
            return (
                "",
                f"This has {len(text):,} characters and {field.longest} are the most: enter the number alone",
            )
        self.cut[heading.text] += 1
        return text[: field.longest - 1] + "…", ""

    def _against(self, content: Content) -> list[tuple[Heading, str]]:
        """What is wrong with a row whose cells can all be read, and by which column. Completes net or gross where VAT is told."""
        wrong = []
        net, vat, gross = (_whole(content[name]) for name in ("net_pence", "vat_pence", "gross_pence"))
        if net is None and gross is None:
            at = self._by_name.get("net_pence") or self._by_name["gross_pence"]
            wrong.append((at, "Enter the amount, or 0.00 where nothing was paid"))
        if all(content[name] is None for name in ACCOUNTING_DAYS):
            at = next(self._by_name[name] for name in ACCOUNTING_DAYS if name in self._by_name)
            wrong.append((at, "Enter the day of payment, or of the invoice where nothing was paid yet"))
        if vat is None:
            return wrong
        if net is not None and gross is not None and net + vat != gross:
            sums = f"Net {Money(net)} and VAT {Money(vat)} make {Money(net + vat)}, not {Money(gross)}"
            wrong.append((self._by_name["gross_pence"], f"{sums}: correct the one that is wrong"))
        if net is not None and "gross_pence" not in self._by_name:
            content["gross_pence"] = net + vat
        elif gross is not None and "net_pence" not in self._by_name:
            content["net_pence"] = gross - vat
        return wrong


def _whole(value: str | int | None) -> int | None:
    return value if isinstance(value, int) else None


def _amount_field(basis: AmountBasis | None) -> str:
    """A bare amount is what the source says it is (RULE-92)."""
    return "gross_pence" if basis == AmountBasis.GROSS else "net_pence"


def _day(text: str, *, from_1904: bool) -> Read:
    try:
        day = day_of(text, from_1904=from_1904)
    except ValueToMend as wrong:
        return None, wrong.mend
    return day.isoformat() if day else None, ""


def _pence(text: str) -> Read:
    try:
        return pence_of(text), ""
    except ValueToMend as wrong:
        return None, wrong.mend


def _company(text: str) -> str:
    # Only numbers are compared with it: what is none stays as the file says it.
    try:
        return company_number(text)
    except CompanyNumberError:
        return text
