"""How complete figures are, as every page of them says it."""

from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session

from calloffs.extracts.source import AmountBasis, SpendSource
from calloffs.extracts.spend_import import ImportState, SpendImport
from calloffs.extracts.spend_line import SpendLine
from calloffs.figures.completeness import completeness
from framework.definitions.money import Money
from tests.calloffs.spend.building import live_call_off
from tests.cast import Cast

LOADED = datetime(2022, 11, 2, 9, 0, tzinfo=UTC)


def loaded(
    session: Session, cast: Cast, *lines: SpendLine, authority: str = "Northbank", confirmed: bool = True
) -> SpendImport:
    """An import of one authority with these lines."""
    source = SpendSource(
        authority_id=cast.party[authority],
        name=f"{authority} ledger",
        name_key=f"{authority} ledger".lower(),
        basis=AmountBasis.NET,
        created_at=LOADED,
    )
    session.add(source)
    session.flush()
    found = SpendImport(
        source_id=source.id,
        authority_id=cast.party[authority],
        file_name="october.csv",
        sha256="0" * 64,
        state=ImportState.CONFIRMED if confirmed else ImportState.CONFIRMING,
        started_at=LOADED,
        confirmed_at=LOADED if confirmed else None,
    )
    session.add(found)
    session.flush()
    for row, one in enumerate(lines, start=2):
        one.source_id, one.authority_id, one.import_id, one.row = (
            source.id,
            cast.party[authority],
            found.id,
            row,
        )
        one.transaction_number = one.transaction_number or f"T{row}"
        session.add(one)
    session.flush()
    return found


def line(on: date, **said: Any) -> SpendLine:
    """A line of an extract paid on a day."""
    return SpendLine(accounting_on=on, paid_on=on, **said)


def test_a_reader_is_told_how_far_each_authority_s_extracts_reach_and_what_waits(
    both_databases: str, session: Session, cast: Cast
) -> None:
    call_off = live_call_off(session, cast)
    loaded(
        session,
        cast,
        line(date(2022, 10, 28), net_pence=10_00, gross_pence=12_00),
        line(date(2022, 10, 31), gross_pence=5_00),
        line(date(2022, 10, 30), net_pence=7_00, call_off_id=call_off.id),
        line(date(2022, 10, 30), net_pence=9_00, not_ours_at=LOADED),
        line(date(2022, 10, 29), net_pence=8_00, withdrawn_at=LOADED),
    )
    loaded(session, cast, line(date(2022, 9, 30), net_pence=1_00), authority="Southmere")
    found = completeness(session, cast.visitor(session, "Finn"))
    northbank, southmere = found.loaded
    assert (northbank.authority, northbank.up_to, northbank.loaded_at) == (
        "Northbank",
        date(2022, 10, 31),
        LOADED,
    )
    assert (northbank.waiting, northbank.waiting_net, northbank.waiting_gross) == (
        2,
        Money(10_00),
        Money(5_00),
    )
    assert northbank.not_invoiced == 1
    # A lead sees how far its members' extracts reach, and nothing of what is in them.
    assert (southmere.authority, southmere.up_to, southmere.waiting, southmere.not_invoiced) == (
        "Southmere",
        date(2022, 9, 30),
        0,
        0,
    )
    assert found.sentences == (
        "The ledger last moved on 22 November 2022, 10:00am.",
        "Northbank: extracts are loaded up to 31 October 2022, the last one on 2 November 2022.",
        "Northbank: 2 loaded lines wait to be matched to a call-off "
        "(£10.00 net of VAT and £5.00 including VAT on lines that do not say net).",
        "Northbank: 1 running call-off has no invoice yet.",
        "Southmere: extracts are loaded up to 30 September 2022, the last one on 2 November 2022.",
    )


def test_a_member_is_told_of_its_own_extracts_alone_and_lines_not_confirmed_do_not_count(
    session: Session, cast: Cast
) -> None:
    loaded(session, cast, line(date(2022, 10, 28), net_pence=10_00))
    loaded(session, cast, line(date(2022, 9, 30), net_pence=1_00), authority="Southmere", confirmed=False)
    found = completeness(session, cast.visitor(session, "Fern"))
    assert found.sentences == ("The ledger has not moved yet.", "Southmere: no extract is loaded.")
