"""Drafting a call-off: words and figures are kept as typed, nothing is reserved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from sqlmodel import Session, col, select

from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff, CallOffOption, CallOffStatus, ChargingMethod, OffPayroll
from calloffs.holding import hold_words
from calloffs.spend import ledger
from framework.agreement import AgreementStatus, FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import MOST, Money
from framework.definitions.rules import Refusal, Refused, refuse, require
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.lot import Lot

OPEN_FOR_WORDS = (CallOffStatus.DRAFT, CallOffStatus.RETURNED)


class DraftFacts(TypedDict, total=False):
    """What may be typed into a draft. What is not named stays as it is; None or "" clears. Amounts are net of VAT."""

    title: str
    background: str
    outcome_wanted: str
    in_scope: str
    out_of_scope: str
    standards: str
    location: str
    working_hours: str
    dependencies: str
    starts_on: date | None
    ends_on: date | None
    base: Money | None
    expenses: Money | None
    expenses_policy: str
    indexation: str
    vat_rate_bp: int
    charging_method: ChargingMethod | None
    case_id: int | None
    exemption_reason: str
    off_payroll: OffPayroll | None
    special_terms: str
    special_terms_confirmed: bool
    break_notice_days: int
    supplier_notice_days: int
    acceptance_days: int
    invoice_frequency: str
    purchase_order: str
    cost_centre: str
    conflicts_declared: bool
    representative: str


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """An extension option: whole months, days of notice, price net of VAT."""

    months: int
    notice_days: int
    price: Money


@dataclass(frozen=True)
class Opening:
    """What somebody means to draft under, on the day they do."""

    agreement: FrameworkAgreement
    lot: Lot
    authority: Party
    member: MemberAuthority | None
    today: date


def agreement_is_live(opening: Opening) -> Refusal | None:
    """RULE-21: nothing new starts under an agreement that is not live today."""
    status = opening.agreement.status_on(opening.today)
    if status is AgreementStatus.LIVE:
        return None
    return Refusal(_why_not_live(opening.agreement, status), field="lot", rule="RULE-21")


def _why_not_live(agreement: FrameworkAgreement, status: AgreementStatus) -> str:
    name = f"{agreement.title} ({agreement.reference})"
    if status in (AgreementStatus.EXPIRED, AgreementStatus.ENDED, AgreementStatus.CLOSED):
        return (
            f"{name} ended on {dates.in_words(agreement.ends_on)}, so nothing new can be called off under it"
        )
    if status is AgreementStatus.SUSPENDED:
        return f"{name} is suspended, so nothing new can be called off under it"
    if status is AgreementStatus.EXHAUSTED:
        return f"{name} is fully committed: nothing is left under its ceiling"
    if status is AgreementStatus.SCHEDULED and agreement.starts_on:
        return f"{name} starts on {dates.in_words(agreement.starts_on)}, so nothing can be called off under it yet"
    return f"{name} is not live, so nothing can be called off under it"


def authority_is_a_member(opening: Opening) -> Refusal | None:
    """RULE-03: only authorities named in the agreement may call off, between their own dates."""
    if opening.member is not None and opening.member.is_member_on(opening.today):
        return None
    return Refusal(
        f"{opening.authority.name} is not a member of {opening.agreement.title} today, so it cannot call off under it",
        field="authority_id",
        rule="RULE-03",
    )


def lot_is_open(opening: Opening) -> Refusal | None:
    """A lot is open while a call-off under it could still run and its ceiling is known (never "unlimited")."""
    lot = opening.lot
    if lot.ceiling_pence is None:
        return Refusal(f"Lot {lot.number} has no ceiling, so nothing can be called off under it", field="lot")
    if lot.long_stop_on and opening.today > lot.long_stop_on:
        return Refusal(
            f"Work under lot {lot.number} had to end by {dates.in_words(lot.long_stop_on)}", field="lot"
        )
    return None


OPENING_RULES = (agreement_is_live, authority_is_a_member, lot_is_open)


def opening_of(session: Session, agreement: FrameworkAgreement, lot: Lot, authority_id: int) -> Opening:
    """What the opening rules are asked about, today."""
    member = session.exec(
        select(MemberAuthority).where(
            MemberAuthority.agreement_id == agreement.id, MemberAuthority.authority_id == authority_id
        )
    ).one_or_none()
    authority = session.get_one(Party, authority_id)
    return Opening(agreement, lot, authority, member, dates.today())


def draft_call_off(session: Session, *, actor: Visitor, lot: Lot, authority_id: int, title: str) -> CallOff:
    """A new draft with the lot's next reference; it reserves nothing. Raises `Refused` or `NotFound`."""
    permitted(actor, Permission.CALL_OFF_RAISE, authority_id)
    # The agreement's row first, as everywhere: the lot's number is taken while nobody posts.
    agreement = ledger.hold(session, lot.agreement_id)
    session.refresh(lot)
    require(opening_of(session, agreement, lot, authority_id), OPENING_RULES)
    if not title:
        refuse("Enter a title", "title")
    lot.last_call_off_number += 1
    call_off = CallOff(
        reference=f"{lot.reference}-{lot.last_call_off_number:04}",
        agreement_id=agreement.id,
        lot_id=lot.id,
        authority_id=authority_id,
        owner_id=_person(actor),
        drafted_by_id=actor.person_id,
        changed_by_id=actor.person_id,
        title=title,
        vat_rate_bp=agreement.vat_rate_bp,
        created_at=dates.now(),
    )
    session.add(call_off)
    session.flush()
    audit.record(session, actor=actor, action="call_off_drafted", subject=about(call_off))
    return call_off


def _person(actor: Visitor) -> int:
    if actor.person_id is None:
        raise ValueError("A call-off is drafted by a person")
    return actor.person_id


def about(call_off: CallOff) -> audit.Subject:
    """The call-off as the subject of an audit record."""
    return audit.Subject("call_off", call_off.id, call_off.reference, call_off.authority_id)


# The fact's name, and the column that holds its pence.
_IN_PENCE = {"base": "base_net_pence", "expenses": "expenses_net_pence"}
_NAMES = {
    "starts_on": "first day",
    "ends_on": "last day",
    "base": "base value",
    "expenses": "expenses cap",
    "case_id": "business case",
    "vat_rate_bp": "VAT rate",
}
# Facts told with what stood before; the rest are free text, and only their names are told.
_TOLD = ("starts_on", "ends_on", "base", "expenses", "charging_method", "off_payroll")


def change_draft(session: Session, *, actor: Visitor, call_off: CallOff, facts: DraftFacts) -> None:
    """Keep what was typed, complete or not. Raises `Refused` when it is no draft or returned request, or makes no sense."""
    hold_words(session, call_off)
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    still_open(call_off)
    _makes_sense(session, call_off, facts)
    names: list[str] = []
    for name, new in facts.items():
        old = _read(call_off, name)
        if new == old:
            continue
        label = _NAMES.get(name, name.replace("_", " "))
        names.append(f"{label} from {_told(old)} to {_told(new)}" if name in _TOLD else label)
        _write(call_off, name, new)
    if not names:
        return
    settle_value(session, call_off)
    call_off.changed_by_id = actor.person_id
    session.add(call_off)
    audit.record(
        session,
        actor=actor,
        action="draft_changed",
        subject=about(call_off),
        # One string: a list of two would be told as "from … to …".
        facts={"changed": "; ".join(names)},
    )


def still_open(call_off: CallOff) -> None:
    """Raise `Refused` unless the words may still be changed: a draft, or a request that was returned."""
    status = call_off.status
    if status not in OPEN_FOR_WORDS:
        refuse(
            f"{call_off.reference} is {status.label.lower()}, so it cannot be changed. "
            "Withdraw the request first if it has not been awarded"
        )


def _told(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, date):
        return dates.in_words(value)
    return str(getattr(value, "label", value))


def _read(call_off: CallOff, name: str) -> Any:
    if column := _IN_PENCE.get(name):
        pence = getattr(call_off, column)
        return None if pence is None or (name == "expenses" and pence == 0) else Money(pence)
    return getattr(call_off, name)


def _write(call_off: CallOff, name: str, value: Any) -> None:
    if name == "expenses":
        call_off.expenses_net_pence = value.pence if value else 0
    elif name == "base":
        call_off.base_net_pence = value.pence if value is not None else None
    else:
        setattr(call_off, name, value)


def _makes_sense(session: Session, call_off: CallOff, facts: DraftFacts) -> None:
    refusals = []
    starts_on = facts.get("starts_on", call_off.starts_on)
    ends_on = facts.get("ends_on", call_off.ends_on)
    if starts_on and ends_on and ends_on < starts_on:
        refusals.append(Refusal("The last day must be the same as or after the first day", field="ends_on"))
    if "title" in facts and not facts["title"]:
        refusals.append(Refusal("Enter a title", field="title"))
    for name in ("base", "expenses"):
        amount = facts.get(name)
        if isinstance(amount, Money) and not 0 <= amount.pence <= MOST:
            refusals.append(Refusal(f"Enter an amount from £0 to {Money(MOST)}", field=name))
    case_id = facts.get("case_id")
    if case_id is not None and not _is_our_case(session, call_off, case_id):
        refusals.append(Refusal("Choose one of the cases listed", field="case_id", rule="RULE-62"))
    if refusals:
        raise Refused(*refusals)


def _is_our_case(session: Session, call_off: CallOff, case_id: int) -> bool:
    case = session.get(BusinessCase, case_id)
    return case is not None and case.authority_id == call_off.authority_id


def set_options(
    session: Session, *, actor: Visitor, call_off: CallOff, options: Sequence[OptionFacts]
) -> None:
    """Replace the extension options of a draft; each price counts in the maximum value from the start (RULE-25)."""
    hold_words(session, call_off)
    permitted(actor, Permission.CALL_OFF_RAISE, call_off.authority_id)
    still_open(call_off)
    if len(options) > 10:
        refuse("A call-off can have up to 10 options", "options")
    for option in options:
        if not (
            1 <= option.months <= 60 and 0 <= option.notice_days <= 730 and 0 <= option.price.pence <= MOST
        ):
            refuse("Enter 1 to 60 months, up to 730 days of notice and a price for each option", "options")
    before = options_of(session, call_off)
    now = list(options)
    if now == [OptionFacts(one.months, one.notice_days, Money(one.price_net_pence)) for one in before]:
        return
    total_before = call_off.options_net_pence
    for old in before:
        session.delete(old)
    session.flush()
    for number, option in enumerate(now, start=1):
        session.add(
            CallOffOption(
                call_off_id=call_off.id,
                number=number,
                months=option.months,
                notice_days=option.notice_days,
                price_net_pence=option.price.pence,
            )
        )
    session.flush()
    settle_value(session, call_off)
    call_off.changed_by_id = actor.person_id
    session.add(call_off)
    audit.record(
        session,
        actor=actor,
        action="options_changed",
        subject=about(call_off),
        facts={"options": (Money(total_before), Money(call_off.options_net_pence)), "count": len(now)},
    )


def options_of(session: Session, call_off: CallOff) -> list[CallOffOption]:
    """The extension options, in order."""
    return list(
        session.exec(
            select(CallOffOption)
            .where(CallOffOption.call_off_id == call_off.id)
            .order_by(col(CallOffOption.number))
        )
    )


def maximum(base: Money | None, expenses: Money | None, prices: Sequence[Money]) -> Money:
    """Base, expenses cap and every option together, net of VAT (RULE-25)."""
    nothing = Money.zero()
    return (base or nothing) + (expenses or nothing) + sum(prices, nothing)


def settle_value(session: Session, call_off: CallOff) -> None:
    """Work out the maximum value, net of VAT: base, every option and the expenses cap (RULE-25). Never typed."""
    call_off.options_net_pence = sum(one.price_net_pence for one in options_of(session, call_off))
    base, expenses = Money(call_off.base_net_pence or 0), Money(call_off.expenses_net_pence)
    call_off.value_net_pence = maximum(base, expenses, [Money(call_off.options_net_pence)]).pence
