"""Partners gone quiet: when each last answered an offer, was last awarded work, and last confirmed its facts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from framework.people.company_record import FactsConfirmed
from framework.people.party import Party
from framework.people.permissions import Visitor
from lots.finding import Place, led_partners


@dataclass(frozen=True, slots=True)
class Heard:
    """What the floor above knows of a place: the last answer to an offer, the last award, offers that lapsed unanswered."""

    answered_at: datetime | None = None
    awarded_at: datetime | None = None
    lapsed: int = 0


# What was last heard on each place: (session, appointment ids) -> by id. Filled by app.py from above.
HEARD: list[Callable[[Session, Sequence[int]], dict[int, Heard]]] = []


@dataclass(frozen=True, slots=True)
class Quiet:
    """One partner under the agreements that the visitor looks after."""

    supplier: Party
    places: tuple[Place, ...]
    answered_at: datetime | None
    awarded_at: datetime | None
    lapsed: int
    confirmed_at: datetime | None


def partners_by_quiet(session: Session, visitor: Visitor) -> list[Quiet]:
    """Every partner of the visitor's own agreements: whoever has not answered for longest comes first, then by name."""
    places: dict[int, list[Place]] = {}
    for place in led_partners(session, visitor):
        places.setdefault(place.supplier.id, []).append(place)
    numbers = [place.appointment.id for own in places.values() for place in own]
    heard: dict[int, Heard] = {}
    for ask in HEARD:
        heard.update(ask(session, numbers))
    confirmed = dict(
        session.exec(
            select(FactsConfirmed.supplier_id, func.max(FactsConfirmed.at))
            .where(col(FactsConfirmed.supplier_id).in_(list(places)))
            .group_by(col(FactsConfirmed.supplier_id))
        ).all()
    )
    found = []
    for supplier_id, own in places.items():
        known = [heard[place.appointment.id] for place in own if place.appointment.id in heard]
        found.append(
            Quiet(
                supplier=own[0].supplier,
                places=tuple(own),
                answered_at=max((one.answered_at for one in known if one.answered_at), default=None),
                awarded_at=max((one.awarded_at for one in known if one.awarded_at), default=None),
                lapsed=sum(one.lapsed for one in known),
                confirmed_at=confirmed.get(supplier_id),
            )
        )
    never = [one for one in found if one.answered_at is None]
    since = [one for one in found if one.answered_at is not None]
    return sorted(never, key=lambda one: one.supplier.name) + sorted(
        since, key=lambda one: (one.answered_at or one.confirmed_at, one.supplier.name)
    )
