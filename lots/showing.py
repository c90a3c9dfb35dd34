"""What a partner still has to show: cover that lapses soon, has lapsed, or that a lot asks for and nobody has seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from framework.people.party import Party
from lots import finding
from lots.covering import asked_of, below_the_law, too_low
from lots.evidence import Evidence, EvidenceKind, Standing, meeting
from lots.finding import Place

SOON_DAYS = 60


@dataclass(frozen=True, slots=True)
class ToShow:
    """One kind of evidence that a supplier should renew: `last_day` is that of its newest, None where there is none.

    `low` says where its cover is too low for a lot or for the law; it may still last long.
    """

    supplier: Party
    kind: EvidenceKind
    last_day: date | None
    low: tuple[str, ...] = ()


def still_to_show(session: Session, places: Sequence[Place], day: date) -> list[ToShow]:
    """Everything that lapses within 60 days of a London day, covers too little or that a lot asks for in vain, most pressing first."""
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
        low: dict[EvidenceKind, list[str]] = {}
        for place in places:
            if place.supplier.id == supplier_id:
                for kind, words in too_low(place.lot, shown[supplier_id], day).items():
                    low.setdefault(kind, []).append(words)
        for kind, one in latest.items():
            if one.is_in_force_on(day) and (words := below_the_law(one)):
                low.setdefault(kind, []).append(words[0].lower() + words[1:])
        found += [ToShow(supplier, kind, day, tuple(dict.fromkeys(said))) for kind, said in low.items()]
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
