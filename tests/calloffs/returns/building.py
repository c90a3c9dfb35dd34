"""Returns in tests: a line of a return, and a whole one given or corrected by the right person."""

from datetime import date
from typing import Any

from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.returns.correcting import correct_return
from calloffs.returns.explaining import write_note
from calloffs.returns.giving import LineFacts, ReturnFacts, Seen, give_return
from calloffs.returns.monthly_return import ReturnNote, ReturnVersion
from calloffs.returns.reading import head_of
from framework.definitions.money import Money
from tests.cast import Cast

OCTOBER = date(2022, 10, 1)
USER = {"Fennel Web": "Faye", "Quill Works": "Qi", "Tern Systems": "Tess"}


def line(call_off: CallOff, net: str = "10,000", **more: Any) -> LineFacts:
    """One call-off's line with an amount net of VAT and words on what was delivered."""
    facts = {"delivered": "Two working screens", **more}
    return LineFacts(call_off.id, net=Money.pounds(net, allow_negative=True), **facts)


def seen(session: Session, supplier_id: int, month: date) -> Seen:
    """What somebody who looks now has before them."""
    head = head_of(session, supplier_id, month)
    return Seen(head.versions, head.draft_saves) if head else Seen()


def give(
    session: Session,
    cast: Cast,
    *lines: LineFacts,
    partner: str = "Fennel Web",
    month: date = OCTOBER,
    reason: str = "",
    no_business: bool = False,
) -> ReturnVersion:
    """Give a return, or correct it where a reason is said."""
    supplier_id = cast.party[partner]
    how: dict[str, Any] = {
        "actor": cast.visitor(session, USER[partner]),
        "supplier_id": supplier_id,
        "month": month,
        "facts": ReturnFacts(tuple(lines), no_business),
        "seen": seen(session, supplier_id, month),
    }
    if reason:
        return correct_return(session, reason=reason, **how)
    return give_return(session, **how)


def noted(session: Session, cast: Cast, call_off: CallOff, *, by: str = "Finn", **how: Any) -> ReturnNote:
    """A note on a call-off's October, by finance unless said."""
    facts = {"words": "Billed a day later", **how}
    return write_note(
        session, actor=cast.visitor(session, by), reference=call_off.reference, month=OCTOBER, **facts
    )
