"""Substituting: the partner proposes somebody in the place of a person on a call-off; only the buyer's consent makes it so.

Order form papers already issued stay as they were signed: a substitution stands beside them, in the file and in the timeline.
"""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from calloffs import answers
from calloffs.call_off import CallOff
from calloffs.holding import hold_words
from calloffs.offer import Offer
from calloffs.promising import Promised, promised_twice
from calloffs.serving import Serving, people_of, substitutions_of
from calloffs.substituting_rules import RULES, Intent, Substitute
from calloffs.substitution import Substitution, SubstitutionStatus
from calloffs.telling import tell_owner, tell_partner
from calloffs.terminating import RUNNING
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused, require
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.appointment import Appointment


def propose_substitute(
    session: Session, *, actor: Visitor, call_off: CallOff, new: Substitute
) -> Substitution:
    """Propose somebody in the place of a person on the call-off; nothing changes until the buyer consents.

    Raises `Refused` with every reason (RULE-77, 78), `NotFound` for anybody but the partner that has the call-off.
    """
    offer = _partners_offer(session, actor, call_off)
    hold_words(session, call_off)
    there = people_of(session, call_off)
    leaving = next((one for one in there if one.key == new.leaving), None)
    card, rates = answers.frozen_rates(session, offer)
    require(Intent(call_off, there, leaving, new, card, rates), RULES)
    assert leaving is not None
    assert new.starts_on is not None
    assert actor.person_id is not None
    kind, _, number = leaving.key.partition("-")
    proposed = Substitution(
        call_off_id=call_off.id,
        number=1 + len(substitutions_of(session, [call_off.id])[call_off.id]),
        leaving_person_id=int(number) if kind == "person" else None,
        leaving_substitution_id=int(number) if kind == "substitute" else None,
        name=" ".join(new.name.split()),
        role=new.role,
        level=new.level,
        clearance=new.clearance,
        day_rate_pence=new.day_rate.pence,
        quarter_days=new.quarter_days,
        starts_on=new.starts_on,
        like_for_like=new.like_for_like.strip(),
        difference=new.difference.strip(),
        reason=new.reason.strip(),
        proposed_at=dates.now(),
        proposed_by_id=actor.person_id,
    )
    session.add(proposed)
    session.flush()
    _record(
        session,
        actor,
        "substitute_proposed",
        call_off,
        proposed,
        {
            "people": f"{proposed.called} in the place of {leaving.name}",
            "like_for_like": proposed.like_for_like,
            "difference": proposed.difference,
            "reason": proposed.reason,
        },
    )
    tell_owner(
        session,
        call_off,
        offer,
        why=f"substitute-proposed-{proposed.id}",
        subject=f"A change of people to agree: {call_off.reference}",
        lines=[
            f"The partner asks to change one of the people on {call_off.title}. Nothing changes until you agree. "
            "Sign in to read who, from when and why:"
        ],
    )
    return proposed


def consent(
    session: Session, *, actor: Visitor, call_off: CallOff, number: int, words: str = ""
) -> Substitution:
    """The buyer agrees, and the substitute serves from the day proposed, or from today where that has passed.

    Raises `ChangedMeanwhile` when somebody decided first, `Refused`, `NotFound`.
    """
    found = _held(session, actor, call_off, number, Permission.CALL_OFF_RAISE, call_off.authority_id)
    if call_off.status not in RUNNING:
        raise Refused(
            Refusal(
                f"{call_off.reference} is {call_off.status.label.lower()}, so nobody can change on it now"
            )
        )
    found.consented_at = dates.now()
    _decided(session, actor, call_off, found, "substitute_agreed", words)
    _answer_partner(session, call_off, found, "agreed to", "A change of people agreed")
    return found


def refuse_substitute(
    session: Session, *, actor: Visitor, call_off: CallOff, number: int, reason: str
) -> Substitution:
    """The buyer says no, with a reason that the partner reads. Raises `ChangedMeanwhile`, `Refused`, `NotFound`."""
    found = _held(session, actor, call_off, number, Permission.CALL_OFF_RAISE, call_off.authority_id)
    if not reason.strip():
        raise Refused(Refusal("Enter why not. The partner will see it", "reason"))
    found.refused_at = dates.now()
    _decided(session, actor, call_off, found, "substitute_refused", reason)
    _answer_partner(session, call_off, found, "not agreed to", "A change of people not agreed")
    return found


def withdraw_substitute(session: Session, *, actor: Visitor, call_off: CallOff, number: int) -> Substitution:
    """The partner takes its proposal back while nobody has decided. Raises `ChangedMeanwhile`, `NotFound`."""
    offer = _partners_offer(session, actor, call_off)
    hold_words(session, call_off)
    found = _open(session, call_off, number)
    found.withdrawn_at = dates.now()
    _decided(session, actor, call_off, found, "substitute_withdrawn", "")
    tell_owner(
        session,
        call_off,
        offer,
        why=f"substitute-withdrawn-{found.id}",
        subject=f"A change of people taken back: {call_off.reference}",
        lines=[f"The partner no longer asks to change one of the people on {call_off.title}:"],
    )
    return found


def clashes(session: Session, visitor: Visitor, call_off: CallOff, there: Sequence[Serving]) -> list[str]:
    """Warnings for everybody on the call-off, or proposed for it, whom the partner has promised elsewhere too (check 12)."""
    if call_off.appointment_id is None or call_off.last_day is None:
        return []
    supplier_id = session.get_one(Appointment, call_off.appointment_id).supplier_id
    if call_off.status not in RUNNING:
        there = []
    wanted = [
        Promised(one.name, max(one.first, dates.today()), one.last, one.quarter_days)
        for one in there
        if one.first <= one.last and one.last >= dates.today() and one.quarter_days > 0
    ]
    for one in there:
        new = one.leaves_by
        if new is not None and new.status is SubstitutionStatus.PROPOSED:
            wanted.append(Promised(new.called, new.starts_on, call_off.last_day, new.quarter_days))
    return promised_twice(session, visitor, supplier_id=supplier_id, call_off=call_off, wanted=wanted)


def to_decide(session: Session, visitor: Visitor) -> list[tuple[Substitution, CallOff]]:
    """Proposals that wait for this officer, who has the call-off, the oldest first; at most 20."""
    rows = session.exec(
        select(Substitution, CallOff)
        .join(CallOff, col(CallOff.id) == col(Substitution.call_off_id))
        .where(
            col(CallOff.owner_id) == visitor.person_id,
            col(CallOff.authority_id).in_(visitor.parties_where(Permission.CALL_OFF_RAISE)),
            col(CallOff.closed_at).is_(None),
            col(Substitution.consented_at).is_(None),
            col(Substitution.refused_at).is_(None),
            col(Substitution.withdrawn_at).is_(None),
        )
        .order_by(col(Substitution.id))
        .limit(20)
    )
    return [(one, call_off) for one, call_off in rows if call_off.status in RUNNING]


def _partners_offer(session: Session, actor: Visitor, call_off: CallOff) -> Offer:
    if call_off.appointment_id is None or call_off.offer_id is None or call_off.award_withdrawn_at:
        raise NotFound
    supplier_id = session.get_one(Appointment, call_off.appointment_id).supplier_id
    permitted(actor, Permission.OFFER_ANSWER, supplier_id)
    return session.get_one(Offer, call_off.offer_id)


def _held(
    session: Session, actor: Visitor, call_off: CallOff, number: int, permission: Permission, party_id: int
) -> Substitution:
    permitted(actor, permission, party_id)
    hold_words(session, call_off)
    return _open(session, call_off, number)


def _open(session: Session, call_off: CallOff, number: int) -> Substitution:
    found = next(
        (one for one in substitutions_of(session, [call_off.id])[call_off.id] if one.number == number), None
    )
    if found is None:
        raise NotFound
    if found.status is not SubstitutionStatus.PROPOSED:
        raise ChangedMeanwhile(Refusal(f"This change of people is already {_ENDED[found.status]}"))
    return found


_ENDED = {
    SubstitutionStatus.CONSENTED: "agreed",
    SubstitutionStatus.REFUSED: "refused",
    SubstitutionStatus.WITHDRAWN: "taken back",
}


def _decided(
    session: Session, actor: Visitor, call_off: CallOff, found: Substitution, action: str, words: str
) -> None:
    found.decided_by_id = actor.person_id
    found.answer = words.strip()
    session.add(found)
    _record(session, actor, action, call_off, found, {"answer": found.answer})


def _answer_partner(
    session: Session, call_off: CallOff, found: Substitution, said: str, subject: str
) -> None:
    offer = session.get_one(Offer, call_off.offer_id)
    tell_partner(
        session,
        offer,
        why=f"substitute-decided-{found.id}",
        subject=f"{subject}: {call_off.reference}",
        lines=[
            f"The council has {said} the change of people that you proposed on {call_off.title}. Sign in to read it:"
        ],
        address=f"/call-offs/{call_off.reference}",
    )


def _record(
    session: Session,
    actor: Visitor,
    action: str,
    call_off: CallOff,
    found: Substitution,
    words: dict[str, str],
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id),
        facts={
            "number": found.number,
            "role": found.role,
            "level": found.level,
            "day_rate": found.day_rate,
            "starts_on": found.since,
        },
        words=words,
    )
