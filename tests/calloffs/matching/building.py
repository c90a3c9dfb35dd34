"""Lines of an extract as importing leaves them: a source, a confirmed import, and what a row says."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlmodel import Session, select

from calloffs.extracts.source import AmountBasis, SpendSource
from calloffs.extracts.spend_import import ImportState, SpendImport
from calloffs.extracts.spend_line import SpendLine
from calloffs.matching.following import lines_arrived
from framework.definitions.money import Money
from tests.cast import Cast

_NUMBERS = count(1)
LOADED = datetime(2022, 11, 20, 9, 0, tzinfo=UTC)


def a_source(session: Session, cast: Cast, authority: str = "Northbank") -> SpendSource:
    """The authority's finance system."""
    name = f"{authority} ledger"
    found = session.exec(select(SpendSource).where(SpendSource.name == name)).one_or_none()
    if found is None:
        found = SpendSource(
            authority_id=cast.party[authority],
            name=name,
            name_key=name.lower(),
            basis=AmountBasis.BOTH,
            created_at=LOADED,
        )
        session.add(found)
        session.flush()
    return found


def an_import(session: Session, source: SpendSource) -> SpendImport:
    """A confirmed file of the source."""
    made = SpendImport(
        source_id=source.id,
        authority_id=source.authority_id,
        file_name="october.csv",
        sha256="0" * 64,
        state=ImportState.CONFIRMED,
        started_at=LOADED,
        confirmed_at=LOADED,
    )
    session.add(made)
    session.flush()
    return made


def a_line(
    session: Session,
    cast: Cast,
    *,
    authority: str = "Northbank",
    net: str | None = "1,000",
    gross: str | None = "",
    invoiced: date | None = date(2022, 10, 3),
    paid: date | None = date(2022, 10, 28),
    imported: SpendImport | None = None,
    **said: Any,
) -> SpendLine:
    """A line that has arrived; `gross` is net and a fifth unless given, and None where the file does not say."""
    source = a_source(session, cast, authority)
    brought = imported or an_import(session, source)
    amount = None if net is None else Money.pounds(net, allow_negative=True).pence
    total = (
        None
        if gross is None or (gross == "" and amount is None)
        else ((amount or 0) * 6 // 5 if gross == "" else Money.pounds(gross, allow_negative=True).pence)
    )
    number = next(_NUMBERS)
    line = SpendLine(
        source_id=source.id,
        authority_id=source.authority_id,
        import_id=brought.id,
        row=number,
        transaction_number=f"T{number}",
        invoice_on=invoiced,
        paid_on=paid,
        accounting_on=paid or invoiced or date(2022, 10, 28),
        net_pence=amount,
        gross_pence=total,
        **said,
    )
    session.add(line)
    session.flush()
    lines_arrived(session, [line.id])
    session.refresh(line)
    return line
