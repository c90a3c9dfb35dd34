"""Call-offs named in columns that were taken for something else: worth a note before anything is saved."""

import re
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from calloffs.call_off import CallOff
from calloffs.extracts.extract import Heading, How
from calloffs.extracts.fields import FIELDS
from calloffs.matching import folding
from framework.people.party import Party
from lots.lot import Lot

_REFERENCE = re.compile(r"([A-Z0-9][A-Z0-9-]{0,40})-[0-9]{4,6}")


def seen_as_references(session: Session, headings: Sequence[Heading], authority: Party) -> list[str]:
    """A sentence for each column whose examples look like references of call-offs under this authority's lots, but is not read as such."""
    found: list[tuple[Heading, str, str]] = []
    for one in headings:
        if one.field == "call_off_reference" or (one.field == "" and one.how is How.REMEMBERED):
            continue
        for sample in one.samples:
            if named := _REFERENCE.fullmatch(folding.reference(sample)):
                found.append((one, sample, named[1]))
    if not found:
        return []
    query = (
        sa.select(col(Lot.reference))
        .where(
            col(Lot.reference).in_({lot for _, _, lot in found}),
            sa.exists().where(col(CallOff.lot_id) == col(Lot.id), col(CallOff.authority_id) == authority.id),
        )
        .distinct()
    )
    own = set(session.connection().execute(query).scalars())
    told = {one.position: (one, sample) for one, sample, lot in reversed(found) if lot in own}
    return [_note(one, sample, authority) for _, (one, sample) in sorted(told.items())]


def _note(heading: Heading, sample: str, authority: Party) -> str:
    taken = f"was taken for {FIELDS[heading.field].label.lower()}" if heading.field else "is read as nothing"
    return (
        f"“{heading.text[:60]}” holds what looks like references of {authority.name}’s call-offs, such as {sample[:40]}, "
        f"and {taken}. Correct what the columns are if it holds the call-off"
    )
