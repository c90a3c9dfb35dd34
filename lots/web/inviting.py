"""A framework owner's doors to invitations: sending one, sending it again, withdrawing it, and the list on the agreement's page."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from framework import finding as agreements
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refusal, Refused
from framework.people import finding as people
from framework.people.permissions import Permission, Visitor, permitted
from framework.people.registering import registered_like
from framework.web.fields import LineField, PickField, TicksField, VisitForm, clean
from framework.web.home import Panel, Waiting
from framework.web.sections import Section, Step
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding
from lots.appointing import admits_suppliers
from lots.appointment import Appointment
from lots.invitation import Invitation, InvitationStatus
from lots.inviting import invite, invite_first_user, send_again, withdraw_invitation
from lots.lot import Lot
from lots.web.lot import may_change

door = Blueprint("inviting", __name__)
_SHOWN = 5
"""Agreements on home; the rest are on their list."""
_TONES = {
    InvitationStatus.OPEN: "waiting",
    InvitationStatus.ACCEPTED: "live",
    InvitationStatus.WITHDRAWN: "ended",
    InvitationStatus.EXPIRED: "stopped",
}


class InviteForm(VisitForm):
    supplier_id = PickField("Known supplier")
    company_name = LineField("Company’s name", description="Leave it blank for a known supplier")
    contact_name = LineField("Your contact’s name")
    email = LineField("Their e-mail address")
    lots = TicksField("Lots")


class FirstUserForm(VisitForm):
    contact_name = LineField("Full name")
    email = LineField("E-mail address")


class EmptyForm(VisitForm):
    pass


def _agreement(reference: str) -> FrameworkAgreement:
    agreement = agreements.agreement(session(), visitor(), reference)
    permitted(visitor(), Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    return agreement


def may_invite(who: Visitor, agreement: FrameworkAgreement) -> bool:
    """Whether this visitor may invite companies to lots of the agreement now (RULE-09)."""
    return (
        may_change(who, agreement)
        and not agreement.recorded_as_past
        and agreement.cancelled_at is None
        and admits_suppliers(agreement) is None
    )


@door.route("/agreements/<reference>/invitations/new", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def form(reference: str) -> Any:
    """Invite a company to one or more lots."""
    agreement = _agreement(reference)
    if why := _why_nobody(agreement):
        return page("lots/inviting/nobody.html", agreement=agreement, why=why)
    form = InviteForm()
    _offer_choices(form, agreement)
    if form.validate_on_submit():
        try:
            sent = invite(
                session(),
                actor=visitor(),
                agreement_id=agreement.id,
                lot_ids=[one.id for one in _lots(agreement) if one.reference in (form.lots.data or [])],
                company_name=form.company_name.data,
                contact_name=form.contact_name.data,
                email=form.email.data,
                supplier_id=int(form.supplier_id.data) if form.supplier_id.data else None,
            )
            return after("inviting.show", reference=reference, invitation_id=sent.invitation.id)
        except Refused as refusal:
            refused(form, refusal)
            agreement = _agreement(reference)
            _point_at_known(form)
    return page(
        "lots/inviting/form.html",
        form=form,
        agreement=agreement,
        status=422 if form.problems else 200,
    )


def _why_nobody(agreement: FrameworkAgreement) -> Refusal | None:
    """Why no company can be invited to this agreement now, in words for its framework owner."""
    if agreement.recorded_as_past:
        return Refusal("This is the record of a past agreement, and nobody can join it")
    if agreement.cancelled_at is not None:
        return Refusal(f"{agreement.title} was cancelled, so nobody can join it")
    if closed := admits_suppliers(agreement):
        return closed
    return None if _lots(agreement) else Refusal("Add a lot first: a company is invited to one or more lots")


def _offer_choices(form: InviteForm, agreement: FrameworkAgreement) -> None:
    form.supplier_id.choices = [
        ("", "A company that is not registered yet"),
        *((str(one.id), one.name) for one in people.suppliers(session())),
    ]
    form.lots.choices = [(one.reference, f"Lot {one.number}: {one.title}") for one in _lots(agreement)]
    # Which boxes are ticked can be read only once the lots are known.
    typed = request.form if request.method == "POST" else None
    form.lots.process(typed, data=[clean(request.args.get("lot"))[:32]])


def _lots(agreement: FrameworkAgreement) -> list[Lot]:
    return finding.lots_of(session(), agreement)


def _point_at_known(form: InviteForm) -> None:
    # A company that is registered already stands chosen, so that pressing the button again invites it and doubles nothing.
    known = registered_like(session(), form.company_name.data)
    if form.supplier_id.errors and not form.supplier_id.data and known is not None:
        form.supplier_id.data = str(known.id)


@door.get("/agreements/<reference>/invitations/<int(max=2147483647):invitation_id>")
@requires(Permission.AGREEMENT_OPEN)
def show(reference: str, invitation_id: int) -> Any:
    """One invitation: how it stands, and sending it again or withdrawing it."""
    agreement, invitation, lots = _invitation(reference, invitation_id)
    return _page(EmptyForm(), agreement, invitation, lots)


@door.post("/agreements/<reference>/invitations/<int(max=2147483647):invitation_id>/again")
@requires(Permission.AGREEMENT_OPEN)
def again(reference: str, invitation_id: int) -> Any:
    """A new link; the old one dies."""
    return _do(reference, invitation_id, send_again)


@door.post("/agreements/<reference>/invitations/<int(max=2147483647):invitation_id>/withdraw")
@requires(Permission.AGREEMENT_OPEN)
def withdraw(reference: str, invitation_id: int) -> Any:
    """The link dies, and the places are free."""
    return _do(reference, invitation_id, withdraw_invitation)


def _do(reference: str, invitation_id: int, action: Any) -> Any:
    agreement, invitation, lots = _invitation(reference, invitation_id)
    form = EmptyForm()
    if form.validate_on_submit():
        try:
            action(session(), actor=visitor(), invitation=invitation)
            return after("inviting.show", reference=reference, invitation_id=invitation_id)
        except Refused as refusal:
            refused(form, refusal)
            agreement, invitation, lots = _invitation(reference, invitation_id)
    return _page(form, agreement, invitation, lots)


def _page(form: VisitForm, agreement: FrameworkAgreement, invitation: Invitation, lots: list[Lot]) -> Any:
    status = invitation.status_at(dates.now())
    return page(
        "lots/inviting/page.html",
        form=form,
        agreement=agreement,
        invitation=invitation,
        lots=lots,
        standing=(status.label, _TONES[status]),
        may_send=status in (InvitationStatus.OPEN, InvitationStatus.EXPIRED),
        status=422 if form.problems else 200,
    )


def _invitation(reference: str, invitation_id: int) -> tuple[FrameworkAgreement, Invitation, list[Lot]]:
    agreement = _agreement(reference)
    for invitation, lots in finding.invitations(session(), agreement):
        if invitation.id == invitation_id:
            return agreement, invitation, lots
    raise NotFound


@door.route("/lots/<reference>/partners/<int(max=2147483647):appointment_id>/invite", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def first_user(reference: str, appointment_id: int) -> Any:
    """Invite the first person who signs in for a partner that has its place already."""
    place = _place(reference, appointment_id)
    form = FirstUserForm(
        data={
            "contact_name": place.appointment.contract_manager,
            "email": place.appointment.contract_manager_email,
        }
    )
    if form.validate_on_submit():
        try:
            sent = invite_first_user(
                session(),
                actor=visitor(),
                appointment=place.appointment,
                contact_name=form.contact_name.data,
                email=form.email.data,
            )
            return after(
                "inviting.show", reference=place.agreement.reference, invitation_id=sent.invitation.id
            )
        except Refused as refusal:
            refused(form, refusal)
            place = _place(reference, appointment_id)
    return page("lots/inviting/first_user.html", form=form, place=place, status=422 if form.problems else 200)


def _place(reference: str, appointment_id: int) -> finding.Place:
    place = finding.appointment(session(), visitor(), appointment_id)
    permitted(visitor(), Permission.AGREEMENT_OPEN, place.agreement.lead_authority_id)
    if place.lot.reference != reference:
        raise NotFound
    return place


def first_user_step(own: Session, who: Visitor, appointment: Appointment) -> Step | None:
    """On the page of a partner's place while nobody signs in for it."""
    place = finding.appointment(own, who, appointment.id)
    if (
        not may_change(who, place.agreement)
        or place.agreement.recorded_as_past
        or appointment.ended_on is not None
        or people.partner_people(own, place.supplier.id)
    ):
        return None
    return Step(
        "Invite its first user",
        url_for("inviting.first_user", reference=place.lot.reference, appointment_id=appointment.id),
    )


def step(_own: Session, who: Visitor, agreement: FrameworkAgreement) -> Step | None:
    """Inviting a company, on the page of an agreement that takes suppliers."""
    if not may_invite(who, agreement):
        return None
    return Step("Invite a company", url_for("inviting.form", reference=agreement.reference))


def section(own: Session, who: Visitor, agreement: FrameworkAgreement) -> Section | None:
    """The invitations under an agreement, for those who look after it."""
    if not may_change(who, agreement):
        return None
    found = finding.invitations(own, agreement)
    if not found:
        return None
    now = dates.now()
    return Section(
        key="invitations",
        heading="Invitations",
        template="lots/inviting/_list.html",
        facts={
            "agreement": agreement,
            "rows": [
                (one, lots, (one.status_at(now).label, _TONES[one.status_at(now)])) for one, lots in found
            ],
        },
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: what a framework owner does most with the agreements they look after, without looking for them first."""
    if not who.may(Permission.AGREEMENT_OPEN):
        return None
    mine = [one for one in agreements.agreements(own, who) if may_change(who, one)]
    items = []
    for one in mine[:_SHOWN]:
        items.append(
            Waiting(
                title=f"Who supplies what on {one.title}",
                detail="Skills by partner, those that nobody supplies first",
                address=url_for("supplying.agreement", reference=one.reference),
                kind="skills",
            )
        )
        if may_invite(who, one):
            items.append(
                Waiting(
                    title=f"Invite a company to {one.title}",
                    detail="It signs up by a link and enters everything by itself",
                    address=url_for("inviting.form", reference=one.reference),
                    kind="invitation",
                )
            )
    return Panel(
        "Agreements you look after",
        tuple(items),
        "No agreement is yours to look after.",
        url_for("agreement.index"),
    )
