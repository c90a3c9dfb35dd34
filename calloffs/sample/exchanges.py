"""What partners and councils say to each other about an offer and a running call-off: questions, a change of people, a reply to feedback."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from calloffs.answering import TO_BE_NAMED
from calloffs.asking import answer_question, ask_question, questions_on
from calloffs.feedback import Moment
from calloffs.giving_feedback import feedback_of, reply_to_feedback
from calloffs.sample.calendar import Diary, Span
from calloffs.sample.people import PARTNERS
from calloffs.sample.teams import TEAMS
from calloffs.sample.telling import Telling
from calloffs.serving import people_of
from calloffs.substituting import consent, propose_substitute
from calloffs.substituting_rules import Substitute
from framework.definitions import dates
from framework.people.permissions import Role
from lots.workforce import Clearance

# Closed call-offs on which the partner replied to the feedback, and what it wrote.
REPLIES = {
    "Move the main website to an open-source platform": "Thank you. The week was ours: next time we begin to hand over a fortnight earlier.",
    "Discovery for the council tax account": "We learned as much as you did. Access to the phone logs from the first day would have saved three days.",
}
ANSWERED = "Two months of design for the housing register"
WAITING = "Data platform foundations"
SUBSTITUTED = "Service pattern library"
TO_SUBSTITUTE = "Programme manager for the new civic offices’ technology"


def plan(diary: Diary, span: Span, tellings: Sequence[Telling]) -> None:
    """Acts of stories that have been put into the diary already."""
    told = {one.story.title: one for one in tellings}
    asked = diary.put(told[ANSWERED].fell, 13, _Asks(told[ANSWERED], _LOGS), after=told[ANSWERED].fell)
    diary.put(asked + timedelta(days=1), 11, _Answers(told[ANSWERED]), after=asked)
    diary.put(told[WAITING].fell, 13, _Asks(told[WAITING], _CLOUD), after=told[WAITING].fell)
    proposed = diary.put(span.today - timedelta(days=17), 10, _Substitutes(told[SUBSTITUTED]))
    diary.put(proposed + timedelta(days=3), 15, _Consents(told[SUBSTITUTED]), after=proposed)
    diary.put(span.today - timedelta(days=4), 10, _Substitutes(told[TO_SUBSTITUTE]))
    for title, words in REPLIES.items():
        closed = told[title].closed
        diary.put(closed + timedelta(days=5), 10, _Replies(told[title], words), after=closed)


_LOGS = "May our designers see the register with made-up families, or are there real ones behind the first screens?"
_CLOUD = "Is the data platform to run in your own cloud account, and who looks after it at night?"


_NEW_HERE = "Marguerite Slade"
"""Proposed where nobody else of the team has the role."""


class _Act:
    def __init__(self, telling: Telling, words: str = "") -> None:
        self.telling, self.words = telling, words


class _Asks(_Act):
    """The partner asked last asks about its offer."""

    def __call__(self, session: Session) -> None:
        _, person = self.telling.partner(session, self.telling.call_off(session))
        ask_question(session, actor=person, offer=self.telling.offer(session), words=self.words)


class _Answers(_Act):
    """The council answers the first question."""

    def __call__(self, session: Session) -> None:
        question = questions_on(session, self.telling.offer(session))[0]
        answer_question(
            session,
            actor=self.telling.buyer(session, Role.COMMISSIONING_MANAGER),
            question=question,
            answer="Made-up families only, two hundred of them. We send the file with the order form.",
        )


class _Substitutes(_Act):
    """The partner proposes somebody else of its own in the place of the last person on the call-off."""

    def __call__(self, session: Session) -> None:
        call_off = self.telling.call_off(session)
        partner, person = self.telling.partner(session, call_off)
        there = people_of(session, call_off)
        leaving = next((one for one in there[1:] if one.name != TO_BE_NAMED), there[0])
        on_it = {one.name for one in there}
        team = TEAMS[PARTNERS.index(partner)]
        free = (one.name for one in team if one.role == leaving.role and one.name and one.name not in on_it)
        name = next(free, _NEW_HERE)
        propose_substitute(
            session,
            actor=person,
            call_off=call_off,
            new=Substitute(
                leaving=leaving.key,
                name=name,
                role=leaving.role,
                level=leaving.level,
                clearance=Clearance.BPSS,
                day_rate=leaving.day_rate,
                quarter_days=leaving.quarter_days // 2,
                starts_on=dates.today() + timedelta(days=10),
                like_for_like=f"{name} has done the same work for two other councils and knows this team.",
                reason=f"{leaving.name} begins parental leave next month.",
            ),
        )


class _Consents(_Act):
    """The council agrees to the first substitute proposed."""

    def __call__(self, session: Session) -> None:
        consent(
            session,
            actor=self.telling.buyer(session, Role.COMMISSIONING_MANAGER),
            call_off=self.telling.call_off(session),
            number=1,
            words="We met on Tuesday and are glad to go on together.",
        )


class _Replies(_Act):
    """The partner replies to the feedback at the close, if it has come to that."""

    def __call__(self, session: Session) -> None:
        offer = self.telling.offer(session)
        if any(one.moment is Moment.CLOSE for one in feedback_of(session, offer)):
            _, person = self.telling.partner(session, self.telling.call_off(session))
            reply_to_feedback(session, actor=person, offer=offer, words=self.words)
