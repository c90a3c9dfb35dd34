from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calloffs.extracts.fields import EMPTY, FIELDS, Kind
from calloffs.extracts.spend_line import CONTENT, LineContent
from calloffs.extracts.values import MonthFirst, ValueToMend, day_of, pence_of
from framework.definitions.date_words import MONTHS
from framework.definitions.money import MOST

PENCE = st.integers(-MOST, MOST)
DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))


def grouped(pounds, between=","):
    return f"{pounds:,}".replace(",", between)


def negative_styles(body):
    return [
        *(f"-{body}", f"−{body}", f"–{body}", f"({body})", f"{body}-", f"{body} CR", f"{body}cr"),
        *(f"-£{body}", f"£-{body}", f"(£{body})", f"£({body})", f"£{body}-", f"- {body}", f"( {body} )"),
    ]


def positive_styles(body):
    return [
        body,
        f"£{body}",
        f"£ {body}",
        f" {body} ",
        f"{body} DR",
        f"{body}Dr",
        f"GBP {body}",
        f"{body} GBP",
    ]


@given(PENCE, st.data())
def test_any_pence_written_in_any_style_are_read_as_the_same_pence(pence, data):
    pounds, rest = divmod(abs(pence), 100)
    whole = data.draw(
        st.sampled_from([str(pounds), grouped(pounds), grouped(pounds, " "), grouped(pounds, "\u00a0")])
    )
    ends = [f".{rest:02}", f".{rest:02}00", f".{rest:02}0000000002"]
    if rest:
        before = pounds * 100 + rest - 1
        ends.append(None)
        dust = f"{before // 100}.{before % 100:02}99999999998"
    if rest % 10 == 0:
        ends.append(f".{rest // 10}")
    if rest == 0:
        ends += ["", "."]
    end = data.draw(st.sampled_from(ends))
    body = dust if end is None else whole + end
    styles = negative_styles(body) if pence < 0 else positive_styles(body)
    assert pence_of(data.draw(st.sampled_from(styles))) == pence


@given(DAYS, st.data())
def test_any_day_written_in_any_style_is_read_as_the_same_day(day, data):
    month = MONTHS[day.month - 1]
    serial = (day - date(1899, 12, 30)).days
    styles = [
        *(f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", f"{day:%d-%m-%Y}", f"{day:%d.%m.%Y}"),
        *(
            f"{day:%Y-%m-%d}",
            f"{day:%Y/%m/%d}",
            f"{day:%Y%m%d}",
            f"{day:%Y-%m-%d} 00:00:00",
            f"{day:%d/%m/%Y} 13:05",
        ),
        *(
            f"{day:%Y-%m-%d}T23:59:59.123Z",
            f"{day.day} {month} {day.year}",
            f"{day.day}-{month[:3]}-{day.year}",
        ),
        *(
            f"{day.day}th {month} {day.year}",
            f"{month} {day.day}, {day.year}",
            f"{day:%d}-{month[:3].upper()}-{day:%Y}",
        ),
        *(f"Tuesday, {day.day} {month} {day.year}", str(serial), f"{serial}.5"),
    ]
    if 2000 <= day.year < 2080:
        styles += [f"{day.day}/{day.month}/{day:%y}", f"{day:%d.%m.%y}", f"{day.day}-{month[:3]}-{day:%y}"]
    assert day_of(data.draw(st.sampled_from(styles))) == day


@given(DAYS)
def test_a_workbook_that_counts_from_1904_gives_the_same_day(day):
    assert day_of(str((day - date(1904, 1, 1)).days).zfill(5), from_1904=True) == day or day < date(
        1990, 1, 2
    )


@given(DAYS.filter(lambda day: day.day > 12))
def test_a_day_that_only_the_other_order_gives_is_never_read(day):
    with pytest.raises(MonthFirst):
        day_of(f"{day:%m/%d/%Y}")


@given(st.text(max_size=80))
def test_whatever_stands_in_a_cell_is_an_amount_nothing_or_a_sentence(text):
    with suppress(ValueToMend):
        pence = pence_of(text)
        assert pence is None or abs(pence) <= MOST
    with suppress(ValueToMend):
        day = day_of(text)
        assert day is None or 1990 <= day.year <= 2099


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        *(
            ("Nil", 0),
            ("nil", 0),
            ("-", 0),
            ("–", 0),
            ("0", 0),
            ("0.00-", 0),
            ("-0.00", 0),
            (".5", 50),
            ("-.05", -5),
        ),
        *(
            ("", None),
            ("   ", None),
            ("n/a", None),
            ("12.340000000000002", 1234),
            ("1435018.8799999999", 143501888),
        ),
        *(("12.3400", 1234), ("1,234,567.89", 123456789), ("(1,234.50)", -123450), ("£1 234.50", 123450)),
    ],
)
def test_amounts_as_ledgers_write_them(text, pence):
    assert pence_of(text) == pence


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("1.234,56", "write 1234.56"),
        ("1.234.567,8", "write 1234567.80"),
        ("12,5", "write 12.50"),
        ("12.345", "not a whole number of pence"),
        ("33.333333", "not a whole number of pence"),
        ("12,34.50", "Check the commas"),
        ("1,2345", "Check the commas"),
        ("1.23E+05", "shortened this number"),
        ("1E5", "shortened this number"),
        ("-12.00 CR", "more than one sign"),
        ("(12.00)-", "more than one sign"),
        ("€12.00", "in pounds"),
        ("12.00 USD", "in pounds"),
        ("=cmd|' /C calc'!A1", "Enter an amount"),
        ("twelve", "Enter an amount"),
        ("£", "Enter an amount"),
        ("1 2", "Enter an amount"),
        ("٣٤", "Enter an amount"),
        ("9" * 12 + "9.99", "or less"),
        ("1" * 61, "Enter an amount"),
    ],
)
def test_what_is_no_amount_is_answered_with_what_to_do(text, mend):
    with pytest.raises(ValueToMend, match=mend):
        pence_of(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(
            ("16/01/2018", "2018-01-16"),
            ("1/2/18", "2018-02-01"),
            ("16 Jan 2018", "2018-01-16"),
            ("43116", "2018-01-16"),
        ),
        *(("2018-01-16T00:00:00", "2018-01-16"), ("05/04/1998", "1998-04-05"), ("5/4/98", "1998-04-05")),
        *(("16-JAN-18", "2018-01-16"), ("16/01/2018 12:30 PM", "2018-01-16"), ("29 Sept 2022", "2022-09-29")),
    ],
)
def test_days_as_ledgers_write_them(text, day):
    assert day_of(text) == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["", " ", "-", "n/a", "00/00/0000", "00.00.0000", "0"])
def test_no_day_is_no_day(text):
    assert day_of(text) is None


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("31/02/2018", "not a real day"),
        ("2018-13-01", "not a real day"),
        ("40/13/2018", "not a real day"),
        ("16/01/1018", "year 1018 cannot be right"),
        ("16/01/2118", "year 2118 cannot be right"),
        ("31000", "year 1984 cannot be right"),
        ("16 Foo 2018", "not a real day"),
        ("soon", "Enter the day"),
        ("1" * 61, "Enter the day"),
    ],
)
def test_what_is_no_day_is_answered_with_what_to_do(text, mend):
    with pytest.raises(ValueToMend, match=mend):
        day_of(text)


def test_the_fields_are_what_a_line_says_and_as_long():
    assert set(EMPTY) == set(CONTENT)
    for name, told in LineContent.model_fields.items():
        longest = next((one.max_length for one in told.metadata if hasattr(one, "max_length")), 0)
        assert FIELDS[name].longest == longest
        assert (FIELDS[name].kind == Kind.TEXT) == bool(longest)


def test_every_day_of_a_leap_year_is_its_own_number():
    days = [day_of(str(42369 + n)) for n in range(366)]
    assert days == [date(2015, 12, 31) + timedelta(days=n) for n in range(366)]
