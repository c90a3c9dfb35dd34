"""Proving the clocks: each invoice's due day, and the day of the dispute that stands, worked out again from what happened."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.clocks.dispute import DisputeEvent
from calloffs.clocks.disputing import Standing, standing
from calloffs.spend.invoice import Invoice
from framework.definitions import dates
from framework.definitions.payments import payment_due
from framework.records.columns import table_of

_invoice, _call_off, _event = table_of(Invoice), table_of(CallOff), table_of(DisputeEvent)
_BLOCK = 500


def clocks(session: Session) -> tuple[str, int, list[str]]:
    """What was compared, how many, and every difference in words."""
    count = int(session.connection().execute(sa.select(sa.func.count(_invoice.c.id))).scalar_one())
    differences = [*_never_disputed(session), *_ever_disputed(session)]
    return "due days of invoices and their disputes", count, differences


def due_again(received_on: date, found: Standing) -> date:
    """The due day that resolved disputes leave; one that stands moves it only once it is resolved."""
    resolved = [stop for stop in found.stops if stop[1] is not None]
    ends = [end for _, end in resolved if end is not None]
    return payment_due(received_on, Standing(tuple(resolved)).days(max(ends)) if ends else 0)


def _never_disputed(session: Session) -> Iterator[str]:
    quiet = _invoice.c.id.not_in(sa.select(_event.c.invoice_id))
    days = (_invoice.c.received_on, _invoice.c.due_on, _invoice.c.disputed_on)
    connection = session.connection()
    # Many invoices share their days: each set of them is worked out once, and only wrong ones are looked up by name.
    for received_on, due_on, disputed_on in connection.execute(
        sa.select(*days).where(quiet).distinct()
    ).all():
        if due_on == payment_due(received_on) and disputed_on is None:
            continue
        same = [
            column.is_(None) if value is None else column == value
            for column, value in zip(days, (received_on, due_on, disputed_on), strict=True)
        ]
        for one in connection.execute(_named().where(quiet, *same)).all():
            yield from _differences(one, Standing())


def _ever_disputed(session: Session) -> Iterator[str]:
    last = 0
    while True:
        rows: Sequence[Any] = (
            session.connection()
            .execute(
                _named()
                .where(_invoice.c.id > last, _invoice.c.id.in_(sa.select(_event.c.invoice_id)))
                .limit(_BLOCK)
            )
            .all()
        )
        if not rows:
            return
        stood = standing(session, [one.id for one in rows])
        for one in rows:
            yield from _differences(one, stood[one.id])
        last = rows[-1].id


def _named() -> sa.Select[Any]:
    return (
        sa.select(
            *(_invoice.c[name] for name in ("id", "number", "received_on", "due_on", "disputed_on")),
            _call_off.c.reference,
        )
        .join(_call_off, _call_off.c.id == _invoice.c.call_off_id)
        .order_by(_invoice.c.id)
    )


def _differences(one: Any, found: Standing) -> Iterator[str]:
    name, due = f"Invoice {one.number} of {one.reference}", due_again(one.received_on, found)
    if one.due_on != due:
        yield f"{name}: it is due on {dates.in_words(one.due_on)}, its receipt and disputes make it {dates.in_words(due)}"
    if one.disputed_on != found.disputed_on:
        yield f"{name}: it is {_since(one.disputed_on)}, its events say {_since(found.disputed_on)}"


def _since(day: date | None) -> str:
    return f"disputed since {dates.in_words(day)}" if day else "not disputed"
