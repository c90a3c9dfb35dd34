"""Signing the issued order form, for the buyer and for the partner."""

from typing import Any

from flask import Blueprint, current_app, g, request, url_for
from sqlmodel import Session
from wtforms import HiddenField

from calloffs import finding, signed_copies, signing
from calloffs.call_off import CallOff
from calloffs.documents import kept, waiting
from calloffs.offer import Offer
from calloffs.web.document import awarded_by
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.records.documents import NotDrawn
from framework.web.fields import LineField, TickField, VisitForm, WordsField, at_most, needed
from framework.web.home import Panel, Waiting
from framework.web.sections import Section, Step
from framework.web.visit import after, page, refused, requires, session, visitor
from lots.covering import covers
from lots.lot import Lot

door = Blueprint("signing", __name__)


class SignForm(VisitForm):
    sha256 = HiddenField()
    role = LineField(
        "Your role",
        validators=[
            needed("Enter your role, such as Director of Resources"),
            at_most(120, "Your role"),
        ],
    )
    authority = WordsField(
        "Your authority to sign",
        validators=[
            needed("Enter what entitles you to sign, such as a scheme of delegation"),
            at_most(300, "Your authority to sign"),
        ],
    )
    read = TickField(
        "I have read the order form with this hash and sign it",
        validators=[needed("Confirm that you have read the order form with this hash")],
    )


@door.route("/call-offs/<reference>/sign", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_SIGN)
def buyer(reference: str) -> Any:
    """Sign for the buyer."""
    return _sign(reference, signing.BUYER, url_for("signing.buyer", reference=reference))


@door.route("/offers/<reference>/sign", methods=["GET", "POST"])
@requires(Permission.OFFER_SIGN)
def partner(reference: str) -> Any:
    """Sign for the partner that the call-off was awarded to."""
    call_off = awarded_by(session(), finding.offer(session(), visitor(), reference))
    if call_off is None:
        raise NotFound
    return _sign(call_off.reference, signing.PARTNER, url_for("signing.partner", reference=reference))


def _sign(reference: str, side: str, address: str) -> Any:
    call_off = finding.call_off(session(), visitor(), reference)
    form = SignForm()
    if form.validate_on_submit():
        try:
            sign = signing.sign_for_buyer if side == signing.BUYER else signing.sign_for_partner
            sign(
                session(),
                actor=visitor(),
                call_off=call_off,
                role=form.role.data,
                authority=form.authority.data,
                address=request.remote_addr or "",
                read=form.read.data,
                sha256=form.sha256.data,
            )
            if call_off.signed_at:
                g.signed_by_both = call_off.id
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            call_off = finding.call_off(session(), visitor(), reference)
    issued = kept.issued(session(), call_off)
    if issued is None:
        raise NotFound
    return page(
        "calloffs/signing/form.html",
        form=form,
        address=address,
        call_off=call_off,
        around=finding.around(session(), call_off),
        issued=issued,
        signatures=signing.signatures(session(), call_off),
        limit=visitor().limit_at(call_off.authority_id, Permission.CALL_OFF_SIGN)
        if side == signing.BUYER
        else None,
        open=signing.may_sign(session(), visitor(), call_off) == side,
        uncovered=_uncovered(call_off),
        status=422 if form.problems else 200,
    )


def _uncovered(call_off: CallOff) -> list[str]:
    """What keeps both sides from signing today: the partner's cover that lapsed, is missing or too low, as signing will say it."""
    partner = finding.around(session(), call_off).partner
    if call_off.signed_at is not None or partner is None:
        return []
    lot = session().get_one(Lot, call_off.lot_id)
    return [one.sentence for one in covers(session(), lot, partner.id, dates.today())]


@door.teardown_request
def _make_the_signed_copy(_error: BaseException | None) -> None:
    # After the answer has committed the last signature, with nothing held: should this fail, the signatures stand and the
    # copy is made when somebody opens it.
    call_off_id = g.pop("signed_by_both", None)
    if call_off_id is None:
        return
    session().close()
    try:
        signed_copies.make(call_off_id)
    except NotDrawn as problem:
        current_app.logger.warning("the signed copy of call-off %s waits: %s", call_off_id, problem)


def signatures(session: Session, visitor: Visitor, call_off: CallOff) -> Section | None:
    """Who signed when, and who is awaited."""
    if kept.issued(session, call_off) is None:
        return None
    return Section(
        "signatures",
        "Signatures",
        "calloffs/signing/_section.html",
        {
            "signatures": signing.signatures(session, call_off),
            "awaited": signing.waits_for(call_off),
            "around": finding.around(session, call_off),
        },
    )


def step(session: Session, visitor: Visitor, call_off: CallOff) -> Step | None:
    """Signing, for whichever side this visitor may sign for."""
    side = signing.may_sign(session, visitor, call_off)
    if side is None:
        return None
    if side == signing.BUYER:
        return Step("Sign", url_for("signing.buyer", reference=call_off.reference), primary=True)
    offer = session.get_one(Offer, call_off.offer_id)
    return Step("Sign", url_for("signing.partner", reference=offer.reference), primary=True)


def signatures_of_offer(session: Session, visitor: Visitor, offer: Offer) -> Section | None:
    """The same on the page of the offer that was awarded."""
    call_off = awarded_by(session, offer)
    return None if call_off is None else signatures(session, visitor, call_off)


def step_of_offer(session: Session, visitor: Visitor, offer: Offer) -> Step | None:
    """Signing, from the page of the offer that was awarded."""
    call_off = awarded_by(session, offer)
    return None if call_off is None else step(session, visitor, call_off)


def panel(session: Session, visitor: Visitor) -> Panel | None:
    """Home: order forms that wait for this visitor's signature."""
    items: list[Waiting] = []
    if visitor.may(Permission.CALL_OFF_SIGN):
        items += [
            _waiting(one, url_for("signing.buyer", reference=one.reference))
            for one in waiting.to_sign_for_buyer(session, visitor)
        ]
    if visitor.may(Permission.OFFER_SIGN):
        items += [
            _waiting(one, url_for("call_off.show", reference=one.reference))
            for one in waiting.to_sign_for_partner(session, visitor)
        ]
    elif not visitor.may(Permission.CALL_OFF_SIGN):
        return None
    return Panel("To sign", tuple(items), "No order form waits for your signature.")


def _waiting(call_off: CallOff, address: str) -> Waiting:
    return Waiting(
        f"{call_off.reference}, {call_off.title}",
        f"Maximum value {call_off.value} net of VAT",
        address,
        "signing",
    )
