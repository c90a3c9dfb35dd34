"""What the ledger is told because a line belongs to a call-off: posted, put right by a difference, and reversed.

The ledger's own entries say what stands for a line; whatever should stand is posted as the difference, on the day it counts for.
Everything here is called under `ledger.hold`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.matching.accepted import accepted_overs
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.spend.ledger import Amount, Posting
from framework.definitions import dates
from framework.definitions.money import Basis, Money
from framework.definitions.rules import Refusal
from framework.people.permissions import Visitor
from framework.records.columns import table_of

_entry = table_of(LedgerEntry)
_BLOCK = 500
NOTHING = Amount(Money.zero(), Money.zero())

Standing = Mapping[tuple[EntryKind, date], Amount]
"""What stands in the ledger for a line, or should: by kind and by the London day that it counts for."""


@dataclass(slots=True)
class Wanted:
    """What should stand for one line."""

    line_id: int
    stands: dict[tuple[EntryKind, date], Amount] = field(default_factory=dict)
    reason: str = "spend line"
    invoice_id: int | None = None

    def sum_of(self, kind: EntryKind) -> Amount:
        return _sum(amount for (one, _), amount in self.stands.items() if one is kind)


def counted(basis: Basis, net_pence: int | None, gross_pence: int | None) -> Amount | None:
    """A line's amount as the agreement counts it; None where the file does not say enough. VAT is never worked out from a rate."""
    if net_pence is None or (basis is Basis.GROSS and gross_pence is None):
        return None
    net = Money(net_pence)
    return Amount(net if basis is Basis.NET else Money(gross_pence or 0), net)


def should_stand(line: Any, amount: Amount | None) -> Wanted:
    """Invoiced on the invoice's day (else the day of payment), and paid on the day of payment where there is one."""
    wanted = Wanted(line.id, reason="credit line" if (line.net_pence or 0) < 0 else "spend line")
    if amount is None or amount == NOTHING:
        return wanted
    wanted.stands[(EntryKind.INVOICE, line.invoice_on or line.accounting_on)] = amount
    if line.paid_on:
        wanted.stands[(EntryKind.PAYMENT, line.paid_on)] = amount
    return wanted


def too_early(line: Any) -> Refusal | None:
    """A line of a day that is still to come: nothing has been invoiced or paid on it, as for what is recorded by hand."""
    day = max(one for one in (line.paid_on, line.invoice_on, line.accounting_on) if one)
    if day <= dates.today():
        return None
    return Refusal(
        f"This line counts for {dates.in_words(day)}, which is after today. Match it from that day on, or correct the file"
    )


def standing(session: Session, line_ids: Sequence[int], call_off_id: int) -> dict[int, dict[Any, Amount]]:
    """By line: what its entries on a call-off add up to, by kind and day."""
    found: dict[int, dict[Any, Amount]] = {}
    e = _entry.c
    for start in range(0, len(line_ids), _BLOCK):
        query = (
            sa.select(
                *(e.spend_line_id, e.kind, e.effective_on),
                sa.func.sum(e.amount_pence),
                sa.func.sum(e.net_pence),
            )
            .where(e.spend_line_id.in_(line_ids[start : start + _BLOCK]), e.call_off_id == call_off_id)
            .group_by(e.spend_line_id, e.kind, e.effective_on)
        )
        for line_id, kind, day, on_basis, net in session.connection().execute(query):
            found.setdefault(line_id, {})[(kind, day)] = Amount(Money(int(on_basis)), Money(int(net)))
    return found


def steps(stands: Standing, wanted: Wanted) -> list[tuple[EntryKind, Posting]]:
    """What has to be posted so that what stands becomes what is wanted."""
    made = []
    for key in sorted({*stands, *wanted.stands}, key=lambda one: (one[0].value, one[1])):
        difference = wanted.stands.get(key, NOTHING) - stands.get(key, NOTHING)
        if difference != NOTHING:
            kind, day = key
            posting = Posting(difference, wanted.reason, day, wanted.invoice_id, wanted.line_id)
            made.append((kind, posting))
    return made


def post(
    session: Session, call_off: CallOff, made: Iterable[tuple[EntryKind, Posting]], *, actor: Visitor
) -> None:
    """Post steps of one call-off. Final figures that finance had agreed are no longer final."""
    by_kind: dict[EntryKind, list[Posting]] = {}
    for kind, one in made:
        by_kind.setdefault(kind, []).append(one)
    if by_kind:
        call_off.finance_agreed_at = call_off.finance_agreed_by_id = None
    # What was billed first: what is paid never stands above it in between.
    for kind in (EntryKind.INVOICE, EntryKind.PAYMENT):
        if by_kind.get(kind):
            ledger.post_lines(session, call_off, kind, by_kind[kind], actor=actor)


def moved(made: Iterable[tuple[EntryKind, Posting]], kind: EntryKind) -> Money:
    """By how much steps move one balance, on the agreement's basis."""
    return _sum(one.amount for own, one in made if own is kind).on_basis


def accepted_over(session: Session, call_off_id: int) -> Money:
    """How far past committed this call-off's matches may stand, because somebody accepted it with a reason."""
    return Money(accepted_overs(session, [call_off_id]).get(call_off_id, 0))


def over_by(call_off: CallOff, step: Money) -> Money:
    """How much further past committed a step takes invoiced; nothing where it stays within."""
    committed, now = call_off.committed_pence, call_off.invoiced_pence
    after = max(0, now + step.pence - committed)
    return Money(max(0, after - max(0, now - committed)))


def below_nothing(
    call_off: CallOff, made: Sequence[tuple[EntryKind, Posting]], basis: Basis
) -> Refusal | None:
    """A credit that is more than what was invoiced or paid cannot be posted."""
    for kind, word, now in (
        (EntryKind.INVOICE, "invoiced", call_off.invoiced_pence),
        (EntryKind.PAYMENT, "paid", call_off.paid_pence),
    ):
        step = moved(made, kind)
        if now + step.pence < 0:
            return Refusal(
                f"{call_off.reference} has {Money(now)} ({basis.label}) {word}, and {-step} would be taken away. "
                "Match what it credits first, or undo the credit first",
                rule="RULE-33",
                left=Money(now),
            )
    return None


def _sum(amounts: Iterable[Amount]) -> Amount:
    on_basis = net = 0
    for one in amounts:
        on_basis += one.on_basis.pence
        net += one.net.pence
    return Amount(Money(on_basis), Money(net))
