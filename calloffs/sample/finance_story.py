"""What finance does besides loading and matching: disputes, shares and a recharge, periods, an accrual, the half-year's figures."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from sqlmodel import Session, select

from calloffs.clocks.approving_figures import approve, mark
from calloffs.clocks.compliance import figures
from calloffs.clocks.dispute import DisputeKind
from calloffs.clocks.disputing import dispute, resolve
from calloffs.clocks.sending_back import InvalidFacts, send_back
from calloffs.periods.accruing import one_accrued
from calloffs.periods.adjusting import adjust_accrual
from calloffs.periods.closing import close_period, look, period_named
from calloffs.pictures.sme_target import set_target
from calloffs.sample.calendar import Diary, Span
from calloffs.sample.extract_acts import finance
from calloffs.sample.people import COUNCILS
from calloffs.sample.places import authority_id, owner
from calloffs.sample.running import Bill, Way
from calloffs.sample.setting_up import the_agreement, the_party
from calloffs.sample.telling import Telling
from calloffs.sharing.agreeing import answer_sharing
from calloffs.sharing.marking import between, raise_statement, ready, total_of
from calloffs.sharing.proposing import propose_sharing
from calloffs.sharing.recharging import schedule
from calloffs.spend.invoice import Invoice
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.payments import half_year_of
from framework.people.permissions import Role

SHARED = "Supplier security assurance"
TO_SHARE = "Integration of the social care record"
DISPUTED = "Supplier security assurance"
"""Its newest bill is disputed."""
RESOLVED = "Licences and permits application"
"""Its bill of the month before was."""
SENT_BACK = ACCRUED = "Street lighting control, second district"
TARGET_BP = 4_000
"""The share of spend that is to go to smaller companies."""
DIRECTORS = ("Margaret Oduya", "Colm Brannigan")
_CLOSED_MONTHS = 6


def plan(diary: Diary, span: Span, tellings: Sequence[Telling]) -> None:
    """Put it all into the diary. For after every bill is planned, and before it is said which of them lines pay."""
    told = {one.story.title: one for one in tellings}
    month = span.today.replace(day=1)
    diary.put(span.starts_on + timedelta(days=30), 16, _target)
    _share(diary, span, told)
    for back in range(_CLOSED_MONTHS + 1, 1, -1):
        first = dates.add_months(month, -back)
        for council in (0, 1) if back > 2 else (0,):
            diary.put(dates.add_months(first, 1) + timedelta(days=11), 16, partial(_close, council=council))
    _dispute(diary, month, told)
    diary.put(month + timedelta(days=8), 12, partial(_send_back, telling=told[SENT_BACK]))
    accrual = partial(_accrue, telling=told[ACCRUED], day=month - timedelta(days=1))
    diary.put(month + timedelta(days=6), 16, accrual)
    over = half_year_of(span.today).first - timedelta(days=1)
    diary.put(over + timedelta(days=20), 12, partial(_approve, ends_on=over))


def _target(session: Session) -> None:
    set_target(session, actor=owner(session), agreement=the_agreement(session), share=TARGET_BP)


def _share(diary: Diary, span: Span, told: dict[str, Telling]) -> None:
    """One call-off shared 60 to 40 and recharged, and one whose shares the other council has not answered yet."""
    shared, asked = told[SHARED], told[TO_SHARE]
    fell = diary.put(
        shared.fell + timedelta(days=5),
        10,
        partial(_propose, telling=shared, other_bp=4_000),
        after=shared.fell,
    )
    diary.put(fell + timedelta(days=3), 14, partial(_agree, telling=shared), after=fell)
    last = dates.add_months(span.today.replace(day=1), -1) - timedelta(days=1)
    diary.put(last + timedelta(days=15), 15, partial(_recharge, through_on=last))
    diary.put(
        span.today - timedelta(days=6), 10, partial(_propose, telling=asked, other_bp=3_000), after=asked.fell
    )


def _propose(session: Session, telling: Telling, other_bp: int) -> None:
    council = telling.story.council
    propose_sharing(
        session,
        actor=telling.buyer(session, Role.COMMISSIONING_MANAGER),
        call_off=telling.call_off(session),
        shares=(
            (authority_id(session, council), 10_000 - other_bp),
            (authority_id(session, 1 - council), other_bp),
        ),
        from_on=telling.starts_on,
        reason="Both councils use what is made; the shares follow how many of their people do.",
    )


def _agree(session: Session, telling: Telling) -> None:
    actor = finance(session, 1 - telling.story.council)
    answer_sharing(session, actor=actor, call_off=telling.call_off(session), number=1, agrees=True)


def _recharge(session: Session, through_on: date) -> None:
    actor, payee, payer = finance(session, 0), authority_id(session, 0), authority_id(session, 1)
    rows = ready(between(schedule(session, actor), payee, payer), through_on)
    if rows:
        raise_statement(
            session,
            actor=actor,
            payee_id=payee,
            payer_id=payer,
            through_on=through_on,
            invoice_number=f"NCC-{through_on:%Y%m}-17",
            raised_on=dates.today(),
            seen=total_of(rows),
        )


def _close(session: Session, council: int) -> None:
    """Close the month that is over, as its figures are shown."""
    party = the_party(session, COUNCILS[council].name)
    first = dates.add_months(dates.today().replace(day=1), -1)
    looked = look(session, party, period_named(party.calendar, first))
    if not looked.why_not:
        actor = finance(session, council)
        close_period(session, actor=actor, authority_id=party.id, period_on=first, seen=looked.stamp)


def _newest(telling: Telling, before: date) -> Bill | None:
    """The last bill dated before a day."""
    return max(
        (one for day, one in telling.bills.items() if day < before), key=lambda one: one.day, default=None
    )


def _dispute(diary: Diary, month: date, told: dict[str, Telling]) -> None:
    if standing := _newest(told[DISPUTED], month):
        standing.way = Way.UNPAID
        opened = partial(_open, bill=standing, words="Ten days are billed that the weekly notes do not show.")
        diary.put(standing.day + timedelta(days=9), 12, opened)
    if settled := _newest(told[RESOLVED], dates.add_months(month, -1)):
        opened = partial(_open, bill=settled, words="The rate of one person is not the one that was agreed.")
        fell = diary.put(settled.day + timedelta(days=7), 12, opened)
        diary.put(fell + timedelta(days=3), 12, partial(_resolve, bill=settled), after=fell)


def _invoice(session: Session, bill: Bill) -> Invoice:
    call_off = bill.telling.call_off(session)
    return session.exec(
        select(Invoice).where(Invoice.call_off_id == call_off.id, Invoice.number == bill.reference)
    ).one()


def _open(session: Session, bill: Bill, words: str) -> None:
    actor = finance(session, bill.telling.story.council)
    dispute(session, actor=actor, invoice=_invoice(session, bill), words=words)


def _resolve(session: Session, bill: Bill) -> None:
    resolve(
        session,
        actor=finance(session, bill.telling.story.council),
        invoice=_invoice(session, bill),
        outcome=DisputeKind.TO_BE_PAID,
        words="The new rate card had begun on the first of the month, as the partner said.",
    )


def _send_back(session: Session, telling: Telling) -> None:
    send_back(
        session,
        actor=finance(session, telling.story.council),
        call_off=telling.call_off(session),
        facts=InvalidFacts(
            received_on=dates.today() - timedelta(days=1),
            faults=("description", "number"),
            words="Please say which work it is for and give it a number of its own.",
            gross=Money.pounds(7_488),
        ),
    )


def _accrue(session: Session, telling: Telling, day: date) -> None:
    actor, reference = finance(session, telling.story.council), telling.reference
    before = one_accrued(session, actor, reference, day)
    adjust_accrual(
        session,
        actor=actor,
        reference=reference,
        day=day,
        accrual=before.ruled + Money.pounds(1_200),
        reason="A week of night work on the columns is done and not yet billed, by the owner’s note.",
    )


def _approve(session: Session, ends_on: date) -> None:
    for council in (0, 1):
        authority = the_party(session, COUNCILS[council].name)
        approve(
            session,
            actor=finance(session, council),
            authority=authority,
            ends_on=ends_on,
            director=DIRECTORS[council],
            approved_on=dates.today(),
            shown=mark(figures(session, authority.id, half_year_of(ends_on))),
        )
