"""People as a sheet: the template to fill in, and the export of a version, which reads back the same."""

import csv
import io
from collections.abc import Iterable, Sequence

from framework.definitions.quantities import quarter_days_shown
from lots.person_rules import Card, PersonFacts
from lots.skillset_words import (
    CLEARANCE_WORDS,
    EMPLOYMENT_WORDS,
    OFF_PAYROLL_WORDS,
    TITLES,
)
from lots.workforce import LEVELS, Clearance, Depth, Place

_EXAMPLE = (
    ("Name", "Leave blank for somebody you do not name yet"),
    ("Role", "Developer"),
    ("Level", "5"),
    ("Skills", "Python (expert); User research (working)"),
    ("Days a week", "5"),
    ("Available from", "01/12/2027"),
    ("Available to", "Leave blank when no end is known"),
    ("Places", "London; Offsite"),
    ("Clearance", "SC"),
    ("Clearance date", "14/03/2025"),
    ("Employment", "Employee"),
    ("Off-payroll", "On a payroll"),
    ("Day rate", "Leave blank for the rate of your card; otherwise pounds net of VAT, like 650"),
)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cells_of(person: PersonFacts) -> list[str]:
    """One person as a row under our own headings."""
    return [
        person.name,
        person.role,
        str(person.level or ""),
        "; ".join(f"{skill} ({depth.value})" for skill, depth in person.skills),
        _quarters(person.quarter_days),
        f"{person.available_from:%d/%m/%Y}" if person.available_from else "",
        f"{person.available_to:%d/%m/%Y}" if person.available_to else "",
        "; ".join(place.label for place in person.places),
        CLEARANCE_WORDS[person.clearance],
        f"{person.clearance_on:%d/%m/%Y}" if person.clearance_on else "",
        EMPLOYMENT_WORDS[person.employment] if person.employment else "",
        OFF_PAYROLL_WORDS[person.off_payroll] if person.off_payroll else "",
        person.day_rate.plain if person.day_rate else "",
    ]


def as_csv(people: Sequence[PersonFacts]) -> str:
    """The headings and a row for each person, marked as UTF-8 for spreadsheets; no cell begins like a formula."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow(TITLES.values())
    writer.writerows([_safe(cell) for cell in cells_of(person)] for person in people)
    return buffer.getvalue()


def as_workbook(people: Sequence[PersonFacts], card: Card | None) -> bytes:
    """The same as a workbook of text cells, with a sheet of notes on every column and the words it takes."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold, text, wrapped = (
        book.add_format({"bold": True}),
        book.add_format({"num_format": "@"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    sheet = book.add_worksheet("People")
    sheet.set_column(0, len(TITLES) - 1, 18, text)
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(TITLES.values()):
        sheet.write_string(0, column, heading, bold)
    for number, person in enumerate(people, start=1):
        for column, cell in enumerate(cells_of(person)):
            sheet.write_string(number, column, cell, text)
    notes = book.add_worksheet("Notes")
    notes.set_column(0, 0, 20)
    notes.set_column(1, 1, 100, wrapped)
    for number, (name, words) in enumerate(notes_rows(card)):
        notes.write_string(number, 0, name, bold if not words else None)
        notes.write_string(number, 1, words)
    book.close()
    return buffer.getvalue()


def notes_rows(card: Card | None) -> Iterable[tuple[str, str]]:
    """What each column takes, in words."""
    yield "How to fill it in", ""
    yield "Rows", "One row for each person, at most 200. Columns may stand in any order"
    yield from (
        (name, f"For example: {example}" if example[:5] != "Leave" else example) for name, example in _EXAMPLE
    )
    yield "Words it takes", ""
    yield "Level", f"A number from {LEVELS[0]} to {LEVELS[-1]}"
    yield "Skills", "Each skill with its depth in brackets: " + ", ".join(one.value for one in Depth)
    yield "Places", "; ".join(one.label for one in Place)
    yield "Clearance", ", ".join(CLEARANCE_WORDS[one] for one in Clearance)
    yield "Employment", ", ".join(EMPLOYMENT_WORDS.values())
    yield "Off-payroll", "On a payroll, or Own company for somebody who works through a company of their own"
    if card:
        yield (
            "Your rate card",
            f"Roles and levels of {card.called}, and the most for a day net of VAT",
        )
        for (role, level), cap in card.rates.items():
            yield f"{role}, level {level}", f"{cap}"


def _quarters(quarters: int | None) -> str:
    return "" if quarters is None else quarter_days_shown(quarters)


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell
