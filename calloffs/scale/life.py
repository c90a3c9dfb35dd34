"""One call-off while it is told: the acts that are planned, and the money that moves with them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from calloffs.scale import moments
from calloffs.scale.asking import Ask
from calloffs.scale.sheets import Sheets
from calloffs.scale.stage import Council, Ground, Place
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.spend.ledger import Amount
from calloffs.spend.period_figure import PeriodFigure
from framework.definitions import dates
from framework.definitions.money import Basis, Money, gross_of
from framework.people.permissions import Role
from framework.records.audit import Subject

VAT = 2000
COLUMN = {
    EntryKind.RESERVATION: "reserved_pence",
    EntryKind.COMMITMENT: "committed_pence",
    EntryKind.INVOICE: "invoiced_pence",
    EntryKind.PAYMENT: "paid_pence",
}


class Billed(Protocol):
    """An invoice whose number is known once it is written."""

    id: int


@dataclass(slots=True)
class Books:
    """What every scope holds so far: written to the scopes when everything is told, and compared by `tracker verify`."""

    sums: dict[tuple[str, int], dict[str, int]] = field(default_factory=dict)

    def move(self, scope: str, number: int, column: str, pence: int) -> None:
        held = self.sums.setdefault((scope, number), dict.fromkeys(COLUMN.values(), 0))
        held[column] += pence


@dataclass(slots=True)
class Life:
    """One call-off while it is told. What its row will say is worked out first, because its row is written first."""

    sheets: Sheets
    books: Books
    ask: Ask
    now: datetime
    row: dict[str, Any] = field(default_factory=dict)
    case: dict[str, Any] | None = None
    place: Place | None = None
    acts: list[tuple[datetime, int, Callable[..., None], tuple[Any, ...]]] = field(default_factory=list)
    held: dict[EntryKind, Amount] = field(default_factory=dict)
    figures: dict[date, Counter[str]] = field(default_factory=dict)
    """What moved, by the first day of the month: the councils made here close by months."""

    @property
    def lot(self) -> Ground:
        return self.ask.lot

    @property
    def council(self) -> Council:
        return self.ask.council

    @property
    def today(self) -> date:
        return dates.as_london(self.now).date()

    @property
    def about(self) -> Subject:
        return Subject("call_off", self.row["id"], self.row["reference"], self.council.id)

    def who(self, role: Role, turn: int = 0) -> int:
        """The number of one of the council's people in a role."""
        people = self.council.people[role]
        return people[turn % len(people)]

    def day(self, days: int, hour: int = 10) -> datetime:
        """A working moment so many days after the draft."""
        return moments.at(self.ask.drafted_on + timedelta(days=days), hour, self.lot.call_offs * 7 % 50)

    def then(self, moment: datetime, act: Callable[..., None], *facts: Any) -> None:
        """Plan an act; acts of one moment keep their order."""
        self.acts.append((moment, len(self.acts), act, facts))

    def add(self, model: Any, **row: Any) -> None:
        self.sheets.add(model, row)

    def said(
        self, moment: datetime, actor: int | None, action: str, facts: dict[str, Any], words: dict[str, str]
    ) -> None:
        self.sheets.record(moment, actor, action, self.about, facts, words)

    def tell(
        self,
        moment: datetime,
        actor: int | None,
        action: str,
        facts: dict[str, Any] | None = None,
        **words: str,
    ) -> None:
        """Plan an audit record of the call-off."""
        self.then(moment, self.said, moment, actor, action, facts or {}, words)

    def counted(self, net: Money, gross: Money | None = None) -> Amount:
        """A movement on the agreement's basis."""
        if self.lot.agreement.basis is Basis.NET:
            return Amount(net, net)
        return Amount(gross_of(net, VAT) if gross is None else gross, net)

    def post(
        self,
        moment: datetime,
        kind: EntryKind,
        amount: Amount,
        reason: str,
        actor: int | None,
        bill: Billed | None = None,
    ) -> None:
        """Plan an entry, and move every balance at once: what they come to in the end does not hang on when."""
        if not amount.on_basis.pence and not amount.net.pence:
            return
        before = self.held.get(kind, Amount(Money.zero(), Money.zero()))
        self.held[kind] = Amount(before.on_basis + amount.on_basis, before.net + amount.net)
        pence, column, terms = amount.on_basis.pence, COLUMN[kind], self.lot.agreement
        partner = self.place.id if self.place else None
        counts_for = dates.as_london(moment).date()
        figures = self.figures.setdefault(counts_for.replace(day=1), Counter())
        figures.update({column: pence, column.replace("_pence", "_net_pence"): amount.net.pence})
        figures[column.replace("_pence", "_count")] += 1
        self.row[column] = self.row.get(column, 0) + pence
        self.books.move("agreement", terms.id, column, pence)
        self.books.move("lot", self.lot.id, column, pence)
        self.books.move("member", terms.member_ids[self.council.id], column, pence)
        if partner is not None and kind is not EntryKind.RESERVATION:
            self.books.move("appointment", partner, column, pence)
        if self.case is not None and kind in (EntryKind.RESERVATION, EntryKind.COMMITMENT):
            self.case["used_net_pence"] += amount.net.pence
        self.then(moment, self._enter, moment, kind, amount, reason, actor, partner, bill)

    def _enter(
        self,
        moment: datetime,
        kind: EntryKind,
        amount: Amount,
        reason: str,
        actor: int | None,
        partner: int | None,
        bill: Billed | None,
    ) -> None:
        self.add(
            LedgerEntry,
            posted_at=moment,
            kind=kind,
            amount_pence=amount.on_basis.pence,
            net_pence=amount.net.pence,
            reason=reason,
            agreement_id=self.lot.agreement.id,
            lot_id=self.lot.id,
            authority_id=self.council.id,
            call_off_id=self.row["id"],
            case_id=self.case["id"] if self.case else None,
            appointment_id=partner,
            invoice_id=bill.id if bill else None,
            actor_id=actor,
            effective_on=dates.as_london(moment).date(),
        )

    def settle(self) -> None:
        """Put down the figures of its months, once everything is told."""
        for month, moved in self.figures.items():
            self.add(PeriodFigure, call_off_id=self.row["id"], month_on=month, period_on=month, **moved)
