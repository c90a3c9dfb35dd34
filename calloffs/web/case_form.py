"""The form of a short business case: one page, with rows for benefits and funding."""

import re
from typing import Any

from wtforms import Form, FormField
from wtforms.widgets import HiddenInput

from calloffs.business_case.case import CaseType
from calloffs.business_case.lines import MOST_LINES, YEARS, BenefitLine, CaseFacts, CostLine, FundingLine
from framework.definitions.money import Money
from framework.definitions.rules import Refusal, Refused
from framework.web.fields import (
    ChoiceField,
    LineField,
    MoneyField,
    NumberField,
    PickField,
    RowsField,
    TickField,
    VisitForm,
    WordsField,
    at_most,
    needed,
)


class Rows(RowsField):
    """The rows of a case, and which of them say something."""

    def filled(self) -> list[Any]:
        """The rows in which something was typed, in order."""
        return [row for row in self.entries if any(_typed(part) for part in row.form)]

    def one_more(self) -> None:
        """Add an empty row, up to the most that a case may have."""
        if len(self.entries) < MOST_LINES:
            self.append_entry()


def _typed(field: Any) -> bool:
    if isinstance(field, TickField):
        return bool(field.data)
    return bool(field.data or (field.raw_data and str(field.raw_data[0]).strip()))


class BenefitRow(Form):
    description = LineField("What gets better", [at_most(1000, "What gets better")])
    owner = LineField("Owner", [at_most(120, "Owner")], description="Who answers for it")
    measure = LineField("Measure", [at_most(500, "Measure")], description="How you will know")
    is_cashable = TickField("It saves money that can be spent on something else (cashable)")
    yearly = MoneyField(
        "Worth a year, net of VAT", description="Needed when it is cashable; an estimate otherwise"
    )


class FundingRow(Form):
    source = LineField("Source", [at_most(200, "Source")], description="The budget or grant it comes from")
    cost_code = LineField("Cost code", [at_most(60, "Cost code")])
    amount = MoneyField("Amount, net of VAT")


class CaseForm(VisitForm):
    """Everything a person writes in a short case; incomplete is welcome until it is submitted."""

    authority = PickField("Authority", [needed("Choose the authority")], choices=[])
    seen = NumberField("Version", widget=HiddenInput())
    title = LineField("Title", [at_most(200, "Title")])
    kind = ChoiceField("Type of case", choices=[(one.value, one.label) for one in CaseType])
    self_evident_reason = WordsField(
        "Why it is self-evident",
        [at_most(2000, "Why it is self-evident")],
        description="Only for a self-evident case",
    )
    need = WordsField("What is needed, and why", [at_most(8000, "What is needed")])
    baseline = WordsField(
        "What happens if nothing is done",
        [at_most(8000, "What happens if nothing is done")],
        description="Every case has this: it is what the rest is compared with",
    )
    options = WordsField("Other ways you looked at (optional)", [at_most(8000, "Other ways")])
    risks = WordsField("Risks (optional)", [at_most(8000, "Risks")])
    one_off_0 = MoneyField("One-off, year 0")
    recurring_0 = MoneyField("Recurring, year 0")
    one_off_1 = MoneyField("One-off, year 1")
    recurring_1 = MoneyField("Recurring, year 1")
    one_off_2 = MoneyField("One-off, year 2")
    recurring_2 = MoneyField("Recurring, year 2")
    one_off_3 = MoneyField("One-off, year 3")
    recurring_3 = MoneyField("Recurring, year 3")
    one_off_4 = MoneyField("One-off, year 4")
    recurring_4 = MoneyField("Recurring, year 4")
    benefits = Rows(FormField(BenefitRow), "Benefits", min_entries=1, max_entries=MOST_LINES)
    funding = Rows(FormField(FundingRow), "Funding", min_entries=1, max_entries=MOST_LINES)

    @property
    def years(self) -> list[tuple[int, Any, Any]]:
        """The boxes of each year's costs."""
        return [(year, self[f"one_off_{year}"], self[f"recurring_{year}"]) for year in YEARS]

    def facts(self) -> CaseFacts:
        """What was typed, blank rows left out."""
        nothing = Money.zero()
        return CaseFacts(
            title=self.title.data,
            kind=CaseType(self.kind.data) if self.kind.data else None,
            need=self.need.data,
            baseline=self.baseline.data,
            options=self.options.data,
            risks=self.risks.data,
            self_evident_reason=self.self_evident_reason.data,
            costs=tuple(
                CostLine(year, one_off.data or nothing, recurring.data or nothing)
                for year, one_off, recurring in self.years
                if one_off.data or recurring.data
            ),
            benefits=tuple(BenefitLine(**row.form.data) for row in self.benefits.filled()),
            funding=tuple(FundingLine(**row.form.data) for row in self.funding.filled()),
        )

    def take(self, refused: Refused) -> None:
        """Put each refusal beside its box, also inside a row; what is said of the costs goes beside the first year."""
        rest: list[Refusal] = []
        for refusal in refused.refusals:
            field = self._box(refusal.field or "")
            if field is None:
                rest.append(refusal)
            else:
                field.errors = [*field.errors, refusal.sentence]
        if rest:
            super().take(Refused(*rest))

    def _box(self, name: str) -> Any:
        if name == "costs":
            return self["one_off_0"]
        found = re.fullmatch(r"(benefits|funding)-([0-9]+)-([a-z_]+)", name)
        if not found:
            return None
        # Refusals count the rows that were filled in; blank ones between them stay where they are.
        rows = self[found[1]].filled()
        return rows[int(found[2])].form[found[3]] if int(found[2]) < len(rows) else None


def typed(facts: CaseFacts, version: int) -> dict[str, Any]:
    """A case as the form holds it, ready to be changed."""
    data: dict[str, Any] = {
        "seen": version,
        "title": facts.title,
        "kind": facts.kind,
        "need": facts.need,
        "baseline": facts.baseline,
        "options": facts.options,
        "risks": facts.risks,
        "self_evident_reason": facts.self_evident_reason,
        "benefits": [
            {
                "description": one.description,
                "owner": one.owner,
                "measure": one.measure,
                "is_cashable": one.is_cashable,
                "yearly": one.yearly,
            }
            for one in facts.benefits
        ],
        "funding": [
            {"source": one.source, "cost_code": one.cost_code, "amount": one.amount} for one in facts.funding
        ],
    }
    for line in facts.costs:
        data[f"one_off_{line.year}"] = line.one_off if line.one_off.pence else None
        data[f"recurring_{line.year}"] = line.recurring if line.recurring.pence else None
    return data
