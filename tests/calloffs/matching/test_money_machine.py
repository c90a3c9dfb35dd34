"""Any order of matching, undoing, correcting, taking files back, billing and paying: the books are what stands matched."""

from contextlib import suppress
from datetime import date
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

from calloffs.extracts.spend_line import SpendLine
from calloffs.matching.certain import match_block, plan
from calloffs.matching.flags import Flag
from calloffs.matching.following import content_changed, lines_withdrawn
from calloffs.matching.matching import match
from calloffs.matching.spend_match import SpendMatch, Why
from calloffs.matching.undoing import undo_match
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.spend.invoice import Invoice, Payment
from calloffs.spend.invoicing import record_invoice
from calloffs.spend.paying import record_payment
from calloffs.spend.verifying import verify
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.rules import Refused
from tests.calloffs.matching.building import a_line, a_source, an_import
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast

PICK = st.integers(0, 30)
NET = st.sampled_from(["33.33", "400", "999.99", "1,000", "2,500.01", "-33.33", "-400", "-1,000"])
NUMBER = st.sampled_from(["", "", "A-1", "A-2"])


class Machine(RuleBasedStateMachine):
    """Real actions on a real database; what is expected is added up from the lines, the invoices and the payments themselves."""

    def __init__(self, session: Session, cast: Cast) -> None:
        super().__init__()
        self.session, self.cast = session, cast

    @initialize(basis=st.sampled_from(Basis))
    def set_up(self, basis: Basis) -> None:
        self.basis = basis
        self.session.exec(select(FrameworkAgreement)).one().basis = basis
        self.session.flush()
        self.calls = [
            live_call_off(self.session, self.cast, value="4,000", order="PO-1"),
            live_call_off(self.session, self.cast, value="4,000", order="PO-2"),
        ]
        self.finn = self.cast.visitor(self.session, "Finn")
        source = a_source(self.session, self.cast)
        self.files = [an_import(self.session, source), an_import(self.session, source)]
        self.line(net="1,000", number="", order=0, paid=True, file=0)

    def teardown(self) -> None:
        self.session.rollback()
        self.session.connection(execution_options={"write": True})

    def lines(self, *, matched: bool) -> list[SpendLine]:
        known = col(SpendLine.call_off_id)
        where = known.is_not(None) if matched else known.is_(None)
        query = (
            select(SpendLine).where(where, col(SpendLine.withdrawn_at).is_(None)).order_by(col(SpendLine.id))
        )
        return list(self.session.exec(query.execution_options(populate_existing=True)))

    @rule(
        net=NET,
        number=NUMBER,
        order=st.sampled_from([0, 1, None]),
        paid=st.booleans(),
        file=st.integers(0, 1),
    )
    def line(self, net: str, number: str, order: int | None, paid: bool, file: int) -> None:
        a_line(
            self.session,
            self.cast,
            net=net,
            invoice_number=number,
            purchase_order="" if order is None else f"PO-{order + 1}",
            paid=date(2022, 10, 28) if paid else None,
            imported=self.files[file],
        )

    @rule(pick=PICK, call=st.integers(0, 1), accept=st.booleans())
    def match_by_hand(self, pick: int, call: int, accept: bool) -> None:
        if there := self.lines(matched=False):
            with suppress(Refused), self.session.begin_nested():
                match(
                    self.session,
                    actor=self.finn,
                    line=there[pick % len(there)],
                    call_off=self.calls[call],
                    why=Why.BY_HAND,
                    because="By hand",
                    over_why="The partner was asked" if accept else "",
                )

    @rule()
    def match_all_certain(self) -> None:
        found = plan(self.session, self.finn, self.cast.party["Northbank"])
        if found.sure:
            before = len(self.lines(matched=True))
            done = match_block(
                self.session,
                actor=self.finn,
                authority_id=self.cast.party["Northbank"],
                agreement_id=self.cast.agreement,
                lines=found.sure,
            )
            assert done == len(found.sure) == len(self.lines(matched=True)) - before

    @rule(pick=PICK)
    def undo(self, pick: int) -> None:
        query = select(SpendMatch).where(col(SpendMatch.undone_at).is_(None)).order_by(col(SpendMatch.id))
        if there := self.session.exec(query).all():
            with suppress(Refused), self.session.begin_nested():
                undo_match(self.session, actor=self.finn, match=there[pick % len(there)])

    @rule(pick=PICK, net=NET, paid=st.sampled_from([None, date(2022, 10, 28), date(2022, 11, 4)]))
    def correct(self, pick: int, net: str, paid: date | None) -> None:
        if there := self.lines(matched=True) + self.lines(matched=False):
            line = there[pick % len(there)]
            line.net_pence = Money.pounds(net, allow_negative=True).pence
            line.gross_pence = line.net_pence * 6 // 5
            line.paid_on, line.accounting_on = paid, paid or date(2022, 10, 3)
            self.session.add(line)
            self.session.flush()
            content_changed(self.session, actor=self.finn, changed=[(line.id, {})])

    @rule(file=st.integers(0, 1))
    def take_a_file_back(self, file: int) -> None:
        imported = self.files[file]
        query = select(SpendLine).where(
            SpendLine.import_id == imported.id, col(SpendLine.withdrawn_at).is_(None)
        )
        lines = list(self.session.exec(query))
        with suppress(Refused), self.session.begin_nested():
            lines_withdrawn(self.session, actor=self.finn, line_ids=[one.id for one in lines])
            for one in lines:
                one.withdrawn_at = dates.now()
                self.session.add(one)
            self.files[file] = an_import(self.session, a_source(self.session, self.cast))

    @rule(number=st.sampled_from(["A-1", "A-2"]), net=NET, call=st.integers(0, 1))
    def bill(self, number: str, net: str, call: int) -> None:
        with suppress(Refused), self.session.begin_nested():
            record_invoice(
                self.session,
                actor=self.finn,
                call_off=self.calls[call],
                facts=bill(number, net, dated=date(2022, 10, 3)),
            )

    @rule(pick=PICK, gross=st.sampled_from(["1", "100.01", "480"]))
    def pay(self, pick: int, gross: str) -> None:
        if there := self.session.exec(select(Invoice).order_by(col(Invoice.id))).all():
            with suppress(Refused), self.session.begin_nested():
                record_payment(
                    self.session,
                    actor=self.finn,
                    invoice=there[pick % len(there)],
                    paid_on=date(2022, 11, 10),
                    gross=Money.pounds(gross),
                )

    # What must be true

    def counted(self, one: Any) -> int:
        return int(one.net_pence if self.basis is Basis.NET else one.gross_pence)

    @invariant()
    def the_balances_are_what_stands(self) -> None:
        self.session.flush()
        for call_off in self.calls:
            self.session.refresh(call_off)
            invoices = self.session.exec(select(Invoice).where(Invoice.call_off_id == call_off.id)).all()
            ids = [one.id for one in invoices]
            payments = self.session.exec(select(Payment).where(col(Payment.invoice_id).in_(ids))).all()
            invoiced, paid = sum(map(self.counted, invoices)), sum(map(self.counted, payments))
            for line in self.lines(matched=True):
                if line.call_off_id != call_off.id:
                    continue
                made = self.session.exec(
                    select(SpendMatch).where(
                        SpendMatch.line_id == line.id, col(SpendMatch.undone_at).is_(None)
                    )
                ).one()
                if made.invoice_id is not None:
                    continue
                if made.invoiced_pence != self.counted(line):
                    # Neither the new amount nor none could stand: the old one does, and somebody is told.
                    assert f" {Flag.CHANGED.value} " in line.flags
                    invoiced, paid = invoiced + made.invoiced_pence, paid + made.paid_pence
                    continue
                invoiced += self.counted(line)
                paid += self.counted(line) if line.paid_on else 0
            assert (call_off.invoiced_pence, call_off.paid_pence) == (invoiced, paid)
            sums = {
                kind: sum(
                    one.amount_pence
                    for one in self.session.exec(
                        select(LedgerEntry).where(
                            LedgerEntry.call_off_id == call_off.id, LedgerEntry.kind == kind
                        )
                    )
                )
                for kind in (EntryKind.INVOICE, EntryKind.PAYMENT)
            }
            assert (sums[EntryKind.INVOICE], sums[EntryKind.PAYMENT]) == (invoiced, paid)

    @invariant()
    def verify_finds_nothing(self) -> None:
        self.session.flush()
        assert verify(self.session).differences == []


@pytest.mark.parametrize("stories", [25])
def test_whatever_is_matched_undone_corrected_and_taken_back_the_books_agree(
    session: Session, cast: Cast, stories: int
) -> None:
    run_state_machine_as_test(
        lambda: Machine(session, cast),  # type: ignore[arg-type]
        settings=settings(
            max_examples=stories,
            stateful_step_count=14,
            deadline=None,
            database=None,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
