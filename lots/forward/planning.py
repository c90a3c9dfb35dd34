"""Planning: a council puts down work that is coming, and changes it; whoever follows a shared plan is told what changed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.rules import CHANGED_MEANWHILE, NotFound, Refusal, refuse, require
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.forward.bands import band_in_words, is_band
from lots.forward.periods import Period
from lots.forward.pipeline import NewsKind, PipelineItem, PipelineNews, Stage
from lots.lot import Lot

FARTHEST_MONTHS = 120
MOST_MONTHS = 96


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """Coming work as somebody typed it. The value band is net of VAT."""

    title: str
    what: str = ""
    why: str = ""
    asking: Period | None = None
    start: Period | None = None
    months: int | None = None
    band: str = ""
    stage: Stage = Stage.IDEA
    unsettled: str = ""
    contact_role: str = ""
    is_agreement_wide: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What the rules are asked about."""

    facts: ItemFacts
    today: date
    before: PipelineItem | None = None


def has_a_title(plan: Plan) -> Refusal | None:
    """Nobody can follow what has no name."""
    return None if plan.facts.title else Refusal("Enter a title", "title")


def texts_fit(plan: Plan) -> list[Refusal]:
    """Longest texts, in characters."""
    return [
        Refusal(f"{what} must be {most:,} characters or fewer", name)
        for name, (what, most) in _LENGTHS.items()
        if len(getattr(plan.facts, name)) > most
    ]


def start_is_said(plan: Plan) -> Refusal | None:
    """A view ordered by date needs one, however rough."""
    return None if plan.facts.start else Refusal("Choose the month or quarter of the start", "start_part")


def dates_lie_ahead(plan: Plan) -> list[Refusal]:
    """A month or quarter that is over is not coming; one that was put down in time may stay."""
    before = plan.before
    found = []
    for name, words, new, old in (
        ("asked_part", "asking", plan.facts.asking, before.asking if before else None),
        ("start_part", "the start", plan.facts.start, before.start if before else None),
    ):
        if new is None or new == old:
            continue
        if new.last < plan.today:
            found.append(
                Refusal(f"{new} is over. Choose a month or quarter for {words} that is still ahead", name)
            )
        elif new.first > dates.add_months(plan.today, FARTHEST_MONTHS):
            found.append(Refusal(f"{new} is more than 10 years away", name))
    return found


def asked_before_it_starts(plan: Plan) -> Refusal | None:
    """Work begins after it has been asked for."""
    asking, start = plan.facts.asking, plan.facts.start
    if asking and start and asking.first > start.last:
        return Refusal("The work cannot start before it is asked for", "asked_part")
    return None


def length_is_sensible(plan: Plan) -> Refusal | None:
    """From a month to eight years."""
    months = plan.facts.months
    if months is not None and not 1 <= months <= MOST_MONTHS:
        return Refusal(f"The likely length must be from 1 to {MOST_MONTHS} months", "months")
    return None


def choices_are_known(plan: Plan) -> list[Refusal]:
    """A band from the list; a stage that is still open. Dropping and asking are acts of their own."""
    found = []
    if not is_band(plan.facts.band):
        found.append(Refusal("Choose one of the bands", "band"))
    if not plan.facts.stage.is_open:
        found.append(Refusal("Choose a stage that is still ahead", "stage"))
    return found


def shared_is_complete(plan: Plan) -> list[Refusal]:
    """What partners read says at least what it is and whom to ask."""
    return [] if plan.before is None or not plan.before.is_shared else lacking(plan.facts)


def lacking(facts: Any) -> list[Refusal]:
    """What is missing before partners may read it."""
    found = []
    if not facts.what:
        found.append(Refusal("Say what is wanted, so that partners can tell whether it is for them", "what"))
    if not facts.contact_role:
        found.append(Refusal("Enter the role to ask, such as Head of digital", "contact_role"))
    return found


_LENGTHS = {
    "title": ("The title", 200),
    "what": ("What is wanted", 4000),
    "why": ("Why", 4000),
    "unsettled": ("What is not settled", 2000),
    "contact_role": ("The role", 120),
}
RULES: tuple[Callable[[Plan], Any], ...] = (
    has_a_title,
    texts_fit,
    start_is_said,
    dates_lie_ahead,
    asked_before_it_starts,
    length_is_sensible,
    choices_are_known,
    shared_is_complete,
)


def about(item: PipelineItem) -> audit.Subject:
    """Coming work as the subject of an audit record: its own council's."""
    return audit.Subject("pipeline_item", item.id, f"coming work {item.id}", item.authority_id)


def may_plan(session: Session, actor: Visitor, agreement_id: int, authority_id: int) -> FrameworkAgreement:
    """The agreement, when the actor plans for this council under it today. Raises `NotFound` or `Refused` (RULE-03, RULE-21)."""
    permitted(actor, Permission.FORWARD_WRITE, authority_id)
    agreement = session.get_one(FrameworkAgreement, agreement_id)
    member = session.exec(
        select(MemberAuthority).where(
            MemberAuthority.agreement_id == agreement_id, MemberAuthority.authority_id == authority_id
        )
    ).one_or_none()
    if member is None or not agreement.is_public:
        raise NotFound
    today = dates.today()
    if member.leaves_on and member.leaves_on < today:
        name = session.get_one(Party, authority_id).name
        refuse(f"{name} left {agreement.title} on {dates.in_words(member.leaves_on)}", rule="RULE-03")
    if (
        agreement.recorded_as_past
        or agreement.closed_at
        or agreement.cancelled_at
        or agreement.ends_on < today
    ):
        refuse(f"{agreement.title} is over, so no work can be planned under it", rule="RULE-21")
    return agreement


def councils_of(session: Session, agreement_id: int) -> list[Party]:
    """Member authorities today, by name."""
    today = dates.today()
    rows = session.exec(
        select(Party, MemberAuthority)
        .join(MemberAuthority, col(MemberAuthority.authority_id) == col(Party.id))
        .where(MemberAuthority.agreement_id == agreement_id)
        .order_by(col(Party.name))
    )
    return [party for party, member in rows if member.leaves_on is None or member.leaves_on >= today]


def hold_item(session: Session, item: PipelineItem) -> None:
    """Hold the item's row until the transaction ends and read it afresh."""
    found = session.exec(
        select(PipelineItem)
        .where(PipelineItem.id == item.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound


def still_ahead(item: PipelineItem) -> None:
    """Raise `Refused` where the work has been asked for or dropped already."""
    if not item.stage.is_open:
        refuse(f"This is over: {item.stage.label.lower()}. It cannot be changed any more")


def plan_item(
    session: Session, *, actor: Visitor, lot: Lot, authority_id: int, facts: ItemFacts
) -> PipelineItem:
    """Put down coming work on a lot; only its own council reads it until it is shared. Raises `Refused` or `NotFound`."""
    may_plan(session, actor, lot.agreement_id, authority_id)
    require(Plan(facts, dates.today()), RULES)
    assert facts.start is not None
    item = PipelineItem(
        agreement_id=lot.agreement_id,
        lot_id=lot.id,
        authority_id=authority_id,
        title=facts.title,
        starts_from=facts.start.first,
        starts_until=facts.start.last,
        created_at=dates.now(),
        created_by_id=actor.person_id,
    )
    _put(item, facts)
    session.add(item)
    session.flush()
    audit.record(
        session, actor=actor, action="work_planned", subject=about(item), words={"title": facts.title}
    )
    return item


def change_item(
    session: Session, *, actor: Visitor, item: PipelineItem, facts: ItemFacts, seen: int | None = None
) -> None:
    """Change coming work; where it is shared, its readers are told what changed.

    `seen` is how often it had been changed when the actor saw it. Raises `Refused` or `NotFound`.
    """
    hold_item(session, item)
    may_plan(session, actor, item.agreement_id, item.authority_id)
    still_ahead(item)
    if seen is not None and seen != item.changes:
        refuse(CHANGED_MEANWHILE)
    require(Plan(facts, dates.today(), item), RULES)
    before = _told(item)
    _put(item, facts)
    after = _told(item)
    changed = [(name, before[name], after[name]) for name in after if before[name] != after[name]]
    if not changed:
        return
    item.changes += 1
    session.add(item)
    if item.is_shared:
        tell(session, item, NewsKind.CHANGED, changed=json.dumps(changed, ensure_ascii=False))
    audit.record(
        session,
        actor=actor,
        action="work_changed",
        subject=about(item),
        facts={"changed": "; ".join(name.lower() for name, _, _ in changed)},
    )


def tell(session: Session, item: PipelineItem, kind: NewsKind, *, words: str = "", changed: str = "") -> None:
    """Put down news for the item's readers; it never says who wrote it or who asked."""
    session.add(PipelineNews(item_id=item.id, at=dates.now(), kind=kind, words=words, changed=changed or ""))


def _put(item: PipelineItem, facts: ItemFacts) -> None:
    assert facts.start is not None
    for name in (
        "title",
        "what",
        "why",
        "months",
        "band",
        "stage",
        "unsettled",
        "contact_role",
        "is_agreement_wide",
    ):
        setattr(item, name, getattr(facts, name))
    item.starts_from, item.starts_until = facts.start.first, facts.start.last
    item.asked_from = facts.asking.first if facts.asking else None
    item.asked_until = facts.asking.last if facts.asking else None


def _told(item: PipelineItem) -> dict[str, str]:
    """Everything a reader is told, as it is written."""
    return {
        "Title": item.title,
        "What": item.what,
        "Why": item.why,
        "Expected to be asked": str(item.asking or "not known yet"),
        "Expected start": str(item.start),
        "Likely length": f"{item.months} months" if item.months else "not known yet",
        "Value": band_in_words(item.band),
        "Stage": item.stage.label,
        "What is not settled": item.unsettled,
        "Whom to ask": item.contact_role,
        "Read by": "every lot of the agreement, in short"
        if item.is_agreement_wide
        else "the lot’s own partners",
    }
