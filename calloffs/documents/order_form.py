"""The order form: the paper that makes a call-off binding (parts 1 to 12 and 20; RULE-72 to RULE-74)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from calloffs.call_off import CallOff, ChargingMethod
from calloffs.documents import charges, parts
from calloffs.documents.paper import Paper, Snapshot
from calloffs.documents.sources import Sources, sources
from framework.definitions import dates
from framework.definitions.regime import Regime
from framework.records import filing

KIND = "order_form"


def snapshot(session: Session, call_off: CallOff) -> Snapshot:
    """Everything the order form says, as it stands now, under the next version's number."""
    found = sources(session, call_off)
    earlier = filing.filed(session, "call_off", call_off.id, (KIND,))
    version = len(earlier) + 1
    return {
        "paper": KIND,
        "reference": f"{call_off.reference}-OF{version}",
        "version": version,
        "replaces": earlier[0].reference if earlier else None,
        "issued_on": dates.today().isoformat(),
        "made_at": dates.now().isoformat(),
        **_parts(found),
    }


def _parts(found: Sources) -> Snapshot:
    return {
        "header": parts.header(found),
        "buyer": parts.buyer(found),
        "supplier": parts.supplier(found),
        "contacts": parts.contacts(found),
        "award": parts.award(found),
        "term": parts.term(found),
        "terms": parts.terms(found),
        "requirement": parts.requirement(found),
        "deliverables": parts.deliverables(found),
        "milestones": charges.milestones(found),
        "team": charges.team(found),
        "charges": charges.charges(found),
        "payment": charges.payment(found),
        "approvals": parts.approvals(found),
        "signatures": [],
    }


def _only_under(regime: Regime) -> Callable[[Mapping[str, Any]], bool]:
    return lambda said: said["header"]["regime"] == regime.value


def _always(_said: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Must:
    """One mandatory thing: where it stands in the snapshot, and what a person calls it."""

    part: str
    name: str
    words: str
    where: Callable[[Mapping[str, Any]], bool] = _always


# The fields marked M in the table of the order form; one more is one line. The purchase order number is not here: it is
# needed before work starts, not before issue. Identifiers of the Procurement Act exist only under it.
MANDATORY = (
    Must("header", "title", "the call-off’s title (part 1)"),
    Must(
        "header",
        "notice_identifier",
        "the framework’s notice identifier, which the lead authority’s framework owner notes on the agreement’s page (part 1)",
    ),
    Must(
        "header",
        "ocid",
        "the framework’s OCID, which the lead authority’s framework owner notes on the agreement’s page (part 1)",
        _only_under(Regime.PA2023),
    ),
    Must("buyer", "address", "the buyer’s address, which your authority’s administrator sets (part 2)"),
    Must(
        "buyer",
        "ppon",
        "the buyer’s PPON, which your authority’s administrator sets (part 2)",
        _only_under(Regime.PA2023),
    ),
    Must("supplier", "name", "the supplier’s name (part 2)"),
    Must(
        "supplier",
        "address",
        "the supplier’s registered address, which a framework owner corrects on the partner’s page (part 2)",
    ),
    Must(
        "supplier",
        "company_number",
        "the supplier’s company number, which a framework owner corrects on the partner’s page (part 2)",
    ),
    Must(
        "supplier",
        "ppon",
        "the supplier’s PPON or DUNS number, which a framework owner corrects on the partner’s page (part 2)",
        _only_under(Regime.PA2023),
    ),
    Must("contacts", "representative", "the buyer’s authorised representative (part 3)"),
    Must("contacts", "contract_manager", "the supplier’s contract manager (part 3)"),
    Must("award", "route", "the award route (part 4)"),
    Must("award", "reason", "the reason for the award (part 4)"),
    Must("term", "starts_on", "the first day (part 5)"),
    Must("term", "ends_on", "the last day (part 5)"),
    Must("requirement", "background", "the background (part 7)"),
    Must("requirement", "outcome_wanted", "the outcome wanted (part 7)"),
    Must("requirement", "in_scope", "what is in scope (part 7)"),
    Must("deliverables", "lines", "at least one deliverable (part 8)"),
    Must("team", "lines", "the team and its day rates (part 10)"),
    Must("team", "off_payroll", "the off-payroll choice (part 10)"),
    Must("charges", "method", "the charging method (part 11)"),
    Must("charges", "base_net_pence", "the price (part 11)"),
    Must("payment", "invoice_frequency", "how often invoices come (part 12)"),
)


def mandatory(said: Mapping[str, Any]) -> list[str]:
    """What must be on the order form and is not, or does not add up, in the reader's words; empty when it may be issued."""
    missing = [
        one.words for one in MANDATORY if one.where(said) and said[one.part][one.name] in (None, "", [])
    ]
    return missing + list(_unsound(said))


def _unsound(said: Mapping[str, Any]) -> Iterator[str]:
    money = said["charges"]
    for line in said["deliverables"]["lines"]:
        if not line["criteria"] or not line["description"]:
            yield f"the description and acceptance criteria of deliverable {line['number']} (part 8)"
    if money["base_net_pence"] is None:
        return
    if money["method"] == ChargingMethod.MILESTONE.value and not said["milestones"]:
        yield "the milestone payments (part 9)"
    if (
        said["milestones"]
        and sum(one["payment_net_pence"] for one in said["milestones"]) != money["base_net_pence"]
    ):
        yield "milestone payments that add up to the price (part 9)"
    by_time = (ChargingMethod.TIME_AND_MATERIALS.value, ChargingMethod.CAPPED_TIME_AND_MATERIALS.value)
    if money["method"] in by_time and money["base_net_pence"] != said["team"]["total_pence"]:
        yield "a price that is the sum of the team’s lines (part 11)"
    if money["awarded_net_pence"] not in (None, money["maximum_net_pence"]):
        yield "charges that add up to the value awarded (part 11)"
    if money["above_rate_card"]:
        yield f"day rates within the rate card for {' and '.join(money['above_rate_card'])} (part 10)"


PAPER = Paper(KIND, "Order form", "documents/order_form.html", snapshot, mandatory)
