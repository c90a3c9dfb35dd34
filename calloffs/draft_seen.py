"""Two people with one draft: a page saved over words that its writer never saw is held back, once, with what was typed kept."""

import hashlib

from sqlmodel import Session

from calloffs import drafting
from calloffs.call_off import CallOff
from calloffs.holding import hold_words
from framework.definitions.rules import ChangedMeanwhile, Refusal
from framework.records.audit import canonical

# What each page of a draft writes.
_FIELDS = {
    "what": (
        *("title", "background", "outcome_wanted", "in_scope", "out_of_scope"),
        *("standards", "dependencies", "location", "working_hours"),
    ),
    "money": (
        *("starts_on", "ends_on", "base_net_pence", "expenses_net_pence", "expenses_policy"),
        *("vat_rate_bp", "charging_method", "indexation", "options_net_pence"),
    ),
    "case": ("case_id", "exemption_reason"),
    "terms": (
        *(
            "off_payroll",
            "special_terms",
            "special_terms_confirmed",
            "break_notice_days",
            "supplier_notice_days",
        ),
        *("acceptance_days", "invoice_frequency", "purchase_order", "cost_centre", "conflicts_declared"),
        "representative",
    ),
}


def mark(session: Session, call_off: CallOff, page: str) -> str:
    """A short mark of what a page of the draft says now; it goes out with the page and comes back with the form."""
    said = {name: str(getattr(call_off, name)) for name in _FIELDS[page]}
    if page == "money":
        options = drafting.options_of(session, call_off)
        said["options"] = str([(one.months, one.notice_days, one.price_net_pence) for one in options])
    return hashlib.sha256(canonical(said).encode()).hexdigest()[:20]


def unchanged(session: Session, call_off: CallOff, page: str, seen: str) -> None:
    """Pass when the page still says what its writer saw. Raises `ChangedMeanwhile`; a blank mark asks nothing."""
    hold_words(session, call_off)
    if seen and seen != mark(session, call_off, page):
        raise ChangedMeanwhile(
            Refusal(
                "Someone else saved this page while you were writing. Your words are below and not saved. "
                "Look at the draft in another tab, then save again to put yours in place of theirs"
            )
        )
