"""Every balance again from the entries, for tests: equal to the penny or the test fails."""

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff
from calloffs.spend.entry import EntryKind, LedgerEntry
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

_KINDS = {
    "reserved_pence": EntryKind.RESERVATION,
    "committed_pence": EntryKind.COMMITMENT,
    "invoiced_pence": EntryKind.INVOICE,
    "paid_pence": EntryKind.PAYMENT,
}


def balances_equal_entries(session: Session) -> None:
    """Add up every entry for every scope and compare with the balances kept."""
    session.flush()
    entry, member = table_of(LedgerEntry), table_of(MemberAuthority)
    scopes = [
        (table_of(model), entry.c[f"{name}_id"] == table_of(model).c.id)
        for model, name in (
            (FrameworkAgreement, "agreement"),
            (Lot, "lot"),
            (CallOff, "call_off"),
            (Appointment, "appointment"),
        )
    ]
    theirs = sa.and_(
        entry.c.agreement_id == member.c.agreement_id, entry.c.authority_id == member.c.authority_id
    )
    for table, where in [*scopes, (member, theirs)]:
        for column, kind in _KINDS.items():
            total: sa.ColumnElement[int] = (
                sa.select(sa.func.coalesce(sa.func.sum(entry.c.amount_pence), 0))
                .where(where, entry.c.kind == kind)
                .scalar_subquery()
            )
            if table.name == "appointment" and column == "reserved_pence":
                total = sa.literal(0)
            for row_id, kept, added in session.connection().execute(
                sa.select(table.c.id, table.c[column], total)
            ):
                assert kept == added, (
                    f"{table.name} {row_id}: {column} is {kept}, its entries add up to {added}"
                )
    case = table_of(BusinessCase)
    promised = (
        sa.select(sa.func.coalesce(sa.func.sum(entry.c.net_pence), 0))
        .where(entry.c.case_id == case.c.id, entry.c.kind.in_([EntryKind.RESERVATION, EntryKind.COMMITMENT]))
        .scalar_subquery()
    )
    for row_id, kept, added in session.connection().execute(
        sa.select(case.c.id, case.c.used_net_pence, promised)
    ):
        assert kept == added, f"case {row_id}: {kept} used, its entries add up to {added}"
