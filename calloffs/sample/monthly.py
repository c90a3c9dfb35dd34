"""The monthly returns of the sample's partners: one for each month in which a call-off ran, and what became of a few of them."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.returns import chasing
from calloffs.returns.asking import asked_of
from calloffs.returns.correcting import correct_return
from calloffs.returns.explaining import write_note
from calloffs.returns.giving import LineFacts, ReturnFacts, Seen, give_return
from calloffs.returns.monthly_return import first_of_next, month_before
from calloffs.returns.reading import head_of
from calloffs.sample.calendar import Diary, Span
from calloffs.sample.people import PARTNERS, SamplePartner
from calloffs.sample.places import FIELDFARE, HEDGEROW, MERIDIAN
from calloffs.sample.setting_up import by_name, the_party
from calloffs.sample.telling import Telling
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.permissions import Role

SILENT = MERIDIAN
"""Has not answered for last month."""
CORRECTED = FIELDFARE
"""Corrected its return of two months ago."""
DIFFERING = HEDGEROW
"""Named another figure than the council has, twice: two months ago it was explained, last month's is open."""
_TOO_MUCH = Money.pounds(1_200)
_CHASED_DAYS = 35


def plan(diary: Diary, span: Span, tellings: Sequence[Telling]) -> None:
    """Each partner's returns on the first working days of each month, up to last month's."""
    newest = month_before(span.today)
    month = span.starts_on
    while month <= newest:
        for index, partner in enumerate(PARTNERS):
            if partner is SILENT and month == newest:
                continue
            returned = _Return(partner, month, tellings, _amiss(partner, month, newest))
            diary.put(first_of_next(month) + timedelta(days=index % 3), 15, returned.give)
        month = first_of_next(month)
    before = month_before(newest)
    day = first_of_next(before) + timedelta(days=12)
    diary.put(day, 10, _Return(CORRECTED, before, tellings, Money.zero()).correct)
    diary.put(day + timedelta(days=2), 10, _Return(DIFFERING, before, tellings, Money.zero()).explain)
    for back in range(_CHASED_DAYS, 0, -1):
        day = span.today - timedelta(days=back)
        if dates.is_working_day(day):
            diary.put(day, 8, _chase)


def _amiss(partner: SamplePartner, month: date, newest: date) -> Money:
    """What the partner names too much for a month, on its first line with business."""
    if partner is CORRECTED and month == month_before(newest):
        return _TOO_MUCH
    if partner is DIFFERING and month >= month_before(newest):
        return Money.pounds(450)
    return Money.zero()


def _chase(session: Session) -> None:
    chasing.chase(session)


class _Return:
    """One partner's return for one month."""

    def __init__(
        self, partner: SamplePartner, month: date, tellings: Sequence[Telling], amiss: Money
    ) -> None:
        self.partner, self.month, self.tellings, self.amiss = partner, month, tellings, amiss

    def _lines(self, session: Session, supplier_id: int) -> list[LineFacts]:
        by_reference = {one.reference: one for one in self.tellings if one.reference}
        lines, amiss = [], self.amiss
        for asked in asked_of(session, supplier_id, self.month):
            telling = by_reference[asked.reference]
            net, number = telling.billed_in(session, self.month)
            if not number:
                lines.append(LineFacts(asked.id, no_business=True))
                continue
            ends = min(telling.ends_on, first_of_next(self.month) - timedelta(days=1))
            whole = (telling.ends_on - telling.starts_on).days + 1
            gone = max((ends - telling.starts_on).days, 0) * len(asked.deliverables) // whole
            lines.append(
                LineFacts(
                    asked.id,
                    net=net + amiss,
                    delivered=f"Work on {telling.story.title}, shown to the service at the end of the month.",
                    done=tuple(one for one, _ in asked.deliverables[:gone]),
                    days={asked.levels[0]: 40} if asked.levels else {},
                    invoices=(number,),
                    forecast=net if telling.ends_on > ends else None,
                )
            )
            amiss = Money.zero()
        return lines

    def _seen(self, session: Session, supplier_id: int) -> Seen:
        head = head_of(session, supplier_id, self.month)
        return Seen(head.versions, head.draft_saves) if head else Seen()

    def give(self, session: Session) -> None:
        supplier_id = the_party(session, self.partner.name).id
        lines = self._lines(session, supplier_id)
        if not lines:
            return
        none = all(one.no_business for one in lines)
        give_return(
            session,
            actor=by_name(session, self.partner.person),
            supplier_id=supplier_id,
            month=self.month,
            facts=ReturnFacts(no_business=True) if none else ReturnFacts(tuple(lines)),
            seen=self._seen(session, supplier_id),
        )

    def correct(self, session: Session) -> None:
        """The same without what was amiss, where there was business."""
        supplier_id = the_party(session, self.partner.name).id
        lines = self._lines(session, supplier_id)
        if any(not one.no_business for one in lines):
            correct_return(
                session,
                actor=by_name(session, self.partner.person),
                supplier_id=supplier_id,
                month=self.month,
                facts=ReturnFacts(tuple(lines)),
                reason="The first figure held an invoice of the month before.",
                seen=self._seen(session, supplier_id),
            )

    def explain(self, session: Session) -> None:
        """Finance says why the first line differs, and settles it."""
        lines = self._lines(session, the_party(session, self.partner.name).id)
        first = next((one for one in lines if not one.no_business), None)
        if first is None:
            return
        call_off = session.get_one(CallOff, first.call_off_id)
        telling = next(one for one in self.tellings if one.reference == call_off.reference)
        write_note(
            session,
            actor=telling.buyer(session, Role.FINANCE_REVIEWER),
            reference=call_off.reference,
            month=self.month,
            words="The partner counted a day of travel that it then did not bill. Agreed with it by phone.",
            settles=True,
        )
