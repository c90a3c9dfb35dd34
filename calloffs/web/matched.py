"""Lines of extracts on a call-off's page, all of them by page, and what its owner has to look at."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from calloffs import finding
from calloffs.call_off import CallOff
from calloffs.matching import flags, queue
from framework.agreement import FrameworkAgreement
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.home import Panel, Waiting
from framework.web.sections import Section
from framework.web.visit import page, requires, session, visitor

door = Blueprint("matched", __name__)
_FEW = 5


@door.get("/spend/matching/call-offs/<reference>")
@requires(Permission.SPEND_READ)
def index(reference: str) -> Any:
    """Every line that is matched to a call-off, the newest match first."""
    found = finding.call_off(session(), visitor(), reference)
    permitted(visitor(), Permission.SPEND_READ, found.authority_id)
    said = request.args.get("after", "")
    if said and not (said.isascii() and said.isdigit() and len(said) < 10):
        raise NotFound
    rows, following = queue.matched(session(), found, int(said) if said else None)
    return page(
        "calloffs/matching/matched.html",
        call_off=found,
        rows=rows,
        following=following,
        **_money(session(), found),
        may_match=visitor().may(Permission.INVOICE_RECORD, found.authority_id),
    )


def _money(own: Session, found: CallOff) -> dict[str, Any]:
    whose = own.get(FrameworkAgreement, found.agreement_id)
    assert whose is not None
    over = Money(max(found.invoiced_pence - found.committed_pence, 0))
    return {"over": over, "overs": queue.overs(own, found), "basis": whose.basis.label}


def section(own: Session, who: Visitor, found: CallOff) -> Section | None:
    """The newest lines matched to a call-off, and how far they went past its value, if they did (RULE-33)."""
    if found.awarded_at is None or not who.may(Permission.SPEND_READ, found.authority_id):
        return None
    if not finding.reads_whole(who, found):
        return None
    rows, following = queue.matched(own, found, most=_FEW)
    money = _money(own, found)
    if not rows and not money["over"].pence:
        return None
    return Section(
        "lines",
        "Lines of extracts",
        "calloffs/matching/_section.html",
        {
            "rows": rows,
            "more": following is not None,
            "reference": found.reference,
            "may_match": who.may(Permission.INVOICE_RECORD, found.authority_id),
            **money,
        },
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home of a call-off's owner: lines matched to it that somebody has to look at."""
    if not who.may(Permission.CALL_OFF_RAISE):
        return None
    rows = queue.flagged_of_owner(own, who)
    return Panel(
        "Payments to look at",
        tuple(
            Waiting(
                f"{_amount(row)} to {row.supplier_name or 'an unnamed supplier'} on {reference}",
                "; ".join(one.label for one in flags.of(row.flags)),
                url_for("matching.line", number=row.id),
                "line",
            )
            for row, reference in rows
        ),
        "",
    )


def _amount(row: Any) -> str:
    amount, basis = queue.amount_of(row)
    return f"{amount} {basis}"
