"""The forward view: what is coming, quarter by quarter, with each lot's and agreement's vision; and one tick to follow."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.people.permissions import Permission, Visitor
from framework.web.home import Panel, Waiting
from framework.web.sections import Step
from framework.web.visit import after, page, requires, session, visitor
from lots.forward import envisioning, finding, seeing_vision
from lots.forward.finding import Seen
from lots.forward.finding_proposals import waiting
from lots.forward.following import Follows, follow, followed, unfollow
from lots.forward.periods import ahead_in_words, quarter_of
from lots.forward.pipeline import Stage
from lots.forward.proposing import NO_RIGHT
from lots.forward.reach import reach_of

door = Blueprint("forward", __name__)
TONES = {
    Stage.IDEA: "draft",
    Stage.PLANNED: "agreed",
    Stage.PREPARED: "waiting",
    Stage.REQUESTED: "live",
    Stage.DROPPED: "ended",
}


@door.get("/forward/")
@requires(Permission.FORWARD_READ)
def index() -> Any:
    """Everything that is coming on the visitor's lots, the first expected first."""
    own, who = session(), visitor()
    reach = reach_of(own, who)
    follows = followed(own, who, reach)
    items = finding.items(own, reach)
    ended = finding.items(own, reach, ended=True)
    return page(
        "lots/forward/index.html",
        quarters=by_quarter(items, follows),
        ended=[card(one, follows) for one in ended],
        agreements=finding.agreements(own, reach),
        may_plan=bool(finding.lots_to_plan(own, who)) if who.may(Permission.FORWARD_WRITE) else False,
        may_propose=who.may(Permission.COMPANY_KEEP),
        most=finding.MOST if len(items) == finding.MOST else None,
        no_right=NO_RIGHT,
    )


@door.get("/forward/lots/<reference>")
@requires(Permission.FORWARD_READ)
def lot(reference: str) -> Any:
    """One lot: each council's vision and outcomes for it, and what is coming."""
    own, who = session(), visitor()
    found, agreement, reach = finding.lot(own, who, reference)
    follows = followed(own, who, reach)
    return page(
        "lots/forward/lot.html",
        lot=found,
        agreement=agreement,
        about=f"lot:{found.id}",
        visions=seeing_vision.in_force(own, seeing_vision.name_of(agreement, found)),
        may_write=envisioning.writers(own, who, agreement, found),
        follows=follows,
        quarters=by_quarter(finding.items(own, reach, lot=found), follows),
        no_right=NO_RIGHT,
    )


@door.get("/forward/agreements/<reference>")
@requires(Permission.FORWARD_READ)
def agreement(reference: str) -> Any:
    """One agreement: each council's vision and outcomes for the whole of it, and what is coming on it."""
    own, who = session(), visitor()
    found, reach = finding.agreement(own, who, reference)
    follows = followed(own, who, reach)
    return page(
        "lots/forward/lot.html",
        lot=None,
        agreement=found,
        about=f"agreement:{found.id}",
        visions=seeing_vision.in_force(own, seeing_vision.name_of(found, None)),
        may_write=envisioning.writers(own, who, found, None),
        follows=follows,
        quarters=by_quarter(finding.items(own, reach, agreement=found), follows),
        no_right=NO_RIGHT,
    )


@door.post("/forward/follow")
@requires(Permission.FORWARD_READ)
def following() -> Any:
    """Begin or stop to follow an item, a lot or an agreement, and go back to it."""
    kind, _, number = request.form.get("about", "").partition(":")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    act = unfollow if request.form.get("then") == "stop" else follow
    act(session(), actor=visitor(), kind=kind, number=wanted)
    if kind == "item" and finding.sees(session(), visitor(), wanted):
        return after("pipeline.show", item_id=wanted)
    return after("forward.index")


def by_quarter(items: list[Seen], follows: Follows) -> list[dict[str, Any]]:
    """Cards in groups: what was expected before now, then each quarter in which something is expected to be asked."""
    today = dates.today()
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in items:
        when = one.item.asking or one.item.start
        heading = "Expected before now" if when.last < today else str(quarter_of(when.first))
        groups.setdefault(heading, []).append(card(one, follows))
    return [{"heading": heading, "cards": cards} for heading, cards in groups.items()]


def card(seen: Seen, follows: Follows) -> dict[str, Any]:
    """One piece of coming work as a list shows it."""
    item, today = seen.item, dates.today()
    when = item.asking or item.start
    return {
        "seen": seen,
        "verb": "To be asked" if item.asking else "To start",
        "when": str(when),
        "ahead": ahead_in_words(when, today) if item.stage.is_open else "",
        "stage": (item.stage.label, TONES[item.stage]),
        "follows": follows.item(item),
    }


def new_panel(own: Session, who: Visitor) -> Panel | None:
    """Home of a partner: work newly shared on its own lots, and on what else it follows."""
    if not who.may(Permission.COMPANY_KEEP):
        return None
    found = finding.newly_shared(own, who)
    return Panel(
        heading="New coming work",
        items=tuple(
            Waiting(
                title=one.item.title,
                detail=f"{one.authority.name}, lot {one.lot.reference}: {ahead_in_words(one.item.asking or one.item.start, dates.today())}",
                address=url_for("pipeline.show", item_id=one.item.id),
                kind="forward",
            )
            for one in found
        ),
        empty="Nothing new in the last 14 days on your lots or on what you follow.",
        more=url_for("forward.index"),
    )


def proposals_panel(own: Session, who: Visitor) -> Panel | None:
    """Home of an officer: proposals that wait for a reply."""
    if not who.may(Permission.FORWARD_WRITE):
        return None
    return Panel(
        heading="Proposals to reply to",
        items=tuple(
            Waiting(
                title=one.proposal.title,
                detail=f"{one.supplier.name} on {one.item.title}",
                address=url_for("proposing.show", proposal_id=one.proposal.id),
                kind="proposal",
            )
            for one in waiting(own, who)[:50]
        ),
        empty="No partner waits for a reply to a proposal.",
    )


def lot_step(own: Session, who: Visitor, found: Any) -> Step | None:
    """From a lot's page to its forward view."""
    if not who.may(Permission.FORWARD_READ) or not finding.reaches_lot(own, who, found):
        return None
    return Step("What is coming on this lot", url_for("forward.lot", reference=found.reference))
