"""Values of extracts: amounts and days in every way finance systems write them, exact or refused with what to do (RULE-89)."""

import re
from datetime import date, timedelta

from framework.definitions.date_words import read_month
from framework.definitions.money import MOST, Money

NOTHING = frozenset({"", "-", "--", "–", "—", "n/a", "na", "none", "null", "(blank)", "#n/a"})
"""What people and systems write for a cell that says nothing. An amount of "-" is a zero, as spreadsheets print it."""
NO_REFERENCE = NOTHING | {
    *(
        "not yet available",
        "not available",
        "not applicable",
        "not known",
        "unknown",
        "nil",
        "tbc",
        "no po",
        "0",
    ),
}
"""What stands where a number of an order, contract or company might stand, and is none."""
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
LONGEST = 60
"""Characters of an amount or a day; whatever is longer is neither."""

_PLAIN = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,2}))?")
_NIL = frozenset({"nil", "zero", "-", "--", "–", "—"})
_MINUS = str.maketrans(dict.fromkeys("\u2212\u2013\u2014\ufe63\uff0d", "-") | {"\u2019": "'"})
_SPACE = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,3}(?: [0-9]{3}){1,5}|[0-9]{1,15}|")
_EUROPEAN = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){1,5},[0-9]{1,2}|[0-9]{1,15},[0-9]{1,2}")
_SHORTENED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,15})?e[+-]?[0-9]{1,3}", re.I)
_FOREIGN = re.compile(r"[€$¥]|\b(?:eur|usd)\b", re.I)

_SLASHED = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})|([0-9]{4})([0-9]{2})([0-9]{2})")
_WORDED = re.compile(
    r"(?:[a-z]{3,9},? )?([0-9]{1,2})(?:st|nd|rd|th)?[ \-/.]{1,2}([a-z]{3,9})[ ,\-/.]{1,2}([0-9]{4}|[0-9]{2})",
    re.I,
)
_MONTH_NAMED_FIRST = re.compile(r"([a-z]{3,9})[ .\-]{1,2}([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})", re.I)
_CLOCK = re.compile(
    r"[ T]{1,2}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.:][0-9]{1,9})?)? ?(?:[ap]m)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.I,
)
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]{1,12})?")
_NO_DAY = frozenset({"0", "00/00/0000", "00.00.0000", "00-00-0000", "0000-00-00", "00000000", "nil"})
_FROM_1900, _FROM_1904 = date(1899, 12, 30), date(1904, 1, 1)

WRITE_AMOUNT = "Enter an amount in pounds and pence, like 1234.56 or -1234.56"
WRITE_DAY = "Enter the day like 16/01/2018 or 2018-01-16"
MONTH_FIRST = "The month stands before the day here, so other days of this column may be wrong too: write the day like 16/01/2018 or 2018-01-16"


class ValueToMend(ValueError):
    """A value that cannot be read; the message says what to do."""

    def __init__(self, mend: str) -> None:
        super().__init__(mend)
        self.mend = mend


class MonthFirst(ValueToMend):
    """A day that is one only with its month first. Never read so: 01/02/2018 beside it would then be another day."""

    def __init__(self) -> None:
        super().__init__(MONTH_FIRST)


def pence_of(text: str) -> int | None:
    """An amount in signed whole pence; None for a blank cell. "Nil" and "-" are 0.

    Pounds with or without £, commas or spaces between thousands; brackets, a minus before or after, or CR for a credit. More than two
    decimals are only the dust of binary sums (12.340000000000002) or zeros. Raises ValueToMend.
    """
    if plain := _PLAIN.fullmatch(text):
        return _signed(bool(plain[1]), int(plain[2]) * 100 + int((plain[3] or "").ljust(2, "0")))
    if len(text) > LONGEST:
        raise ValueToMend(WRITE_AMOUNT)
    written = _SPACE.sub(" ", text.translate(_MINUS)).strip().lower()
    if written in _NIL:
        return 0
    if written in NOTHING:
        return None
    if _FOREIGN.search(written):
        raise ValueToMend("Amounts are in pounds: enter what was paid in pounds")
    digits, signs = _unsigned(written)
    if signs > 1:
        raise ValueToMend("The amount has more than one sign: write a credit like -1234.56")
    whole, point, decimals = digits.partition(".")
    if not _GROUPED.fullmatch(whole) or not (decimals or whole) or (point and not _digits(decimals or "0")):
        raise ValueToMend(_not_an_amount(digits))
    return _signed(signs == 1, _in_pence(whole, decimals, digits))


def _signed(below_zero: bool, pence: int) -> int:
    if pence > MOST:
        raise ValueToMend(f"Enter an amount of {Money(MOST)} or less")
    return -pence if below_zero else pence


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _unsigned(written: str) -> tuple[str, int]:
    """The digits of an amount, and how many signs of a credit it had. A pound sign and a sign may stand in either order."""
    signs = 0
    for ending, credit in ((" cr", True), ("cr", True), (" dr", False), ("dr", False)):
        if written.endswith(ending):
            written, signs = written.removesuffix(ending), signs + credit
            break
    # More than once, since any of them may stand inside the other: "£(12.00)", "(£12.00)", "-£12", "£-12", "GBP 12.00-".
    for _ in range(3):
        written = written.strip()
        if written.startswith("(") and written.endswith(")"):
            written, signs = written[1:-1], signs + 1
        elif written.startswith("-") or written.endswith("-"):
            written, signs = (written[1:] if written.startswith("-") else written[:-1]), signs + 1
        for pound in ("£", "gbp"):
            written = written.removeprefix(pound).removesuffix(pound).strip()
    return written, signs


def _in_pence(whole: str, decimals: str, digits: str) -> int:
    pence = int(whole.replace(",", "").replace(" ", "") or "0") * 100 + int(decimals[:2].ljust(2, "0"))
    rest = decimals[2:]
    if not rest.strip("0"):
        return pence
    if len(rest) >= 4 and rest.startswith("0000"):
        return pence
    if len(rest) >= 4 and rest.startswith("9999"):
        return pence + 1
    raise ValueToMend(
        f"{digits[:30]} is not a whole number of pence: write it with 2 numbers after the point"
    )


def _not_an_amount(digits: str) -> str:
    if _EUROPEAN.fullmatch(digits):
        # Only said, never read: "1.234" is a thousand in one country and one in another.
        whole, _, decimals = digits.rpartition(",")
        return f"The comma and the point are swapped: write {whole.replace('.', '')}.{decimals[:2].ljust(2, '0')}"
    if _SHORTENED.fullmatch(digits):
        return "The spreadsheet has shortened this number: format the column as a number with 2 decimals and save again"
    if "," in digits and _digits(digits.replace(",", "").replace(".", "", 1)):
        return "Check the commas: write the amount like 1,234.56, or without commas"
    return WRITE_AMOUNT


def day_of(text: str, *, from_1904: bool = False) -> date | None:
    """A day: 16/01/2018, 16.1.18, 16-01-2018, 16 Jan 2018, 2018-01-16 with or without a time, 20180116, or a spreadsheet's own number.

    None for a blank. The day always stands before the month unless the year comes first or the month is a word. Raises MonthFirst for
    a day that only the other order would give, ValueToMend for what is no day, or is before 1990 or after 2099.
    """
    written = text.strip()
    if written.lower() in NOTHING or written in _NO_DAY:
        return None
    if len(written) > LONGEST:
        raise ValueToMend(WRITE_DAY)
    if serial := _SERIAL.fullmatch(written):
        return _within((_FROM_1904 if from_1904 else _FROM_1900) + timedelta(days=int(serial[1])))
    written = _CLOCK.sub("", written, count=1).strip() if ":" in written else written
    if parts := _SLASHED.fullmatch(written):
        return _slashed(int(parts[1]), int(parts[2]), parts[3])
    if parts := _ISO.fullmatch(written):
        year, month, day = parts[1] or parts[4], parts[2] or parts[5], parts[3] or parts[6]
        return _day(int(year), int(month), int(day))
    if parts := _WORDED.fullmatch(written):
        return _day(_year(parts[3]), read_month(parts[2]) or 0, int(parts[1]))
    if parts := _MONTH_NAMED_FIRST.fullmatch(written):
        return _day(int(parts[3]), read_month(parts[1]) or 0, int(parts[2]))
    raise ValueToMend(WRITE_DAY)


def only_day_first(text: str) -> bool:
    """Whether a day in numbers shows by itself that the day stands first: 16/01/2018 does, 05/01/2018 does not."""
    parts = _SLASHED.match(text.strip())
    return parts is not None and int(parts[1]) > 12 >= int(parts[2])


def _slashed(first: int, second: int, year: str) -> date:
    if second > 12 >= first > 0 and second <= 31:
        raise MonthFirst
    return _day(_year(year), second, first)


def _year(text: str) -> int:
    # Two figures are a year of this century, but for those that only old records have.
    return int(text) if len(text) == 4 else int(text) + (1900 if int(text) >= 80 else 2000)


def _day(year: int, month: int, day: int) -> date:
    try:
        return _within(date(year, month, day))
    except ValueError as wrong:
        if isinstance(wrong, ValueToMend):
            raise
        raise ValueToMend(f"This is not a real day. {WRITE_DAY}") from None


def _within(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueToMend(f"The year {day.year} cannot be right: enter a day from 1990 to 2099")
    return day
