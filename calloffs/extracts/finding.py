"""Finding lines of extracts: the one place that says which lines count, and who may see them."""

import sqlalchemy as sa

from calloffs.extracts.spend_import import SpendImport
from calloffs.extracts.spend_line import SpendLine
from framework.people.permissions import Permission, Visitor
from framework.records.columns import table_of

line = table_of(SpendLine)
_import = table_of(SpendImport)


def counts() -> sa.ColumnElement[bool]:
    """A line counts once its import is confirmed and while it is not withdrawn."""
    confirmed = sa.select(_import.c.id).where(_import.c.confirmed_at.is_not(None))
    return sa.and_(line.c.withdrawn_at.is_(None), line.c.import_id.in_(confirmed))


def visible(visitor: Visitor) -> sa.ColumnElement[bool]:
    """Lines that the visitor may see: every line of an authority for whoever reads its extracts, those of its call-offs for whoever reads its spend."""
    return sa.or_(
        line.c.authority_id.in_(visitor.parties_where(Permission.EXTRACT_READ)),
        sa.and_(
            line.c.call_off_id.is_not(None),
            line.c.authority_id.in_(visitor.parties_where(Permission.SPEND_READ)),
        ),
    )
