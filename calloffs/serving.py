"""Who serves on a call-off, and from when: the people of its accepted offer, and the substitutes that the buyer agreed to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.offer import OfferedPerson
from calloffs.substitution import Substitution, SubstitutionStatus
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.quantities import quarter_days_shown
from lots.workforce import Clearance

_STANDING = (SubstitutionStatus.PROPOSED, SubstitutionStatus.CONSENTED)


@dataclass(frozen=True, slots=True)
class Serving:
    """Somebody on a call-off, from first day to last, both included. Whoever was replaced before they began has no day at all."""

    key: str
    """ "person-12" of the accepted offer, or "substitute-3"."""
    name: str
    role: str
    level: int
    clearance: Clearance
    day_rate: Money
    """Net of VAT."""
    quarter_days: int
    """Days of work that are theirs, in quarters of a day."""
    first: date
    last: date
    replaced: str = ""
    """The name of the one in whose place they came; blank for a person of the offer."""
    came_by: Substitution | None = None
    leaves_by: Substitution | None = None
    """The proposal to replace them that is open or agreed."""

    @property
    def days(self) -> str:
        """Days of work as a person writes them: "2.25"."""
        return quarter_days_shown(self.quarter_days)

    @property
    def is_replaced(self) -> bool:
        """Whether the buyer has agreed to somebody in their place."""
        return self.leaves_by is not None and self.leaves_by.status is SubstitutionStatus.CONSENTED

    @property
    def may_leave(self) -> bool:
        """Whether a substitute may be proposed for them now: nobody has been yet."""
        return self.leaves_by is None

    @property
    def is_over(self) -> bool:
        """Whether somebody else is in their place today."""
        return self.is_replaced and self.last < dates.today()


def serving(
    call_off: CallOff, people: Iterable[OfferedPerson], substitutions: Sequence[Substitution]
) -> list[Serving]:
    """Everybody who serves or served, each followed by whoever came in their place. The call-off has its dates."""
    assert call_off.starts_on is not None
    assert call_off.last_day is not None
    leaving = {_leaver(one): one for one in substitutions if one.status in _STANDING}
    found: list[Serving] = []
    for person in people:
        key, replaced, came_by = f"person-{person.id}", "", None
        name, row, first = person.name, person, call_off.starts_on
        while True:
            then = leaving.get(key)
            agreed = then if then is not None and then.status is SubstitutionStatus.CONSENTED else None
            found.append(
                Serving(
                    key=key,
                    name=name,
                    role=row.role,
                    level=row.level,
                    clearance=Clearance(row.clearance),
                    day_rate=row.day_rate,
                    quarter_days=row.quarter_days - (agreed.quarter_days if agreed else 0),
                    first=first,
                    last=agreed.since - timedelta(days=1) if agreed else call_off.last_day,
                    replaced=replaced,
                    came_by=came_by,
                    leaves_by=then,
                )
            )
            if agreed is None:
                break
            key, replaced, came_by = f"substitute-{agreed.id}", name, agreed
            name, row, first = agreed.called, agreed, agreed.since  # type: ignore[assignment]
    return found


def _leaver(one: Substitution) -> str:
    if one.leaving_person_id is not None:
        return f"person-{one.leaving_person_id}"
    return f"substitute-{one.leaving_substitution_id}"


def substitutions_of(session: Session, call_off_ids: Iterable[int]) -> dict[int, list[Substitution]]:
    """Every proposal on each of the call-offs, in order, read afresh in one statement."""
    found: dict[int, list[Substitution]] = {one: [] for one in call_off_ids}
    for one in session.exec(
        select(Substitution)
        .where(col(Substitution.call_off_id).in_(list(found)))
        .order_by(col(Substitution.call_off_id), col(Substitution.number))
        .execution_options(populate_existing=True)
    ):
        found[one.call_off_id].append(one)
    return found


def people_of(session: Session, call_off: CallOff) -> list[Serving]:
    """Everybody who serves or served on an awarded call-off already fetched through the visitor."""
    if call_off.starts_on is None or call_off.last_day is None:
        return []
    people = session.exec(
        select(OfferedPerson)
        .where(OfferedPerson.offer_id == call_off.offer_id)
        .order_by(col(OfferedPerson.number))
    ).all()
    return serving(call_off, people, substitutions_of(session, [call_off.id])[call_off.id])
