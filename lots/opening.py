"""Adding lots to an agreement while it is still a draft, and changing what they say."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from framework.agreement import AgreementStatus, FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.regime import Regime
from framework.definitions.rules import refuse, require
from framework.holding import hold
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.appointment import Appointment
from lots.invitation import Invitation, InvitationLot, InvitationStatus
from lots.lot import AwardMethod, DirectAwardBasis, Lot, Mechanism, SizeRule
from lots.lot_rules import RULES, LotIntent, latest_last_day
from lots.telling import about_lot

ONLY_SUPPLIER = "The lot’s only supplier is asked. This is the stated objective mechanism"


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What a lot says. The ceiling stands on the agreement's own basis; covers are limits of insurance.

    A past agreement's lot may leave ceiling and long-stop as None, "not published".
    """

    number: int
    title: str
    award_method: AwardMethod
    direct_award_basis: DirectAwardBasis
    ceiling: Money | None = None
    long_stop_on: date | None = None
    scope: str = ""
    mechanism: Mechanism | None = None
    mechanism_text: str = ""
    min_partners: int = 1
    max_partners: int = 1
    size_rule: SizeRule = SizeRule.ANY
    employers_liability: Money | None = None
    public_liability: Money | None = None
    professional_indemnity: Money | None = None
    needs_cyber_essentials: bool = False
    needs_iso_27001: bool = False
    warns_on_offers: bool = False
    """Whether an offer also names evidence that lapses before the call-off would end."""
    rate_rise_bp: int | None = None
    """The indexation rule: the most a day rate may rise at each anniversary of `rates_rise_from`; None where rates never rise."""
    rates_rise_from: date | None = None


def add_lot(session: Session, *, actor: Visitor, agreement: FrameworkAgreement, facts: LotFacts) -> Lot:
    """Add one lot to a draft agreement (or to the record of a past one).

    Raises `Refused` with everything that does not fit: the number is taken, the ceilings pass the agreement's (unless a shared
    pool), the direct award has no lawful basis (RULE-11), the long-stop is before the latest end of the agreement.
    """
    taken = take(session, actor, agreement.id)
    must_be_draft(taken)
    require(intent_of(session, taken, facts), RULES)
    return put(session, actor, taken, facts)


def put(session: Session, actor: Visitor, agreement: FrameworkAgreement, facts: LotFacts) -> Lot:
    """Write one lot whose rules have answered."""
    lot = Lot(
        agreement_id=agreement.id,
        reference=f"{agreement.reference}-{facts.number}",
        **_columns(agreement, facts),
    )
    session.add(lot)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="lot_added" if facts.ceiling else "lot_added_without_ceiling",
        subject=about_lot(agreement, lot),
        facts={"ceiling": facts.ceiling, "max_partners": facts.max_partners},
    )
    return lot


def change_lot(session: Session, *, actor: Visitor, lot: Lot, facts: LotFacts) -> Lot:
    """Change what a lot says while its agreement is a draft. Raises `Refused` as `add_lot` does."""
    agreement = take(session, actor, lot.agreement_id)
    must_be_draft(agreement)
    require(intent_of(session, agreement, facts, lot), RULES)
    before = facts_of(lot)
    for name, value in _columns(agreement, facts).items():
        setattr(lot, name, value)
    lot.reference = f"{agreement.reference}-{facts.number}"
    session.add(lot)
    now = facts_of(lot)
    changed = [one.name for one in fields(LotFacts) if getattr(before, one.name) != getattr(now, one.name)]
    audit.record(
        session,
        actor=actor,
        action="lot_changed",
        subject=about_lot(agreement, lot),
        facts={
            "changed": ", ".join(name.replace("_", " ") for name in changed) or "nothing",
            **({"ceiling": (before.ceiling, now.ceiling)} if "ceiling" in changed else {}),
        },
    )
    return lot


def remove_lot(session: Session, *, actor: Visitor, lot: Lot) -> None:
    """Take a lot out of a draft agreement. Raises `Refused` while a supplier is on it."""
    agreement = take(session, actor, lot.agreement_id)
    must_be_draft(agreement)
    if session.exec(select(Appointment.id).where(Appointment.lot_id == lot.id)).first() is not None:
        refuse(f"Lot {lot.number} has a partner. Take the partner off the lot first")
    for named, invitation in session.exec(
        select(InvitationLot, Invitation)
        .join(Invitation, col(Invitation.id) == col(InvitationLot.invitation_id))
        .where(InvitationLot.lot_id == lot.id)
    ).all():
        if invitation.status_at(dates.now()) is InvitationStatus.OPEN:
            refuse(f"{invitation.company_name} is invited to lot {lot.number}. Withdraw the invitation first")
        session.delete(named)
    session.flush()
    audit.record(session, actor=actor, action="lot_taken_out", subject=about_lot(agreement, lot))
    session.delete(lot)


def take(session: Session, actor: Visitor, agreement_id: int) -> FrameworkAgreement:
    """The agreement's row, held until the transaction ends, for someone who may open agreements at its lead authority."""
    agreement = hold(session, agreement_id)
    permitted(actor, Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    return agreement


def is_open_to_change(agreement: FrameworkAgreement) -> bool:
    """Whether lots may still be added and changed: a draft, or the record of a past agreement."""
    return agreement.recorded_as_past or agreement.status_on(dates.today()) is AgreementStatus.DRAFT


def must_be_draft(agreement: FrameworkAgreement) -> None:
    """Raise `Refused` unless lots may still be added and changed."""
    if is_open_to_change(agreement):
        return
    if agreement.status_on(dates.today()) is AgreementStatus.AWAITING_CONFIRMATION:
        refuse(f"{agreement.title} waits for a second person to confirm it, so its lots cannot change now")
    refuse(f"The lots of {agreement.title} were fixed when it was confirmed")


def intent_of(
    session: Session, agreement: FrameworkAgreement, facts: LotFacts, lot: Lot | None = None
) -> LotIntent:
    """What the rules about a lot need to know: the lot as wanted, beside the agreement's other lots."""
    others = [
        (one.number, one.ceiling)
        for one in session.exec(select(Lot).where(Lot.agreement_id == agreement.id))
        if lot is None or one.id != lot.id
    ]
    appointed = (
        0
        if lot is None
        else len(
            session.exec(
                select(Appointment.id).where(
                    Appointment.lot_id == lot.id, col(Appointment.ended_on).is_(None)
                )
            ).all()
        )
    )
    return LotIntent(agreement, facts, others, latest_last_day(session, agreement), appointed)


def facts_of(lot: Lot) -> LotFacts:
    """What a lot says now, as a form or a comparison needs it."""
    return LotFacts(
        number=lot.number,
        title=lot.title,
        award_method=lot.award_method,
        direct_award_basis=lot.direct_award_basis,
        ceiling=lot.ceiling,
        long_stop_on=lot.long_stop_on,
        scope=lot.scope,
        mechanism=lot.mechanism,
        mechanism_text=lot.mechanism_text,
        min_partners=lot.min_partners,
        max_partners=lot.max_partners,
        size_rule=lot.size_rule,
        employers_liability=_money(lot.employers_liability_pence),
        public_liability=_money(lot.public_liability_pence),
        professional_indemnity=_money(lot.professional_indemnity_pence),
        needs_cyber_essentials=lot.needs_cyber_essentials,
        needs_iso_27001=lot.needs_iso_27001,
        warns_on_offers=lot.warns_on_offers,
        rate_rise_bp=lot.rate_rise_bp,
        rates_rise_from=lot.rates_rise_from,
    )


_MONEY = ("ceiling", "employers_liability", "public_liability", "professional_indemnity")


def _columns(agreement: FrameworkAgreement, facts: LotFacts) -> dict[str, Any]:
    columns = {name: value for name, value in asdict(facts).items() if name not in _MONEY}
    for name in _MONEY:
        amount: Money | None = getattr(facts, name)
        columns[f"{name}_pence"] = None if amount is None else amount.pence
    single = facts.direct_award_basis is DirectAwardBasis.SINGLE_SUPPLIER
    # The 2023 Act speaks of a framework's only supplier, not a lot's, so the lot states why its one partner is asked (RULE-12).
    if single and agreement.regime is Regime.PA2023 and not facts.mechanism_text:
        columns["mechanism_text"] = ONLY_SUPPLIER
    return columns


def _money(pence: int | None) -> Money | None:
    return None if pence is None else Money(pence)
