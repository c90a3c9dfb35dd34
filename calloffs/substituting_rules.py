"""The rules that a substitute must keep: who leaves, who comes, at what rate, from when, and why they are as good."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from calloffs.answering import TO_BE_NAMED
from calloffs.call_off import CallOff
from calloffs.giving_feedback import LEAST
from calloffs.serving import Serving
from calloffs.terminating import RUNNING
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import Refusal
from lots.rate_card import RateCard
from lots.workforce import Clearance, key_of


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who comes in the place of whom (`leaving` is the key of a `Serving`). `day_rate` is net of VAT, days in quarters."""

    leaving: str
    name: str
    role: str
    level: int
    clearance: Clearance
    day_rate: Money
    quarter_days: int
    starts_on: date | None
    """None where it was left out; the rules refuse that."""
    like_for_like: str
    reason: str
    difference: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    call_off: CallOff
    there: Sequence[Serving]
    leaving: Serving | None
    new: Substitute
    card: RateCard
    rates: dict[tuple[str, int], Money]


def call_off_is_running(intent: Intent) -> Refusal | None:
    """People change only on a call-off that both sides have signed and that has not ended."""
    if intent.call_off.status in RUNNING:
        return None
    return Refusal(
        f"People can change only on a signed call-off that has not ended. {intent.call_off.reference} is "
        f"{intent.call_off.status.label.lower()}"
    )


def somebody_leaves(intent: Intent) -> Refusal | None:
    """Somebody of this call-off, for whom nobody is proposed or agreed yet."""
    if intent.leaving is None:
        return Refusal("Choose who leaves", "leaving")
    if intent.leaving.may_leave:
        return None
    if intent.leaving.is_replaced:
        return Refusal(f"Somebody is already agreed in the place of {intent.leaving.name}", "leaving")
    return Refusal(f"A substitute for {intent.leaving.name} already waits for the council", "leaving")


def somebody_comes(intent: Intent) -> Iterator[Refusal]:
    """A named person who is not on the call-off already."""
    name = key_of(intent.new.name)
    if name in ("", key_of(TO_BE_NAMED)):
        yield Refusal("Enter the name of the person who comes", "name")
    elif any(key_of(one.name) == name and not one.is_over for one in intent.there):
        yield Refusal(f"{intent.new.name} is on this call-off already", "name")
    if not intent.new.role.strip():
        yield Refusal("Choose a role and level", "work")


def says_why(intent: Intent) -> Iterator[Refusal]:
    """The like-for-like statement and the reason are compulsory; another role or level needs words of its own (check 13)."""
    new, old = intent.new, intent.leaving
    if not new.like_for_like.strip():
        yield Refusal("Enter what makes the new person as good as the one who leaves", "like_for_like")
    if not new.reason.strip():
        yield Refusal("Enter why the other person leaves", "reason")
    if old and (key_of(new.role), new.level) != (key_of(old.role), old.level) and not new.difference.strip():
        yield Refusal(
            f"{old.name} is {old.role} at level {old.level}. Enter why another role or level is as good",
            "difference",
        )


def rate_is_within_bounds(intent: Intent) -> Iterator[Refusal]:
    """RULE-77, RULE-78: offered on the frozen card and not above it; and never above the rate of the one who leaves."""
    new, old = intent.new, intent.leaving
    version = f"version {intent.card.version} of your rate card, which this call-off is held to"
    what = f"{new.role} at level {new.level}"
    most = intent.rates.get((new.role, new.level))
    if new.day_rate.pence <= 0:
        yield Refusal("Enter a day rate above £0.00, like 650", "day_rate")
    if most is None:
        if new.role.strip():
            yield Refusal(f"{what} is not offered on {version}", "work", "RULE-77")
    elif new.day_rate > most:
        yield Refusal(
            f"{what}: {new.day_rate} a day is above {most}, the most on {version}",
            "day_rate",
            "RULE-78",
            left=most,
        )
    if old and new.day_rate > old.day_rate:
        yield Refusal(
            f"{new.day_rate} a day is above the {old.day_rate} of {old.name}. A substitute costs no more",
            "day_rate",
            left=old.day_rate,
        )


def days_fit(intent: Intent) -> Iterator[Refusal]:
    """From today or later, within the call-off, for no more days than are left to hand over."""
    new, old, call_off = intent.new, intent.leaving, intent.call_off
    last = call_off.last_day
    if new.starts_on is None:
        yield Refusal("Enter the first day", "starts_on")
    elif new.starts_on < dates.today():
        yield Refusal("The first day must be today or later", "starts_on")
    elif last and new.starts_on > last:
        yield Refusal(
            f"The first day must be on or before the call-off’s last day, {dates.in_words(last)}", "starts_on"
        )
    elif old and new.starts_on < old.first:
        yield Refusal(
            f"{old.name} begins on {dates.in_words(old.first)}, so the first day must be then or later",
            "starts_on",
        )
    if new.quarter_days <= 0:
        yield Refusal("Enter how many days pass to the new person, like 20 or 2.5", "days")
    elif old and new.quarter_days > old.quarter_days:
        yield Refusal(f"{old.name} has {old.days} days, so no more can pass to the new person", "days")


def clearance_is_enough(intent: Intent) -> Refusal | None:
    """Less clearance than the one who leaves holds needs words of its own: that the council asks for less, and why."""
    new, old = intent.new, intent.leaving
    if old is None or new.clearance.covers(old.clearance) or len(new.difference.strip()) >= LEAST:
        return None
    holds = "no clearance" if new.clearance is Clearance.NONE else new.clearance.label
    return Refusal(
        f"{new.name or 'The new person'} holds {holds}, where {old.name} holds {old.clearance.label}. Say in {LEAST} characters "
        "or more why the council can ask for less here",
        "difference",
    )


RULES = (
    call_off_is_running,
    somebody_leaves,
    somebody_comes,
    says_why,
    clearance_is_enough,
    rate_is_within_bounds,
    days_fit,
)
