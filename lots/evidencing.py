"""Recording the insurances and certificates that a supplier has shown."""

from datetime import date

from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refusal, Refused
from framework.people.party import Party, PartyKind
from framework.people.permissions import Visitor
from framework.people.registering import look_after
from framework.records import audit
from lots.evidence import Evidence, EvidenceKind
from lots.telling import about_partner


def record_evidence(
    session: Session,
    *,
    actor: Visitor,
    supplier_id: int,
    kind: EvidenceKind,
    expires_on: date,
    reference: str = "",
    cover: Money | None = None,
    from_on: date | None = None,
) -> Evidence:
    """Put down one policy or certificate, in force from `from_on` to `expires_on`, both included.

    Nothing is replaced: the newest in force counts. Raises `NotFound` for a supplier on no lot that the actor looks after.
    """
    supplier = session.get(Party, supplier_id)
    if supplier is None or supplier.kind is not PartyKind.SUPPLIER:
        raise NotFound
    look_after(session, actor, supplier_id)
    refusals = []
    if kind.is_insurance and (cover is None or cover.pence <= 0):
        refusals.append(Refusal("Enter the limit of cover in pounds", field="cover", rule="RULE-61"))
    if not kind.is_insurance and cover is not None:
        refusals.append(Refusal("A certificate has no limit of cover. Leave it blank", field="cover"))
    if from_on and from_on > expires_on:
        refusals.append(Refusal("The last day must not be before the first", field="expires_on"))
    if len(reference) > 80:
        refusals.append(Refusal("The reference must be 80 characters or fewer", field="reference"))
    if refusals:
        raise Refused(*refusals)
    evidence = Evidence(
        supplier_id=supplier_id,
        kind=kind,
        reference=reference,
        cover_pence=None if cover is None else cover.pence,
        from_on=from_on,
        expires_on=expires_on,
        recorded_at=dates.now(),
        recorded_by_id=actor.person_id,
    )
    session.add(evidence)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="evidence_recorded",
        subject=about_partner(supplier),
        facts={"kind": kind.label, "expires_on": expires_on, "cover": cover},
    )
    return evidence
