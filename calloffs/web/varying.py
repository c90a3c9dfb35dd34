"""Variations: proposing, deciding for the council, agreeing for the partner."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding
from calloffs.call_off import CallOff, Variation
from calloffs.grounds import grounds_for, label_of
from calloffs.spend.invoicing import supplier_of
from calloffs.varying import (
    MAY_VARY,
    Change,
    agree_variation,
    approve_variation,
    is_open,
    open_variation,
    propose_variation,
    refuse_variation,
    variations,
    waiting,
)
from framework.agreement import FrameworkAgreement
from framework.definitions.money import Money
from framework.definitions.regime import Regime
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import ChoiceField, DayField, MoneyField, VisitForm, WordsField, at_most, needed
from framework.web.home import Panel, Waiting
from framework.web.sections import Section, Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("varying", __name__)


class ProposeForm(VisitForm):
    value = MoneyField(
        "New maximum value net of VAT, in pounds", [needed("Enter the new maximum value, net of VAT")]
    )
    ends_on = DayField(
        "New last day", [needed("Enter the last day, as it is if it stays")], what="New last day"
    )
    ground = ChoiceField("Ground in law", validators=[needed("Choose the ground in law")])
    reason = WordsField(
        "Why must it change?", [needed("Enter why the call-off must change"), at_most(4000, "Why")]
    )


class DecideForm(VisitForm):
    decision = ChoiceField(
        "Your decision", choices=[("yes", "Yes"), ("no", "No")], validators=[needed("Choose yes or no")]
    )
    reason = WordsField("If not, why not?", [at_most(4000, "Why not")])


@door.route("/call-offs/<reference>/variations/new", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def form(reference: str) -> Any:
    """Propose a change of value, last day or both."""
    found = _ours(reference, Permission.CALL_OFF_RAISE)
    around = finding.around(session(), found)
    form = ProposeForm(data={"value": found.value, "ends_on": found.ends_on})
    form.ground.choices = [(one.key, one.label) for one in grounds_for(around.agreement.regime)]
    if form.validate_on_submit():
        value, ends_on = form.value.data, form.ends_on.data
        assert value is not None and ends_on is not None  # noqa: PT018  `needed` saw to it
        change = Change(value, ends_on, form.reason.data or "", form.ground.data or "")
        try:
            propose_variation(session(), actor=visitor(), call_off=found, change=change)
            return after("call_off.show", reference=reference, _anchor="variations")
        except Refused as refusal:
            refused(form, refusal)
            found = _ours(reference, Permission.CALL_OFF_RAISE)
            around = finding.around(session(), found)
    return page(
        "calloffs/varying/form.html",
        form=form,
        call_off=found,
        around=around,
        status=422 if form.problems else 200,
    )


@door.route("/call-offs/<reference>/variation/decision", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_APPROVE)
def decide(reference: str) -> Any:
    """The council's yes or no to the open variation."""
    found = _ours(reference, Permission.CALL_OFF_APPROVE)
    return _answer(found, "Decide on a variation", "varying.decide", approved=False)


@door.route("/call-offs/<reference>/variation/agreement", methods=["GET", "POST"])
@requires(Permission.OFFER_SIGN)
def agree(reference: str) -> Any:
    """The partner's yes or no to a variation that the council has approved."""
    found = finding.call_off(session(), visitor(), reference)
    permitted(visitor(), Permission.OFFER_SIGN, supplier_of(session(), found) or 0)
    return _answer(found, "Agree to a variation", "varying.agree", approved=True)


def _answer(found: CallOff, heading: str, endpoint: str, *, approved: bool) -> Any:
    variation = open_variation(session(), found)
    if variation is None or bool(variation.approved_at) is not approved:
        raise NotFound
    reference, form = found.reference, DecideForm()
    if form.validate_on_submit():
        try:
            if form.decision.data == "no":
                refuse_variation(
                    session(), actor=visitor(), variation=variation, reason=form.reason.data or ""
                )
            elif approved:
                agree_variation(session(), actor=visitor(), variation=variation)
            else:
                approve_variation(session(), actor=visitor(), variation=variation)
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = finding.call_off(session(), visitor(), reference)
            variation = open_variation(session(), found)
            if variation is None:
                raise NotFound from None
    return page(
        "calloffs/varying/decide.html",
        form=form,
        call_off=found,
        row=_told(variation, _regime(session(), found)),
        heading=heading,
        address=url_for(endpoint, reference=reference),
        status=422 if form.problems else 200,
    )


def _ours(reference: str, permission: Permission) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    permitted(visitor(), permission, found.authority_id)
    if found.signed_at is None:
        raise NotFound
    return found


def _told(one: Variation, regime: Regime) -> dict[str, Any]:
    if one.agreed_at:
        state = "In force"
    elif one.refused_at:
        state = "Refused"
    else:
        state = "Waits for the partner" if one.approved_at else "Waits for approval"
    return {
        "number": one.number,
        "state": state,
        "old_value": Money(one.old_value_net_pence),
        "new_value": Money(one.new_value_net_pence),
        "old_ends_on": one.old_ends_on,
        "new_ends_on": one.new_ends_on,
        "ground": label_of(one.ground, regime),
        "reason": one.reason,
        "proposed_at": one.proposed_at,
    }


def _regime(own: Session, found: CallOff) -> Regime:
    # Read once in a visit, however many variations there are.
    return own.get_one(FrameworkAgreement, found.agreement_id).regime


# Places on other pages


def section(own: Session, _who: Visitor, found: CallOff) -> Section | None:
    """Every variation, old and new side by side."""
    rows = [_told(one, _regime(own, found)) for one in variations(own, found)] if found.signed_at else []
    return (
        Section("variations", "Variations", "calloffs/varying/_list.html", {"rows": rows}) if rows else None
    )


def partner_section(own: Session, _who: Visitor, found: CallOff) -> Section | None:
    """The variations that the council has approved: what the partner may see."""
    rows = (
        [_told(one, _regime(own, found)) for one in variations(own, found) if one.approved_at]
        if found.signed_at
        else []
    )
    return (
        Section("variations", "Variations", "calloffs/varying/_list.html", {"rows": rows}) if rows else None
    )


def panel(own: Session, who: Visitor) -> Panel | None:
    """Variations to decide, for approvers and for partners; nothing at all when there are none."""
    if not (who.may(Permission.CALL_OFF_APPROVE) or who.may(Permission.OFFER_SIGN)):
        return None
    items = tuple(
        Waiting(
            f"{found.reference} {found.title}",
            f"From {Money(one.old_value_net_pence)} to {Money(one.new_value_net_pence)} net of VAT",
            url_for("varying.agree" if one.approved_at else "varying.decide", reference=found.reference),
            "variation",
        )
        for one, found in waiting(own, who)
    )
    return Panel("Variations to decide", items, "") if items else None


def propose_step(own: Session, who: Visitor, found: CallOff) -> Step | None:
    """Propose a variation, when none is open."""
    if found.status not in MAY_VARY or not who.may(Permission.CALL_OFF_RAISE, found.authority_id):
        return None
    if open_variation(own, found):
        return None
    return Step("Vary it", url_for("varying.form", reference=found.reference))


def decide_step(own: Session, who: Visitor, found: CallOff) -> Step | None:
    """Decide on the open variation."""
    if found.signed_at is None or not who.may(Permission.CALL_OFF_APPROVE, found.authority_id):
        return None
    variation = open_variation(own, found)
    if variation is None or variation.approved_at or variation.proposed_by_id == who.person_id:
        return None
    return Step(
        f"Decide on variation {variation.number}", url_for("varying.decide", reference=found.reference), True
    )


def agree_step(own: Session, who: Visitor, found: CallOff) -> Step | None:
    """The partner's step: answer a variation that the council has approved."""
    if found.signed_at is None or not who.may(Permission.OFFER_SIGN):
        return None
    variation = next((one for one in variations(own, found) if is_open(one) and one.approved_at), None)
    if variation is None:
        return None
    return Step(
        f"Answer variation {variation.number}", url_for("varying.agree", reference=found.reference), True
    )
