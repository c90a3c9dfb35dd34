"""Statutory notices: which ones a call-off asks for, and by which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from framework.definitions.money import Money, gross_of
from framework.definitions.regime import Regime
from framework.definitions.thresholds import Kind, Trigger, amount, is_above
from framework.definitions.working_days import period_beginning_with

DETAILS_DAYS, DETAILS_DAYS_LIGHT_TOUCH = 30, 120
COPY_DAYS, COPY_DAYS_LIGHT_TOUCH = 90, 180
CONTRACTS_FINDER_DAYS = 90
ENDING_DAYS = 30
REPORTING_DAYS = 30
KPIS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class NoticeDue:
    """A notice to publish, by the end of `due` (a London date).

    `statutory` is False when the day is a target of ours or of guidance, not the law's own clock.
    `before_signing` is True when it must be out on or before the day of signing.
    """

    code: str
    label: str
    due: date
    source: str
    statutory: bool = True
    before_signing: bool = False


def notices_due(
    regime: Regime,
    net: Money | None,
    vat_bp: int,
    entered_on: date,
    *,
    kind: Kind = Kind.GOODS_SERVICES,
    request_issued: date | None = None,
) -> tuple[NoticeDue, ...]:
    """The notices that a call-off entered into on a day asks for, earliest first.

    `net` is its maximum value net of VAT (None when not known, which counts as above every amount).
    `request_issued` fixes the threshold that applies (RULE-34); without it, `entered_on` does.
    """
    gross = None if net is None else gross_of(net, vat_bp)
    if gross is not None and gross < amount(Trigger.PUBLISHED_CALL_OFF):
        return ()
    if regime is Regime.PCR2015:
        return (_contracts_finder(entered_on),)
    notices = []
    if is_above(gross, kind, request_issued or entered_on):
        notices += [_award(entered_on), _details(entered_on, kind)]
    else:
        notices.append(_details_below_threshold(entered_on))
    if gross is None or is_over_kpi_amount(gross):
        notices.append(_contract_copy(entered_on, kind))
    return tuple(notices)


def _contracts_finder(entered_on: date) -> NoticeDue:
    due = period_beginning_with(entered_on, CONTRACTS_FINDER_DAYS)
    label = "Award information on Contracts Finder"
    return NoticeDue("Contracts Finder", label, due, "RULE-20; PPN 019", statutory=False)


def _award(entered_on: date) -> NoticeDue:
    source = "RULE-17; Procurement Act 2023 s.50(1)"
    return NoticeDue("UK6", "Contract award notice", entered_on, source, before_signing=True)


def _details(entered_on: date, kind: Kind) -> NoticeDue:
    days = DETAILS_DAYS_LIGHT_TOUCH if kind is Kind.LIGHT_TOUCH else DETAILS_DAYS
    due = period_beginning_with(entered_on, days)
    return NoticeDue("UK7", "Contract details notice", due, "RULE-18; Procurement Act 2023 s.53(1)")


def _details_below_threshold(entered_on: date) -> NoticeDue:
    # The Act says "as soon as reasonably practicable"; 30 days is our own target.
    due = period_beginning_with(entered_on, DETAILS_DAYS)
    source = "RULE-19; Procurement Act 2023 s.87(3)"
    return NoticeDue("UK7", "Contract details notice", due, source, statutory=False)


def _contract_copy(entered_on: date, kind: Kind) -> NoticeDue:
    days = COPY_DAYS_LIGHT_TOUCH if kind is Kind.LIGHT_TOUCH else COPY_DAYS
    due = period_beginning_with(entered_on, days)
    source = "RULE-49; Procurement Act 2023 s.53(3)"
    return NoticeDue("Contract copy", "Copy of the contract", due, source)


def is_over_kpi_amount(gross: Money) -> bool:
    """Whether a contract is over the amount from which KPIs and a published copy are due: strictly."""
    return gross > amount(Trigger.KPIS_AND_CONTRACT_COPY)


def kpis_needed(gross: Money, *, light_touch: bool = False) -> int:
    """How many KPIs a contract of this value including VAT needs before it is entered (RULE-41)."""
    return KPIS_NEEDED if is_over_kpi_amount(gross) and not light_touch else 0


def termination_notice_due(ended: date) -> date:
    """The last day to publish the notice that a public contract has ended (UK11, RULE-48)."""
    return period_beginning_with(ended, ENDING_DAYS)


def payments_compliance_due(half_year_end: date) -> date:
    """The last day to publish the payments compliance notice (UK17, RULE-46)."""
    return period_beginning_with(half_year_end, REPORTING_DAYS)


def payments_list_due(quarter_end: date) -> date:
    """The last day to publish a quarter's payments over £30,000 (RULE-47)."""
    return period_beginning_with(quarter_end, REPORTING_DAYS)


def is_register_listed(value: Money) -> bool:
    """Whether a contract goes on the public contracts register: over £5,000 net, strictly (RULE-52)."""
    return value > amount(Trigger.CONTRACTS_REGISTER)


def is_spend_listed(value: Money) -> bool:
    """Whether a payment goes on the public spend list: over £500 net, strictly (RULE-53)."""
    return value > amount(Trigger.SPEND_LIST)
