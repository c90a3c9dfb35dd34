"""The daily digest: one mail to each follower, and to the people of each lot's partners, with everything that was new up to the evening before."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.people import finding as people
from framework.people.permissions import Permission, Visitor
from framework.people.person import Person, Post
from framework.records import messages
from framework.records.jobs import JobRun, run_once
from lots.appointment import Appointment
from lots.forward.follow import Follow
from lots.forward.following import follows_of
from lots.forward.pipeline import NewsKind, PipelineItem, PipelineNews
from lots.forward.reach import reach_of

MARK = "forward-digest-through"
LONGEST_ABSENCE = timedelta(days=31)
"""How far back a first digest, or one after a long silence, looks."""


def send_digests(session: Session) -> int:
    """Queue today's digests: what was new from the last one's evening to last midnight in London. The caller commits.

    However many processes run it and however often on one day, each person gets one: the day is claimed first, and the mail's key
    holds the day. Returns how many mails were queued.
    """
    today = dates.today()
    after = _last_day(session, today)
    if not run_once(session, MARK, today.isoformat()):
        return 0
    news = _news(session, dates.start_of(after), dates.start_of(today))
    if not news:
        return 0
    queued = 0
    for person, follows in _readers(session, {item.lot_id for item, _ in news.values()}):
        visitor = people.visitor(session, person.id)
        if visitor is not None and visitor.may(Permission.FORWARD_READ):
            queued += _write(session, person, visitor, follows, news, today)
    return queued


def _last_day(session: Session, today: date) -> date:
    newest = session.exec(
        select(JobRun.slot)
        .where(JobRun.name == MARK, col(JobRun.slot) < today.isoformat())
        .order_by(col(JobRun.slot).desc())
        .limit(1)
    ).first()
    earliest = today - LONGEST_ABSENCE
    return earliest if newest is None else max(date.fromisoformat(newest), earliest)


def _news(
    session: Session, since: datetime, before: datetime
) -> dict[int, tuple[PipelineItem, list[PipelineNews]]]:
    found: dict[int, tuple[PipelineItem, list[PipelineNews]]] = {}
    for one, item in session.exec(
        select(PipelineNews, PipelineItem)
        .join(PipelineItem, col(PipelineItem.id) == col(PipelineNews.item_id))
        .where(col(PipelineNews.at) >= since, col(PipelineNews.at) < before)
        .order_by(col(PipelineNews.id))
    ):
        found.setdefault(item.id, (item, []))[1].append(one)
    return found


def _readers(session: Session, lots: set[int]) -> list[tuple[Person, dict[str, datetime]]]:
    """Who follows something, and everybody of the companies that hold a place on one of the lots."""
    found: dict[int, tuple[Person, dict[str, datetime]]] = {}
    for follow, person in session.exec(
        select(Follow, Person)
        .join(Person, col(Person.id) == col(Follow.person_id))
        .where(col(Person.active))
        .order_by(col(Person.id), col(Follow.id))
    ):
        found.setdefault(person.id, (person, {}))[1][follow.about] = follow.since
    for person in session.exec(
        select(Person)
        .join(Post, col(Post.person_id) == col(Person.id))
        .join(Appointment, col(Appointment.supplier_id) == col(Post.party_id))
        .where(col(Appointment.lot_id).in_(lots), col(Person.active))
        .order_by(col(Person.id))
    ):
        found.setdefault(person.id, (person, {}))
    return list(found.values())


def _write(
    session: Session,
    person: Person,
    visitor: Visitor,
    follows: dict[str, datetime],
    news: dict[int, tuple[PipelineItem, list[PipelineNews]]],
    today: date,
) -> bool:
    reach = reach_of(session, visitor)
    now = follows_of(follows, reach.lots)
    lines = []
    for item, happened in news.values():
        # What may be read is asked today, not when the person began to follow.
        if not now.item(item) or not reach.sees(item):
            continue
        since = [follows[about] for about in _names(item) if about in follows]
        # The company's own lots are followed unasked, so from the first day.
        unasked = f"lot:{item.lot_id}" in now and item.lot_id in reach.lots
        told = [one for one in happened if unasked or one.at >= min(since)]
        if told:
            lines += [_in_words(item, told), f"/forward/items/{item.id}"]
    if not lines:
        return False
    return messages.queue(
        session,
        key=f"forward-digest:{today.isoformat()}:{person.id}",
        to_address=person.email,
        subject="Coming work: what is new",
        text="\n\n".join(
            [
                f"Hello {person.name},",
                "This is new in the coming work on your own lots, and in what else you follow.",
                *lines,
                "You get one such mail a day at most. To stop it, open the page and choose Stop following.",
            ]
        )
        + "\n",
        person_id=person.id,
    )


def _names(item: PipelineItem) -> Iterable[str]:
    return (f"item:{item.id}", f"lot:{item.lot_id}", f"agreement:{item.agreement_id}")


def _in_words(item: PipelineItem, told: list[PipelineNews]) -> str:
    kinds = dict.fromkeys(_WORDS[one.kind] for one in told)
    return f"{item.title}: {', '.join(kinds)}."


_WORDS = {
    NewsKind.SHARED: "shared with you",
    NewsKind.CHANGED: "changed",
    NewsKind.NOTE: "a note from the council",
    NewsKind.BEGUN: "an officer has begun the request",
    NewsKind.REQUESTED: "has been asked for",
    NewsKind.DROPPED: "dropped",
}
