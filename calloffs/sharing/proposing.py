"""Proposing shares of a call-off, and taking a proposal back: only ever by the authority that buys."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.sharing.call_off_sharing import CallOffShare, CallOffSharing
from calloffs.sharing.sharing import versions_of
from framework.agreement import MemberAuthority
from framework.definitions import dates
from framework.definitions.money import WHOLE
from framework.definitions.quantities import percent_shown
from framework.definitions.rules import NotFound, Refusal, Refused, refuse
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records import audit

_PROPOSE = (Permission.CALL_OFF_RAISE, Permission.INVOICE_RECORD)


def may_propose(actor: Visitor, call_off: CallOff) -> bool:
    """Whether the actor buys or pays for the authority whose call-off it is."""
    return any(actor.may(one, call_off.authority_id) for one in _PROPOSE)


def members(session: Session, call_off: CallOff) -> list[Party]:
    """Authorities that may bear a share today, the buying one first, then by name."""
    rows = session.exec(
        select(Party, MemberAuthority)
        .join(MemberAuthority, col(MemberAuthority.authority_id) == col(Party.id))
        .where(MemberAuthority.agreement_id == call_off.agreement_id)
        .order_by(col(Party.name))
    )
    today = dates.today()
    found = [party for party, member in rows if member.is_member_on(today)]
    return sorted(found, key=lambda one: one.id != call_off.authority_id)


def propose_sharing(
    session: Session,
    *,
    actor: Visitor,
    call_off: CallOff,
    shares: Sequence[tuple[int, int]],
    from_on: date | None,
    reason: str,
) -> CallOffSharing:
    """Propose shares (authority id, basis points) for money from a day on. They hold once each other authority has agreed.

    An authority that shares now and is left out is put down with nothing, and has to agree to that too.
    Raises `Refused` with every reason, `NotFound`.
    """
    if not may_propose(actor, call_off):
        raise NotFound
    session.flush()
    session.refresh(call_off, with_for_update=True)
    lead = call_off.authority_id
    wanted = {authority_id: bp for authority_id, bp in shares if bp}
    versions = versions_of(session, [call_off.id]).get(call_off.id, [])
    now = dict(versions[-1].shares) if versions else {lead: WHOLE}
    found = [*_about_call_off(session, call_off), *_about_shares(session, call_off, wanted, now)]
    if from_on is None:
        found.append(Refusal("Enter the first day from which the shares count", "from_on"))
    elif versions and from_on < versions[-1].from_on:
        begins = dates.in_words(versions[-1].from_on)
        found.append(
            Refusal(
                f"The shares agreed before count from {begins}: choose that day or a later one", "from_on"
            )
        )
    if not reason.strip():
        found.append(Refusal("Enter why the call-off is shared like this", "reason"))
    if found:
        raise Refused(*found)
    assert from_on is not None
    assert actor.person_id is not None
    sharing = CallOffSharing(
        call_off_id=call_off.id,
        number=_next_number(session, call_off),
        from_on=from_on,
        reason=reason.strip(),
        proposed_at=dates.now(),
        proposed_by_id=actor.person_id,
    )
    session.add(sharing)
    session.flush()
    others = sorted((set(wanted) | set(now)) - {lead})
    for place, authority_id in enumerate([lead, *others]):
        session.add(
            CallOffShare(
                sharing_id=sharing.id,
                authority_id=authority_id,
                place=place,
                share_bp=wanted.get(authority_id, 0),
            )
        )
    session.flush()
    names = {
        party.id: party.name
        for party in session.exec(select(Party).where(col(Party.id).in_([lead, *others])))
    }
    said = ", ".join(f"{names[one]} {percent_shown(wanted.get(one, 0))}" for one in [lead, *others])
    record(session, actor, "sharing_proposed", call_off, reason, shares=said, from_on=from_on)
    return sharing


def waiting(session: Session, call_off: CallOff) -> CallOffSharing | None:
    """The proposal that somebody has still to answer."""
    return session.exec(
        select(CallOffSharing).where(
            CallOffSharing.call_off_id == call_off.id,
            col(CallOffSharing.agreed_at).is_(None),
            col(CallOffSharing.refused_at).is_(None),
            col(CallOffSharing.withdrawn_at).is_(None),
        )
    ).one_or_none()


def withdraw_sharing(session: Session, *, actor: Visitor, call_off: CallOff) -> None:
    """Take back a proposal that is not answered by everybody yet. Raises `Refused`, `NotFound`."""
    if not may_propose(actor, call_off):
        raise NotFound
    session.flush()
    session.refresh(call_off, with_for_update=True)
    found = waiting(session, call_off)
    if found is None:
        refuse("No proposal waits for an answer")
    found.withdrawn_at = dates.now()
    session.flush()
    record(session, actor, "sharing_withdrawn", call_off, "")


def over(call_off: CallOff) -> Refusal | None:
    """Why shares can no longer change, if so."""
    if call_off.submitted_at is None:
        return Refusal("A draft cannot be shared: raise the call-off first")
    if call_off.closed_at or call_off.cancelled_at or call_off.award_withdrawn_at:
        said = call_off.status.label.lower()
        return Refusal(f"{call_off.reference} is {said}: its shares can no longer change")
    return None


def record(
    session: Session, actor: Visitor, action: str, call_off: CallOff, reason: str, **facts: object
) -> None:
    """Put down what was done about the shares of a call-off."""
    subject = audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id)
    audit.record(
        session, actor=actor, action=action, subject=subject, facts=facts, words={"reason": reason.strip()}
    )


def _about_call_off(session: Session, call_off: CallOff) -> list[Refusal]:
    found = over(call_off)
    if found is not None:
        return [found]
    if waiting(session, call_off) is not None:
        return [Refusal("A proposal waits for an answer: take it back before you make another")]
    return []


def _about_shares(
    session: Session, call_off: CallOff, wanted: dict[int, int], now: dict[int, int]
) -> list[Refusal]:
    found = []
    if any(bp < 0 for bp in wanted.values()) or sum(wanted.values()) != WHOLE:
        added = percent_shown(sum(wanted.values()))
        found.append(
            Refusal(
                f"The shares must add up to 100%. These add up to {added}", f"share_{call_off.authority_id}"
            )
        )
    allowed = {one.id for one in members(session, call_off)}
    strangers = session.exec(
        select(Party.name).where(col(Party.id).in_(set(wanted) - allowed)).order_by(col(Party.name))
    ).all()
    found += [Refusal(f"{name} is not a member of the agreement today") for name in strangers]
    if call_off.authority_id not in wanted:
        found.append(
            Refusal("The authority that buys bears a share itself", f"share_{call_off.authority_id}")
        )
    if not found and wanted == {one: bp for one, bp in now.items() if bp}:
        found.append(Refusal("These are the shares that hold already"))
    return found


def _next_number(session: Session, call_off: CallOff) -> int:
    numbers = session.exec(
        select(CallOffSharing.number).where(CallOffSharing.call_off_id == call_off.id)
    ).all()
    return max(numbers, default=0) + 1
