"""The page of one lot, and the lots on the page of their agreement."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records import timeline
from framework.web.sections import Section, Step, sections_of, steps_of
from framework.web.visit import page, requires, session, visitor
from lots import finding
from lots.appointment import Appointment, AppointmentStatus
from lots.covering import asked_of, gaps
from lots.lot import DirectAwardBasis, Lot
from lots.opening import is_open_to_change
from lots.rate_rules import rule_in_words

door = Blueprint("lot", __name__)

_TONES = {
    AppointmentStatus.ONBOARDING: "draft",
    AppointmentStatus.ACTIVE: "live",
    AppointmentStatus.SUSPENDED: "stopped",
    AppointmentStatus.WITHDRAWN: "ended",
    AppointmentStatus.REMOVED: "ended",
    AppointmentStatus.NOVATED: "ended",
}


def status_of(agreement: FrameworkAgreement, appointment: Appointment) -> tuple[str, str]:
    """The word for what a partner's place is today, and the tone it is shown in."""
    if agreement.recorded_as_past:
        return "Partner of a past agreement", "ended"
    found = appointment.status_on(dates.today())
    if found is AppointmentStatus.ONBOARDING:
        return "Joining", _TONES[found]
    return found.label, _TONES[found]


def may_change(who: Visitor, agreement: FrameworkAgreement) -> bool:
    """Whether the visitor looks after the lots of this agreement."""
    return who.may(Permission.AGREEMENT_OPEN, agreement.lead_authority_id)


@door.get("/lots/<reference>")
@requires(Permission.AGREEMENT_READ)
def show(reference: str) -> Any:
    """What the lot is for, what is left under it, who its partners are and what may be done next."""
    own, who, today = session(), visitor(), dates.today()
    lot, agreement = finding.lot_and_agreement(own, who, reference)
    partners = finding.partners_of(own, [lot])[lot.id]
    shown = finding.evidence_of(own, {party.id for _, party in partners})
    cards = finding.cards_on(own, [place.id for place, _ in partners], today)
    return page(
        "lots/lot/page.html",
        lot=lot,
        agreement=agreement,
        basis_words=basis_in_words(lot),
        asked=asked_of(lot),
        rate_rule=rule_in_words(lot),
        partners=[
            {
                "place": place,
                "party": party,
                "status": status_of(agreement, place),
                "gaps": [] if agreement.recorded_as_past else gaps(lot, party.name, shown[party.id], today),
                "asked": bool(asked_of(lot)),
                "card": cards.get(place.id),
            }
            for place, party in partners
        ],
        has_partner=any(place.ended_on is None or place.ended_on > today for place, _ in partners),
        sections=sections_of("lot", own, who, lot),
        steps=[*_steps(who, agreement, lot, partners), *steps_of("lot", own, who, lot)],
        happenings=timeline.of(own, who, "lot", lot.id),
        may_read_rates=who.may(Permission.RATES_READ),
    )


def basis_in_words(lot: Lot) -> str:
    """Why a call-off under the lot may be awarded without competition, or that it may not (RULE-11)."""
    if lot.direct_award_basis is DirectAwardBasis.SINGLE_SUPPLIER:
        return f"The lot has one supplier. {lot.mechanism_text}".strip()
    if lot.direct_award_basis is DirectAwardBasis.OBJECTIVE_MECHANISM:
        return lot.mechanism_text or (lot.mechanism.label if lot.mechanism else "Not published")
    return "None: every call-off is by competition"


def _steps(
    who: Visitor, agreement: FrameworkAgreement, lot: Lot, partners: list[tuple[Appointment, Party]]
) -> list[Step]:
    if not may_change(who, agreement) or not is_open_to_change(agreement):
        return []
    steps = []
    if sum(place.ended_on is None for place, _ in partners) < lot.max_partners:
        steps.append(
            Step("Appoint a partner", url_for("appointing.form", reference=lot.reference), primary=True)
        )
    steps.append(Step("Change this lot", url_for("lot_opening.change", reference=lot.reference)))
    if not partners:
        steps.append(Step("Take this lot out", url_for("lot_opening.take_out", reference=lot.reference)))
    return steps


def lots_section(own: Session, who: Visitor, agreement: FrameworkAgreement) -> Section:
    """The lots on the agreement's page: what each may spend, what is promised and who the partners are."""
    lots = finding.lots_of(own, agreement)
    partners = finding.partners_of(own, lots)
    today = dates.today()
    return Section(
        key="lots",
        heading="Lots",
        template="lots/lot/_lots.html",
        facts={
            "agreement": agreement,
            "rows": [
                {
                    "lot": lot,
                    "partners": [
                        party.name
                        for place, party in partners[lot.id]
                        if place.ended_on is None or place.ended_on > today
                    ],
                }
                for lot in lots
            ],
            "total": finding.total(agreement, lots),
            "may_add": may_change(who, agreement) and is_open_to_change(agreement),
        },
    )


def add_step(_own: Session, who: Visitor, agreement: FrameworkAgreement) -> Step | None:
    """Adding a lot, on the page of an agreement whose lots may still change."""
    if not (may_change(who, agreement) and is_open_to_change(agreement)):
        return None
    return Step("Add a lot", url_for("lot_opening.add", reference=agreement.reference))


def paste_step(_own: Session, who: Visitor, agreement: FrameworkAgreement) -> Step | None:
    """Adding many lots at once, on the page of an agreement whose lots may still change."""
    if not (may_change(who, agreement) and is_open_to_change(agreement)):
        return None
    return Step("Paste lots from a spreadsheet", url_for("lot_opening.paste", reference=agreement.reference))
