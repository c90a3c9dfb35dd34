"""What the sample's partners promised beside the work: agreed, kept with evidence, late, and one that waits for an answer."""

from datetime import date, timedelta

from sqlmodel import Session, select

from calloffs.sample.calendar import Diary, Span
from calloffs.sample.people import SamplePartner
from calloffs.sample.places import BLUESTONE, FIELDFARE, HEDGEROW, MERIDIAN, authority_id, officer, place_of
from calloffs.sample.plain_pdf import plain_pdf
from framework.definitions import dates
from framework.records.file_kinds import FileKind
from framework.records.uploading import Upload
from lots.forward.delivering import DeliveryFacts, decide_delivery, tell_delivery
from lots.forward.promise import Promise, PromiseDelivery, PromiseKind
from lots.forward.promising import PromiseFacts, decide_version, offer_promise


class _Promises:
    """A partner promises something to a council; the acts that follow know it by its number."""

    def __init__(self, partner: SamplePartner, council: int, facts: PromiseFacts) -> None:
        self.partner, self.council, self.facts = partner, council, facts
        self.number = 0

    def offer(self, session: Session) -> None:
        actor, place = place_of(session, self.partner)
        self.number = offer_promise(
            session,
            actor=actor,
            place=place,
            authority_id=authority_id(session, self.council),
            facts=self.facts,
        ).id

    def agree(self, session: Session) -> None:
        promise = session.get_one(Promise, self.number)
        decide_version(session, actor=officer(session, self.council), promise=promise, number=1, agree=True)

    def deliver(self, session: Session) -> None:
        actor, place = place_of(session, self.partner)
        assert self.facts.amount is not None
        told = f"All {self.facts.amount} {self.facts.unit} were held; the list of dates is in the file."
        tell_delivery(
            session,
            actor=actor,
            promise=session.get_one(Promise, self.number),
            facts=DeliveryFacts(self.facts.amount, dates.today() - timedelta(days=2), told),
            upload=Upload(FileKind.PDF, plain_pdf(f"Dates and places: {place.supplier.name}", told)),
        )

    def deliver_half(self, session: Session) -> None:
        actor, _ = place_of(session, self.partner)
        assert self.facts.amount is not None
        tell_delivery(
            session,
            actor=actor,
            promise=session.get_one(Promise, self.number),
            facts=DeliveryFacts(
                self.facts.amount // 2, dates.today(), "The first half is done, in the civic hall."
            ),
        )

    def confirm(self, session: Session) -> None:
        delivery_id = session.exec(
            select(PromiseDelivery.id).where(PromiseDelivery.promise_id == self.number)
        ).one()
        decide_delivery(
            session,
            actor=officer(session, self.council),
            promise=session.get_one(Promise, self.number),
            delivery_id=delivery_id,
            confirm=True,
        )


def plan(diary: Diary, span: Span) -> None:
    """Five promises: two agreed and ahead (one half done and waiting for a word), one kept, one late, one just offered."""
    today = span.today

    def begin(promise: _Promises, ago: int) -> date:
        fell = diary.put(today - timedelta(days=ago), 11, promise.offer)
        return diary.put(fell + timedelta(days=4), 15, promise.agree, after=fell)

    kept = _Promises(
        FIELDFARE,
        0,
        PromiseFacts(
            PromiseKind.EVENTS,
            4,
            "events",
            today - timedelta(days=20),
            "Four afternoons in schools on how services are designed, with real screens.",
        ),
    )
    agreed = begin(kept, 200)
    fell = diary.put(today - timedelta(days=40), 11, kept.deliver, after=agreed)
    diary.put(fell + timedelta(days=3), 11, kept.confirm, after=fell)
    late = _Promises(
        HEDGEROW,
        1,
        PromiseFacts(
            PromiseKind.APPRENTICE_DAYS,
            30,
            "days",
            today - timedelta(days=12),
            "Thirty days for an apprentice from Eastwold College in our support team.",
        ),
    )
    begin(late, 160)
    ahead = _Promises(
        MERIDIAN,
        0,
        PromiseFacts(
            PromiseKind.SKILLS_TRANSFER,
            6,
            "sessions",
            today + timedelta(days=90),
            "Six sessions in which your own project officers plan a programme with us.",
            staff=8,
            skill="Programme planning",
        ),
    )
    agreed = begin(ahead, 80)
    diary.put(today - timedelta(days=6), 11, ahead.deliver_half, after=agreed)
    begin(
        _Promises(
            BLUESTONE,
            1,
            PromiseFacts(
                PromiseKind.WORK_EXPERIENCE,
                15,
                "days",
                today + timedelta(days=150),
                "Three weeks of work experience for school leavers.",
            ),
        ),
        60,
    )
    offered = _Promises(
        FIELDFARE,
        1,
        PromiseFacts(
            PromiseKind.STAFF_TRAINING,
            3,
            "sessions",
            today + timedelta(days=120),
            "Three half-day sessions on writing plainly, for anybody who writes letters.",
            staff=30,
            skill="Plain English",
        ),
    )
    diary.put(today - timedelta(days=5), 11, offered.offer)
