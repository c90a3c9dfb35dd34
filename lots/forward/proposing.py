"""Proposing: a partner answers coming work, and the council replies. Nobody else reads it, and it gives no right to anything."""

from dataclasses import dataclass

from sqlmodel import Session, select

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refusal, Refused, refuse
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.records import audit
from lots.forward import finding
from lots.forward.bands import is_band
from lots.forward.finding_proposals import said_about
from lots.forward.pipeline import PipelineItem
from lots.forward.proposal import Proposal, ProposalStatus, ProposalWord, Reply
from lots.forward.reach import holders_of, suspended_until
from lots.forward.telling import tell_council, tell_partner

NO_RIGHT = (
    "A proposal gives no right to be asked or awarded. Work is asked for and awarded by the lot’s own rules, "
    "whoever proposed it."
)


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """A proposal as somebody typed it. The band is indicative and net of VAT."""

    title: str
    words: str = ""
    who: str = ""
    band: str = ""


def draft_proposal(
    session: Session, *, actor: Visitor, item_id: int, supplier_id: int, facts: ProposalFacts
) -> Proposal:
    """Begin an answer to coming work on a lot where the supplier holds a place. Raises `Refused` or `NotFound`."""
    permitted(actor, Permission.COMPANY_KEEP, supplier_id)
    item = _may_propose(session, actor, item_id, supplier_id)
    _makes_sense(facts)
    proposal = Proposal(
        item_id=item.id,
        supplier_id=supplier_id,
        title=facts.title,
        words=facts.words,
        who=facts.who,
        band=facts.band,
        created_at=dates.now(),
        created_by_id=actor.person_id,
    )
    session.add(proposal)
    session.flush()
    audit.record(session, actor=actor, action="proposal_drafted", subject=_private(proposal))
    return proposal


def change_proposal(session: Session, *, actor: Visitor, proposal: Proposal, facts: ProposalFacts) -> None:
    """Change a draft; what was sent stays as it was sent."""
    _hold(session, proposal)
    permitted(actor, Permission.COMPANY_KEEP, proposal.supplier_id)
    _must_be(proposal, ProposalStatus.DRAFT, "This proposal has been sent, so it cannot be changed")
    _makes_sense(facts)
    proposal.title, proposal.words, proposal.who, proposal.band = (
        facts.title,
        facts.words,
        facts.who,
        facts.band,
    )
    session.add(proposal)
    audit.record(session, actor=actor, action="proposal_changed", subject=_private(proposal))


def send_proposal(session: Session, *, actor: Visitor, proposal: Proposal, told_lead: bool) -> None:
    """Send it to the council. `told_lead` is what the page said about who reads it; where that has changed, the actor looks again."""
    _hold(session, proposal)
    permitted(actor, Permission.COMPANY_KEEP, proposal.supplier_id)
    _must_be(proposal, ProposalStatus.DRAFT, "This proposal has been sent already")
    item = _may_propose(session, actor, proposal.item_id, proposal.supplier_id)
    if not proposal.words:
        refuse("Write the proposal before you send it", "words")
    if told_lead != item.is_agreement_wide:
        refuse("Who reads the proposal has just changed. Read who that is now, then send it again")
    proposal.sent_at, proposal.lead_reads, proposal.waits = dates.now(), item.is_agreement_wide, True
    session.add(proposal)
    audit.record(session, actor=actor, action="proposal_sent", subject=about(proposal))
    _tell_council(session, item, proposal, "sent", "A partner has sent a proposal")


def withdraw_proposal(session: Session, *, actor: Visitor, proposal: Proposal) -> None:
    """Take it back. The council still sees that there was one, and no longer what it said."""
    _hold(session, proposal)
    permitted(actor, Permission.COMPANY_KEEP, proposal.supplier_id)
    if proposal.withdrawn_at:
        return
    proposal.withdrawn_at, proposal.waits = dates.now(), False
    session.add(proposal)
    whose = about if proposal.sent_at else _private
    audit.record(session, actor=actor, action="proposal_withdrawn", subject=whose(proposal))


def reply_to(session: Session, *, actor: Visitor, proposal: Proposal, reply: Reply, words: str) -> None:
    """The council's word to the partner: thanks, more to say, or not now. Never changed afterwards; another may follow."""
    _hold(session, proposal)
    item = session.get_one(PipelineItem, proposal.item_id)
    permitted(actor, Permission.FORWARD_WRITE, item.authority_id)
    if not proposal.sent_at:
        raise NotFound
    if proposal.withdrawn_at:
        refuse("The partner has withdrawn this proposal")
    if not words:
        refuse("Write a few words: partners say that hearing nothing is the worst answer", "words")
    said = _say(session, actor, proposal, words, reply)
    proposal.waits = False
    session.add(proposal)
    audit.record(
        session,
        actor=actor,
        action="proposal_replied",
        subject=about(proposal),
        facts={"reply": reply.label},
        words={"words": words},
    )
    tell_partner(
        session,
        proposal.supplier_id,
        why=f"proposal-reply:{said.id}",
        subject="A council has replied to your proposal",
        lines=["The council has replied to your proposal.", f"/forward/proposals/{proposal.id}"],
    )


def say_more(session: Session, *, actor: Visitor, proposal: Proposal, words: str) -> None:
    """What the partner adds, once for each time that the council asks for more."""
    _hold(session, proposal)
    permitted(actor, Permission.COMPANY_KEEP, proposal.supplier_id)
    if proposal.withdrawn_at or not was_asked_for_more(session, proposal):
        refuse("The council has not asked for more")
    if not words:
        refuse("Write what you want to add", "words")
    said = _say(session, actor, proposal, words, None)
    proposal.waits = True
    session.add(proposal)
    audit.record(
        session, actor=actor, action="proposal_added_to", subject=about(proposal), words={"words": words}
    )
    item = session.get_one(PipelineItem, proposal.item_id)
    _tell_council(session, item, proposal, f"more:{said.id}", "A partner has said more")


def was_asked_for_more(session: Session, proposal: Proposal) -> bool:
    """Whether the last thing said was the council asking for more."""
    said = said_about(session, proposal)
    return bool(said) and said[-1].reply is Reply.MORE


def about(proposal: Proposal) -> audit.Subject:
    """A sent proposal as the subject of an audit record: both sides read it."""
    return audit.Subject("proposal", proposal.id, f"proposal {proposal.id}")


def _private(proposal: Proposal) -> audit.Subject:
    return audit.Subject("proposal", proposal.id, f"proposal {proposal.id}", proposal.supplier_id)


def _may_propose(session: Session, actor: Visitor, item_id: int, supplier_id: int) -> PipelineItem:
    seen = finding.item(session, actor, item_id)
    if seen.in_short:
        raise NotFound
    if supplier_id not in holders_of(session, actor, seen.lot.id):
        until = suspended_until(session, actor, seen.lot.id)
        if until is None:
            raise NotFound
        refuse(
            f"Your company is suspended on lot {seen.lot.reference} until the end of {dates.in_words(until)}. Until then it "
            "reads what is coming and sends no proposals"
        )
    if not seen.item.stage.is_open:
        refuse(f"This work is no longer coming: {seen.item.stage.label.lower()}")
    return seen.item


def _makes_sense(facts: ProposalFacts) -> None:
    found = []
    if not facts.title or len(facts.title) > 200:
        found.append(Refusal("Enter a title of up to 200 characters", "title"))
    if len(facts.words) > 8000:
        found.append(Refusal("The proposal must be 8,000 characters or fewer", "words"))
    if len(facts.who) > 2000:
        found.append(Refusal("Who could do it must be 2,000 characters or fewer", "who"))
    if not is_band(facts.band):
        found.append(Refusal("Choose one of the bands", "band"))
    if found:
        raise Refused(*found)


def _say(
    session: Session, actor: Visitor, proposal: Proposal, words: str, reply: Reply | None
) -> ProposalWord:
    if len(words) > 4000:
        refuse("Write 4,000 characters or fewer", "words")
    said = ProposalWord(
        proposal_id=proposal.id, at=dates.now(), by_id=actor.person_id, reply=reply, words=words
    )
    session.add(said)
    session.flush()
    return said


def _must_be(proposal: Proposal, status: ProposalStatus, why: str) -> None:
    if proposal.status is not status:
        refuse(why if not proposal.withdrawn_at else "This proposal has been withdrawn")


def _hold(session: Session, proposal: Proposal) -> None:
    found = session.exec(
        select(Proposal)
        .where(Proposal.id == proposal.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound


def _tell_council(session: Session, item: PipelineItem, proposal: Proposal, why: str, subject: str) -> None:
    supplier = session.get_one(Party, proposal.supplier_id)
    tell_council(
        session,
        item.authority_id,
        why=f"proposal:{proposal.id}:{why}",
        subject=f"{subject}: {supplier.name}",
        lines=[
            f"{subject} on coming work of yours.",
            f"/forward/proposals/{proposal.id}",
        ],
    )
