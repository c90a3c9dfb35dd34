"""A signed call-off's life in the sample: invoices, payments, a variation, and its close."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from sqlmodel import Session, func, select

from calloffs.call_off import CallOff
from calloffs.closing import Rating, accept_deliverable, agree_final, close_call_off, deliverables
from calloffs.pausing import suspend_call_off
from calloffs.sample import wording
from calloffs.sample.calendar import Diary
from calloffs.spend.invoice import Invoice
from calloffs.spend.invoicing import InvoiceFacts, record_invoice
from calloffs.spend.paying import record_payment
from calloffs.terminating import terminate_call_off
from calloffs.varying import (
    Change,
    agree_variation,
    approve_variation,
    open_variation,
    propose_variation,
    variations,
)
from framework.definitions import dates
from framework.definitions.money import Money, vat_on
from framework.people.permissions import Role

if TYPE_CHECKING:
    from calloffs.sample.telling import Telling

_CLOSE_AFTER = timedelta(days=60)


def plan(telling: Telling, diary: Diary) -> None:
    """Put the running of a signed call-off into the diary."""
    story, middle = telling.story, telling.starts_on + (telling.ends_on - telling.starts_on) / 2
    last = telling.ends_on
    if story.stop == "varying":
        diary.put(telling.span.today - timedelta(days=4), 10, lambda session: _propose(telling, session))
    elif story.vary:
        fell = diary.put(middle, 10, lambda session: _propose(telling, session))
        fell = diary.put(
            middle + timedelta(days=3), 11, lambda session: _approve(telling, session), after=fell
        )
        diary.put(middle + timedelta(days=6), 12, lambda session: _agree(telling, session), after=fell)
    if story.stop == "suspended":
        diary.put(middle, 10, lambda session: _suspend(telling, session))
        last = middle
    if story.stop == "terminated":
        diary.put(middle - timedelta(days=30), 10, lambda session: _terminate(telling, session, middle))
        last = middle
    _bill(telling, diary, last)
    over = last if story.stop == "terminated" else telling.ends_on
    if story.stop not in ("suspended", "terminated"):
        diary.put(over + timedelta(days=20), 10, lambda session: _accept_all(telling, session))
        fell = diary.put(over + _CLOSE_AFTER, 10, lambda session: _finance_agrees(telling, session))
        telling.closed = diary.put(
            over + _CLOSE_AFTER + timedelta(days=4), 10, lambda session: _close(telling, session), after=fell
        )


def _bill(telling: Telling, diary: Diary, last: date) -> None:
    ends = _month_ends(telling.starts_on, last)
    # Nearly all of the price is billed in the end: work is rarely used to the last quarter day.
    hundredths = telling.chance.randint(88, 100)
    for number, day in enumerate(ends, start=1):
        invoice = telling.bills[day] = Bill(telling, number, day, hundredths)
        received = day + timedelta(days=4)
        recorded = diary.put(received + timedelta(days=2), 10, invoice.record)
        late = telling.story.late_payer and number % 3 == 0
        paid = received + timedelta(days=41 if late else telling.chance.randint(12, 26))
        invoice.paid_on = diary.put(paid, 14, invoice.pay, after=recorded)


def _month_ends(first: date, last: date) -> list[date]:
    """Last days of the months of a term, and its own last day."""
    found = []
    day = dates.add_months(first.replace(day=1), 1) - timedelta(days=1)
    while day < last:
        if (day - first).days > 9:
            found.append(day)
        day = dates.add_months(day.replace(day=1), 2) - timedelta(days=1)
    return [*found, last]


class Way(Enum):
    """How a bill comes into the books."""

    BY_HAND = "Recorded and paid here"
    PAID_BY_LINE = "Recorded here, paid by a line of an extract"
    BY_LINE = "Known only from a line of an extract"
    UNPAID = "Recorded here and not paid yet"


class Bill:
    """One month's invoice and its payment."""

    def __init__(self, telling: Telling, number: int, day: date, hundredths: int) -> None:
        self.telling, self.number, self.day, self.hundredths = telling, number, day, hundredths
        self.way, self.paid_on = Way.BY_HAND, day
        self._said: Money | None = None
        # What a bill came to that is recorded nowhere before its line is loaded.

    @property
    def reference(self) -> str:
        return f"INV-{self.telling.number:03}-{self.number:02}"

    def net(self, session: Session) -> Money:
        """What it was recorded with, or, before that, what it will say."""
        call_off = self.telling.call_off(session)
        if self.way is Way.BY_LINE:
            if self._said is None:
                self._said = self._net(session, call_off)
            return self._said
        there = session.exec(
            select(Invoice).where(Invoice.call_off_id == call_off.id, Invoice.number == self.reference)
        ).one_or_none()
        return there.net if there else self._net(session, call_off)

    def _net(self, session: Session, call_off: CallOff) -> Money:
        """What is due by this day of what was agreed, less what was billed before."""
        agreed = self.telling.offer(session).price_net_pence or 0
        # What a variation added is work to bill as well; options and expenses are not.
        agreed += sum(
            one.new_value_net_pence - one.old_value_net_pence
            for one in variations(session, call_off)
            if one.agreed_at is not None
        )
        gone = (self.day - self.telling.starts_on).days + 1
        in_all = (self.telling.ends_on - self.telling.starts_on).days + 1
        billed = session.exec(
            select(func.coalesce(func.sum(Invoice.net_pence), 0)).where(Invoice.call_off_id == call_off.id)
        ).one()
        told = sum(
            one.net(session).pence
            for day, one in self.telling.bills.items()
            if one.way is Way.BY_LINE and day < self.day
        )
        return Money(agreed * self.hundredths * gone // (100 * in_all) - int(billed) - told)

    def record(self, session: Session) -> None:
        if self.way is Way.BY_LINE:
            return
        call_off = self.telling.call_off(session)
        net = self._net(session, call_off)
        finance = self.telling.buyer(session, Role.FINANCE_REVIEWER)
        record_invoice(
            session,
            actor=finance,
            call_off=call_off,
            facts=InvoiceFacts(
                number=self.reference,
                description=wording.invoice_words(self.telling.story, self.day),
                dated_on=self.day,
                received_on=min(self.day + timedelta(days=4), dates.today()),
                net=net,
                vat=vat_on(net, call_off.vat_rate_bp),
            ),
        )

    def pay(self, session: Session) -> None:
        if self.way is not Way.BY_HAND:
            return
        call_off = self.telling.call_off(session)
        invoice = session.exec(
            select(Invoice).where(Invoice.call_off_id == call_off.id, Invoice.number == self.reference)
        ).one()
        finance = self.telling.buyer(session, Role.FINANCE_REVIEWER)
        record_payment(
            session, actor=finance, invoice=invoice, paid_on=dates.today(), gross=invoice.unpaid_gross
        )


def _propose(telling: Telling, session: Session) -> None:
    call_off = telling.call_off(session)
    assert call_off.ends_on is not None
    change = Change(
        value=call_off.value + Money.pounds(telling.story.vary),
        ends_on=call_off.ends_on,
        reason="The first results showed a need that nobody had seen; the same team can meet it within the term.",
        ground="small_value",
    )
    propose_variation(
        session, actor=telling.buyer(session, Role.COMMISSIONING_MANAGER), call_off=call_off, change=change
    )


def _approve(telling: Telling, session: Session) -> None:
    variation = open_variation(session, telling.call_off(session))
    assert variation is not None
    approve_variation(session, actor=telling.buyer(session, Role.APPROVER), variation=variation)


def _agree(telling: Telling, session: Session) -> None:
    call_off = telling.call_off(session)
    variation = open_variation(session, call_off)
    assert variation is not None
    agree_variation(session, actor=telling.partner(session, call_off)[1], variation=variation)


def _suspend(telling: Telling, session: Session) -> None:
    manager = telling.buyer(session, Role.COMMISSIONING_MANAGER)
    suspend_call_off(
        session,
        actor=manager,
        call_off=telling.call_off(session),
        reason="The national scheme is changing; we wait for its rules.",
    )


def _terminate(telling: Telling, session: Session, last_day: date) -> None:
    manager = telling.buyer(session, Role.COMMISSIONING_MANAGER)
    terminate_call_off(
        session,
        actor=manager,
        call_off=telling.call_off(session),
        last_day=last_day,
        reason="The regional flood partnership now does this for every council on the river.",
    )


def _accept_all(telling: Telling, session: Session) -> None:
    call_off = telling.call_off(session)
    manager = telling.buyer(session, Role.COMMISSIONING_MANAGER)
    for one in deliverables(session, call_off):
        accept_deliverable(session, actor=manager, call_off=call_off, deliverable=one)


def _finance_agrees(telling: Telling, session: Session) -> None:
    agree_final(
        session, actor=telling.buyer(session, Role.FINANCE_REVIEWER), call_off=telling.call_off(session)
    )


def _close(telling: Telling, session: Session) -> None:
    close_call_off(
        session,
        actor=telling.buyer(session, Role.COMMISSIONING_MANAGER),
        call_off=telling.call_off(session),
        outcome="What was promised is in use, and our own staff have taken it over.",
        rating=Rating.GOOD if telling.number % 4 else Rating.APPROACHING_TARGET,
        feedback="Good people who listened to residents. Handing over took a week longer than planned.",
    )
