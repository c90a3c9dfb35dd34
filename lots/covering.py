"""Whether a partner holds the cover that a lot asks for, on a given day (RULE-61)."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import Refusal
from framework.definitions.thresholds import Trigger, amount
from framework.people.party import Party
from lots.evidence import Evidence, EvidenceKind, meeting
from lots.lot import Lot

STATEMENT_COUNTS_MONTHS = 18
"""RULE-56."""


def asked_of(lot: Lot) -> list[tuple[EvidenceKind, Money | None]]:
    """What the lot asks for: each kind with its least limit of cover (None for a certificate)."""
    wanted = (
        (EvidenceKind.EMPLOYERS_LIABILITY, lot.employers_liability_pence),
        (EvidenceKind.PUBLIC_LIABILITY, lot.public_liability_pence),
        (EvidenceKind.PROFESSIONAL_INDEMNITY, lot.professional_indemnity_pence),
    )
    asked: list[tuple[EvidenceKind, Money | None]] = [
        (kind, Money(pence)) for kind, pence in wanted if pence is not None
    ]
    if lot.needs_cyber_essentials:
        asked.append((EvidenceKind.CYBER_ESSENTIALS, None))
    if lot.needs_iso_27001:
        asked.append((EvidenceKind.ISO_27001, None))
    return asked


def covers(session: Session, lot: Lot, supplier_id: int, day: date) -> list[Refusal]:
    """Every reason why the partner may not sign under the lot on a London day: cover missing, lapsed or too low.

    Empty when everything the lot asks for is in date. It blocks signing, never live work (LIFECYCLE check 14).
    """
    name = session.exec(select(Party.name).where(Party.id == supplier_id)).one()
    shown = session.exec(
        select(Evidence).where(Evidence.supplier_id == supplier_id).order_by(col(Evidence.expires_on))
    ).all()
    return gaps(lot, name, shown, day)


def lapses_before_the_end(
    session: Session, lot: Lot, supplier_id: int, day: date, last_day: date | None
) -> list[str]:
    """Where the lot asks for it: what is in date on `day` but lapses before a call-off's last day, one sentence each."""
    if not lot.warns_on_offers or last_day is None or last_day <= day:
        return []
    today = {one.sentence for one in covers(session, lot, supplier_id, day)}
    name = session.exec(select(Party.name).where(Party.id == supplier_id)).one()
    shown = session.exec(select(Evidence).where(Evidence.supplier_id == supplier_id)).all()
    found = []
    for kind, least in asked_of(lot):
        counting = [one for one in shown if one.counts and one.kind in meeting(kind)]
        gap = _gap(lot, name, kind, least, counting, day)
        if (gap and gap.sentence in today) or _gap(lot, name, kind, least, counting, last_day) is None:
            continue
        ends = max(one.expires_on for one in counting if one.is_in_force_on(day))
        found.append(
            f"The {kind.in_a_sentence} of {name} lapses on {dates.in_words(ends)}, before the call-off ends on "
            f"{dates.in_words(last_day)}"
        )
    return found


def slavery_warning(supplier: Party, shown: Iterable[Evidence], day: date) -> str | None:
    """A sentence where a supplier of £36m turnover or more shows no modern slavery statement under 18 months old (RULE-56).

    Shown as a file among its evidence, or by its address among its company facts.
    """
    least = amount(Trigger.MODERN_SLAVERY_TURNOVER)
    if supplier.turnover_pence is None or supplier.turnover_pence < least.pence:
        return None
    made = [one for one in shown if one.counts and one.kind is EvidenceKind.MODERN_SLAVERY]
    days = [one.from_on for one in made if one.from_on]
    if supplier.modern_slavery_address and supplier.modern_slavery_on:
        days.append(supplier.modern_slavery_on)
    if any(made_on <= day < dates.add_months(made_on, STATEMENT_COUNTS_MONTHS) for made_on in days):
        return None
    return (
        f"{supplier.name} turns over {least.short} or more and has shown no modern slavery statement that is less than "
        f"{STATEMENT_COUNTS_MONTHS} months old (Modern Slavery Act 2015, section 54)"
    )


def gaps(lot: Lot, name: str, shown: Sequence[Evidence], day: date) -> list[Refusal]:
    """As `covers`, from evidence already in hand. What was sent back or struck out counts for nothing; what is unchecked counts."""
    found = (
        _gap(lot, name, kind, least, [e for e in shown if e.counts and e.kind in meeting(kind)], day)
        for kind, least in asked_of(lot)
    )
    return [one for one in found if one is not None]


def _gap(
    lot: Lot, name: str, kind: EvidenceKind, least: Money | None, shown: Iterable[Evidence], day: date
) -> Refusal | None:
    evidence = sorted(shown, key=lambda one: one.expires_on)
    what = kind.in_a_sentence
    asks = f"lot {lot.number} asks for {least.short}" if least else f"lot {lot.number} asks for it"
    if not evidence:
        return Refusal(f"{name} has not shown {kind.with_article}, and {asks}", rule="RULE-61")
    in_force = [one for one in evidence if one.is_in_force_on(day)]
    if not in_force:
        last = evidence[-1]
        if last.expires_on < day:
            return Refusal(
                f"The {what} of {name} lapsed on {dates.in_words(last.expires_on)}, and {asks}",
                rule="RULE-61",
            )
        begins = min(one.from_on for one in evidence if one.from_on and one.expires_on >= day)
        return Refusal(f"The {what} of {name} begins on {dates.in_words(begins)}, and {asks}", rule="RULE-61")
    if low := _too_low(lot, least, in_force):
        return Refusal(f"The {what} of {name} {low}", rule="RULE-61")
    return None


def _too_low(lot: Lot, least: Money | None, in_force: Sequence[Evidence]) -> str:
    best = max((one.cover_pence or 0 for one in in_force), default=0)
    if least is None or best >= least.pence:
        return ""
    return f"covers {Money(best).short}, and lot {lot.number} asks for {least.short}"


def too_low(lot: Lot, shown: Sequence[Evidence], day: date) -> dict[EvidenceKind, str]:
    """Of what is in force on a London day, the kinds that cover less than the lot asks for, each with both amounts (RULE-61)."""
    found = {}
    for kind, least in asked_of(lot):
        in_force = [
            one for one in shown if one.counts and one.kind in meeting(kind) and one.is_in_force_on(day)
        ]
        if in_force and (low := _too_low(lot, least, in_force)):
            found[kind] = low
    return found


def below_the_law(one: Evidence) -> str:
    """A sentence where employers’ liability cover is less than the law’s minimum (RULE-61); nothing otherwise."""
    least = amount(Trigger.EMPLOYERS_LIABILITY_COVER)
    if one.kind is not EvidenceKind.EMPLOYERS_LIABILITY or one.cover is None or one.cover >= least:
        return ""
    return f"Below the law’s minimum of {least.short}"
