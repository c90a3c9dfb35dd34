"""Parts 9 to 12 of the order form: milestones, team, charges and payment. Totals are computed, never typed (RULE-74)."""

from typing import Any

from calloffs.documents.parts import iso
from calloffs.documents.sources import Sources
from framework.definitions.money import Money, gross_of, vat_on
from framework.definitions.payments import PAYMENT_DAYS

_VALID_INVOICE = (
    "the supplier’s name, address and VAT number",
    "the call-off’s reference and the purchase order number",
    "the invoice’s own number and date",
    "the period or deliverable that it is for",
    "the amount net of VAT, the VAT and the total",
)


def milestones(found: Sources) -> list[dict[str, Any]]:
    """Part 9: each deliverable that is paid for by itself, net of VAT."""
    return [
        {
            "number": index,
            "deliverable": one.number,
            "due_on": iso(one.due_on),
            "payment_net_pence": one.payment_net_pence,
        }
        for index, one in enumerate(
            (one for one in found.deliverables if one.payment_net_pence is not None), start=1
        )
    ]


def team(found: Sources) -> dict[str, Any]:
    """Part 10: only key staff are named; everyone has a role, a level and a day rate net of VAT."""
    off_payroll = found.call_off.off_payroll
    return {
        "lines": [
            {
                "number": one.number,
                "role": one.role,
                "level": one.level,
                "day_rate_pence": one.day_rate_pence,
                "quarter_days": one.quarter_days,
                "total_pence": one.total.pence,
                "name": one.name if one.is_key else None,
                "clearance": one.clearance,
            }
            for one in found.people
        ],
        "total_pence": sum(one.total.pence for one in found.people),
        "rate_card_version": found.rate_card.version if found.rate_card else None,
        "off_payroll": off_payroll.label if off_payroll else None,
    }


def charges(found: Sources) -> dict[str, Any]:
    """Part 11: the price and the expenses cap, VAT half up once on their sum, and the most that may ever be charged (RULE-25)."""
    call_off, offer = found.call_off, found.offer
    price = offer.price_net_pence if offer else None
    rate = call_off.vat_rate_bp
    net = Money((price or 0) + call_off.expenses_net_pence)
    options = sum(one.price_net_pence for one in found.options)
    most = net + Money(options)
    method = call_off.charging_method
    return {
        "method": method.value if method else None,
        "method_words": method.label if method else None,
        "base_net_pence": price,
        "expenses_net_pence": call_off.expenses_net_pence,
        "expenses_policy": call_off.expenses_policy or None,
        "options_net_pence": options,
        "vat_rate_bp": rate,
        "net_pence": net.pence,
        "vat_pence": vat_on(net, rate).pence,
        "gross_pence": gross_of(net, rate).pence,
        "maximum_net_pence": most.pence,
        "maximum_gross_pence": gross_of(most, rate).pence,
        "awarded_net_pence": call_off.value_net_pence if call_off.awarded_at else None,
        "indexation": call_off.indexation or "None",
        "above_rate_card": sorted(
            {
                f"{one.role}, level {one.level}"
                for one in found.people
                if one.day_rate_pence > found.most.get((one.role, one.level), 0)
            }
        ),
    }


def payment(found: Sources) -> dict[str, Any]:
    """Part 12."""
    return {
        "invoice_frequency": found.call_off.invoice_frequency or None,
        "purchase_order": found.call_off.purchase_order or None,
        "days": PAYMENT_DAYS,
        "valid_invoice": list(_VALID_INVOICE),
        "cost_centre": found.call_off.cost_centre or None,
        "funding": [
            {"source": one.source, "cost_code": one.cost_code, "amount_net_pence": one.amount_net_pence}
            for one in found.funding
        ],
    }
