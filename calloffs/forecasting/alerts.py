"""Alerts as their readers see them: what stands at or above a mark now and is not acknowledged, and acknowledging it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.call_off import CallOff
from calloffs.spend.alerting import AGREEMENT, CALL_OFF, LOT, MEMBER
from calloffs.spend.ceiling_alert import AlertReader, CeilingAlert, Measure
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records import audit
from framework.records.columns import table_of
from lots.lot import Lot

_alert, _reader = table_of(CeilingAlert), table_of(AlertReader)
_agreement, _member, _lot, _call_off, _party = (
    table_of(one) for one in (FrameworkAgreement, MemberAuthority, Lot, CallOff, Party)
)
_MOST = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """One limit that stands at or above a mark: where it stands now, on the agreement's basis, and where to look."""

    alert_id: int
    name: str
    limit_name: str
    """Ceiling, allocation, or what is committed."""
    agreement: str
    call_off: str | None
    """Reference of a call-off on which more is paid than committed; None for ceilings and allocations."""
    measure: Measure
    mark: int
    crossing: int
    reached_at: datetime
    stands: Money
    limit: Money
    basis: str


def standing(session: Session, visitor: Visitor) -> list[Standing]:
    """What this person was told of, is still so and is not acknowledged: of each limit the highest mark, the newest first.

    One statement. Nothing of an authority at which the visitor no longer reads spend.
    """
    mine = visitor.parties_where(Permission.SPEND_READ)
    if not mine:
        return []
    rows = session.connection().execute(
        _query()
        .where(
            _reader.c.person_id == visitor.person_id,
            _reader.c.acknowledged_at.is_(None),
            sa.or_(
                _agreement.c.lead_authority_id.in_(mine),
                _call_off.c.authority_id.in_(mine),
                sa.and_(_alert.c.scope.in_((AGREEMENT, LOT)), _alert.c.agreement_id.in_(_joined(mine))),
            ),
            _still(),
        )
        .order_by(_alert.c.mark.desc(), _alert.c.id.desc())
        .limit(_MOST)
    )
    highest: dict[tuple[str, int, Measure], Standing] = {}
    for one in rows:
        highest.setdefault((one.scope, one.scope_id, one.measure), _read(one))
    return sorted(
        highest.values(), key=lambda one: (dates.as_london(one.reached_at).date(), one.mark), reverse=True
    )


def acknowledge(session: Session, *, actor: Visitor, alert_id: int) -> None:
    """This person has seen an alert, and with it every earlier one of the same limit and measure. Raises `NotFound`."""
    connection = session.connection()
    row = connection.execute(
        _query().where(_alert.c.id == alert_id, _reader.c.person_id == actor.person_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    same = sa.select(_alert.c.id).where(
        _alert.c.scope == row.scope,
        _alert.c.scope_id == row.scope_id,
        _alert.c.measure == row.measure,
        _alert.c.id <= alert_id,
    )
    changed = connection.execute(
        _reader.update()
        .where(
            _reader.c.person_id == actor.person_id,
            _reader.c.acknowledged_at.is_(None),
            _reader.c.alert_id.in_(same),
        )
        .values(acknowledged_at=dates.now())
    )
    if changed.rowcount:
        found = _read(row)
        audit.record(
            session,
            actor=actor,
            action="alert_acknowledged",
            subject=audit.Subject("alert", alert_id, found.name, row.authority_id),
            facts={"mark": found.mark, "measure": found.measure},
        )


def _query() -> sa.Select[Any]:
    is_lot, is_member, is_call_off = (_alert.c.scope == one for one in (LOT, MEMBER, CALL_OFF))
    return (
        sa.select(
            _alert.c.id,
            _alert.c.scope,
            _alert.c.scope_id,
            _alert.c.measure,
            _alert.c.mark,
            _alert.c.crossing,
            _alert.c.reached_at,
            _agreement.c.reference.label("agreement"),
            _agreement.c.title,
            _agreement.c.basis,
            _lot.c.number,
            _lot.c.title.label("lot_title"),
            _party.c.name.label("authority"),
            _call_off.c.reference.label("call_off"),
            _call_off.c.authority_id,
            _stands().label("stands"),
            _limit().label("most"),
        )
        .select_from(_reader)
        .join(_alert, _alert.c.id == _reader.c.alert_id)
        .join(_agreement, _agreement.c.id == _alert.c.agreement_id)
        .join(_call_off, _call_off.c.id == _alert.c.call_off_id)
        .outerjoin(_lot, sa.and_(is_lot, _lot.c.id == _alert.c.scope_id))
        .outerjoin(_member, sa.and_(is_member, _member.c.id == _alert.c.scope_id))
        .outerjoin(_party, _party.c.id == _member.c.authority_id)
        .where(sa.or_(_alert.c.scope == AGREEMENT, is_lot, is_member, is_call_off))
    )


def _joined(mine: Iterable[int]) -> sa.Select[Any]:
    # A lot and an agreement are every member's, whoever's call-off reached the mark.
    members = table_of(MemberAuthority).alias("joined")
    return sa.select(members.c.agreement_id).where(members.c.authority_id.in_(mine))


def _by_scope(agreement: str, member: str, lot: str, call_off: str) -> sa.ColumnElement[int]:
    return sa.case(
        (_alert.c.scope == AGREEMENT, _agreement.c[agreement]),
        (_alert.c.scope == MEMBER, _member.c[member]),
        (_alert.c.scope == LOT, _lot.c[lot]),
        else_=_call_off.c[call_off],
    )


def _stands() -> sa.ColumnElement[int]:
    committed, paid = (_by_scope(*[name] * 4) for name in ("committed_pence", "paid_pence"))
    return sa.case((_alert.c.measure == Measure.COMMITTED, committed), else_=paid)


def _limit() -> sa.ColumnElement[int]:
    return _by_scope("ceiling_pence", "allocation_pence", "ceiling_pence", "committed_pence")


def _still() -> sa.ColumnElement[bool]:
    over = sa.and_(_alert.c.scope == CALL_OFF, _stands() > _limit())
    return sa.or_(over, sa.and_(_alert.c.scope != CALL_OFF, _stands() * 100 >= _alert.c.mark * _limit()))


def _read(one: Any) -> Standing:
    names = {
        LOT: (f"Lot {one.number} {one.lot_title}, {one.title}", "ceiling"),
        MEMBER: (f"{one.authority}, {one.title}", "allocation"),
        CALL_OFF: (one.call_off, "committed value"),
    }
    name, limit_name = names.get(one.scope, (one.title, "ceiling"))
    return Standing(
        one.id,
        name,
        limit_name,
        one.agreement,
        one.call_off if one.scope == CALL_OFF else None,
        Measure(one.measure),
        one.mark,
        one.crossing,
        one.reached_at,
        Money(one.stands),
        Money(one.most),
        one.basis.label,
    )
