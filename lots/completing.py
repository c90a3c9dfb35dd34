"""Whether the lots of an agreement are complete, asked before it is sent for confirmation and when it is confirmed (RULE-04)."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement
from framework.definitions.money import Money
from framework.definitions.rules import Refusal
from lots.appointment import Appointment
from lots.joining import is_joining
from lots.lot import Lot
from lots.lot_rules import (
    LotIntent,
    direct_award_has_a_basis,
    latest_last_day,
    long_stop_is_after_the_agreement,
    total_of,
)
from lots.opening import facts_of
from lots.rate_card import RateCard


def complete(session: Session, agreement: FrameworkAgreement) -> list[Refusal]:
    """Every reason why the agreement's lots are not yet complete; empty when they are.

    At least one lot; each with ceiling, award method with its basis, long-stop and partners within its rule; each partner with a
    rate card; the ceilings together within the agreement's unless the lots share one pool.
    """
    lots = session.exec(select(Lot).where(Lot.agreement_id == agreement.id).order_by(col(Lot.number))).all()
    if not lots:
        return [Refusal("Add at least one lot", rule="RULE-04")]
    places = session.exec(
        select(Appointment).where(
            col(Appointment.lot_id).in_([lot.id for lot in lots]), col(Appointment.ended_on).is_(None)
        )
    ).all()
    with_card = set(
        session.exec(
            select(RateCard.appointment_id).where(
                col(RateCard.appointment_id).in_([place.id for place in places])
            )
        )
    )
    latest = latest_last_day(session, agreement)
    found: list[Refusal] = []
    for lot in lots:
        intent = LotIntent(agreement, facts_of(lot), [], latest)
        own = [place for place in places if place.lot_id == lot.id]
        # Whoever still joins has no place yet on which call-offs could rest, and a closed framework takes nobody later (RULE-09).
        joining = [place for place in own if is_joining(place)]
        if joining:
            found.append(
                Refusal(
                    f"Lot {lot.number} has {_partners(len(joining))} still joining. Appoint it, or take it off the lot",
                    rule="RULE-04",
                )
            )
        appointed = [place for place in own if not is_joining(place)]
        found.extend(
            _lot(
                intent,
                len(own),
                sum(place.id not in with_card for place in appointed),
            )
        )
    total = total_of([lot.ceiling for lot in lots])
    if agreement.ceiling is not None and not agreement.is_shared_pool and total > agreement.ceiling:
        found.append(
            Refusal(
                f"The lots’ ceilings add up to {total}, more than the agreement’s {agreement.ceiling} "
                f"({agreement.basis.label}). Lower them, or say that the lots share one pool",
                rule="RULE-32",
                left=agreement.ceiling - total,
            )
        )
    return found


def _lot(intent: LotIntent, partners: int, without_card: int) -> Iterator[Refusal]:
    facts = intent.facts
    name = f"Lot {facts.number}"
    if facts.ceiling is None or facts.ceiling <= Money.zero():
        yield Refusal(f"{name} needs a ceiling", rule="RULE-04")
    for refusal in direct_award_has_a_basis(intent):
        yield Refusal(f"{name}: {_small(refusal.sentence)}", rule="RULE-11")
    if late := long_stop_is_after_the_agreement(intent):
        yield Refusal(f"{name}: {_small(late.sentence)}", rule="RULE-04")
    if partners < facts.min_partners:
        yield Refusal(
            f"{name} has {_partners(partners)} and needs at least {facts.min_partners}", rule="LOT-PARTNERS"
        )
    if partners > facts.max_partners:
        yield Refusal(
            f"{name} has {_partners(partners)} and takes {facts.max_partners} at most", rule="LOT-PARTNERS"
        )
    if without_card:
        yield Refusal(f"{name} has {_partners(without_card)} without a rate card", rule="RULE-04")


def _partners(count: int) -> str:
    return "no partner" if count == 0 else "1 partner" if count == 1 else f"{count} partners"


def _small(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
