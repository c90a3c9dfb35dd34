"""The forms of a draft: few pages, each kept as typed, and how each is read into facts."""

from collections.abc import Sequence
from typing import Any

from wtforms import Form, FormField
from wtforms.validators import StopValidation

from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff, CallOffOption, ChargingMethod, OffPayroll
from calloffs.drafting import DraftFacts, OptionFacts
from framework.definitions import dates
from framework.definitions.money import Money
from framework.web.fields import (
    ChoiceField,
    DayField,
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

EXEMPT = "exempt"
_VAT = ((2000, "20%, the standard rate"), (500, "5%, the reduced rate"), (0, "0%"))


class NewForm(VisitForm):
    lot = PickField("Lot", [needed("Choose a lot")])
    authority_id = ChoiceField("For which authority", [needed("Choose an authority")])
    title = LineField(
        "Title",
        [needed("Enter a title"), at_most(200, "Title")],
        description="What is bought, in a few words",
    )


class WhatForm(VisitForm):
    title = LineField("Title", [needed("Enter a title"), at_most(200, "Title")])
    background = WordsField(
        "Background", [at_most(40_000, "Background")], description="Why this is needed now"
    )
    outcome_wanted = WordsField(
        "Outcome wanted",
        [at_most(40_000, "Outcome wanted")],
        description="What will be true when the work is done",
    )
    in_scope = WordsField("In scope", [at_most(40_000, "In scope")])
    out_of_scope = WordsField("Out of scope (optional)", [at_most(40_000, "Out of scope")])
    standards = WordsField(
        "Standards (optional)",
        [at_most(8_000, "Standards")],
        description="Such as WCAG 2.2 AA or your own security policy",
    )
    dependencies = WordsField("Dependencies (optional)", [at_most(8_000, "Dependencies")])
    location = LineField("Location (optional)", [at_most(500, "Location")])
    working_hours = LineField("Working hours (optional)", [at_most(500, "Working hours")])


class OptionForm(Form):
    months = NumberField("Months", least=1, most=60, what="Months")
    notice_days = NumberField("Days of notice", least=0, most=730, what="Days of notice")
    price = MoneyField("Price, net of VAT")

    def validate_months(self, field: NumberField) -> None:
        """A row is whole or blank."""
        begun = field.data is not None or self.price.data is not None or self.notice_days.data is not None
        if begun and field.data is None and not field.errors:
            raise StopValidation("Enter how many months the option lasts")

    def validate_price(self, field: MoneyField) -> None:
        """An option needs its own price (RULE-25)."""
        begun = self.months.data is not None or self.notice_days.data is not None
        if begun and field.data is None and not field.errors:
            raise StopValidation("Enter the price of the option, 0 if it costs nothing more")


class MoneyForm(VisitForm):
    starts_on = DayField("First day", description="Like 27 3 2027. No later than the agreement’s last day")
    ends_on = DayField("Last day", description="Included. No later than the lot’s long-stop")
    base = MoneyField(
        "Base value, net of VAT", description="The price of the work without options or expenses"
    )
    expenses = MoneyField(
        "Expenses cap, net of VAT (optional)", description="The most you would pay for expenses"
    )
    expenses_policy = LineField("Expenses policy (optional)", [at_most(1_000, "Expenses policy")])
    vat_rate_bp = PickField("VAT rate", choices=[(str(bp), words) for bp, words in _VAT])
    charging_method = ChoiceField(
        "How the work is charged", choices=[(one.value, one.label) for one in ChargingMethod]
    )
    options = RowsField(FormField(OptionForm), min_entries=1, max_entries=10)


class CaseForm(VisitForm):
    case_id = ChoiceField("Business case")
    exemption_reason = WordsField(
        "Why no business case is needed",
        [at_most(2_000, "The reason")],
        description="Only when you choose no business case. Exempt call-offs are listed in a report",
    )


class TermsForm(VisitForm):
    off_payroll = ChoiceField("Off-payroll working", choices=[(one.value, one.label) for one in OffPayroll])
    special_terms = WordsField(
        "Special terms (optional)",
        [at_most(8_000, "Special terms")],
        description="They may refine the agreement’s terms, not change them substantially",
    )
    special_terms_confirmed = TickField(
        "The special terms do not change the agreement’s own terms substantially"
    )
    break_notice_days = NumberField(
        "Days of notice you give to end early", least=0, most=365, what="Days of notice"
    )
    supplier_notice_days = NumberField(
        "Days of notice the partner gives to end early", least=0, most=365, what="Days of notice"
    )
    acceptance_days = NumberField(
        "Working days you take to accept a deliverable", least=1, most=60, what="Working days"
    )
    indexation = LineField("Price changes during the term", [at_most(500, "Price changes")])
    invoice_frequency = LineField("How often it is invoiced", [at_most(100, "How often it is invoiced")])
    cost_centre = LineField("Cost centre (optional)", [at_most(60, "Cost centre")])
    purchase_order = LineField(
        "Purchase order number (optional)",
        [at_most(40, "Purchase order number")],
        description="Needed before work starts, not before",
    )
    representative = LineField(
        "Your authorised representative (optional)",
        [at_most(120, "Representative")],
        description="You, when left blank",
    )
    conflicts_declared = TickField(
        "I have no conflict of interest in this call-off, or it is recorded and managed"
    )


def day_of(call_off: CallOff) -> dict[str, Any]:
    """The draft as the money form shows it."""
    return {
        "starts_on": call_off.starts_on,
        "ends_on": call_off.ends_on,
        "base": None if call_off.base_net_pence is None else Money(call_off.base_net_pence),
        "expenses": Money(call_off.expenses_net_pence) if call_off.expenses_net_pence else None,
        "expenses_policy": call_off.expenses_policy,
        "vat_rate_bp": str(call_off.vat_rate_bp),
        "charging_method": call_off.charging_method.value if call_off.charging_method else None,
    }


def shown_options(options: Sequence[CallOffOption]) -> list[dict[str, Any]]:
    """The options as the money form shows them."""
    return [
        {"months": one.months, "notice_days": one.notice_days, "price": Money(one.price_net_pence)}
        for one in options
    ]


def money_facts(form: MoneyForm) -> DraftFacts:
    """What the money form says."""
    return DraftFacts(
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        base=form.base.data,
        expenses=form.expenses.data,
        expenses_policy=form.expenses_policy.data or "",
        vat_rate_bp=rate_of(form),
        charging_method=ChargingMethod(form.charging_method.data) if form.charging_method.data else None,
    )


def rate_of(form: MoneyForm) -> int:
    """The VAT rate chosen, in basis points."""
    known = {str(bp): bp for bp, _ in _VAT}
    return known.get(str(form.vat_rate_bp.data), _VAT[0][0])


def option_facts(form: MoneyForm) -> list[OptionFacts]:
    """The options typed; blank rows are ignored."""
    return [
        OptionFacts(row.months.data, row.notice_days.data or 0, row.price.data)
        for row in (entry.form for entry in form.options)
        if row.months.data is not None and row.price.data is not None
    ]


def prices_of(form: MoneyForm) -> list[Money]:
    """Every price that could be read, whole row or not: what a reader has typed so far."""
    return [entry.form.price.data for entry in form.options if entry.form.price.data is not None]


def case_choices(
    cases: Sequence[BusinessCase], chosen: BusinessCase | None, threshold: Money
) -> list[tuple[str, str]]:
    """Cases with what is left of each, the one chosen before, and going without one."""
    listed = list(cases)
    if chosen is not None and chosen.id not in {one.id for one in listed}:
        listed.insert(0, chosen)
    words = [
        (str(one.id), f"{one.reference} {one.title}: {one.left} net of VAT left{_until(one)}")
        for one in listed
    ]
    return [*words, (EXEMPT, f"No business case: the maximum value is below {threshold} net of VAT")]


def _until(case: BusinessCase) -> str:
    return f", until {dates.in_words(case.valid_until)}" if case.valid_until else ""


def case_facts(form: CaseForm) -> DraftFacts:
    """A case or a reason, never both."""
    if form.case_id.data == EXEMPT:
        return DraftFacts(case_id=None, exemption_reason=form.exemption_reason.data or "")
    chosen = form.case_id.data
    return DraftFacts(case_id=int(chosen) if chosen else None, exemption_reason="")


_TERMS = (
    "special_terms", "special_terms_confirmed", "indexation", "invoice_frequency", "cost_centre", "purchase_order",
    "representative", "conflicts_declared",
)  # fmt: skip
_NUMBERS = ("break_notice_days", "supplier_notice_days", "acceptance_days")


def terms_facts(form: TermsForm) -> DraftFacts:
    """What the terms form says; a number left blank stays as it was."""
    facts: dict[str, Any] = {name: form[name].data for name in _TERMS}
    facts |= {name: form[name].data for name in _NUMBERS if form[name].data is not None}
    facts["off_payroll"] = OffPayroll(form.off_payroll.data) if form.off_payroll.data else None
    return DraftFacts(**facts)  # type: ignore[typeddict-item]
