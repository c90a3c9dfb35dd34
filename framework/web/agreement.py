"""The list of agreements, the page of one, and its document."""

from typing import Any

from flask import Blueprint, request

from framework import finding, recording_past
from framework.agreement import AgreementStatus, FrameworkAgreement
from framework.definitions import dates
from framework.definitions.regime import open_framework_windows
from framework.options import PlannedOption, day_to_act, planned
from framework.people.permissions import Permission
from framework.records import timeline
from framework.web.downloads import send_download
from framework.web.fields import clean
from framework.web.sections import sections_of, steps_of
from framework.web.visit import page, requires, session, visitor

door = Blueprint("agreement", __name__)

_TONES = {
    AgreementStatus.DRAFT: "draft",
    AgreementStatus.AWAITING_CONFIRMATION: "waiting",
    AgreementStatus.SCHEDULED: "agreed",
    AgreementStatus.LIVE: "live",
    AgreementStatus.SUSPENDED: "stopped",
    AgreementStatus.EXHAUSTED: "ending",
    AgreementStatus.EXPIRED: "ended",
    AgreementStatus.CLOSED: "ended",
    AgreementStatus.CANCELLED: "stopped",
    AgreementStatus.ENDED: "ended",
}


def status_of(agreement: FrameworkAgreement) -> tuple[str, str]:
    """The word for what the agreement is today, and the tone it is shown in."""
    found = agreement.status_on(dates.today())
    return found.label, _TONES[found]


@door.get("/agreements/")
@requires(Permission.AGREEMENT_READ)
def index() -> Any:
    """What ends when: the first to end first; those that are over on a list of their own."""
    ended = request.args.get("show") == "ended"
    words = clean(request.args.get("words"))[:100]
    after = clean(request.args.get("after"))[:24]
    rows = finding.agreements(session(), visitor(), ended=ended, words=words, after=after)
    shown = rows[: finding.PAGE]
    options = finding.options_of(session(), shown)
    return page(
        "framework/agreement/list.html",
        rows=[_line(one, planned(one, options[one.id])) for one in shown],
        ended=ended,
        words=words,
        next_after=shown[-1].reference if len(rows) > finding.PAGE else None,
        may_open=bool(visitor().parties_where(Permission.AGREEMENT_OPEN)),
    )


def _line(agreement: FrameworkAgreement, plans: list[PlannedOption]) -> dict[str, Any]:
    coming = next((one for one in plans if one.is_next and one.option.use_published), None)
    return {
        "agreement": agreement,
        "status": status_of(agreement),
        "act": day_to_act(coming, dates.today()) if coming and _runs(agreement) else "None",
        "ended": recording_past.when_it_ended(agreement, [one.option for one in plans])
        if agreement.recorded_as_past
        else None,
    }


def _runs(agreement: FrameworkAgreement) -> bool:
    ways = (
        AgreementStatus.SCHEDULED,
        AgreementStatus.LIVE,
        AgreementStatus.SUSPENDED,
        AgreementStatus.EXHAUSTED,
    )
    return agreement.status_on(dates.today()) in ways


@door.get("/agreements/<reference>")
@requires(Permission.AGREEMENT_READ)
def show(reference: str) -> Any:
    """Everything of one agreement that this visitor may see, and what they may do next."""
    agreement = finding.agreement(session(), visitor(), reference)
    options = finding.options(session(), agreement)
    members = finding.members(session(), agreement)
    return page(
        "framework/agreement/page.html",
        agreement=agreement,
        standing=status_of(agreement),
        lead=next(
            (party.name for one, party in members if one.authority_id == agreement.lead_authority_id), ""
        ),
        ended=recording_past.when_it_ended(agreement, options) if agreement.recorded_as_past else None,
        plans=planned(agreement, options),
        windows=open_framework_windows(agreement.first_awarded_on) if agreement.first_awarded_on else None,
        steps=steps_of("agreement", session(), visitor(), agreement),
        sections=sections_of("agreement", session(), visitor(), agreement),
        happenings=timeline.of(session(), visitor(), "agreement", agreement.id),
    )


@door.get("/agreements/<reference>/document")
@requires(Permission.AGREEMENT_READ)
def document(reference: str) -> Any:
    """The agreement document, byte for byte as it came: only ever to be saved, never to be opened as a page of ours."""
    found = finding.document(session(), finding.agreement(session(), visitor(), reference))
    return send_download(found)
