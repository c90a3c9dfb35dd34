"""The form of a monthly return: a block for each call-off, with only the boxes that this call-off can fill."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, FormField

from calloffs.returns.asking import AskedCallOff
from calloffs.returns.giving import LineFacts, ReturnFacts
from calloffs.returns.reading import Said, facts_of
from calloffs.web.answer_form import DaysField
from framework.definitions.rules import Refusal, Refused
from framework.web.fields import LineField, MoneyField, TickField, VisitForm, WordsField, at_most

_SHOWN = 160
"""Characters of a deliverable that stand beside its box."""


class LineBlock(Form):
    no_business = TickField("No business on this call-off in this month")
    net = MoneyField("Invoiced in this month, in pounds, net of VAT", allow_negative=True)
    delivered = WordsField("What you delivered", [at_most(4000, "What you delivered")])
    invoices = LineField("Invoice numbers (optional)", [at_most(4000, "Invoice numbers")])
    forecast = MoneyField("What you expect to invoice next month, in pounds, net of VAT (optional)")
    concerns = WordsField("Concerns the council should know (optional)", [at_most(4000, "Concerns")])

    numbers: tuple[int, ...] = ()
    levels: tuple[int, ...] = ()

    @property
    def ticks(self) -> list[Any]:
        """The boxes of its deliverables."""
        return [self[f"done_{number}"] for number in self.numbers]

    @property
    def days(self) -> list[Any]:
        """The boxes for days worked, by level."""
        return [self[f"level_{level}"] for level in self.levels]

    @property
    def is_open(self) -> bool:
        """Whether the part that may be left out has something in it to see."""
        return any(
            one.data or one.errors for one in (*self.days, self.invoices, self.forecast, self.concerns)
        )

    def facts(self, call_off_id: int) -> LineFacts:
        """What was typed, once valid."""
        numbers = [" ".join(one.split()) for one in re.split(r"[,;]", self.invoices.data or "")]
        return LineFacts(
            call_off_id=call_off_id,
            no_business=bool(self.no_business.data),
            net=self.net.data,
            delivered=self.delivered.data or "",
            done=tuple(number for number in self.numbers if self[f"done_{number}"].data),
            days={level: self[f"level_{level}"].data for level in self.levels if self[f"level_{level}"].data},
            invoices=tuple(dict.fromkeys(one for one in numbers if one)),
            forecast=self.forecast.data,
            concerns=self.concerns.data or "",
        )


class ReturnForm(VisitForm):
    no_business = TickField("No business in this month on any call-off")
    reason = WordsField("Why are you correcting it?", [at_most(1000, "Reason")])

    asked: Sequence[AskedCallOff] = ()

    @property
    def blocks(self) -> list[tuple[AskedCallOff, Any]]:
        """Each call-off with its block."""
        return [(one, self[f"line_{one.id}"].form) for one in self.asked]

    def facts(self) -> ReturnFacts:
        """What was typed, once valid."""
        return ReturnFacts(
            tuple(block.facts(one.id) for one, block in self.blocks), bool(self.no_business.data)
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """No business on anything leaves the blocks out, so that whatever stands in them must be cleared first."""
        good = bool(super().validate(extra_validators))
        if self.no_business.data and any(_filled(block, one) for one, block in self.blocks):
            self.no_business.errors = [
                "Choose one: no business at all, or what you delivered and invoiced on each call-off"
            ]
            return False
        return good

    def take(self, refused: Refused) -> None:
        """Put refusals beside fields inside blocks too."""
        rest: list[Refusal] = []
        for refusal in refused.refusals:
            block, _, name = (refusal.field or "").partition("-")
            if name and block in self._fields:
                field = self[block].form[name]
                field.errors = [*field.errors, refusal.sentence]
            else:
                rest.append(refusal)
        if rest:
            super().take(Refused(*rest))


def _filled(block: LineBlock, one: AskedCallOff) -> bool:
    said = block.facts(one.id)
    return bool(said.net or said.delivered or said.done or said.days or said.invoices or said.concerns)


def form_for(asked: Sequence[AskedCallOff]) -> type[ReturnForm]:
    """The form with a block for each of these call-offs."""
    blocks = {f"line_{one.id}": FormField(_block_for(one), one.reference) for one in asked}
    return type("ReturnForm", (ReturnForm,), {"asked": tuple(asked), **blocks})


def _block_for(one: AskedCallOff) -> type[LineBlock]:
    ticks = {f"done_{number}": TickField(_short(number, words)) for number, words in one.deliverables}
    days = {f"level_{level}": DaysField(f"Days worked at level {level}") for level in one.levels}
    numbers = tuple(number for number, _ in one.deliverables)
    return type("LineBlock", (LineBlock,), {"numbers": numbers, "levels": one.levels, **ticks, **days})


def _short(number: int, words: str) -> str:
    said = " ".join(words.split())
    return f"{number}. {said if len(said) <= _SHOWN else said[:_SHOWN].rstrip() + ' …'}"


def as_given(newest: Iterable[Said]) -> dict[str, Any]:
    """The newest version as the form shows it, to be corrected."""
    found: dict[str, Any] = {}
    for line, days in newest:
        said = facts_of(line, days)
        found[f"line_{line.call_off_id}"] = {
            "no_business": said.no_business,
            "net": said.net,
            "delivered": said.delivered,
            "invoices": ", ".join(said.invoices),
            "forecast": said.forecast,
            "concerns": said.concerns,
            **{f"done_{number}": True for number in said.done},
            **{f"level_{level}": quarters for level, quarters in said.days.items()},
        }
    return found


def packed(typed: Iterable[tuple[str, str]]) -> str:
    """What was typed, as text to keep with the return."""
    return json.dumps(
        [
            [name, value]
            for name, value in typed
            if name in ("no_business", "reason") or name.startswith("line_")
        ]
    )


def unpacked(kept: str) -> "MultiDict[str, str]":
    """What was kept, as the form reads it."""
    return MultiDict([(name, value) for name, value in json.loads(kept)])
