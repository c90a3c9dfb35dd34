"""What a partner sees of itself: its places, its rate cards and the evidence it has shown. Never anybody else's."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework.definitions import dates
from framework.people import finding as people
from framework.people.permissions import Permission, Visitor
from framework.people.registering import size_in_words, size_rule_in_words
from framework.web.home import Panel, Waiting
from framework.web.sections import sections_of
from framework.web.visit import page, requires, session, visitor
from lots import finding
from lots.covering import slavery_warning
from lots.finding_evidence import pieces_of
from lots.joining import is_joining
from lots.rate_rules import rule_in_words
from lots.showing import ToShow, sent_back_of, still_to_show
from lots.web.lot import status_of
from lots.web.rate_proposing import may_propose
from lots.web.rating import versions_shown

door = Blueprint("my_company", __name__)


@door.get("/my-company")
@requires(Permission.OFFER_READ)
def show() -> Any:
    """Everything held on the visitor's own company."""
    own, who = session(), visitor()
    return page(
        "lots/my_company/page.html",
        size_rule=size_rule_in_words(),
        companies=[_company(own, who, one) for one in finding.own_companies(own, who)],
    )


def _company(own: Session, who: Visitor, supplier: Any) -> dict[str, Any]:
    places = finding.own_places(own, who, supplier.id)
    shown = finding.evidence_of(own, [supplier.id])[supplier.id]
    cards = finding.cards_on(own, [place.appointment.id for place in places], dates.today())
    return {
        "supplier": supplier,
        "size": size_in_words(supplier),
        "places": [
            (place, status_of(place.agreement, place.appointment), cards.get(place.appointment.id))
            for place in places
        ],
        "pieces": pieces_of(shown, dates.today()),
        "slavery": slavery_warning(supplier, shown, dates.today()),
        "may_keep": who.may(Permission.COMPANY_KEEP, supplier.id),
        "to_show": [_words(one) for one in still_to_show(own, _live(places), dates.today())],
        "people": people.partner_people(own, supplier.id),
        "sections": sections_of("my_company", own, who, supplier),
    }


@door.get("/my-company/rates/<int(max=2147483647):appointment_id>")
@requires(Permission.OFFER_READ)
def rates(appointment_id: int) -> Any:
    """The visitor's own rate card on one lot, every version."""
    own, who = session(), visitor()
    place = finding.own_place(own, who, appointment_id, Permission.OFFER_READ)
    shown = versions_shown(place)
    return page(
        "lots/my_company/rates.html",
        place=place,
        **shown,
        latest=next(iter(shown["proposals"]), None),
        rule=rule_in_words(place.lot),
        may_propose=may_propose(who, place),
    )


def _live(places: list[finding.Place]) -> list[finding.Place]:
    return [
        place
        for place in places
        if place.appointment.ended_on is None and not place.agreement.recorded_as_past
    ]


def _words(one: ToShow) -> str:
    if one.low:
        return f"{one.kind.label}: {'; '.join(one.low)}"
    if one.last_day is None:
        return f"{one.kind.label}: a lot asks for it, and none has been shown"
    when = dates.days_between_in_words(dates.today(), one.last_day)
    verb = "lapsed" if one.last_day < dates.today() else "lapses"
    return f"{one.kind.label} {verb} on {dates.in_words(one.last_day)}, {when}"


def to_show_panel(own: Session, who: Visitor) -> Panel | None:
    """Home: the visitor's own evidence that lapses within 60 days, has lapsed or is missing."""
    companies = who.parties_where(Permission.OFFER_READ)
    if not companies:
        return None
    places = [place for one in sorted(companies) for place in finding.own_places(own, who, one)]
    found = still_to_show(own, _live(places), dates.today())
    shown = finding.evidence_of(own, sorted(companies))
    returned = tuple(
        Waiting(
            title=f"{one.name} was sent back",
            detail=one.sent_back_why,
            address=url_for("my_company.show"),
            kind="evidence",
        )
        for pieces in shown.values()
        for one in sent_back_of(pieces)
    )
    return Panel(
        heading="Evidence to renew",
        items=returned
        + tuple(
            Waiting(
                title=one.kind.label,
                detail=_words(one),
                address=url_for("my_company.show"),
                kind="evidence",
            )
            for one in found
        ),
        empty="Everything your lots ask for is in date for at least 60 days.",
    )


def partners_to_show_panel(own: Session, who: Visitor) -> Panel | None:
    """Home: the same of every partner that the framework owner looks after."""
    if not who.may(Permission.AGREEMENT_OPEN):
        return None
    partners = finding.led_partners(own, who)
    if not partners:
        return None
    found: dict[int, list[ToShow]] = {}
    for one in still_to_show(
        own, [place for place in partners if not is_joining(place.appointment)], dates.today()
    ):
        found.setdefault(one.supplier.id, []).append(one)
    return Panel(
        heading="Partners’ evidence to renew",
        items=tuple(
            Waiting(
                title=f"{pieces[0].supplier.name}: {len(pieces)} to renew or show",
                detail=". ".join(_words(one) for one in pieces),
                address=url_for("partner.show", supplier_id=supplier_id),
                kind="evidence",
            )
            for supplier_id, pieces in list(found.items())[:50]
        ),
        empty="Every partner’s evidence is in date for at least 60 days.",
    )
