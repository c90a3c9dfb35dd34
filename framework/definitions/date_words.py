"""Dates as people write them, and as they type them."""

from __future__ import annotations

import re
from datetime import date, datetime

from framework.definitions.london import as_london

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


class DateError(ValueError):
    """What was typed is not a date; the message says how to mend it.

    `parts` names the boxes to mark as wrong: any of "day", "month" and "year".
    """

    def __init__(self, sentence: str, parts: tuple[str, ...] = ("day", "month", "year")) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.parts = parts


def in_words(day: date) -> str:
    """A date as "31 May 2027"; a moment is read on its London day."""
    if isinstance(day, datetime):
        day = as_london(day).date()
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_in_words(moment: datetime) -> str:
    """A moment on a London clock as "3 June 2026, 2:05pm"."""
    there = as_london(moment)
    hour = there.hour % 12 or 12
    return f"{in_words(there.date())}, {hour}:{there.minute:02}{'am' if there.hour < 12 else 'pm'}"


def days_between_in_words(earlier: date, later: date) -> str:
    """How far off a day is, seen from another: "today", "in 12 days", "yesterday", "3 days ago"."""
    days = (later - earlier).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return near.get(days) or (f"in {days} days" if days > 0 else f"{-days} days ago")


def read_date(day: str, month: str, year: str, name: str = "Date") -> date:
    """Read a date from three typed boxes; a month may be its number, its name or its short name.

    Raises `DateError` naming what is missing or wrong, beginning with `name` ("Start date must ...").
    """
    typed = {"day": (day or "").strip(), "month": (month or "").strip(), "year": (year or "").strip()}
    missing = tuple(part for part, text in typed.items() if not text)
    if len(missing) == 3:
        raise DateError(f"Enter the {name[:1].lower()}{name[1:]}, like 27 3 2027")
    if missing:
        raise DateError(f"{name} must include a {' and a '.join(missing)}", missing)
    if not re.fullmatch(r"[0-9]{4}", typed["year"]):
        raise DateError(f"{name} must have a year with 4 numbers, like 2027", ("year",))
    month_number = read_month(typed["month"])
    if month_number is None:
        raise DateError(f"{name} must have a real month, like 3 or March", ("month",))
    if not EARLIEST_YEAR <= int(typed["year"]) <= LATEST_YEAR:
        raise DateError(f"{name} must be between {EARLIEST_YEAR} and {LATEST_YEAR}", ("year",))
    if not re.fullmatch(r"[0-9]{1,2}", typed["day"]):
        raise DateError(f"{name} must have a day in numbers, like 27", ("day",))
    try:
        return date(int(typed["year"]), month_number, int(typed["day"]))
    except ValueError:
        raise DateError(f"{name} must be a real date") from None


def read_month(text: str) -> int | None:
    """The number of a month written as its number, its name or its short name; None for anything else."""
    if re.fullmatch(r"[0-9]{1,2}", text):
        return int(text) if 1 <= int(text) <= 12 else None
    word = text.lower().rstrip(".")
    if len(word) < 3:
        return None
    found = [n for n, name in enumerate(MONTHS, 1) if name.lower().startswith(word)]
    return 9 if word == "sept" else found[0] if len(found) == 1 else None


def read_date_text(text: str, name: str = "Date") -> date:
    """Read a date from one piece of text: 03/06/2026 (3 June), 2026-06-03 or 3 June 2026.

    Raises `DateError`.
    """
    written = (text or "").strip()
    if not written:
        raise DateError(f"Enter the {name[:1].lower()}{name[1:]}, like 27/03/2027")
    if iso := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", written):
        return read_date(iso[3], iso[2], iso[1], name)
    if parts := re.fullmatch(r"([0-9]{1,2})[/.\- ]([0-9]{1,2}|[A-Za-z]{3,9})[/.\- ]([0-9]{4})", written):
        return read_date(parts[1], parts[2], parts[3], name)
    raise DateError(f"{name} must be written like 27/03/2027 or 27 March 2027")
