"""An extract that was checked, in a session of the caller's: for tests of what others may see of it."""

from calloffs.extracts import taking
from calloffs.extracts.checking import check, sha256_of
from calloffs.extracts.source import AmountBasis
from calloffs.extracts.sourcing import add_source
from framework.people.party import Party
from tests.calloffs.extracts.councils import text_of, three_amounts
from tests.calloffs.extracts.extract_files import read


def checked_extract(session, cast, mark, who="Finn"):
    """An import of three rows that waits to be confirmed; row 4 cannot be read. Everything in it says `mark`."""
    actor, authority = cast.visitor(session, who), session.get_one(Party, cast.party["Northbank"])
    source = add_source(
        session, actor=actor, authority_id=authority.id, name=f"{mark} ledger", basis=AmountBasis.NET
    )
    rows = [list(one) for one in three_amounts(3)]
    for row in rows[1:]:
        row[6] = f"{mark} Ltd"
    rows[3][1] = f"{mark} day"
    content = text_of(rows)
    checked = check(session, read(content), sha256=sha256_of(content), source=source, authority=authority)
    name = f"{mark}.csv"
    return taking.take(session, actor=actor, source=source, content=content, file_name=name, checked=checked)
