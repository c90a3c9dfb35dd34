"""The sample's forward view: visions of both councils, coming work in every stage, those who follow it, and what partners propose."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, select

from calloffs.planning import request_from_plan
from calloffs.sample.calendar import Diary, Span
from calloffs.sample.coming_words import AHEAD, DROPPED, VISIONS, Ahead
from calloffs.sample.people import COUNCILS, SamplePartner
from calloffs.sample.places import (
    FIELDFARE,
    HEDGEROW,
    LARKSPUR,
    MERIDIAN,
    authority_id,
    lot_of,
    officer,
    place_of,
)
from calloffs.sample.setting_up import by_name, in_role, the_agreement
from framework.definitions import dates
from framework.people.permissions import Role
from lots.forward.envisioning import OutcomeFacts, write_vision
from lots.forward.following import follow
from lots.forward.periods import quarter_of
from lots.forward.pipeline import PipelineItem
from lots.forward.planning import ItemFacts, change_item, plan_item
from lots.forward.proposal import Proposal, Reply
from lots.forward.proposing import ProposalFacts, draft_proposal, reply_to, say_more, send_proposal
from lots.forward.sharing import drop_item, note_item, share_item

ACCOUNT, INTRANET, DATA_TEAM, SCREENS = (
    "One account for council tax, parking and permits",
    "Move the intranet to the main website’s platform",
    "A shared team for data in both councils",
    "Replace the bus shelter screens’ software",
)
# Who follows what, from the day it was shared: a lot by its number, or one piece of work by its title.
FOLLOWS: tuple[tuple[SamplePartner, int | str], ...] = (
    (FIELDFARE, 3),
    (FIELDFARE, DATA_TEAM),
    (HEDGEROW, 4),
    (HEDGEROW, ACCOUNT),
    (MERIDIAN, 7),
    (MERIDIAN, ACCOUNT),
    (LARKSPUR, 1),
)


def plan(diary: Diary, span: Span) -> None:
    """Visions some months ago, coming work since, and what partners said to it."""
    for number, (council, lot, _, _) in enumerate(VISIONS):
        diary.put(span.today - timedelta(days=250 - 6 * number), 11, _Envisions(number))
        if lot is None:
            diary.put(span.today - timedelta(days=249), 12, _FollowsAgreement(council))
    for one in AHEAD:
        _plan_one(diary, span, one)
    for partner, about in FOLLOWS:
        diary.put(span.today - timedelta(days=36), 16, _Follows(partner, about))
    _propose(diary, span)


def _plan_one(diary: Diary, span: Span, one: Ahead) -> None:
    fell = diary.put(span.today - timedelta(days=one.planned), 11, _Plans(one, span))
    if one.shared is None:
        return
    fell = diary.put(span.today - timedelta(days=one.shared), 14, _Shares(one), after=fell)
    if one.note:
        fell = diary.put(fell + timedelta(days=20), 10, _Notes(one), after=fell)
    if one.settles_as:
        fell = diary.put(fell + timedelta(days=30), 10, _Settles(one), after=fell)
    if one.ends_as:
        days = 12 if one.ends_as == "dropped" else 2
        diary.put(span.today - timedelta(days=days), 10, _Ends(one), after=fell)


def item_called(session: Session, title: str) -> PipelineItem:
    """Coming work by its title."""
    return session.exec(select(PipelineItem).where(PipelineItem.title == title)).one()


class _Envisions:
    """A council publishes what it is aiming at."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, session: Session) -> None:
        council, lot, words, outcomes = VISIONS[self.number]
        role = Role.FRAMEWORK_OWNER if lot is None else Role.COMMISSIONING_MANAGER
        write_vision(
            session,
            actor=by_name(session, in_role(COUNCILS[council], role)),
            agreement=the_agreement(session),
            lot=None if lot is None else lot_of(session, lot),
            authority_id=authority_id(session, council),
            words=words,
            outcomes=[
                OutcomeFacts(what, dates.today() + timedelta(days=250 + ahead), known)
                for what, ahead, known in outcomes
            ],
            publish=True,
        )


class _FollowsAgreement:
    """An officer follows everything under the agreement."""

    def __init__(self, council: int) -> None:
        self.council = council

    def __call__(self, session: Session) -> None:
        follow(
            session,
            actor=officer(session, self.council),
            kind="agreement",
            number=the_agreement(session).id,
        )


class _About:
    def __init__(self, one: Ahead) -> None:
        self.one = one


class _Plans(_About):
    """An officer puts down coming work; its start is said as a quarter."""

    def __init__(self, one: Ahead, span: Span) -> None:
        super().__init__(one)
        self.span = span

    def __call__(self, session: Session) -> None:
        one = self.one
        starts = self.span.today + timedelta(days=one.start)
        plan_item(
            session,
            actor=officer(session, one.council),
            lot=lot_of(session, one.lot),
            authority_id=authority_id(session, one.council),
            facts=ItemFacts(
                title=one.title,
                what=one.what,
                why=one.why,
                asking=quarter_of(starts - timedelta(days=45)),
                start=quarter_of(starts),
                months=one.months,
                band=one.band,
                stage=one.stage,
                unsettled=one.unsettled,
                contact_role="Head of digital",
                is_agreement_wide=one.is_wide,
            ),
        )


class _Shares(_About):
    def __call__(self, session: Session) -> None:
        share_item(
            session, actor=officer(session, self.one.council), item=item_called(session, self.one.title)
        )


class _Notes(_About):
    def __call__(self, session: Session) -> None:
        item = item_called(session, self.one.title)
        note_item(session, actor=officer(session, self.one.council), item=item, words=self.one.note)


class _Settles(_About):
    """What was an idea is planned now."""

    def __call__(self, session: Session) -> None:
        item = item_called(session, self.one.title)
        stage = self.one.settles_as
        assert stage is not None
        facts = ItemFacts(
            title=item.title,
            what=item.what,
            why=item.why,
            asking=item.asking,
            start=item.start,
            months=item.months,
            band=item.band,
            stage=item.stage,
            unsettled=item.unsettled,
            contact_role=item.contact_role,
            is_agreement_wide=item.is_agreement_wide,
        )
        change_item(
            session,
            actor=officer(session, self.one.council),
            item=item,
            facts=replace(facts, stage=stage, unsettled=""),
        )


class _Ends(_About):
    def __call__(self, session: Session) -> None:
        actor, item = officer(session, self.one.council), item_called(session, self.one.title)
        if self.one.ends_as == "dropped":
            drop_item(session, actor=actor, item=item, reason=DROPPED)
        else:
            request_from_plan(session, actor=actor, item=item)


class _Follows:
    """A partner's person begins to follow a lot or a piece of work."""

    def __init__(self, partner: SamplePartner, about: int | str) -> None:
        self.partner, self.about = partner, about

    def __call__(self, session: Session) -> None:
        actor = by_name(session, self.partner.person)
        if isinstance(self.about, int):
            follow(session, actor=actor, kind="lot", number=lot_of(session, self.about).id)
        else:
            follow(session, actor=actor, kind="item", number=item_called(session, self.about).id)


def _propose(diary: Diary, span: Span) -> None:
    answered = _Proposal(
        FIELDFARE,
        ACCOUNT,
        "Six weeks with people who forgot their password",
        "We propose research with forty residents before any account is chosen, and a prototype that both councils can test.",
        "100k_to_250k",
    )
    fell = diary.put(span.today - timedelta(days=50), 10, answered.send)
    diary.put(fell + timedelta(days=6), 15, _Replies(answered, Reply.THANKS, _THANKS), after=fell)
    waits = _Proposal(
        HEDGEROW,
        INTRANET,
        "Move the intranet in three parts",
        "News and search first, tools second, the archive last. Your own editors move half of the pages with us beside them.",
        "25k_to_100k",
    )
    diary.put(span.today - timedelta(days=7), 10, waits.send)
    more = _Proposal(
        MERIDIAN,
        DATA_TEAM,
        "A first product in ten weeks",
        "We would begin with one product that both councils use, and hire the team around it.",
        "500k_to_1m",
    )
    fell = diary.put(span.today - timedelta(days=30), 10, more.send)
    fell = diary.put(fell + timedelta(days=5), 15, _Replies(more, Reply.MORE, _MORE), after=fell)
    diary.put(fell + timedelta(days=4), 11, _Adds(more), after=fell)
    diary.put(
        span.today - timedelta(days=3),
        11,
        _Proposal(LARKSPUR, SCREENS, "Screens that say when they are wrong", "A first draft.", "").draft,
    )


_THANKS = (
    "Thank you: forty residents before anything is chosen is what we hoped for. We use it for the brief."
)
_MORE = "Which product would you begin with, and who of ours would have to give time?"


class _Proposal:
    """A partner answers coming work."""

    def __init__(self, partner: SamplePartner, about: str, title: str, words: str, band: str) -> None:
        self.partner, self.about = partner, about
        self.facts = ProposalFacts(title, words, "Two of the people in our skillset", band)
        self.number = 0

    def draft(self, session: Session) -> None:
        self._draft(session)

    def _draft(self, session: Session) -> Proposal:
        actor, place = place_of(session, self.partner)
        item = item_called(session, self.about)
        proposal = draft_proposal(
            session, actor=actor, item_id=item.id, supplier_id=place.supplier.id, facts=self.facts
        )
        self.number = proposal.id
        return proposal

    def send(self, session: Session) -> None:
        proposal = self._draft(session)
        wide = item_called(session, self.about).is_agreement_wide
        send_proposal(session, actor=by_name(session, self.partner.person), proposal=proposal, told_lead=wide)


class _Replies:
    def __init__(self, proposal: _Proposal, reply: Reply, words: str) -> None:
        self.proposal, self.reply, self.words = proposal, reply, words

    def __call__(self, session: Session) -> None:
        council = next(one.council for one in AHEAD if one.title == self.proposal.about)
        found = session.get_one(Proposal, self.proposal.number)
        reply_to(session, actor=officer(session, council), proposal=found, reply=self.reply, words=self.words)


class _Adds:
    def __init__(self, proposal: _Proposal) -> None:
        self.proposal = proposal

    def __call__(self, session: Session) -> None:
        say_more(
            session,
            actor=by_name(session, self.proposal.partner.person),
            proposal=session.get_one(Proposal, self.proposal.number),
            words="Repairs: both councils ask the same questions of it each month. About four days of a repairs manager.",
        )
