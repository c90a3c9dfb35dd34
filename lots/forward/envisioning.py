"""Envisioning: a council writes its vision and intended outcomes, and publishes them as a version that stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import CHANGED_MEANWHILE, Refusal, Refused, refuse
from framework.holding import hold
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.forward.planning import councils_of, may_plan
from lots.forward.seeing_vision import draft_of, name_of, newest_number
from lots.forward.vision import IntendedOutcome, Vision
from lots.lot import Lot

MOST_OUTCOMES = 10


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """An intended outcome: what, by which London day, and how it will be known."""

    words: str
    by_on: date | None
    known_by: str


def needed_for(lot: Lot | None) -> Permission:
    """A council's framework owner writes what it wants of the whole agreement; its officers what they want of a lot."""
    return Permission.AGREEMENT_OPEN if lot is None else Permission.FORWARD_WRITE


def write_vision(
    session: Session,
    *,
    actor: Visitor,
    agreement: FrameworkAgreement,
    lot: Lot | None,
    authority_id: int,
    words: str,
    outcomes: Sequence[OutcomeFacts],
    publish: bool = False,
    seen: str | None = None,
) -> Vision:
    """Keep the council's draft, or publish it as the next version; what was published before stays readable with its dates.

    `seen` is the mark of the draft that the actor saw ("" for none). Raises `Refused` or `NotFound`.
    """
    permitted(actor, needed_for(lot), authority_id)
    # Two people of one council must not both make version 3.
    hold(session, agreement.id)
    may_plan(session, actor, agreement.id, authority_id)
    about = name_of(agreement, lot)
    known = draft_of(session, about, authority_id)
    if seen is not None and seen != mark_of(known.vision if known else None):
        refuse(CHANGED_MEANWHILE)
    _makes_sense(words, outcomes, publish)
    vision = known.vision if known else None
    if vision is None:
        vision = Vision(
            agreement_id=agreement.id,
            lot_id=lot.id if lot else None,
            authority_id=authority_id,
            about=about,
            number=newest_number(session, about, authority_id) + 1,
            changed_at=dates.now(),
        )
    for old in known.outcomes if known else ():
        session.delete(old)
    vision.words, vision.changed_at, vision.changed_by_id = words, dates.now(), actor.person_id
    session.add(vision)
    session.flush()
    for position, one in enumerate(outcomes, start=1):
        assert one.by_on is not None
        session.add(
            IntendedOutcome(
                vision_id=vision.id,
                position=position,
                words=one.words,
                by_on=one.by_on,
                known_by=one.known_by,
            )
        )
    if publish:
        _publish(session, actor, vision)
    audit.record(
        session,
        actor=actor,
        action="vision_published" if publish else "vision_drafted",
        subject=audit.Subject("vision", vision.id, _named(agreement, lot), authority_id),
        facts={"version": vision.number},
    )
    session.flush()
    return vision


def writers(
    session: Session, visitor: Visitor, agreement: FrameworkAgreement, lot: Lot | None
) -> list[Party]:
    """Councils of the agreement for which this visitor writes a vision of it, or of its lot."""
    mine = visitor.parties_where(needed_for(lot))
    return [one for one in councils_of(session, agreement.id) if one.id in mine] if mine else []


def mark_of(draft: Vision | None) -> str:
    """What a form sends back to say which draft it was made from."""
    return f"{draft.id}:{draft.changed_at.timestamp()}" if draft else ""


def _named(agreement: FrameworkAgreement, lot: Lot | None) -> str:
    return f"lot {lot.reference}" if lot else f"{agreement.title} ({agreement.reference})"


def _publish(session: Session, actor: Visitor, vision: Vision) -> None:
    vision.published_at, vision.published_by_id = dates.now(), actor.person_id
    for earlier in session.exec(
        select(Vision).where(
            Vision.about == vision.about,
            Vision.authority_id == vision.authority_id,
            col(Vision.published_at).is_not(None),
            col(Vision.replaced_at).is_(None),
            Vision.id != vision.id,
        )
    ):
        earlier.replaced_at = vision.published_at
        session.add(earlier)
    session.add(vision)


def _makes_sense(words: str, outcomes: Sequence[OutcomeFacts], publish: bool) -> None:
    refusals = []
    if publish and not words:
        refusals.append(Refusal("Write the vision before you publish it", "words"))
    if len(words) > 8000:
        refusals.append(Refusal("The vision must be 8,000 characters or fewer", "words"))
    if len(outcomes) > MOST_OUTCOMES:
        refusals.append(Refusal(f"There can be up to {MOST_OUTCOMES} outcomes", "outcomes"))
    for number, one in enumerate(outcomes, start=1):
        refusals += _outcome(number, one, publish)
    if refusals:
        raise Refused(*refusals)


def _outcome(number: int, one: OutcomeFacts, publish: bool) -> list[Refusal]:
    found = []
    if not one.words or len(one.words) > 500:
        found.append(
            Refusal(f"Outcome {number}: say what is to be reached, in up to 500 characters", "outcomes")
        )
    if not one.known_by or len(one.known_by) > 500:
        found.append(
            Refusal(f"Outcome {number}: say how it will be known, in up to 500 characters", "outcomes")
        )
    if one.by_on is None:
        found.append(Refusal(f"Outcome {number}: enter the day by which it is to be reached", "outcomes"))
    elif publish and one.by_on < dates.today():
        found.append(
            Refusal(f"Outcome {number}: {dates.in_words(one.by_on)} is over. Enter a day ahead", "outcomes")
        )
    return found
