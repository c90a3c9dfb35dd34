"""Any order of raising, deciding, awarding, billing, crediting, paying, varying and closing, against a model of four numbers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, col, select

from calloffs.answering import accept_offer
from calloffs.approving import approve_price, ask_price_approval, decide_call_off
from calloffs.awarding import award_call_off
from calloffs.call_off import CallOff, ChargingMethod
from calloffs.cancelling import cancel_call_off
from calloffs.closing import Rating, accept_deliverable, agree_final, close_call_off, deliverables
from calloffs.offering import make_offer
from calloffs.spend import ledger
from calloffs.spend.invoice import Invoice
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.paying import record_payment
from calloffs.spend.verifying import verify
from calloffs.varying import Change, agree_variation, approve_variation, propose_variation
from calloffs.withdrawing_award import withdraw_award
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.rules import Refused
from lots.lot import Lot
from tests.calloffs.building import WHY, answer, milestone
from tests.calloffs.making import an_approved_case, raised
from tests.calloffs.spend.building import SIGNED, bill
from tests.calloffs.spend.modelling import (
    AGREEMENT,
    ALLOCATION,
    APPROVER,
    EDGE,
    FINANCE,
    LOT,
    MANAGER,
    PARTNER,
    PARTNER_USER,
    PENCE,
    PICK,
    Modelled,
    there_is,
)
from tests.cast import Cast


class Machine(RuleBasedStateMachine):
    """Real actions and a real database on one side, four numbers for each call-off on the other."""

    def __init__(self, session: Session, cast: Cast) -> None:
        super().__init__()
        self.session, self.cast = session, cast
        self.known: list[Modelled] = []
        self.number = 0

    @initialize(basis=st.sampled_from(Basis))
    def set_up(self, basis: Basis) -> None:
        self.basis = basis
        agreement = self.session.exec(select(FrameworkAgreement)).one()
        agreement.basis, agreement.ceiling_pence = basis, AGREEMENT
        for lot in self.session.exec(select(Lot)):
            lot.ceiling_pence = LOT
        for member in self.session.exec(select(MemberAuthority)):
            name = "Northbank" if member.authority_id == self.cast.party["Northbank"] else "Southmere"
            member.allocation_pence = ALLOCATION[name]
        self.session.flush()
        self.cases = {
            authority: an_approved_case(self.session, self.cast, authority=authority)
            for authority in ALLOCATION
        }

        for number, authority in ((3, "Northbank"), (4, "Southmere")):
            # Two that run already, so that even a short story has invoices, variations and closings in it.
            self.raise_call_off(net=15_000, edge=None, lot=number, authority=authority)
            self.decide(pick=0, outcome="approved")
            self.award(pick=0, net=14_999, edge=None, sign=True)

    def teardown(self) -> None:
        self.session.rollback()
        self.session.connection(execution_options={"write": True})

    # What the model says

    def counted(self, net: int) -> int:
        return net if self.basis is Basis.NET else net + (net * 20 + 50) // 100

    def at_edge(self, net: int, edge: int | None, room: int) -> int:
        """`net` itself, or the largest net amount that still fits into `room` on the basis, or that and a penny."""
        if edge is None:
            return net
        last = room if self.basis is Basis.NET else room * 100 // 120 + 1
        while last > 0 and self.counted(last) > room:
            last -= 1
        return max(last + edge, 1)

    def room(self, lot: int, authority: str) -> int:
        def left(most: int, which: Callable[[Modelled], bool]) -> int:
            return most - sum(one.reserved + one.committed for one in self.known if which(one))

        return min(
            left(AGREEMENT, lambda one: True),
            left(LOT, lambda one: one.lot == lot),
            left(ALLOCATION[authority], lambda one: one.authority == authority),
        )

    def one(self, pick: int, *states: str) -> tuple[Modelled, CallOff] | None:
        there = [one for one in self.known if one.state in states]
        if not there:
            return None
        chosen = there[pick % len(there)]
        return chosen, self.session.exec(select(CallOff).where(CallOff.id == chosen.id)).one()

    @contextmanager
    def expecting(self, allowed: bool) -> Iterator[None]:
        """The action is refused exactly when the model says so, and a refusal leaves nothing behind."""
        said = ""
        try:
            with self.session.begin_nested():
                yield
        except Refused as refused:
            said = str(refused)
        assert allowed is not bool(said), said or "the model would have refused this"

    def person(self, name: str) -> Any:
        return self.cast.visitor(self.session, name)

    # What may happen

    @rule(
        net=PENCE,
        edge=EDGE,
        lot=st.sampled_from([3, 4]),
        authority=st.sampled_from(["Northbank", "Southmere"]),
    )
    def raise_call_off(self, net: int, edge: int | None, lot: int, authority: str) -> None:
        net = self.at_edge(net, edge, self.room(lot, authority))
        wanted = self.counted(net)
        allowed = wanted <= self.room(lot, authority)
        with self.expecting(allowed):
            call_off = raised(
                self.session,
                self.cast,
                who=MANAGER[authority],
                lot=lot,
                value=Money(net).plain,
                case=self.cases[authority],
                charging_method=ChargingMethod.MILESTONE,
            )
        if allowed:
            self.known.append(Modelled(call_off.id, lot, authority, reserved=wanted))

    @there_is("submitted")
    @rule(pick=PICK, outcome=st.sampled_from(["approved", "approved", "returned", "rejected"]))
    def decide(self, pick: int, outcome: str) -> None:
        if found := self.one(pick, "submitted"):
            model, call_off = found
            approver = self.person(APPROVER[model.authority])
            decide_call_off(
                self.session, actor=approver, call_off=call_off, outcome=outcome, reason="Said so"
            )
            model.state = outcome
            if outcome != "approved":
                model.reserved = 0

    @there_is("submitted", "approved", "returned")
    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        if found := self.one(pick, "submitted", "approved", "returned"):
            model, call_off = found
            manager = self.person(MANAGER[model.authority])
            freed = cancel_call_off(self.session, actor=manager, call_off=call_off, reason="Not needed")
            assert freed.pence == model.reserved
            model.state, model.reserved = "cancelled", 0

    @there_is("approved")
    @rule(pick=PICK)
    def let_the_approval_run_out(self, pick: int) -> None:
        """No job frees it: the next who takes the agreement's row does."""
        if found := self.one(pick, "approved"):
            model, call_off = found
            call_off.approval_valid_until = dates.today() - timedelta(days=1)
            self.session.flush()
            ledger.hold(self.session, call_off.agreement_id)
            model.state, model.reserved = "ran out", 0

    @there_is("approved")
    @rule(pick=PICK, net=PENCE, edge=EDGE, sign=st.sampled_from([True, True, True, False]))
    def award(self, pick: int, net: int, edge: int | None, sign: bool) -> None:
        """Offered, answered and awarded at the real price, which may be more than was reserved."""
        if not (found := self.one(pick, "approved")):
            return
        model, call_off = found
        room = self.room(model.lot, model.authority) + model.reserved
        net = self.at_edge(net, edge, room)
        wanted = self.counted(net)
        allowed = wanted <= room
        manager, price = self.person(MANAGER[model.authority]), Money(net)
        with self.expecting(allowed):
            offer = make_offer(self.session, actor=manager, call_off=call_off, working_days=5)
            given = answer(deliverables=(milestone(price.plain),), fixed_price=price)
            accept_offer(self.session, actor=self.partner(model.lot), offer=offer, answer=given)
            if price > call_off.value:
                ask_price_approval(self.session, actor=manager, call_off=call_off)
                approver = self.person(APPROVER[model.authority])
                approve_price(self.session, actor=approver, call_off=call_off)
            award_call_off(self.session, actor=manager, call_off=call_off, reason="Good value", feedback=WHY)
        if not allowed:
            self.session.refresh(call_off)
            return
        model.state, model.reserved, model.committed = "awarded", 0, wanted
        if sign:
            call_off.starts_on, call_off.ends_on = date(2022, 9, 1), date(2023, 3, 31)
            call_off.issued_at = call_off.signed_at = SIGNED
            call_off.purchase_order = "PO-1"
            model.state = "live"

    @there_is("awarded")
    @rule(pick=PICK)
    def withdraw_the_award(self, pick: int) -> None:
        if found := self.one(pick, "awarded"):
            model, call_off = found
            manager = self.person(MANAGER[model.authority])
            withdraw_award(self.session, actor=manager, call_off=call_off, reason="The budget for it was cut")
            model.state, model.committed = "withdrawn", 0

    @there_is("live", "closed")
    @rule(pick=PICK, net=PENCE, edge=EDGE)
    def bill_it(self, pick: int, net: int, edge: int | None) -> None:
        if found := self.one(pick, "live"):
            net = self.at_edge(net, edge, found[0].committed - found[0].invoiced)
        self._bill(pick, net)

    @there_is("live", "closed")
    @rule(pick=PICK, net=PENCE)
    def credit(self, pick: int, net: int) -> None:
        self._bill(pick, -net)

    def _bill(self, pick: int, net: int) -> None:
        if not (found := self.one(pick, "live", "closed")):
            return
        model, call_off = found
        self.number += 1
        vat = Money((abs(net) * 20 + 50) // 100 * (1 if net > 0 else -1))
        facts = bill(f"I{self.number}", Money(net).plain, vat.plain)
        step = net if self.basis is Basis.NET else net + vat.pence
        allowed = model.state == "live" and 0 <= model.invoiced + step <= model.committed
        with self.expecting(allowed):
            record_invoice(
                self.session, actor=self.person(FINANCE[model.authority]), call_off=call_off, facts=facts
            )
        if allowed:
            model.invoiced += step
            model.unpaid += net + vat.pence

    @there_is("live")
    @rule(pick=PICK, which=PICK, part=st.integers(1, 4))
    def pay(self, pick: int, which: int, part: int) -> None:
        """A part (or, with 1, all) of one unpaid invoice."""
        if not (found := self.one(pick, "live")):
            return
        model, call_off = found
        bills = [
            one
            for one in self.session.exec(
                select(Invoice).where(Invoice.call_off_id == call_off.id, col(Invoice.gross_pence) > 0)
            )
            if one.unpaid_gross.pence
        ]
        if not bills:
            return
        invoice = bills[which % len(bills)]
        gross = Money(max(1, invoice.unpaid_gross.pence // part))
        whole = gross == invoice.unpaid_gross and invoice.paid_gross_pence == 0
        before = call_off.paid_pence
        record_payment(
            self.session,
            actor=self.person(FINANCE[model.authority]),
            invoice=invoice,
            paid_on=date(2022, 11, 20),
            gross=gross,
        )
        moved = call_off.paid_pence - before
        full = invoice.net_pence if self.basis is Basis.NET else invoice.gross_pence
        assert moved == full if whole else 0 <= moved <= full
        model.paid += moved
        model.unpaid -= gross.pence

    @there_is("live")
    @rule(pick=PICK, net=PENCE, edge=EDGE)
    def vary(self, pick: int, net: int, edge: int | None) -> None:
        if not (found := self.one(pick, "live")):
            return
        model, call_off = found
        room = self.room(model.lot, model.authority) + model.committed
        net = self.at_edge(net, edge, room)
        wanted = self.counted(net)
        allowed = wanted <= room and wanted >= model.invoiced and net != call_off.value_net_pence
        with self.expecting(allowed):
            assert call_off.ends_on is not None
            change = Change(Money(net), call_off.ends_on, "Changed", "not_substantial")
            variation = propose_variation(
                self.session, actor=self.person(MANAGER[model.authority]), call_off=call_off, change=change
            )
            approve_variation(self.session, actor=self.person(APPROVER[model.authority]), variation=variation)
            agree_variation(self.session, actor=self.partner(model.lot), variation=variation)
        if allowed:
            model.committed = wanted

    def partner(self, lot: int) -> Any:
        from framework.people.permissions import HeldPost, Role, Visitor

        post = HeldPost(self.cast.party[PARTNER[lot]], Role.PARTNER_USER)
        return Visitor(self.cast.person[PARTNER_USER], PARTNER_USER, "", (post,))

    @there_is("live")
    @rule(pick=PICK)
    def close(self, pick: int) -> None:
        if not (found := self.one(pick, "live")):
            return
        model, call_off = found
        allowed = model.unpaid == 0
        with self.expecting(allowed), dates.on(date(2023, 4, 3)):
            for one in deliverables(self.session, call_off):
                manager = self.person(MANAGER[model.authority])
                accept_deliverable(self.session, actor=manager, call_off=call_off, deliverable=one)
            agree_final(self.session, actor=self.person(FINANCE[model.authority]), call_off=call_off)
            freed = close_call_off(
                self.session,
                actor=self.person(MANAGER[model.authority]),
                call_off=call_off,
                outcome="Done",
                rating=Rating.GOOD,
                feedback="Delivered as agreed, in good time",
            )
            assert freed.pence == model.committed - model.invoiced
        if allowed:
            model.state, model.committed = "closed", model.invoiced

    # What is always true

    @invariant()
    def books_and_model_agree(self) -> None:
        self.session.flush()
        agreement = self.session.exec(
            select(FrameworkAgreement).execution_options(populate_existing=True)
        ).one()
        total = (
            sum(one.reserved for one in self.known),
            sum(one.committed for one in self.known),
            sum(one.invoiced for one in self.known),
            sum(one.paid for one in self.known),
        )
        assert total == (
            agreement.reserved_pence,
            agreement.committed_pence,
            agreement.invoiced_pence,
            agreement.paid_pence,
        )
        assert total[0] + total[1] <= (agreement.ceiling_pence or 0)
        assert verify(self.session).differences == []


def _run(session: Session, cast: Cast, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        lambda: Machine(session, cast),  # type: ignore[arg-type]
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=(Phase.generate, Phase.shrink),
        ),
    )


def test_any_order_of_things_leaves_books_and_model_agreed(session: Session, cast: Cast) -> None:
    _run(session, cast, examples=20, steps=25)


@pytest.mark.nightly
def test_any_order_of_things_leaves_books_and_model_agreed_at_length(session: Session, cast: Cast) -> None:
    _run(session, cast, examples=250, steps=50)
