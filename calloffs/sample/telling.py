"""Telling a story: its acts, one after the other, put into the diary on believable days."""

import random
from datetime import date, timedelta

from sqlmodel import Session, col, select

from calloffs.answering import accept_offer, decline_offer
from calloffs.approving import decide_call_off
from calloffs.awarding import award_call_off
from calloffs.business_case.case import BusinessCase, CaseType
from calloffs.business_case.deciding import decide_case
from calloffs.business_case.writing import submit_case, write_case
from calloffs.call_off import CallOff, OffPayroll
from calloffs.cancelling import cancel_call_off
from calloffs.drafting import DraftFacts, OptionFacts, change_draft, draft_call_off, set_options
from calloffs.issuing import issue_order_form
from calloffs.offer import Offer
from calloffs.offering import make_offer
from calloffs.ordering import set_purchase_order
from calloffs.raising import raise_call_off
from calloffs.sample import running, wording
from calloffs.sample.calendar import Act, Diary, Span
from calloffs.sample.people import COUNCILS, PARTNERS, SamplePartner, rate_of
from calloffs.sample.setting_up import by_name, in_role, the_agreement, the_party
from calloffs.sample.story import Story
from calloffs.signing import ensure_signed_copy, sign_for_buyer, sign_for_partner
from calloffs.withdrawing_award import withdraw_award
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.party import Party
from framework.people.permissions import Role, Visitor
from lots.appointment import Appointment
from lots.lot import Lot

# Where a story may halt, in order: a halt names the last thing that happens.
ORDER = ("draft", "submitted", "approved", "offered", "accepted", "awarded", "issued", "signed")


class Telling:
    """One story being told; knows its own call-off by reference once there is one."""

    def __init__(self, story: Story, number: int, span: Span, chance: random.Random) -> None:
        self.story, self.number, self.span, self.chance = story, number, span, chance
        self.council = COUNCILS[story.council]
        self.reference = ""
        self.case_reference = ""
        self.raised_on = max(span.today - timedelta(days=story.raised), span.starts_on + timedelta(days=25))
        self.starts_on = self.raised_on + timedelta(days=24)
        self.ends_on = dates.last_day_of(self.starts_on, story.months)
        self.fell = self.closed = self.raised_on
        # The day of its last act before it ran, and of its close.
        self.bills: dict[date, running.Bill] = {}

    # Who acts

    def buyer(self, session: Session, role: Role) -> Visitor:
        return by_name(session, in_role(self.council, role))

    def partner(self, session: Session, call_off: CallOff) -> tuple[SamplePartner, Visitor]:
        """The partner that was asked last, and its person."""
        appointment_id = session.exec(
            select(Offer.appointment_id)
            .where(Offer.call_off_id == call_off.id)
            .order_by(col(Offer.id).desc())
            .limit(1)
        ).one()
        supplier = session.get_one(Party, session.get_one(Appointment, appointment_id).supplier_id)
        partner = next(one for one in PARTNERS if one.name == supplier.name)
        return partner, by_name(session, partner.person)

    def call_off(self, session: Session) -> CallOff:
        return session.exec(select(CallOff).where(CallOff.reference == self.reference)).one()

    def offer(self, session: Session) -> Offer:
        call_off = self.call_off(session)
        return session.exec(
            select(Offer).where(Offer.call_off_id == call_off.id).order_by(col(Offer.id).desc()).limit(1)
        ).one()

    def billed_in(self, session: Session, month: date) -> tuple[Money, str]:
        """What the partner bills with a month's work, net of VAT, and the invoice's number; no number where it bills nothing."""
        for day, bill in self.bills.items():
            if day.replace(day=1) == month:
                return bill.net(session), bill.reference
        return Money.zero(), ""

    # What it costs: the usual partner's rates decide what is asked for, a little above what will be offered

    @property
    def price(self) -> Money:
        partner = next(one for one in PARTNERS if self.story.lot in one.lots)
        return sum(
            (rate_of(partner, role, level) * days for role, level, days in self.story.team), Money.zero()
        )

    @property
    def budget(self) -> Money:
        return Money((self.price.pence * 104 // 100 // 50_000 + 1) * 50_000)

    @property
    def maximum(self) -> Money:
        option = Money.pounds(self.story.option[1]) if self.story.option else Money.zero()
        return self.budget + Money.pounds(self.story.expenses) + option

    # The course of events

    def plan(self, diary: Diary) -> None:
        """Put the acts of this story into the diary, as far as it goes."""
        day = self.raised_on
        if not self.story.exempt:
            written = diary.put(day - timedelta(days=17), 10, self._write_case)
            diary.put(day - timedelta(days=12), 11, self._decide_case, after=written)
        fell = diary.put(day - timedelta(days=4), 14, self._draft)
        course: list[tuple[int, int, Act, str]] = [
            (0, 10, self._raise, "submitted"),
            (2, 15, self._decide, "approved"),
            (3, 10, self._offer, "offered"),
            (7, 16, self._accept, "accepted"),
            (9, 11, self._award, "awarded"),
            (10, 10, self._issue, "issued"),
            (12, 12, self._order, "signed"),
            (13, 10, self._sign_partner, "signed"),
            (14, 15, self._sign_buyer, "signed"),
        ]
        halt, then = self._halts()
        usual = [
            (days, hour, act)
            for days, hour, act, reaches in course
            if ORDER.index(reaches) <= ORDER.index(halt)
        ]
        for days, hour, act in [*usual, *then]:
            fell = diary.put(day + timedelta(days=days), hour, act, after=fell)
        self.fell = fell
        if halt == "signed" and self.story.stop != "signed":
            running.plan(self, diary)

    def _halts(self) -> tuple[str, list[tuple[int, int, Act]]]:
        """How far the usual course goes, and what happens instead of the rest."""
        detours: dict[str, tuple[str, list[tuple[int, int, Act]]]] = {
            "returned": ("submitted", [(3, 12, self._return)]),
            "rejected": ("submitted", [(3, 12, self._reject)]),
            "ran_out": ("approved", []),
            "declined": ("offered", [(6, 12, self._decline), (8, 10, self._offer)]),
            "cancelled": ("approved", [(9, 12, self._cancel)]),
            "award_withdrawn": ("issued", [(20, 12, self._withdraw)]),
        }
        usual = self.story.stop if self.story.stop in ORDER else "signed"
        return detours.get(self.story.stop, (usual, []))

    # The acts

    def _write_case(self, session: Session) -> None:
        author = self.buyer(session, Role.COMMISSIONING_MANAGER)
        facts = wording.case_facts(self.story, self.maximum, self.number)
        case = write_case(
            session, actor=author, authority_id=the_party(session, self.council.name).id, facts=facts
        )
        submit_case(session, actor=author, case=case)
        self.case_reference = case.reference

    def _decide_case(self, session: Session) -> None:
        case = session.exec(select(BusinessCase).where(BusinessCase.reference == self.case_reference)).one()
        decide_case(
            session,
            actor=self.buyer(session, Role.APPROVER),
            case=case,
            outcome="approved",
            conditions="Show the first results to the service’s own staff."
            if case.kind is CaseType.SERVICE_IMPROVEMENT
            else "",
            # A variation later on needs room here first; a case is approved with what it may come to.
            valid_until=dates.add_months(dates.today(), 24),
        )

    def _draft(self, session: Session) -> None:
        agreement = the_agreement(session)
        lot = session.exec(
            select(Lot).where(Lot.agreement_id == agreement.id, Lot.number == self.story.lot)
        ).one()
        manager = self.buyer(session, Role.COMMISSIONING_MANAGER)
        authority = the_party(session, self.council.name)
        call_off = draft_call_off(
            session, actor=manager, lot=lot, authority_id=authority.id, title=self.story.title
        )
        self.reference = call_off.reference
        if self.story.stop == "draft":
            change_draft(session, actor=manager, call_off=call_off, facts={"background": self.story.need})
            return
        change_draft(session, actor=manager, call_off=call_off, facts=self._facts(session))
        if self.story.option:
            months, price = self.story.option
            set_options(
                session,
                actor=manager,
                call_off=call_off,
                options=[OptionFacts(months, 60, Money.pounds(price))],
            )

    def _facts(self, session: Session) -> DraftFacts:
        facts = wording.brief(self.story)
        facts.update(
            {
                "starts_on": self.starts_on,
                "ends_on": self.ends_on,
                "base": self.budget,
                "expenses": Money.pounds(self.story.expenses) if self.story.expenses else None,
                "expenses_policy": "Travel outside the two boroughs, at cost, agreed first"
                if self.story.expenses
                else "",
                "charging_method": self.story.method,
                "off_payroll": OffPayroll.CONTRACTED_OUT,
                "conflicts_declared": True,
                "cost_centre": f"{4100 + self.number:06}",
            }
        )
        if self.story.exempt:
            facts["exemption_reason"] = (
                "A small correction to a service already in use, below the council’s threshold."
            )
        else:
            case = session.exec(
                select(BusinessCase).where(BusinessCase.reference == self.case_reference)
            ).one()
            facts["case_id"] = case.id
        return facts

    def _raise(self, session: Session) -> None:
        raise_call_off(
            session, actor=self.buyer(session, Role.COMMISSIONING_MANAGER), call_off=self.call_off(session)
        )

    def _decide(self, session: Session, outcome: str = "approved", reason: str = "") -> None:
        approver = self.buyer(session, Role.APPROVER)
        decide_call_off(
            session, actor=approver, call_off=self.call_off(session), outcome=outcome, reason=reason
        )

    def _return(self, session: Session) -> None:
        self._decide(
            session,
            "returned",
            "Please say which of the two contracts this concerns, and what happens if we wait.",
        )

    def _reject(self, session: Session) -> None:
        self._decide(
            session,
            "rejected",
            "The market traders’ own scheme starts in spring and covers the same streets.",
        )

    def _cancel(self, session: Session) -> None:
        manager = self.buyer(session, Role.COMMISSIONING_MANAGER)
        cancel_call_off(
            session,
            actor=manager,
            call_off=self.call_off(session),
            reason="The contact centre’s new supplier includes it.",
            feedback="The contact centre’s new contract already includes this work.",
        )

    def _offer(self, session: Session) -> None:
        manager = self.buyer(session, Role.COMMISSIONING_MANAGER)
        days = 20 if self.story.stop in ("offered", "declined") else 7
        make_offer(
            session,
            actor=manager,
            call_off=self.call_off(session),
            working_days=days,
            message=wording.INVITATION,
        )

    def _decline(self, session: Session) -> None:
        offer = self.offer(session)
        _, person = self.partner(session, self.call_off(session))
        decline_offer(
            session, actor=person, offer=offer, reason="Our data engineers are committed until the summer."
        )

    def _accept(self, session: Session) -> None:
        call_off, offer = self.call_off(session), self.offer(session)
        partner, person = self.partner(session, call_off)
        accept_offer(
            session,
            actor=person,
            offer=offer,
            answer=wording.answer(self.story, partner, self.starts_on, self.ends_on),
        )

    def _award(self, session: Session) -> None:
        manager = self.buyer(session, Role.COMMISSIONING_MANAGER)
        award_call_off(
            session,
            actor=manager,
            call_off=self.call_off(session),
            reason="The people, days and deliverables answer the brief at a fair price.",
            feedback="A clear plan with named people. We would have liked an earlier first deliverable."
            if self.number % 2
            else "Your people have done this before, and each deliverable says how we shall know that it works.",
        )

    def _issue(self, session: Session) -> None:
        issue_order_form(
            session, actor=self.buyer(session, Role.COMMISSIONING_MANAGER), call_off=self.call_off(session)
        )

    def _withdraw(self, session: Session) -> None:
        manager = self.buyer(session, Role.COMMISSIONING_MANAGER)
        withdraw_award(
            session,
            actor=manager,
            call_off=self.call_off(session),
            reason="Central training now covers all staff.",
        )

    def _order(self, session: Session) -> None:
        finance = self.buyer(session, Role.FINANCE_REVIEWER)
        number = f"PO{7000 + self.number:06}"
        set_purchase_order(
            session,
            actor=finance,
            call_off=self.call_off(session),
            number=number,
            programme=wording.programme_of(self.story, self.number),
        )

    def _sign_partner(self, session: Session) -> None:
        call_off = self.call_off(session)
        _, person = self.partner(session, call_off)
        sign_for_partner(
            session, actor=person, call_off=call_off, role="Director", authority="Director of the company"
        )

    def _sign_buyer(self, session: Session) -> None:
        approver = self.buyer(session, Role.APPROVER)
        sign_for_buyer(
            session,
            actor=approver,
            call_off=self.call_off(session),
            role="Assistant director",
            authority="Scheme of delegation, part 3, contracts within my limit",
        )
        session.flush()
        ensure_signed_copy(session, call_off=self.call_off(session))
