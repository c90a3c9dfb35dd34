"""Recording what a supplier shows, checking it, sending it back, and striking out a mistake. Nothing is edited or deleted."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refusal, refuse, require
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Visitor
from framework.people.registering import led_by, look_after
from framework.records import audit
from framework.records.uploading import Upload, keep
from lots.evidence import Evidence, EvidenceKind, Standing
from lots.telling import about_partner
from lots.writing_to_partners import tell_council, tell_partner

STATEMENT_MONTHS = 12
"""How long a modern slavery statement counts when no last day is given: it is yearly (RULE-99)."""
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class _Shown:
    kind: EvidenceKind
    expires_on: date | None
    reference: str
    cover: Money | None
    from_on: date | None
    issuer: str
    called: str
    has_file: bool
    by_partner: bool


def _covered(shown: _Shown) -> Refusal | None:
    if shown.kind.is_insurance and (shown.cover is None or shown.cover.pence <= 0):
        return Refusal("Enter the limit of cover in pounds", field="cover", rule="RULE-61")
    if not shown.kind.is_insurance and shown.cover is not None:
        return Refusal("Only an insurance has a limit of cover. Leave it blank", field="cover")
    return None


def _dated(shown: _Shown) -> Refusal | None:
    if shown.kind is EvidenceKind.MODERN_SLAVERY:
        if shown.from_on is None:
            return Refusal("Enter the day of the statement as its first day", field="from_on", rule="RULE-56")
    elif shown.expires_on is None:
        return Refusal("Enter the last day", field="expires_on", rule="RULE-99")
    if shown.from_on and shown.expires_on and shown.from_on > shown.expires_on:
        return Refusal("The last day must not be before the first", field="expires_on")
    return None


def _short_enough(shown: _Shown) -> list[Refusal]:
    lines = (
        ("reference", "The reference", shown.reference, 80),
        ("issuer", "The insurer or body", shown.issuer, 120),
        ("called", "What it is", shown.called, 120),
    )
    return [
        Refusal(f"{what} must be {most} characters or fewer", field=name)
        for name, what, text, most in lines
        if len(text) > most
    ]


def _named(shown: _Shown) -> Refusal | None:
    if shown.kind is EvidenceKind.OTHER and not shown.called:
        return Refusal("Say what it is", field="called")
    return None


def _filed(shown: _Shown) -> Refusal | None:
    if shown.by_partner and not shown.has_file:
        return Refusal("Choose the file that shows it", field="file")
    return None


RULES = (_named, _covered, _dated, _short_enough, _filed)


def record_evidence(
    session: Session,
    *,
    actor: Visitor,
    supplier_id: int,
    kind: EvidenceKind,
    expires_on: date | None,
    reference: str = "",
    cover: Money | None = None,
    from_on: date | None = None,
    issuer: str = "",
    called: str = "",
    upload: Upload | None = None,
) -> Evidence:
    """Put down one policy, certificate or statement, in force from `from_on` to `expires_on`, both included.

    By the supplier itself, with its file, or by whoever looks after it, with or without. Nothing is replaced: the newest in force
    counts. Raises `NotFound` for anybody else's supplier, and `Refused` for what does not fit together.
    """
    supplier = session.get(Party, supplier_id)
    if supplier is None or supplier.kind is not PartyKind.SUPPLIER:
        raise NotFound
    by_partner = actor.may(Permission.COMPANY_KEEP, supplier_id)
    if not by_partner:
        look_after(session, actor, supplier_id)
    require(
        _Shown(kind, expires_on, reference, cover, from_on, issuer, called, upload is not None, by_partner),
        RULES,
    )
    evidence = Evidence(
        supplier_id=supplier_id,
        kind=kind,
        reference=reference,
        cover_pence=None if cover is None else cover.pence,
        from_on=from_on,
        expires_on=expires_on or dates.last_day_of(from_on or dates.today(), STATEMENT_MONTHS),
        recorded_at=dates.now(),
        recorded_by_id=actor.person_id,
        called=called if kind is EvidenceKind.OTHER else "",
        issuer=issuer,
        by_partner=by_partner,
    )
    session.add(evidence)
    session.flush()
    if upload is not None:
        _file(session, actor, supplier, evidence, upload)
    audit.record(
        session,
        actor=actor,
        action="evidence_recorded",
        subject=about_partner(supplier),
        facts={
            "kind": kind.label,
            "expires_on": evidence.expires_on,
            "cover": cover,
            "evidence": evidence.id,
        },
        words={"called": evidence.called},
    )
    return evidence


def _file(session: Session, actor: Visitor, supplier: Party, evidence: Evidence, upload: Upload) -> None:
    stored = keep(
        session,
        actor=actor,
        upload=upload,
        kind="evidence",
        reference=f"EVIDENCE-{evidence.id}-{evidence.kind.value}",
        title=f"{evidence.kind.label} of {supplier.name}",
        subject=audit.Subject("evidence", evidence.id, evidence.kind.label, supplier.id),
    )
    evidence.document_id = stored.id


def may_strike(session: Session, actor: Visitor, evidence: Evidence) -> bool:
    """Whether this person may strike it out: whoever looks after the supplier, and the supplier's own people what they recorded."""
    if evidence.standing is Standing.STRUCK_OUT:
        return False
    if evidence.by_partner and actor.may(Permission.COMPANY_KEEP, evidence.supplier_id):
        return True
    return may_check(session, actor, evidence.supplier_id)


def may_check(session: Session, actor: Visitor, supplier_id: int) -> bool:
    """Whether this person looks after the supplier, and so says whether what it shows is in order."""
    try:
        look_after(session, actor, supplier_id)
    except NotFound:
        return False
    return True


def strike_out(session: Session, *, actor: Visitor, evidence: Evidence, reason: str) -> Evidence:
    """Mark a mistake: from now on it counts for nothing, and it stays to be read with the reason.

    Raises `NotFound` for those who may not, and `Refused` without a reason or when it was struck out before.
    """
    if evidence.standing is Standing.STRUCK_OUT and _may_see(session, actor, evidence):
        refuse("This was struck out already", rule="RULE-61")
    if not may_strike(session, actor, evidence):
        raise NotFound
    _reasoned(reason)
    evidence.struck_at, evidence.struck_by_id, evidence.struck_why = dates.now(), actor.person_id, reason
    _record(session, actor, evidence, "evidence_struck_out", reason)
    return evidence


def check_evidence(session: Session, *, actor: Visitor, evidence: Evidence) -> Evidence:
    """Note that the framework owner looked at what a supplier recorded and that it is in order.

    Raises `NotFound` for those who do not look after the supplier, `Refused` where there is nothing to check.
    """
    _open_to_check(session, actor, evidence)
    if evidence.standing is Standing.CHECKED:
        refuse("This was checked already")
    evidence.checked_at, evidence.checked_by_id = dates.now(), actor.person_id
    _record(session, actor, evidence, "evidence_checked")
    return evidence


def send_back(session: Session, *, actor: Visitor, evidence: Evidence, reason: str) -> Evidence:
    """Send a piece of evidence back: it no longer counts, and the supplier's people are written to with the reason.

    Raises as `check_evidence`, and `Refused` without a reason.
    """
    _open_to_check(session, actor, evidence)
    _reasoned(reason)
    evidence.sent_back_at, evidence.sent_back_by_id = dates.now(), actor.person_id
    evidence.sent_back_why = reason
    _record(session, actor, evidence, "evidence_sent_back", reason)
    tell_partner(
        session,
        session.get_one(Party, evidence.supplier_id),
        why=f"evidence-sent-back:{evidence.id}",
        subject=f"Your {evidence.kind.in_a_sentence} was sent back",
        lines=[
            f"The council that looks after your place sent back your {evidence.kind.in_a_sentence}. It no longer counts.",
            "The reason is on your company’s page. Add it again once it is put right:",
            "/my-company",
        ],
    )
    return evidence


def tell_of_new(session: Session, evidence: Evidence) -> None:
    """Write to the framework owners who look after the supplier that there is something to check, once a day for each supplier."""
    supplier = session.get_one(Party, evidence.supplier_id)
    leads = led_by(session, supplier.id)
    told: set[int] = set()
    for agreement in session.exec(
        select(FrameworkAgreement)
        .where(col(FrameworkAgreement.lead_authority_id).in_(leads))
        .order_by(col(FrameworkAgreement.id))
    ):
        if agreement.lead_authority_id in told:
            continue
        told.add(agreement.lead_authority_id)
        tell_council(
            session,
            agreement,
            why=f"evidence-to-check:{supplier.id}:{dates.today()}",
            subject=f"{supplier.name} added evidence",
            lines=[
                f"{supplier.name} added evidence: {evidence.kind.in_a_sentence}, to {dates.in_words(evidence.expires_on)}.",
                "It counts already. Look at it, and at whatever else it adds today, when you can:",
                f"/partners/{supplier.id}",
            ],
        )


def _open_to_check(session: Session, actor: Visitor, evidence: Evidence) -> None:
    look_after(session, actor, evidence.supplier_id)
    if not evidence.by_partner:
        refuse("A council recorded this, so there is nothing to check. Strike it out if it is a mistake")
    if not evidence.counts:
        refuse(f"This was {evidence.standing.value.lower()} already")


def _may_see(session: Session, actor: Visitor, evidence: Evidence) -> bool:
    own = actor.may(Permission.COMPANY_KEEP, evidence.supplier_id)
    return own or may_check(session, actor, evidence.supplier_id)


def _reasoned(reason: str) -> None:
    if not reason:
        refuse("Enter the reason", field="reason")
    if len(reason) > LONGEST_REASON:
        refuse(f"The reason must be {LONGEST_REASON} characters or fewer", field="reason")


def _record(session: Session, actor: Visitor, evidence: Evidence, action: str, reason: str = "") -> None:
    session.add(evidence)
    supplier = session.get_one(Party, evidence.supplier_id)
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=about_partner(supplier),
        facts={"kind": evidence.kind.label, "expires_on": evidence.expires_on, "evidence": evidence.id},
        words={"reason": reason},
    )
