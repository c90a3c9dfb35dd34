"""The table of day rates as a form: roles in rows, levels 1 to 7 across, read by the same reader as a file."""

from typing import Any

from flask import request
from wtforms import Form, FormField

from framework.definitions.money import Money
from framework.definitions.rules import Refusal, Refused, refuse
from framework.records.sheet import Checked, Sheet, SheetRow, pasted
from framework.records.sheet_reading import MOST_BYTES, read_sheet
from framework.web.fields import (
    CellsField,
    DayField,
    LineField,
    NumberField,
    RowsField,
    UploadField,
    VisitForm,
    clean,
    needed,
)
from lots.finding import Rates
from lots.rate_rules import RateLine, key_of, read_hours
from lots.rates_reading import COLUMNS, MOST_ROLES, MOST_ROWS, Above, check_rates, grid_of
from lots.workforce import LEVELS

SPARE_ROWS = 3


class HoursField(LineField):
    """Hours in a day as a person writes them, kept as typed; `hundredths` of an hour beside it."""

    hundredths: int = 750

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data:
            self.hundredths = read_hours(self.data)


class UploadForm(VisitForm):
    file = UploadField("Choose a file", description="CSV, XLSX, XLS or ODS, up to 10 MB")
    text = CellsField(
        "Or paste the cells", description="Copied from your spreadsheet, with or without its headings"
    )

    def sheet(self) -> Sheet:
        """The file's table, or else the pasted one. Raises `Refused` beside whichever cannot be read, and when there is neither."""
        if sent := self.file.data:
            content = sent.read(MOST_BYTES + 1)
            return read_sheet(content, sent.filename or "", field="file", most_rows=MOST_ROWS)
        if not self.text.data:
            refuse("Choose a file, or paste the rates", "file")
        return pasted(self.text.data, field="text", most_rows=MOST_ROWS)


class RateRow(Form):
    """A role or category and what a day of it costs at each level, as typed; a blank cell is not offered."""

    role = LineField("Role or category of work")
    level_1 = LineField("Level 1")
    level_2 = LineField("Level 2")
    level_3 = LineField("Level 3")
    level_4 = LineField("Level 4")
    level_5 = LineField("Level 5")
    level_6 = LineField("Level 6")
    level_7 = LineField("Level 7")

    @property
    def levels(self) -> list[LineField]:
        """The seven cells, in order."""
        return [self[f"level_{level}"] for level in LEVELS]


class CardForm(VisitForm):
    from_on = DayField("In force from", [needed("Enter the day from which these rates hold")], what="The day")
    hours_per_day = HoursField(
        "Hours in a day",
        [needed("Enter the hours in a day, like 7.5")],
        description="Without travel and lunch, like 7.5 or 8",
    )


class RatesForm(CardForm):
    rates = RowsField(FormField(RateRow), max_entries=MOST_ROLES)
    basis = NumberField("Version", what="The version")
    revision = NumberField("Draft", what="The draft")

    @property
    def add_asked(self) -> bool:
        """Whether one more row was asked for, and nothing else."""
        return bool(self.is_submitted() and request.form.get("add"))

    def add_row(self) -> None:
        """One more blank row, while there is room."""
        if len(self.rates) < MOST_ROLES:
            self.rates.append_entry()

    def lines(self, above: Above | None = None) -> list[RateLine]:
        """The rates of the table. Every fault is put beside its cell; then `problems` is not empty and nothing may be saved."""
        rows = [
            SheetRow(number, (entry.form.role.data or "", *(cell.data or "" for cell in entry.form.levels)))
            for number, entry in enumerate(self.rates, start=1)
        ]
        checked, lines = check_rates(
            Sheet((SheetRow(0, COLUMNS), *(row for row in rows if any(row.cells)))), above=above
        )
        for finding in checked.findings:
            if any(rows) and 1 <= finding.row <= len(rows) and any(rows[finding.row - 1].cells):
                row = self.rates[finding.row - 1].form
                place = COLUMNS.index(finding.column) if finding.column in COLUMNS else 0
                field = row.levels[place - 1] if place else row.role
                # By the role and never by a row: the rows of a file are counted from its headings, those of the table are not.
                role = clean(row.role.data or "") if place else ""
                field.errors = [*field.errors, finding.without_row(role)]
            else:
                self.take(Refused(Refusal("Enter at least one day rate", "rates")))
        return lines


def as_table(rates: Rates) -> list[tuple[str, list[Money | None]]]:
    """Rates as rows: a role with its seven levels, None where it is not offered."""
    roles = dict.fromkeys(role for role, _ in rates)
    return [(role, [rates.get((role, level)) for level in LEVELS]) for role in roles]


def read_into(before: dict[str, Any], sheet: Sheet, above: Above | None) -> tuple[Checked, RatesForm]:
    """What a sheet holds, and the table filled with it, mistakes and their sentences included. `before` has the other fields."""
    checked, _ = check_rates(sheet, above=above)
    table = RatesForm(formdata=None, data={**before, "rates": rows_of(list(grid_of(sheet)))})
    table.lines(above)
    return checked, table


def sheet_of(table: list[tuple[str, list[Money | None]]]) -> Sheet:
    """The same as a sheet under our own headings, its rows counted as in the table."""
    rows = [(role, *(cell.plain if cell else "" for cell in cells)) for role, cells in table]
    return Sheet(tuple(SheetRow(number, cells) for number, cells in enumerate((COLUMNS, *rows))))


def rows_of(table: list[tuple[str, list[Any]]]) -> list[dict[str, str]]:
    """Rows for the form, from amounts or from text as it was read, with some blank ones below."""
    rows = [
        {
            "role": role,
            **{
                f"level_{level}": cell.plain if isinstance(cell, Money) else cell or ""
                for level, cell in zip(LEVELS, cells, strict=True)
            },
        }
        for role, cells in table
    ]
    return [*rows, *({} for _ in range(SPARE_ROWS))][:MOST_ROLES]


def by_role(lines: list[RateLine]) -> Rates:
    """Lines as rates by role and level; roles that differ only in capitals stand under the first one's."""
    names: dict[str, str] = {}
    return {(names.setdefault(key_of(role, 0)[0], role), level): rate for role, level, rate in lines}
