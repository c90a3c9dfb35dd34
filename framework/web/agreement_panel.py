"""What waits on home for whoever confirms agreements and decides on their extension."""

from flask import url_for
from sqlmodel import Session

from framework import finding
from framework.definitions import dates
from framework.options import planned
from framework.people.permissions import Permission, Visitor
from framework.web.home import Panel, Waiting


def to_confirm(session: Session, visitor: Visitor) -> Panel | None:
    """Agreements to confirm and extensions to decide on; None for those who do neither, and while nothing waits."""
    if not visitor.parties_where(Permission.AGREEMENT_CONFIRM):
        return None
    items = [
        Waiting(
            f"Confirm {one.title} ({one.reference})",
            f"Sent {dates.moment_in_words(one.submitted_at)}" if one.submitted_at else "",
            url_for("confirming.confirm", reference=one.reference),
            "agreement",
        )
        for one in finding.awaiting_confirmation(session, visitor)
    ]
    waiting = finding.awaiting_extension(session, visitor)
    options = finding.options_of(session, [agreement for agreement, _ in waiting])
    for agreement, option in waiting:
        plans = planned(agreement, options[agreement.id])
        plan = next(one for one in plans if one.option.id == option.id)
        items.append(
            Waiting(
                f"Extending {agreement.title} ({agreement.reference}) to {dates.in_words(plan.ends_after)}",
                f"Decide by {dates.in_words(plan.decide_by)}; last day to give notice "
                f"{dates.in_words(plan.last_notice_day)}",
                url_for("agreement_extending.decide", reference=agreement.reference, number=option.number),
                "agreement",
            )
        )
    if not items:
        return None
    return Panel("Agreements for you to decide on", tuple(items), "", url_for("agreement.index"))
