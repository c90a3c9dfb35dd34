"""A partner's own invoices: the list, their place on its call-off's page, and those not paid yet on home."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.spend.own_invoices import OwnInvoice, own_invoices
from calloffs.web.invoicing import state_of
from framework.people.permissions import Permission, Visitor
from framework.web.home import Panel, Waiting
from framework.web.sections import Section
from framework.web.visit import page, requires, session, visitor

door = Blueprint("own_invoices", __name__)
_FEW = 5


@door.get("/invoices/")
@requires(Permission.OFFER_READ)
def index() -> Any:
    """Every invoice and credit note that a council holds of this company, the newest first."""
    return page("calloffs/own_invoices/list.html", rows=_with_states(own_invoices(session(), visitor())))


def _with_states(found: list[OwnInvoice]) -> list[tuple[OwnInvoice, tuple[str, str]]]:
    return [(one, state_of(one.invoice)) for one in found]


def section(own: Session, who: Visitor, found: CallOff) -> Section | None:
    """On the partner's page of a signed call-off."""
    if found.signed_at is None:
        return None
    rows = _with_states(own_invoices(own, who, found))
    return Section("invoices", "Your invoices", "calloffs/own_invoices/_list.html", {"rows": rows})


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: the newest invoices with where each stands."""
    if not who.may(Permission.OFFER_READ):
        return None
    found = own_invoices(own, who, most=_FEW)
    if not found:
        return None
    return Panel(
        "Your invoices",
        tuple(
            Waiting(
                f"{one.kind} {one.invoice.number}, {one.invoice.gross} including VAT",
                one.sentence,
                url_for("call_off.show", reference=one.call_off.reference, _anchor="invoices"),
                "invoice",
            )
            for one in found
        ),
        "",
        url_for("own_invoices.index"),
    )
