"""Signing: each side puts its name under the issued order form; at the second name the call-off is signed.

A simple contract may be signed electronically (RULE-75): the signature keeps name, role, authority, moment, method, network
address and the hash of the very file. The signed copy is drawn afterwards, outside any hold: a failure there undoes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from calloffs.call_off import CallOff
from calloffs.documents import kept, signed_order_form
from calloffs.documents.paper import Pressed, press, put_away, subject_of
from calloffs.holding import hold_call_off
from calloffs.signature import Signature
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, refuse, require
from framework.people.permissions import CLOCK, Permission, Visitor, permitted
from framework.records import audit
from framework.records.filing import Filed
from framework.records.stored_document import StoredDocument
from lots import covering
from lots.appointment import Appointment
from lots.lot import Lot

BUYER, PARTNER = "buyer", "partner"
SIDES = {BUYER: "the buyer", PARTNER: "the partner"}


@dataclass(frozen=True, slots=True)
class Intent:
    """A signature about to be given."""

    session: Session
    agreement: FrameworkAgreement
    call_off: CallOff
    side: str
    limit: Money | None
    supplier_id: int
    role: str
    authority: str
    read: bool
    today: date


def before_the_agreement_ends(intent: Intent) -> Refusal | None:
    """RULE-21: every signature, so also the last, falls on or before the agreement's last day (London)."""
    last = intent.agreement.ends_on
    if intent.today <= last:
        return None
    return Refusal(
        f"{intent.agreement.title} ended on {dates.in_words(last)}, so nothing under it can be signed any more",
        rule="RULE-21",
    )


def limit_is_enough(intent: Intent) -> Refusal | None:
    """RULE-75: the buyer's signatory has a limit of at least the maximum value, both net of VAT."""
    if intent.side != BUYER or (intent.limit is not None and intent.limit >= intent.call_off.value):
        return None
    said = "You have no limit" if intent.limit is None else f"Your limit is {intent.limit}"
    return Refusal(
        f"{said} net of VAT, and the maximum value of this call-off is {intent.call_off.value} net of VAT. "
        "Somebody with a higher limit must sign it",
        rule="RULE-75",
        left=intent.limit,
    )


def partner_is_covered(intent: Intent) -> list[Refusal]:
    """RULE-57, RULE-61: lapsed or missing cover blocks both signatures, never live work."""
    lot = intent.session.get_one(Lot, intent.call_off.lot_id)
    return covering.covers(intent.session, lot, intent.supplier_id, intent.today)


def says_who_signs(intent: Intent) -> Iterator[Refusal]:
    """Role and authority are typed by whoever signs, and the file has been read."""
    if not intent.role.strip():
        yield Refusal("Enter your role, such as Director of Resources", "role")
    if not intent.authority.strip():
        yield Refusal("Enter what entitles you to sign, such as a scheme of delegation", "authority")
    if not intent.read:
        yield Refusal("Confirm that you have read the order form with this hash", "read")


RULES = (before_the_agreement_ends, limit_is_enough, partner_is_covered, says_who_signs)


def sign_for_buyer(
    session: Session,
    *,
    actor: Visitor,
    call_off: CallOff,
    role: str,
    authority: str,
    address: str = "",
    read: bool = True,
    sha256: str | None = None,
) -> Signature:
    """Sign for the buyer. `sha256` is the hash of the file that was shown (None: the one issued).

    Raises `NotFound`, `Refused` (RULE-21, 61, 75) or `ChangedMeanwhile` when another file stands by now.
    """
    permitted(actor, Permission.CALL_OFF_SIGN, call_off.authority_id)
    return _sign(session, actor, call_off, BUYER, role, authority, address, read, sha256)


def sign_for_partner(
    session: Session,
    *,
    actor: Visitor,
    call_off: CallOff,
    role: str,
    authority: str,
    address: str = "",
    read: bool = True,
    sha256: str | None = None,
) -> Signature:
    """Sign for the awarded partner; as `sign_for_buyer`, without a limit."""
    permitted(actor, Permission.OFFER_SIGN, supplier_of(session, call_off))
    return _sign(session, actor, call_off, PARTNER, role, authority, address, read, sha256)


def supplier_of(session: Session, call_off: CallOff) -> int:
    """The id of the awarded supplier. Raises `NotFound` before award and after its withdrawal."""
    if call_off.appointment_id is None or call_off.award_withdrawn_at:
        raise NotFound
    return session.get_one(Appointment, call_off.appointment_id).supplier_id


def _sign(
    session: Session,
    actor: Visitor,
    call_off: CallOff,
    side: str,
    role: str,
    authority: str,
    address: str,
    read: bool,
    sha256: str | None,
) -> Signature:
    agreement = hold_call_off(session, call_off)
    issued = _open_for(session, call_off, side)
    if sha256 not in (None, issued.sha256):
        raise ChangedMeanwhile
    supplier_id = supplier_of(session, call_off)
    intent = Intent(
        session=session,
        agreement=agreement,
        call_off=call_off,
        side=side,
        limit=actor.limit_at(call_off.authority_id, Permission.CALL_OFF_SIGN),
        supplier_id=supplier_id,
        role=role,
        authority=authority,
        read=read,
        today=dates.today(),
    )
    require(intent, RULES)
    if actor.person_id is None:
        raise NotFound
    if any(one.person_id == actor.person_id for one in signatures(session, call_off)):
        refuse("You signed for the other side, so somebody else must sign for this one", rule="RULE-75")
    now = dates.now()
    signature = Signature(
        call_off_id=call_off.id,
        document_id=issued.id,
        document_sha256=issued.sha256,
        side=side,
        party_id=call_off.authority_id if side == BUYER else supplier_id,
        person_id=actor.person_id,
        name=actor.name,
        role=role.strip(),
        authority=authority.strip(),
        address=address[:60],
        signed_at=now,
    )
    session.add(signature)
    if side == BUYER:
        call_off.buyer_signed_at = now
    else:
        call_off.partner_signed_at = now
    last = call_off.buyer_signed_at is not None and call_off.partner_signed_at is not None
    if last:
        call_off.signed_at = now
    session.add(call_off)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action=f"signed_for_{side}",
        subject=subject_of(call_off),
        facts={
            "document": issued.reference,
            "sha256": issued.sha256,
            "value": call_off.value,
            "limit": intent.limit if side == BUYER else None,
            "last": last,
        },
        words={"name": actor.name, "role": role, "authority": authority},
    )
    return signature


def _open_for(session: Session, call_off: CallOff, side: str) -> Filed:
    issued = kept.issued(session, call_off)
    if issued is None:
        raise ChangedMeanwhile(Refusal("There is no issued order form to sign. A draft cannot be signed"))
    done = call_off.buyer_signed_at if side == BUYER else call_off.partner_signed_at
    if done is not None:
        raise ChangedMeanwhile(
            Refusal(f"{issued.reference} is already signed for {SIDES[side]}, {dates.moment_in_words(done)}")
        )
    return issued


def signatures(session: Session, call_off: CallOff) -> list[Signature]:
    """The signatures given so far, the first first."""
    return list(
        session.exec(
            select(Signature).where(Signature.call_off_id == call_off.id).order_by(Signature.id)  # type: ignore[arg-type]
        )
    )


def press_signed_copy(session: Session, *, call_off: CallOff) -> Pressed | None:
    """Draw the signed copy without keeping it; None while it is not due, or already there. Slow, and holds nothing.

    Raises `framework.records.documents.NotDrawn`.
    """
    snapshot = freeze_signed_copy(session, call_off=call_off)
    return None if snapshot is None else press(signed_order_form.PAPER, snapshot)


def freeze_signed_copy(session: Session, *, call_off: CallOff) -> dict[str, object] | None:
    """What the signed copy will say; None while it is not due, or already there."""
    if call_off.signed_at is None or kept.signed_copy(session, call_off):
        return None
    snapshot = signed_order_form.snapshot(session, call_off)
    return None if signed_order_form.mandatory(snapshot) else snapshot


def ensure_signed_copy(
    session: Session, *, call_off: CallOff, pressed: Pressed | None = None
) -> StoredDocument | None:
    """Make and keep the signed copy unless it is there; None while the call-off is not signed. Calling it again changes nothing.

    Without `pressed` the drawing happens here, before any row is held. Raises `framework.records.documents.NotDrawn`.
    """
    session.flush()
    pressed = pressed or press_signed_copy(session, call_off=call_off)
    hold_call_off(session, call_off)
    there = kept.signed_copy(session, call_off)
    if there:
        return session.get_one(StoredDocument, there.id)
    if pressed is None:
        return None
    document = put_away(session, pressed, call_off, actor=CLOCK)
    audit.record(
        session,
        actor=CLOCK,
        action="signed_copy_made",
        subject=subject_of(call_off),
        facts={
            "document": document.reference,
            "sha256": document.sha256,
            "order_form_sha256": pressed.snapshot["order_form_sha256"],
        },
    )
    return document


def waits_for(call_off: CallOff) -> list[str]:
    """The sides that have not signed yet, in words."""
    done = {BUYER: call_off.buyer_signed_at, PARTNER: call_off.partner_signed_at}
    return [words for side, words in SIDES.items() if done[side] is None]


def may_sign(session: Session, visitor: Visitor, call_off: CallOff) -> str | None:
    """The side for which this visitor may sign now, or None. A limit that is too low is told when they try."""
    if kept.issued(session, call_off) is None:
        return None
    if call_off.buyer_signed_at is None and visitor.may(Permission.CALL_OFF_SIGN, call_off.authority_id):
        return BUYER
    if call_off.partner_signed_at is None and visitor.may(
        Permission.OFFER_SIGN, supplier_of(session, call_off)
    ):
        return PARTNER
    return None
