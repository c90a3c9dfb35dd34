"""Noting the identifiers under which an agreement's notices were published, whenever they become known."""

from sqlmodel import Session

from framework.agreement import FrameworkAgreement
from framework.definitions.rules import Refusal, Refused
from framework.holding import about, hold
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit

LONGEST = 60


def note_notices(
    session: Session, *, actor: Visitor, agreement: FrameworkAgreement, notice_identifier: str, ocid: str
) -> FrameworkAgreement:
    """Say or correct the notice's identifier and the OCID, which every order form carries (RULE-72); issued papers keep theirs.

    Raises `Refused` with the fields "notice_identifier" and "ocid", `NotFound`.
    """
    permitted(actor, Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    agreement = hold(session, agreement.id)
    wanted = {"notice_identifier": notice_identifier.strip(), "ocid": ocid.strip()}
    refusals = [
        Refusal(f"Enter it in {LONGEST} characters or fewer", field)
        for field, text in wanted.items()
        if len(text) > LONGEST
    ]
    if agreement.recorded_as_past or agreement.closed_at or agreement.cancelled_at:
        refusals.append(Refusal("This agreement is over, so its notices can no longer be changed here"))
    if refusals:
        raise Refused(*refusals)
    before = {field: getattr(agreement, field) for field in wanted}
    changed = {
        field: (before[field], text or None)
        for field, text in wanted.items()
        if before[field] != (text or None)
    }
    if changed:
        agreement.notice_identifier = wanted["notice_identifier"] or None
        agreement.ocid = wanted["ocid"] or None
        session.flush()
        audit.record(
            session, actor=actor, action="notices_noted", subject=about(agreement), facts={"changed": changed}
        )
    return agreement
