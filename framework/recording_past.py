"""Recording a past agreement: what was published, and plainly what was not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from framework.agreement import ExtensionOption, FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.regime import Regime, last_day_with_options, regime_for
from framework.definitions.rules import Refusal, Refused
from framework.holding import about
from framework.opening_rules import LONGEST_OPTION, reference_refusal
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFacts:
    """What is known of an agreement that has ended. None means "not published"; dates in London, both ends included."""

    title: str
    reference: str
    ends_on: date | None
    """Its last day, any option left out of the count."""
    regime: Regime | None = None
    commenced_on: date | None = None
    starts_on: date | None = None
    ceiling: Money | None = None
    basis: Basis = Basis.NET
    authority_ids: tuple[int, ...] = ()
    """Members beside the lead authority."""
    option_months: int | None = None
    """Length of its option to extend; None when it had none."""
    option_used: bool | None = None
    description: str = ""
    note: str = ""


def record_past(
    session: Session, *, actor: Visitor, lead_authority_id: int, facts: PastFacts
) -> FrameworkAgreement:
    """Put down an agreement that has ended, for history: nothing can be called off under it.

    Raises `Refused` when it has not ended yet even without its option, or when a title, reference, last day or regime is missing;
    `NotFound` when the actor may not open agreements there.
    """
    permitted(actor, Permission.AGREEMENT_OPEN, lead_authority_id)
    reference, regime = facts.reference.strip().upper(), facts.regime
    if regime is None and facts.commenced_on:
        regime = regime_for(facts.commenced_on)
    refusals = _refusals(session, facts, reference, regime)
    if refusals:
        raise Refused(*refusals)
    assert facts.ends_on is not None
    assert regime is not None
    used = facts.option_months if facts.option_used else None
    lead = session.get(Party, lead_authority_id)
    agreement = FrameworkAgreement(
        title=facts.title.strip(),
        reference=reference,
        lead_authority_id=lead_authority_id,
        regime=regime,
        commenced_on=facts.commenced_on,
        starts_on=facts.starts_on,
        ends_on=last_day_with_options(facts.ends_on, [used]) if used else facts.ends_on,
        original_ends_on=facts.ends_on,
        ceiling_pence=facts.ceiling.pence if facts.ceiling else None,
        basis=facts.basis,
        description=facts.description.strip(),
        past_note=facts.note.strip(),
        recorded_as_past=True,
        is_sample=lead is not None and lead.is_sample,
        created_at=dates.now(),
        created_by_id=actor.person_id,
    )
    session.add(agreement)
    session.flush()
    for authority_id in dict.fromkeys((lead_authority_id, *facts.authority_ids)):
        session.add(
            MemberAuthority(agreement_id=agreement.id, authority_id=authority_id, joins_on=facts.starts_on)
        )
    if facts.option_months:
        session.add(
            ExtensionOption(
                agreement_id=agreement.id,
                number=1,
                months=facts.option_months,
                used_at=dates.start_of(facts.ends_on) if used else None,
                ended_before=facts.ends_on if used else None,
                use_published=facts.option_used is not None,
            )
        )
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="agreement_recorded_as_past",
        subject=about(agreement),
        facts={"last": facts.ends_on, "regime": regime.label},
        words={"note": agreement.past_note},
    )
    return agreement


def _refusals(session: Session, facts: PastFacts, reference: str, regime: Regime | None) -> list[Refusal]:
    found = [] if facts.title.strip() else [Refusal("Enter the title of the agreement", "title")]
    taken = session.exec(
        select(FrameworkAgreement.id).where(FrameworkAgreement.reference == reference)
    ).one_or_none()
    if wrong := reference_refusal(reference, taken is not None):
        found.append(wrong)
    if regime is None:
        found.append(Refusal("Choose the law that the agreement was under", "regime", "RULE-01"))
    elif facts.commenced_on and regime is not regime_for(facts.commenced_on):
        right = regime_for(facts.commenced_on).label
        sentence = (
            f"A procurement that commenced on {dates.in_words(facts.commenced_on)} is under the {right}"
        )
        found.append(Refusal(sentence, "regime", "RULE-01"))
    if facts.ends_on is None:
        found.append(Refusal("Enter the agreement’s last day", "ends_on"))
    elif facts.ends_on >= dates.today():
        sentence = "This agreement has not ended. Open it as a new agreement instead"
        found.append(Refusal(sentence, "ends_on"))
    elif facts.starts_on and facts.starts_on > facts.ends_on:
        found.append(Refusal("The last day must be on or after the first day", "ends_on"))
    elif facts.option_used and facts.option_months and 1 <= facts.option_months <= LONGEST_OPTION:
        longest = last_day_with_options(facts.ends_on, [facts.option_months])
        if longest >= dates.today():
            sentence = f"With its option used it runs to {dates.in_words(longest)}: open it as a new agreement instead"
            found.append(Refusal(sentence, "option_used"))
    if facts.ceiling is not None and facts.ceiling.pence <= 0:
        found.append(
            Refusal("Enter a ceiling above £0, or leave it blank when it was not published", "ceiling")
        )
    if facts.option_months is not None and not 1 <= facts.option_months <= LONGEST_OPTION:
        found.append(
            Refusal(f"Enter the option’s length in months, from 1 to {LONGEST_OPTION}", "option_months")
        )
    for authority_id in facts.authority_ids:
        party = session.get(Party, authority_id)
        if party is None or party.kind is not PartyKind.AUTHORITY:
            found.append(Refusal("Choose contracting authorities only", "authority_ids", "RULE-03"))
    return found


def when_it_ended(agreement: FrameworkAgreement, options: Sequence[ExtensionOption]) -> str:
    """The end of a past agreement as a sentence says it.

    For the founding framework: "ended 31 May 2023, or 31 May 2025 if its option was used: not published".
    """
    ended = f"ended {dates.in_words(agreement.ends_on)}"
    unknown = [one.months for one in options if not one.use_published]
    if not unknown:
        return ended
    longest = last_day_with_options(agreement.ends_on, unknown)
    which = "its option was" if len(unknown) == 1 else "its options were"
    return f"{ended}, or {dates.in_words(longest)} if {which} used: not published"
