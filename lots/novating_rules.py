"""What a novation must satisfy, when it is proposed and again when somebody agrees: each rule is one function, its name at the foot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from framework.agreement import AgreementStatus, FrameworkAgreement
from framework.definitions import dates
from framework.definitions.regime import Regime
from framework.definitions.rules import Refusal
from framework.people.party import Party
from lots.appointing import excluded, wrong_size
from lots.appointment import Appointment, AppointmentStatus
from lots.lot import Lot
from lots.novation import Restructuring

LONGEST_REASON, LONGEST_REFERENCE = 1000, 60
_RUNNING = (AgreementStatus.LIVE, AgreementStatus.SUSPENDED, AgreementStatus.EXHAUSTED)
_HELD = (AppointmentStatus.ACTIVE, AppointmentStatus.SUSPENDED)


@dataclass(frozen=True, slots=True)
class NovationIntent:
    """A place as somebody wants it to pass to another company, on a London day."""

    agreement: FrameworkAgreement
    lot: Lot
    appointment: Appointment
    predecessor: Party
    successor: Party | None
    """None where a new company could not be registered; that has a refusal of its own."""
    on_the_lot: Sequence[Appointment]
    """Every place on the lot, also those that ended."""
    on: date
    today: date
    restructuring: Restructuring | None
    reason: str
    conditions_met: bool
    notice_reference: str
    notice_on: date | None


def agreement_is_running(intent: NovationIntent) -> Refusal | None:
    """A place passes only while the agreement is live or suspended."""
    status = intent.agreement.status_on(intent.today)
    if status in _RUNNING:
        return None
    return Refusal(f"{intent.agreement.title} is {status.label.lower()}, so no place in it can pass on")


def place_is_held(intent: NovationIntent) -> Refusal | None:
    """Only a partner that is active or suspended has a place to pass on."""
    if intent.appointment.ended_on is not None:
        return Refusal(
            f"{intent.predecessor.name} left this lot on {dates.in_words(intent.appointment.ended_on)}"
        )
    if intent.appointment.status_on(intent.today) in _HELD:
        return None
    return Refusal(f"{intent.predecessor.name} has not begun on this lot, so it has no place to pass on")


def day_is_ahead(intent: NovationIntent) -> Refusal | None:
    """The place passes today or later, on a day of the agreement."""
    if intent.on < intent.today:
        return Refusal("The day must be today or later", field="on")
    if intent.on > intent.agreement.ends_on:
        return Refusal(
            f"The day must be in the agreement’s term, up to {dates.in_words(intent.agreement.ends_on)}",
            field="on",
        )
    return None


def ground_is_stated(intent: NovationIntent) -> Iterator[Refusal]:
    """RULE-09, RULE-36, RULE-39: suppliers are not swapped, except after a corporate restructuring that is stated."""
    rule = "RULE-09"
    if intent.restructuring is None:
        yield Refusal("Choose what happened to the company", "restructuring", rule)
    if not intent.conditions_met:
        yield Refusal("State that the ground holds. Without it the place cannot pass", "conditions_met", rule)
    if not intent.reason.strip():
        yield Refusal("Say what happened, and how the new company comes into the place", field="reason")
    elif len(intent.reason) > LONGEST_REASON:
        yield Refusal("Use 1,000 characters or fewer", field="reason")


def change_notice_comes_first(intent: NovationIntent) -> Iterator[Refusal]:
    """RULE-37: under the Procurement Act the change notice (UK10) comes no later than the change; always for a novation.

    Under the PCR 2015 a reference is only recorded, and its lack is a warning.
    """
    if len(intent.notice_reference) > LONGEST_REFERENCE:
        yield Refusal("Use 60 characters or fewer", field="notice_reference")
    if intent.agreement.regime is not Regime.PA2023:
        return
    if not intent.notice_reference.strip():
        yield Refusal("Enter the reference of the change notice (UK10)", "notice_reference", "RULE-37")
    if intent.notice_on is None:
        yield Refusal("Enter the day of the change notice (UK10)", "notice_on", "RULE-37")
    elif intent.notice_on > intent.on:
        yield Refusal(
            f"The change notice must come before the place passes on {dates.in_words(intent.on)}",
            "notice_on",
            "RULE-37",
        )


def successor_is_new_to_the_lot(intent: NovationIntent) -> Refusal | None:
    """Nobody holds two places on a lot, or comes back to one that it left."""
    if intent.successor is None:
        return None
    own = [one for one in intent.on_the_lot if one.supplier_id == intent.successor.id]
    if any(one.ended_on is None for one in own):
        return Refusal(f"{intent.successor.name} is already on lot {intent.lot.number}", field="supplier_id")
    if own:
        return Refusal(
            f"{intent.successor.name} has left lot {intent.lot.number} and cannot come back to it",
            field="supplier_id",
            rule="RULE-09",
        )
    return None


def successor_may_be_used(intent: NovationIntent) -> Iterator[Refusal]:
    """RULE-08 and the lot's size rule by RULE-54."""
    if intent.successor is None:
        return
    if refusal := excluded(intent.successor):
        yield refusal
    if refusal := wrong_size(intent.lot, intent.successor):
        yield refusal


def notice_is_published(intent: NovationIntent) -> Refusal | None:
    """RULE-37, when somebody agrees: what was planned has been published by then."""
    if intent.agreement.regime is not Regime.PA2023 or intent.notice_on is None:
        return None
    if intent.notice_on <= intent.today:
        return None
    return Refusal(
        f"The change notice is dated {dates.in_words(intent.notice_on)}. Agree when it has been published",
        rule="RULE-37",
    )


# Every rule about a novation. A new one is a function above and its name here.
RULES = (
    agreement_is_running,
    place_is_held,
    day_is_ahead,
    ground_is_stated,
    change_notice_comes_first,
    successor_is_new_to_the_lot,
    successor_may_be_used,
)
RULES_TO_AGREE = (*RULES, notice_is_published)
