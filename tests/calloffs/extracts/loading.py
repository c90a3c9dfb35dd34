"""Loading extracts in tests: a source, a file, and what stands afterwards."""

import sqlalchemy as sa

from calloffs.extracts import commanding
from calloffs.extracts.finding import counts, line
from calloffs.extracts.source import AmountBasis
from framework.records.database import current
from tests.calloffs.extracts.councils import text_of

SOURCE = "Northbank payments"


def load(folder, rows, *, source=SOURCE, name="october.csv", agree=True, email=None, basis=AmountBasis.NET):
    """Load rows of cells as the command line does."""
    path = folder / name
    path.write_bytes(rows if isinstance(rows, bytes) else text_of(rows))
    return commanding.load_file(path, source, authority="Northbank", basis=basis, agree=agree, email=email)


def check(folder, rows, *, source=SOURCE, name="october.csv", authority=None):
    path = folder / name
    path.write_bytes(rows if isinstance(rows, bytes) else text_of(rows))
    return commanding.check_file(path, source, authority=authority)


def standing():
    """How many lines count, and what they add up to net of VAT, in pence."""
    session = current()
    found = (
        session.connection()
        .execute(
            sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(line.c.net_pence), 0)).where(counts())
        )
        .one()
    )
    session.rollback()
    return tuple(int(one) for one in found)
