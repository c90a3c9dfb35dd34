"""A partner's signed papers in one place, and the newest of them on home."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs.documents.own_papers import OwnPapers, own_papers
from framework.definitions import dates
from framework.people.permissions import Permission, Visitor
from framework.web.home import Panel, Waiting
from framework.web.visit import page, requires, session, visitor

door = Blueprint("own_papers", __name__)
_FEW = 3


@door.get("/papers/")
@requires(Permission.OFFER_READ)
def index() -> Any:
    """The order form and the signed copy of each call-off of this company."""
    return page("calloffs/own_papers/list.html", rows=own_papers(session(), visitor()))


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: the newest papers, each a click from being downloaded."""
    if not who.may(Permission.OFFER_READ):
        return None
    found = own_papers(own, who, most=_FEW)
    if not found:
        return None
    return Panel(
        "Your signed papers",
        tuple(_waiting(one) for one in found),
        "",
        url_for("own_papers.index"),
    )


def _waiting(one: OwnPapers) -> Waiting:
    call_off = one.call_off
    if call_off.signed_at:
        said = f"Signed by both sides on {dates.in_words(call_off.signed_at)}"
        address = url_for("document.signed_copy", reference=call_off.reference)
        return Waiting(
            f"Download the signed copy of {call_off.reference}, {call_off.title}", said, address, "signing"
        )
    paper = one.order_form
    address = (
        url_for("document.download", reference=paper.reference)
        if paper
        else url_for("call_off.show", reference=call_off.reference)
    )
    return Waiting(
        f"Download the order form of {call_off.reference}, {call_off.title}",
        "Issued, not yet signed by both sides",
        address,
        "signing",
    )
