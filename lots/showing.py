"""What a partner still has to show: cover that lapses soon, has lapsed, or that a lot asks for and nobody has seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from framework.people.party import Party
from lots import finding
from lots.covering import asked_of
from lots.evidence import Evidence, EvidenceKind, Standing, meeting
from lots.finding import Place

SOON_DAYS = 60


@dataclass(frozen=True, slots=True)
class ToShow:
    """One kind of evidence that a supplier should renew: `last_day` is that of its newest, None where there is none."""

    supplier: Party
    kind: EvidenceKind
    last_day: date | None


def still_to_show(session: Session, places: Sequence[Place], day: date) -> list[ToShow]:
    """Everything that lapses within 60 days of a London day or that a lot asks for in vain, the most pressing first."""
    suppliers = {place.supplier.id: place.supplier for place in places}
    shown = finding.evidence_of(session, suppliers)
    asked: dict[int, set[EvidenceKind]] = {one: set() for one in suppliers}
    for place in places:
        asked[place.supplier.id] |= {kind for kind, _ in asked_of(place.lot)}
    found = []
    for supplier_id, supplier in suppliers.items():
        latest = latest_of(shown[supplier_id])
        for kind in EvidenceKind:
            lasting = [latest[one] for one in meeting(kind) if one in latest]
            if kind in latest or (lasting and kind in asked[supplier_id]):
                last = max(one.expires_on for one in lasting)
                if last <= day + timedelta(days=SOON_DAYS):
                    found.append(ToShow(supplier, kind, last))
            elif kind in asked[supplier_id]:
                found.append(ToShow(supplier, kind, None))
    return sorted(found, key=lambda one: (one.last_day or date.min, one.supplier.name, one.kind.value))


def sent_back_of(shown: Sequence[Evidence]) -> list[Evidence]:
    """Pieces that were sent back and that nothing of their kind has followed."""
    return [
        one
        for one in shown
        if one.standing is Standing.SENT_BACK
        and not any(other.kind is one.kind and other.recorded_at > one.recorded_at for other in shown)
    ]


def latest_of(shown: Sequence[Evidence]) -> dict[EvidenceKind, Evidence]:
    """Of each kind, the evidence that lasts longest, of what counts."""
    latest: dict[EvidenceKind, Evidence] = {}
    for one in (one for one in shown if one.counts):
        if one.kind not in latest or one.expires_on > latest[one.kind].expires_on:
            latest[one.kind] = one
    return latest
