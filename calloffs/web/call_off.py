"""The page of one call-off, the list of them, and what home says about them."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from calloffs import finding, listing, waiting
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.listing import Filters
from calloffs.mechanisms import nobody_to_ask
from calloffs.raising import limits_for
from calloffs.statuses import GROUPS
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission, Visitor
from framework.records import timeline
from framework.web.fields import clean
from framework.web.home import Panel, Waiting
from framework.web.sections import sections_of, steps_of
from framework.web.visit import page, requires, session, visitor
from framework.web.words import count, money

door = Blueprint("call_off", __name__)

S = CallOffStatus
_TONES = {
    "draft": (S.DRAFT,),
    "waiting": (S.SUBMITTED, S.OFFERED, S.AWARDED, S.ISSUED),
    "agreed": (S.APPROVED, S.ACCEPTED, S.SIGNED),
    "live": (S.LIVE,),
    "ending": (S.RETURNED, S.APPROVAL_RAN_OUT, S.SUSPENDED, S.ENDED),
    "stopped": (S.REJECTED, S.AWARD_WITHDRAWN, S.CANCELLED, S.TERMINATED),
    "ended": (S.CLOSED,),
}
TONES = {status.value: tone for tone, statuses in _TONES.items() for status in statuses}


@door.get("/call-offs/")
@requires(Permission.CALL_OFF_READ)
def index() -> Any:
    """Call-offs the visitor may see, the newest first, 50 to a page; the filters are in the address."""
    filters = Filters(
        group=request.args.get("status", "") if request.args.get("status") in GROUPS else "",
        lot=clean(request.args.get("lot"))[:32],
        mine=request.args.get("mine") == "yes",
        words=clean(request.args.get("words"))[:80],
    )
    found = finding.call_offs(session(), visitor(), filters, _after())
    return page(
        "calloffs/call_off/list.html",
        fragment="calloffs/call_off/_list.html",
        found=found,
        filters=filters,
        groups=[(key, words) for key, (words, _) in GROUPS.items()],
        lots=listing.lots_to_filter(session(), visitor()),
        tones=TONES,
        asked=_asked(filters),
        is_first=_after() is None,
    )


def _after() -> int | None:
    typed = request.args.get("after", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def _asked(filters: Filters) -> dict[str, str]:
    """The filters as they stand in the address."""
    asked = {
        "status": filters.group,
        "lot": filters.lot,
        "mine": "yes" if filters.mine else "",
        "words": filters.words,
    }
    return {name: value for name, value in asked.items() if value}


# Partners come in here too, from award on; what each may see is decided row by row.
@door.get("/call-offs/<reference>")
@requires(Permission.HOME_READ)
def show(reference: str) -> Any:
    """Everything of one call-off for its own authority; its own side for the partner; a few facts for the framework owner."""
    try:
        found = finding.call_off(session(), visitor(), reference)
    except NotFound:
        return _few_facts(finding.short_call_off(session(), visitor(), reference))
    if not finding.reads_whole(visitor(), found):
        return _for_partner(found)
    around = finding.around(session(), found)
    return page(
        "calloffs/call_off/page.html",
        call_off=found,
        around=around,
        tone=TONES[found.status.value],
        having=waiting.having(
            found,
            owner=around.owner.name,
            authority=around.authority.name,
            partner=around.partner.name if around.partner else None,
            nobody=nobody_to_ask(session(), found) if found.status is S.APPROVED else "",
        ),
        options=finding.options(session(), found),
        decisions=finding.decisions(session(), found),
        limits=limits_for(session(), found),
        sections=sections_of("call_off", session(), visitor(), found),
        steps=steps_of("call_off", session(), visitor(), found),
        happenings=timeline.of(session(), visitor(), "call_off", found.id),
    )


def _for_partner(found: CallOff) -> Any:
    return page(
        "calloffs/call_off/partner.html",
        call_off=found,
        around=finding.around(session(), found),
        tone=TONES[found.status.value],
        sections=sections_of("partner_call_off", session(), visitor(), found),
        steps=steps_of("partner_call_off", session(), visitor(), found),
    )


def _few_facts(found: CallOff) -> Any:
    return page(
        "calloffs/call_off/short.html",
        call_off=found,
        around=finding.around(session(), found),
        tone=TONES[found.status.value],
    )


def yours(own: Session, who: Visitor) -> Panel | None:
    """Home: call-offs this commissioning manager has, with who has each now and for how long."""
    if not who.may(Permission.CALL_OFF_RAISE):
        return None
    items = tuple(
        Waiting(
            title=f"{found.reference} {found.title}",
            detail=f"{found.status.label}. {_has_it(having)}",
            address=url_for("call_off.show", reference=found.reference),
            kind=TONES[found.status.value],
        )
        for found, having in listing.open_of(own, who)
    )
    return Panel(
        "Your call-offs",
        items,
        "You have no call-off under way.",
        url_for("call_off.index", mine="yes"),
    )


def _has_it(having: waiting.Having) -> str:
    since = f"for {count(having.days, 'day')}" if having.days else "since today"
    return f"{having.who or 'Nobody'} {having.verb} it, {having.what}, {since}"


def to_approve(own: Session, who: Visitor) -> Panel | None:
    """Home: requests this approver may decide, with age, value and what they leave of the lot."""
    if not who.may(Permission.CALL_OFF_APPROVE):
        return None
    items = tuple(
        Waiting(
            title=f"{one.call_off.reference} {one.call_off.title}",
            detail=(
                f"{one.words}: {money(one.value)} net of VAT. Waiting {count(one.days, 'day')}. "
                f"Lot {one.lot.number} then has {money(one.lot.headroom)} left ({one.basis.label})"
            ),
            address=url_for(one.endpoint, reference=one.call_off.reference),
            kind="waiting",
        )
        for one in listing.to_decide(own, who)
    )
    return Panel("Call-offs to approve", items, "No call-off waits for your approval.")
