"""Form fields in GOV.UK dress that read text into money, days and numbers, and keep what was typed."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovDateInput,
    GovFileInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FileField,
    Form,
    FormField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms import StringField as _StringField
from wtforms import TextAreaField as _TextAreaField
from wtforms.validators import StopValidation

from framework.definitions.dates import DateError, read_date
from framework.definitions.money import Money, MoneyError
from framework.definitions.quantities import (
    QuantityError,
    percent_shown,
    quarter_days_shown,
    read_percent,
    read_quarter_days,
)
from framework.definitions.rules import Refused

# Characters that no name or sentence holds, and that PostgreSQL refuses to store.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean(text: str | None) -> str:
    """Typed text without control characters or space around it; line ends as one newline."""
    return _CONTROL.sub("", text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


class VisitForm(FlaskForm):
    """A form of this product: its errors, with the field each belongs beside, come from its own checks and from refusals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.general: list[str] = []

    def take(self, refused: Refused) -> None:
        """Put every refusal beside its field, or above the form when it has none here."""
        for refusal in refused.refusals:
            field = self._fields.get(refusal.field or "")
            if field is None:
                self.general.append(refusal.sentence)
            else:
                field.errors = [*field.errors, refusal.sentence]

    @property
    def problems(self) -> list[dict[str, str]]:
        """Items of the error summary: each a sentence and, where there is one, the address of its field."""
        found: list[dict[str, str]] = [{"text": sentence} for sentence in self.general]
        for field in self._fields.values():
            found.extend(_problems_of(field))
        return found


def _problems_of(field: Any) -> Iterable[dict[str, str]]:
    if isinstance(field, FieldList):
        own = [error for error in field.errors if isinstance(error, str)]
        yield from ({"text": error, "href": f"#{field.id}"} for error in own)
        for entry in field.entries:
            yield from _problems_of(entry)
    elif isinstance(field, FormField):
        for part in field.form:
            yield from _problems_of(part)
    elif field.errors:
        suffix = "-day" if isinstance(field, DayField) else ""
        yield {"text": str(field.errors[0]), "href": f"#{field.id}{suffix}"}


def needed(sentence: str) -> Callable[[Any, Any], None]:
    """A check that something was typed or chosen, with the sentence to show when it was not."""

    def check(_form: Any, field: Any) -> None:
        # A field that could not read what was typed already says so.
        if field.errors:
            raise StopValidation
        if field.data is None or field.data is False or field.data == "":
            raise StopValidation(sentence)

    return check


def at_most(length: int, what: str) -> Callable[[Any, Any], None]:
    """A check of length, in characters."""

    def check(_form: Any, field: Any) -> None:
        if field.data and len(field.data) > length:
            raise StopValidation(f"{what} must be {length:,} characters or fewer")

    return check


class LineField(_StringField):
    """One line of text, cleaned."""

    widget = GovTextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = clean(valuelist[0]).replace("\n", " ") if valuelist else ""


class WordsField(_TextAreaField):
    """Several lines of text, cleaned."""

    widget = GovTextArea()

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = clean(valuelist[0]) if valuelist else ""


class CellsField(WordsField):
    """Cells copied from a spreadsheet: as several lines of text, but the blank cell in the first corner stays."""

    def process_formdata(self, valuelist: list[str]) -> None:
        kept = clean(f"|{valuelist[0]}|")[1:-1] if valuelist else ""
        self.data = kept if kept.strip() else ""


class SecretField(PasswordField):
    """A password, taken exactly as typed and never shown back."""

    widget = GovPasswordInput()


class MoneyField(Field):
    """Pounds as a person writes them; `data` is Money, or None when nothing was typed."""

    widget = GovTextInput()

    def __init__(self, *args: Any, allow_negative: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allow_negative = allow_negative

    def _value(self) -> str:
        if self.raw_data:
            return clean(str(self.raw_data[0]))
        return self.data.plain if isinstance(self.data, Money) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = clean(valuelist[0]) if valuelist else ""
        if not typed:
            return
        try:
            self.data = Money.pounds(typed, allow_negative=self.allow_negative)
        except MoneyError as error:
            raise ValueError(str(error)) from error


class NumberField(Field):
    """A whole number between two others; `data` is None when nothing was typed."""

    widget = GovTextInput()
    data: int | None

    def __init__(
        self, *args: Any, least: int = 0, most: int = 1_000_000, what: str = "Number", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.least, self.most, self.what = least, most, what

    def _value(self) -> str:
        if self.raw_data:
            return clean(str(self.raw_data[0]))
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = clean(valuelist[0]) if valuelist else ""
        if not typed:
            return
        if not re.fullmatch(r"[0-9]{1,12}", typed) or not self.least <= int(typed) <= self.most:
            raise ValueError(f"{self.what} must be a whole number from {self.least:,} to {self.most:,}")
        self.data = int(typed)


class PercentField(Field):
    """A percentage from 0 to 100 as a person writes it; `data` is basis points, or None when nothing was typed."""

    widget = GovTextInput()
    data: int | None

    def _value(self) -> str:
        if self.raw_data:
            return clean(str(self.raw_data[0]))
        return "" if self.data is None else percent_shown(self.data).removesuffix("%")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = clean(valuelist[0]) if valuelist else ""
        if not typed:
            return
        try:
            self.data = read_percent(typed)
        except QuantityError as error:
            raise ValueError(str(error)) from error


class DaysField(Field):
    """Days of work as typed; `data` is quarter days, or None when nothing was typed (RULE-79)."""

    widget = GovTextInput()
    data: int | None

    def _value(self) -> str:
        if self.raw_data:
            return clean(str(self.raw_data[0]))
        return "" if self.data is None else quarter_days_shown(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        typed = clean(valuelist[0]) if valuelist else ""
        if not typed:
            return
        try:
            self.data = read_quarter_days(typed)
        except QuantityError as error:
            raise ValueError(str(error)) from error


class _DayInput(GovDateInput):
    def map_gov_params(self, field: Any, **kwargs: Any) -> Any:
        # The library unpacks exactly three parts; a hand-made request may send none or five.
        if field.raw_data is not None:
            field.raw_data = [*field.raw_data, "", "", ""][:3]
        return super().map_gov_params(field, **kwargs)


class DayField(Field):
    """A day typed as day, month and year; `data` is a date, or None when all three were left blank."""

    widget = _DayInput()

    def __init__(self, *args: Any, what: str = "Date", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.what = what

    def _value(self) -> str:
        return ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        day, month, year = ([clean(part) for part in valuelist] + ["", "", ""])[:3]
        if not (day or month or year):
            return
        try:
            self.data = read_date(day, month, year, self.what)
        except DateError as error:
            raise ValueError(str(error)) from error


class ChoiceField(RadioField):
    """One of a few, as radio buttons. An unknown value is an error in words."""

    widget = GovRadioInput()
    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("validate_choice", False)
        kwargs.setdefault("coerce", _text)
        super().__init__(*args, **kwargs)

    def pre_validate(self, form: Form) -> None:
        known = {str(value) for value, *_ in self.iter_choices()}
        if self.data and str(self.data) not in known:
            self.data = None
            raise StopValidation("Choose one of the options")


class PickField(SelectField):
    """One of many, as a select."""

    widget = GovSelect()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("validate_choice", False)
        kwargs.setdefault("coerce", _text)
        super().__init__(*args, **kwargs)

    pre_validate = ChoiceField.pre_validate


class RowsField(FieldList):
    """Rows of a form that can grow; a row number that no form of ours would send is passed over."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for key in formdata:
            if found := re.match(rf"{re.escape(prefix)}-([0-9]{{1,4}})-", key):
                yield int(found[1])


class TickField(BooleanField):
    """A single box to tick."""

    widget = GovCheckboxInput()


class TicksField(SelectMultipleField):
    """Several boxes to tick; what no box of ours holds is passed over."""

    widget = GovCheckboxesInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("validate_choice", False)
        super().__init__(*args, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        known = {str(value) for value, *_ in self.iter_choices()}
        self.data = [one for one in valuelist if one in known]


class UploadField(FileField):
    """One file; whatever else is sent under its name is none."""

    widget = GovFileInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = next((one for one in valuelist if isinstance(one, FileStorage)), None)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
