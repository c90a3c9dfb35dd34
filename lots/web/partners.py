"""The partners of a framework owner's agreements, those gone quiet first."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework.agreement import FrameworkAgreement
from framework.people.permissions import Permission, Visitor
from framework.web.home import Panel, Waiting
from framework.web.sections import Step
from framework.web.visit import page, requires, session, visitor
from lots.finding import emptied_lots
from lots.quiet import partners_by_quiet
from lots.web.lot import may_change, status_of

door = Blueprint("partners", __name__)


@door.get("/partners/")
@requires(Permission.AGREEMENT_OPEN)
def index() -> Any:
    """Every partner of the visitor's own agreements with what was last heard of it."""
    found = partners_by_quiet(session(), visitor())
    return page(
        "lots/partners/list.html",
        rows=[
            (one, [(place, status_of(place.agreement, place.appointment)) for place in one.places])
            for one in found
        ],
    )


def emptied_panel(own: Session, who: Visitor) -> Panel | None:
    """Home: lots of the visitor's own agreements that no partner is on, so that nothing can be offered."""
    if not who.may(Permission.AGREEMENT_OPEN):
        return None
    items = tuple(
        Waiting(
            title=f"Lot {lot.reference}: {lot.title}",
            detail="It has no partner: nothing can be offered",
            address=url_for("lot.show", reference=lot.reference),
            kind="lot",
        )
        for lot in emptied_lots(own, who)
    )
    return Panel(heading="Lots without a partner", items=items, empty="") if items else None


def quiet_panel(own: Session, who: Visitor) -> Panel | None:
    """Home: the way to the partners that have gone quiet."""
    if not who.may(Permission.AGREEMENT_OPEN):
        return None
    return Panel(
        heading="Partners gone quiet",
        items=(),
        empty="When each partner last answered, was awarded work and confirmed its facts.",
        more=url_for("partners.index"),
    )


def step(_own: Session, who: Visitor, agreement: FrameworkAgreement) -> Step | None:
    """On the page of an agreement, for those who look after it."""
    if not may_change(who, agreement) or agreement.recorded_as_past:
        return None
    return Step("See partners and who has gone quiet", url_for("partners.index"))
