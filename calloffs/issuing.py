"""Issuing: the awarded call-off's order form is frozen, drawn once and kept; whoever asks again gets the same file."""

from sqlmodel import Session

from calloffs import finding
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.documents import kept, order_form
from calloffs.documents.paper import Pressed, press, put_away, subject_of
from calloffs.holding import hold_call_off
from calloffs.offer import Offer
from calloffs.telling import tell_partner
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, Refusal, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from framework.records.documents import NotDrawn
from framework.records.stored_document import StoredDocument


def press_order_form(session: Session, *, actor: Visitor, call_off: CallOff) -> Pressed | None:
    """Freeze and draw the order form without keeping anything; None when one is already issued.

    Slow, and holds nothing: end the session's transaction before the drawing if it writes (`freeze` and `draw` do the two
    halves apart). Raises `Refused` naming each mandatory field that is missing (RULE-73).
    """
    snapshot = freeze(session, actor=actor, call_off=call_off)
    return None if snapshot is None else draw(snapshot)


def freeze(session: Session, *, actor: Visitor, call_off: CallOff) -> dict[str, object] | None:
    """The first half: everything the order form will say, checked; None when one is already issued."""
    permitted(actor, Permission.CALL_OFF_AWARD, call_off.authority_id)
    if kept.issued(session, call_off):
        return None
    _is_awarded(call_off)
    snapshot = order_form.snapshot(session, call_off)
    missing = order_form.mandatory(snapshot)
    if missing:
        raise Refused(
            *(Refusal(f"The order form cannot be issued without {one}", rule="RULE-73") for one in missing)
        )
    return snapshot


def draw(snapshot: dict[str, object]) -> Pressed:
    """The second half, which needs no database. Raises `Refused` when the file could not be made."""
    try:
        return press(order_form.PAPER, snapshot)
    except NotDrawn as problem:
        raise Refused(Refusal(str(problem))) from problem


def issue_order_form(
    session: Session, *, actor: Visitor, call_off: CallOff, pressed: Pressed | None = None
) -> StoredDocument:
    """Issue the order form, or answer with the one that is issued already.

    `pressed` is what was drawn beforehand; without it the drawing happens here, before any row is held. Raises `Refused`
    (RULE-73), and `ChangedMeanwhile` when what was drawn no longer says what stands.
    """
    permitted(actor, Permission.CALL_OFF_AWARD, call_off.authority_id)
    session.flush()
    pressed = pressed or press_order_form(session, actor=actor, call_off=call_off)
    hold_call_off(session, call_off)
    already = kept.issued(session, call_off)
    if already:
        return session.get_one(StoredDocument, already.id)
    _is_awarded(call_off)
    if pressed is None or not _still_says(session, call_off, pressed):
        raise ChangedMeanwhile
    document = put_away(session, pressed, call_off, actor=actor)
    call_off.issued_at = dates.now()
    session.add(call_off)
    partner = finding.around(session, call_off).partner
    audit.record(
        session,
        actor=actor,
        action="order_form_issued",
        subject=subject_of(call_off),
        facts={
            "document": document.reference,
            "sha256": document.sha256,
            "data_sha256": document.data_sha256,
            "value": call_off.value,
            "partner": partner.name if partner else "",
        },
    )
    _tell(session, call_off, document)
    return document


def _is_awarded(call_off: CallOff) -> None:
    if call_off.status is not CallOffStatus.AWARDED:
        raise ChangedMeanwhile(
            Refusal(
                "The order form is issued once a call-off is awarded; "
                f"{call_off.reference} is {call_off.status.label.lower()}"
            )
        )


def _still_says(session: Session, call_off: CallOff, pressed: Pressed) -> bool:
    moments = {name: pressed.snapshot[name] for name in ("made_at", "issued_on")}
    return {**order_form.snapshot(session, call_off), **moments} == pressed.snapshot


def _tell(session: Session, call_off: CallOff, document: StoredDocument) -> None:
    if call_off.offer_id is None:
        return
    tell_partner(
        session,
        session.get_one(Offer, call_off.offer_id),
        why=f"issued-{document.reference}",
        subject=f"Order form to sign: {call_off.reference}",
        lines=[
            f"The order form {document.reference} for {call_off.title} is issued and waits for both signatures.",
            "Work starts only when both sides have signed. Sign in to read and sign it:",
        ],
    )
