"""The page of one business case, and the list of them."""

from typing import Any

from flask import Blueprint, request

from calloffs.business_case import finding
from calloffs.business_case.case import CaseStatus
from framework.people.permissions import Permission
from framework.records import timeline
from framework.web.fields import clean
from framework.web.sections import sections_of, steps_of
from framework.web.visit import page, requires, session, visitor

door = Blueprint("case", __name__)


@door.get("/cases/")
@requires(Permission.CASE_READ)
def index() -> Any:
    """Cases of the visitor's authorities, the newest first, fifty at a time."""
    asked = request.args
    status = asked.get("status", "")
    after = asked.get("after", "")
    filters = finding.Filters(
        status=CaseStatus(status) if status in set(CaseStatus) else None,
        mine=asked.get("mine") == "1",
        words=clean(asked.get("words"))[:100],
    )
    found = finding.cases(session(), visitor(), filters, _id(after))
    return page("calloffs/case/list.html", found=found, filters=filters, statuses=tuple(CaseStatus))


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


@door.get("/cases/<reference>")
@requires(Permission.CASE_READ)
def show(reference: str) -> Any:
    """Everything a case says, what was decided and what has happened to it."""
    case = finding.case(session(), visitor(), reference)
    return page(
        "calloffs/case/page.html",
        case=case,
        whole=finding.whole(session(), case),
        sections=sections_of("business_case", session(), visitor(), case),
        steps=steps_of("business_case", session(), visitor(), case),
        happenings=timeline.of(session(), visitor(), "business_case", case.id),
    )
