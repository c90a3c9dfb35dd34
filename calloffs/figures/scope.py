"""What was asked of figures, and whose money the reader may see: the one place that turns filters into conditions.

Three kinds of money meet here. What the reader's own authorities called off is seen to the last entry. Of the other members of an
agreement the lead authority's readers see totals by authority and by partner, everybody else one total ("Other authorities together").
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.figures.spans import Span, span_of
from calloffs.spend.balances import visible_agreements
from calloffs.spend.entry import EntryKind
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.dates import DateError
from framework.definitions.money import Basis
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.columns import table_of
from lots.appointment import Appointment
from lots.lot import Lot

agreements, lots, parties, places, call_offs = (
    table_of(model) for model in (FrameworkAgreement, Lot, Party, Appointment, CallOff)
)
authority, partner = parties.alias("authority"), parties.alias("partner")

OTHERS = "others"
"""Every authority but the reader's own."""
UNNAMED = "unnamed"
"""The authorities that the reader may not see by name."""
TOGETHER = "Other authorities together"
NO_PROGRAMME = "no-programme"
NOT_AWARDED = "not-awarded"
BOTH: dict[str, frozenset[EntryKind]] = {
    "left": frozenset({EntryKind.RESERVATION, EntryKind.COMMITMENT}),
    "left_to_invoice": frozenset({EntryKind.COMMITMENT, EntryKind.INVOICE}),
}
"""Kinds of entries asked for together, because a figure is worked out from both: what is left of a ceiling, and left to invoice."""
FILTERS = (
    *("agreement", "lot", "authority", "partner", "call_off", "programme", "kind"),
    *("year", "period", "month", "calendar", "standing", "as_at", "since", "basis"),
)
"""The names of the filters of figures and of entries."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What was asked, read and found: ids, a stretch of days, and the day as at which."""

    visitor: Visitor
    agreement_id: int | None = None
    lot_id: int | None = None
    authority: str = ""
    """"others", "unnamed" or blank."""
    authority_ids: frozenset[int] | None = None
    supplier_ids: frozenset[int] | None = None
    not_awarded: bool = False
    call_off_id: int | None = None
    programme: str | None = None
    """Blank for those without one."""
    kinds: frozenset[EntryKind] = frozenset()
    """Blank for every kind."""
    span: Span = Span()  # noqa: RUF009  it cannot change
    as_at: date | None = None
    """Posted up to the end of this London day."""
    since: date | None = None
    """Posted after the end of this London day."""
    basis: Basis | None = None

    @property
    def own(self) -> frozenset[int]:
        """The authorities whose every entry the reader may see."""
        return self.visitor.parties_where(Permission.SPEND_READ)

    def now(self) -> "Scope":
        """The same, as it is now."""
        return replace(self, as_at=None, since=None)


def scope_of(session: Session, visitor: Visitor, filters: Mapping[str, str]) -> Scope:
    """Read the filters of an address; blank ones are nothing. Raises `NotFound` for one that means nothing to this visitor."""
    said = {name: value for name, value in filters.items() if value}
    if set(said) - set(FILTERS):
        raise NotFound
    agreement_id: int | None = None
    lot_id: int | None = None
    call_off_id: int | None = None
    seen = visible_agreements(visitor)
    if "agreement" in said:
        agreement_id = _one(
            session, sa.select(agreements.c.id).where(agreements.c.reference == said["agreement"], seen)
        )
    if "lot" in said:
        joined = lots.join(agreements, agreements.c.id == lots.c.agreement_id)
        lot_id = _one(
            session, sa.select(lots.c.id).select_from(joined).where(lots.c.reference == said["lot"], seen)
        )
    if "call_off" in said:
        own = call_offs.c.authority_id.in_(visitor.parties_where(Permission.SPEND_READ))
        call_off_id = _one(
            session, sa.select(call_offs.c.id).where(call_offs.c.reference == said["call_off"], own)
        )
    whose, partners = said.get("authority", ""), said.get("partner", "")
    unnamed = whose if whose in (OTHERS, UNNAMED) else ""
    try:
        kinds = frozenset() if "kind" not in said else BOTH.get(said["kind"]) or {EntryKind(said["kind"])}
        basis = Basis(said["basis"]) if "basis" in said else None
    except ValueError:
        raise NotFound from None
    return Scope(
        visitor,
        agreement_id,
        lot_id,
        unnamed,
        _parties(session, whose, _authorities(visitor)) if whose and not unnamed else None,
        _parties(session, partners, _partners(visitor)) if partners and partners != NOT_AWARDED else None,
        partners == NOT_AWARDED,
        call_off_id,
        None if "programme" not in said else _programme(said["programme"]),
        frozenset(kinds),
        span_of(said),
        _day(said.get("as_at")),
        _day(said.get("since")),
        basis,
    )


def _programme(said: str) -> str:
    return "" if said == NO_PROGRAMME else said


def _one(session: Session, query: sa.Select[Any]) -> int:
    found = session.connection().execute(query).scalars().one_or_none()
    if found is None:
        raise NotFound
    return int(found)


def _authorities(visitor: Visitor) -> sa.ColumnElement[bool]:
    """The reader's own authorities, and members and leads of agreements that the reader may see."""
    mine = visitor.parties_where(Permission.SPEND_READ)
    seen = sa.select(agreements.c.id).where(visible_agreements(visitor))
    members = table_of(MemberAuthority)
    return sa.or_(
        parties.c.id.in_(mine),
        parties.c.id.in_(sa.select(members.c.authority_id).where(members.c.agreement_id.in_(seen))),
        parties.c.id.in_(sa.select(agreements.c.lead_authority_id).where(visible_agreements(visitor))),
    )


def _partners(visitor: Visitor) -> sa.ColumnElement[bool]:
    """Companies that are or were in a lot of an agreement that the reader may see."""
    source = places.join(lots, lots.c.id == places.c.lot_id).join(
        agreements, agreements.c.id == lots.c.agreement_id
    )
    return parties.c.id.in_(
        sa.select(places.c.supplier_id).select_from(source).where(visible_agreements(visitor))
    )


def _parties(session: Session, said: str, known: sa.ColumnElement[bool]) -> frozenset[int]:
    """A party by number or by name, of those that the reader knows: an answer tells of no other. Whose money it is, is decided row by row."""
    is_number = said.isascii() and said.isdigit() and len(said) < 10
    where = parties.c.id == int(said) if is_number else parties.c.name == said
    found = frozenset(session.connection().execute(sa.select(parties.c.id).where(where, known)).scalars())
    if not found:
        raise NotFound
    return found


def _day(said: str | None) -> date | None:
    if said is None:
        return None
    try:
        return dates.read_date_text(said, "Day")
    except DateError:
        raise NotFound from None


# Conditions over call_off, framework_agreement, authority and appointment, joined as `joined` joins them


def joined(source: sa.FromClause, call_off_id: sa.ColumnElement[int]) -> sa.FromClause:
    """A source of money joined to all that figures are told by."""
    return (
        source.join(call_offs, call_offs.c.id == call_off_id)
        .join(agreements, agreements.c.id == call_offs.c.agreement_id)
        .join(lots, lots.c.id == call_offs.c.lot_id)
        .join(authority, authority.c.id == call_offs.c.authority_id)
        .outerjoin(places, places.c.id == call_offs.c.appointment_id)
        .outerjoin(partner, partner.c.id == places.c.supplier_id)
    )


def is_own(scope: Scope) -> sa.ColumnElement[bool]:
    """Money of the reader's own authorities."""
    return call_offs.c.authority_id.in_(scope.own)


def is_named(scope: Scope) -> sa.ColumnElement[bool]:
    """Money whose authority and partner the reader may see by name."""
    return sa.or_(is_own(scope), agreements.c.lead_authority_id.in_(scope.own))


def asked(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """Which call-offs' money was asked for and may be seen, one by one or in totals; nothing about days."""
    found: list[sa.ColumnElement[bool]] = [visible_agreements(scope.visitor)]
    if scope.agreement_id is not None:
        found.append(call_offs.c.agreement_id == scope.agreement_id)
    if scope.basis is not None:
        found.append(agreements.c.basis == scope.basis)
    if scope.lot_id is not None:
        found.append(call_offs.c.lot_id == scope.lot_id)
    if scope.call_off_id is not None:
        found.append(call_offs.c.id == scope.call_off_id)
    if scope.programme is not None:
        found += [is_own(scope), call_offs.c.programme == scope.programme]
    if scope.authority_ids is not None:
        found += [is_named(scope), call_offs.c.authority_id.in_(scope.authority_ids)]
    if scope.authority == OTHERS:
        found.append(sa.not_(is_own(scope)))
    if scope.authority == UNNAMED:
        found.append(sa.not_(is_named(scope)))
    if scope.supplier_ids is not None:
        found += [is_named(scope), places.c.supplier_id.in_(scope.supplier_ids)]
    if scope.not_awarded:
        found += [is_named(scope), call_offs.c.appointment_id.is_(None)]
    return found
