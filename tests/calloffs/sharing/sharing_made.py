"""A call-off of Northbank that Southmere shares 60/40, with money paid on it."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.sharing.agreeing import answer_sharing
from calloffs.sharing.proposing import propose_sharing
from calloffs.spend import ledger
from calloffs.spend.entry import EntryKind
from calloffs.spend.ledger import Amount, Posting
from framework.definitions.money import Money
from framework.people.permissions import CLOCK
from tests.calloffs.spend.building import live_call_off
from tests.cast import Cast


def pay(session: Session, call_off: CallOff, *payments: tuple[date, int]) -> None:
    """Post payments (day, pence net of VAT) with invoices of the same day before them."""
    ledger.hold(session, call_off.agreement_id)
    for kind in (EntryKind.INVOICE, EntryKind.PAYMENT):
        lines = [Posting(Amount(Money(pence), Money(pence)), "test", on=day) for day, pence in payments]
        ledger.post_lines(session, call_off, kind, lines, actor=CLOCK)


def proposed(
    session: Session,
    cast: Cast,
    call_off: CallOff,
    *,
    shares: Sequence[tuple[str, int]] = (("Northbank", 6_000), ("Southmere", 4_000)),
    from_on: date = date(2022, 9, 1),
    by: str = "Asha",
) -> None:
    """Shares of a call-off as Northbank proposes them."""
    propose_sharing(
        session,
        actor=cast.visitor(session, by),
        call_off=call_off,
        shares=[(cast.party[name], bp) for name, bp in shares],
        from_on=from_on,
        reason="Both use it",
    )


def shared(session: Session, cast: Cast, *payments: tuple[date, int], value: str = "60,000") -> CallOff:
    """Northbank 60%, Southmere 40% from 1 September 2022, agreed by Fern."""
    call_off = live_call_off(session, cast, value=value)
    proposed(session, cast, call_off)
    answer_sharing(session, actor=cast.visitor(session, "Fern"), call_off=call_off, number=1, agrees=True)
    if payments:
        pay(session, call_off, *payments)
    return call_off
