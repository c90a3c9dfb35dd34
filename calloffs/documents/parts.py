"""Parts 1 to 8 and 20 of the order form, as plain values; each function is one part of the paper."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from calloffs.documents.sources import Sources
from framework.definitions.dates import NoticePeriod, last_notice_day
from framework.definitions.regime import last_day_with_options
from lots.lot import DirectAwardBasis

_PRECEDENCE = (
    "Special terms stated on this order form",
    "This order form",
    "The framework agreement’s terms",
    "The framework agreement’s schedules",
    "The supplier’s tender for the framework agreement",
)
_STANDARDS = "Accessible to WCAG 2.2 level AA; designed to the Service Standard; built on open standards and open source where it can be"
_BASES = {
    DirectAwardBasis.SINGLE_SUPPLIER: "Direct award: the lot has one partner",
    DirectAwardBasis.OBJECTIVE_MECHANISM: "Direct award by the lot’s stated objective mechanism",
    DirectAwardBasis.NONE: None,
}


def iso(day: date | None) -> str | None:
    """A day as a snapshot holds it."""
    return None if day is None else day.isoformat()


def header(found: Sources) -> dict[str, Any]:
    """Part 1."""
    agreement, lot = found.around.agreement, found.around.lot
    return {
        "call_off": found.call_off.reference,
        "title": found.call_off.title,
        "agreement_title": agreement.title,
        "agreement_reference": agreement.reference,
        "regime": agreement.regime.value,
        "regime_words": agreement.regime.label,
        "notice_identifier": agreement.notice_identifier,
        "ocid": agreement.ocid,
        "lot_number": lot.number,
        "lot_title": lot.title,
        "is_sample": agreement.is_sample,
    }


def buyer(found: Sources) -> dict[str, Any]:
    """Part 2, the buyer."""
    authority = found.around.authority
    return {"name": authority.name, "address": authority.address, "ppon": authority.ppon}


def supplier(found: Sources) -> dict[str, Any]:
    """Part 2, the supplier; blank until there is an award."""
    partner = found.around.partner
    return {
        "name": partner.name if partner else None,
        "address": partner.address if partner else None,
        "company_number": partner.company_number if partner else None,
        "ppon": partner.ppon if partner else None,
        "is_sme": partner.is_sme if partner else None,
        "is_vcse": partner.is_vcse if partner else None,
    }


def contacts(found: Sources) -> dict[str, Any]:
    """Part 3."""
    owner, authority, appointment = found.around.owner, found.around.authority, found.appointment
    return {
        "representative": found.call_off.representative or owner.name,
        "commissioning_manager": owner.name,
        "commissioning_manager_email": owner.email,
        "contract_manager": appointment.contract_manager if appointment else None,
        "contract_manager_email": appointment.contract_manager_email if appointment else None,
        "invoice_address": authority.invoice_address,
        "invoice_email": authority.invoice_email,
    }


def award(found: Sources) -> dict[str, Any]:
    """Part 4. Criteria and scores belong to a competition; a direct award says that there are none."""
    return {
        "basis": _BASES[found.around.lot.direct_award_basis],
        "route": _own_route(found.offer.route, found.others) if found.offer else None,
        "criteria": "None: direct award, without scored criteria",
        "reason": found.call_off.award_reason or None,
        "conflicts_declared": found.call_off.conflicts_declared,
    }


def _own_route(route: str, others: Sequence[str]) -> str:
    """The route without who was passed over and why: the partner signs this paper, and rivals' answers are not for it."""
    named = [at for name in others if (at := route.find(f". {name} was passed over: ")) >= 0]
    return route[: min(named)] if named else route


def term(found: Sources) -> dict[str, Any]:
    """Part 5: each option begins the day after the last, and its notice counts back from the end it would move."""
    end = found.call_off.ends_on
    options = []
    for option in found.options:
        notice = NoticePeriod(days=option.notice_days)
        longer = last_day_with_options(end, [option.months]) if end else None
        options.append(
            {
                "number": option.number,
                "months": option.months,
                "notice_days": option.notice_days,
                "last_notice_on": iso(last_notice_day(end, notice) if end else None),
                "ends_on": iso(longer),
                "price_net_pence": option.price_net_pence,
            }
        )
        end = longer
    return {
        "starts_on": iso(found.call_off.starts_on),
        "ends_on": iso(found.call_off.ends_on),
        "options": options,
        "latest_end_on": iso(end),
        "break_notice_days": found.call_off.break_notice_days,
        "supplier_notice_days": found.call_off.supplier_notice_days,
    }


def terms(found: Sources) -> dict[str, Any]:
    """Part 6."""
    return {"precedence": list(_PRECEDENCE), "special": found.call_off.special_terms or None}


def requirement(found: Sources) -> dict[str, Any]:
    """Part 7. A brief that names no standards is held to the founding principles; what it does not put in scope is out of it."""
    names = ("background", "outcome_wanted", "in_scope", "location", "working_hours", "dependencies")
    return {
        **{name: getattr(found.call_off, name) or None for name in names},
        "out_of_scope": found.call_off.out_of_scope or "Anything that is not stated as in scope",
        "standards": found.call_off.standards or _STANDARDS,
    }


def deliverables(found: Sources) -> dict[str, Any]:
    """Part 8."""
    return {
        "lines": [
            {
                "number": one.number,
                "description": one.description,
                "criteria": one.criteria,
                "due_on": iso(one.due_on),
                "owner": one.owner or None,
            }
            for one in found.deliverables
        ],
        "acceptance_days": found.call_off.acceptance_days,
    }


def approvals(found: Sources) -> list[dict[str, Any]]:
    """Part 20, the trail: who approved, when, and up to what limit, net of VAT."""
    return [
        {
            "name": name,
            "stage": decision.stage,
            "value_net_pence": decision.value_net_pence,
            "limit_net_pence": decision.limit_net_pence,
            "decided_at": decision.decided_at.isoformat(),
        }
        for decision, name in found.decisions
        if decision.outcome == "approved"
    ]
