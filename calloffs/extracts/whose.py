"""Whose file it is: signs that a file belongs to another council than its source, told before anything is saved."""

import re
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.extracts.extract import Heading
from calloffs.extracts.finding import counts, line
from calloffs.extracts.source import SpendSource
from framework.people.party import Party

_ANY = frozenset(
    [
        "council",
        "borough",
        "city",
        "county",
        "district",
        "metropolitan",
        "london",
        "royal",
        "of",
        "the",
        "and",
        "unitary",
        "authority",
        "mbc",
        "mdc",
        "wmdc",
        "bc",
        "cc",
        "dc",
        "combined",
        "corporation",
    ]
)
_WORD = re.compile(r"[^\W_]+")
_ENOUGH_SUPPLIERS = 8
_ASKED = 200
_ALIKE = 0.5
"""Part of the headings that a file of the same source usually shares with the one before it."""


def stranger_names(named: Iterable[str], authority: Party | None, known_as: str) -> list[str]:
    """Those of the names in a file that are neither the authority's own nor known for this source."""
    known = {folded(one) for one in known_as.splitlines()}
    return [
        one for one in named if folded(one) not in known and (authority is None or not _same(one, authority))
    ]


def warnings(
    session: Session,
    *,
    source: SpendSource,
    authority: Party,
    named: Sequence[str],
    headings: Sequence[Heading],
    headings_before: Sequence[str] | None,
    suppliers: Sequence[str],
    rows_known: int,
) -> list[str]:
    """Sentences that a person must agree to. `headings_before` are those of the last loaded file, folded."""
    found = []
    if strangers := stranger_names(named, authority, source.known_as):
        who = ", ".join(f"“{one[:80]}”" for one in strangers[:3])
        more = f" and {len(strangers) - 3} more" if len(strangers) > 3 else ""
        found.append(f"The file names {who}{more}. The source {source.name} belongs to {authority.name}")
    if headings_before:
        before, now = set(headings_before), {one.folded for one in headings}
        if len(before & now) < _ALIKE * len(before | now):
            found.append(
                f"The headings are unlike those of the last file from {source.name}: "
                f"{len(before & now)} of {len(now)} were there before"
            )
    if (
        not rows_known
        and headings_before is not None
        and len(suppliers) >= _ENOUGH_SUPPLIERS
        and not _any_seen(session, source.id, suppliers)
    ):
        found.append(
            f"None of the {len(suppliers):,} suppliers in this file was ever in a file from {source.name}"
        )
    return found


def _any_seen(session: Session, source_id: int, suppliers: Sequence[str]) -> bool:
    query = sa.select(line.c.id).where(
        line.c.source_id == source_id, line.c.supplier_name.in_(list(suppliers)[:_ASKED]), counts()
    )
    return session.connection().execute(query.limit(1)).first() is not None


def _same(named: str, authority: Party) -> bool:
    if folded(named) in {folded(authority.name), folded(authority.short_name or authority.name)}:
        return True
    said, own = telling(named), telling(authority.name)
    return bool(said and own) and (said <= own or own <= said)


def telling(name: str) -> set[str]:
    """The words of an authority's name that tell it from others."""
    return set(folded(name).split()) - _ANY


def folded(name: str) -> str:
    """A name as it is compared: its words in small letters."""
    return " ".join(_WORD.findall(name.casefold()))
