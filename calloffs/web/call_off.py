"""The page of one call-off, and the list of them."""

from typing import Any

from flask import Blueprint

from calloffs import finding
from calloffs.call_off import CallOff
from framework.definitions.rules import NotFound
from framework.people.permissions import Permission
from framework.web.sections import sections_of, steps_of
from framework.web.visit import page, requires, session, visitor

door = Blueprint("call_off", __name__)


@door.get("/call-offs/")
@requires(Permission.CALL_OFF_READ)
def index() -> Any:
    """Call-offs, the newest first."""
    return page("calloffs/call_off/list.html")


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
    return page(
        "calloffs/call_off/page.html",
        call_off=found,
        around=finding.around(session(), found),
        options=finding.options(session(), found),
        decisions=finding.decisions(session(), found),
        sections=sections_of("call_off", session(), visitor(), found),
        steps=steps_of("call_off", session(), visitor(), found),
    )


def _for_partner(found: CallOff) -> Any:
    return page(
        "calloffs/call_off/partner.html",
        call_off=found,
        around=finding.around(session(), found),
        sections=sections_of("partner_call_off", session(), visitor(), found),
        steps=steps_of("partner_call_off", session(), visitor(), found),
    )


def _few_facts(found: CallOff) -> Any:
    return page("calloffs/call_off/short.html", call_off=found, around=finding.around(session(), found))
