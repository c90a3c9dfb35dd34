"""People on a call-off: who serves since when, proposing somebody in another's place, and the buyer's answer."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from calloffs import answers, finding
from calloffs.call_off import CallOff
from calloffs.offer import Offer
from calloffs.serving import Serving, people_of, substitutions_of
from calloffs.spend.invoicing import supplier_of
from calloffs.substituting import (
    clashes,
    consent,
    propose_substitute,
    refuse_substitute,
    to_decide,
    withdraw_substitute,
)
from calloffs.substituting_rules import Substitute
from calloffs.substitution import Substitution, SubstitutionStatus
from calloffs.terminating import RUNNING
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import (
    ChoiceField,
    DayField,
    DaysField,
    LineField,
    MoneyField,
    PickField,
    VisitForm,
    WordsField,
    at_most,
    needed,
)
from framework.web.home import Panel, Waiting
from framework.web.sections import Section, Step
from framework.web.visit import after, page, refused, requires, session, visitor
from lots.workforce import Clearance

door = Blueprint("substituting", __name__)
_ONE = "/call-offs/<reference>/substitutes/<int(max=2147483647):number>"


class ProposeForm(VisitForm):
    leaving = ChoiceField("Who leaves?", [needed("Choose who leaves")])
    name = LineField("Name of the person who comes", [at_most(120, "Name")])
    work = PickField("Role and level")
    clearance = PickField("Clearance held", choices=[(one.value, one.label) for one in Clearance])
    day_rate = MoneyField("Day rate in pounds, net of VAT")
    days = DaysField("Days of work that pass to the new person")
    starts_on = DayField("First day of the new person", what="First day")
    like_for_like = WordsField(
        "What makes the new person as good as the one who leaves?",
        [at_most(4000, "This")],
    )
    difference = WordsField(
        "If the role, level or clearance is another one, why is that enough? (optional)",
        [at_most(2000, "This")],
    )
    reason = WordsField(
        "Why does the other person leave?",
        [at_most(2000, "This")],
    )

    def new(self) -> Substitute:
        """What was typed, also where something is left out: the rules name all that is missing or wrong together."""
        level, _, role = str(self.work.data).partition(":")
        return Substitute(
            leaving=self.leaving.data,
            name=self.name.data or "",
            role=role[:80],
            level=int(level) if level.isdecimal() and len(level) < 3 else 0,
            clearance=Clearance(self.clearance.data or Clearance.NONE),
            day_rate=self.day_rate.data or Money.zero(),
            quarter_days=self.days.data or 0,
            starts_on=self.starts_on.data,
            like_for_like=self.like_for_like.data or "",
            difference=self.difference.data or "",
            reason=self.reason.data or "",
        )


class DecideForm(VisitForm):
    decision = ChoiceField(
        "Do you agree to this change?",
        choices=[("yes", "Yes, the new person may come"), ("no", "No")],
        validators=[needed("Choose yes or no")],
    )
    reason = WordsField("Reason", [at_most(2000, "Reason")])


class WithdrawForm(VisitForm):
    pass


@door.route("/call-offs/<reference>/substitutes/new", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def form(reference: str) -> Any:
    """The partner proposes somebody in the place of a person on the call-off."""
    found = _partners(reference)
    offer = session().get_one(Offer, found.offer_id)
    card, rates = answers.frozen_rates(session(), offer)
    there = people_of(session(), found)
    chosen = next((one for one in there if one.key == request.args.get("leaving")), None)
    form = ProposeForm(data=_begun(chosen))
    # What was sent is answered by the rules, also where somebody else was quicker.
    form.leaving.choices = [
        (one.key, _called(one)) for one in there if one.may_leave or request.method == "POST"
    ]
    form.work.choices = [("", "Choose")] + [
        (f"{level}:{role}", f"{role}, level {level} (up to {most} a day)")
        for (role, level), most in rates.items()
    ]
    if form.validate_on_submit():
        try:
            propose_substitute(session(), actor=visitor(), call_off=found, new=form.new())
            return after("call_off.show", reference=reference, _anchor="people")
        except Refused as refusal:
            refused(form, refusal)
            found = _partners(reference)
    return page(
        "calloffs/substituting/form.html",
        form=form,
        call_off=found,
        card_version=card.version,
        status=422 if form.problems else 200,
    )


def _begun(leaving: Serving | None) -> dict[str, Any]:
    if leaving is None:
        return {}
    return {
        "leaving": leaving.key,
        "work": f"{leaving.level}:{leaving.role}",
        "clearance": leaving.clearance.value,
        "day_rate": leaving.day_rate,
        "days": leaving.quarter_days,
    }


def _called(one: Serving) -> str:
    return f"{one.name}, {one.role} level {one.level}, {one.day_rate} a day net of VAT, {one.days} days"


@door.route(f"{_ONE}/decision", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def decide(reference: str, number: int) -> Any:
    """The buyer agrees or not."""
    found, proposal = _buyers(reference, number)
    if request.method == "GET" and proposal.status is not SubstitutionStatus.PROPOSED:
        return after("call_off.show", reference=reference, _anchor="people")
    form = DecideForm()
    if form.validate_on_submit():
        said = form.reason.data or ""
        try:
            if form.decision.data == "yes":
                consent(session(), actor=visitor(), call_off=found, number=number, words=said)
            else:
                refuse_substitute(session(), actor=visitor(), call_off=found, number=number, reason=said)
            return after("call_off.show", reference=reference, _anchor="people")
        except Refused as refusal:
            refused(form, refusal)
            found, proposal = _buyers(reference, number)
    there = people_of(session(), found)
    return page(
        "calloffs/substituting/decide.html",
        form=form,
        call_off=found,
        new=proposal,
        old=next((one for one in there if one.leaves_by and one.leaves_by.id == proposal.id), None),
        warnings=clashes(session(), visitor(), found, there),
        status=422 if form.problems else 200,
    )


@door.route(f"{_ONE}/withdraw", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def withdraw(reference: str, number: int) -> Any:
    """The partner takes its proposal back."""
    found = _partners(reference)
    proposal = _one(found, number)
    if request.method == "GET" and proposal.status is not SubstitutionStatus.PROPOSED:
        return after("call_off.show", reference=reference, _anchor="people")
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            withdraw_substitute(session(), actor=visitor(), call_off=found, number=number)
            return after("call_off.show", reference=reference, _anchor="people")
        except Refused as refusal:
            refused(form, refusal)
            found = _partners(reference)
            proposal = _one(found, number)
    return page(
        "calloffs/substituting/withdraw.html",
        form=form,
        call_off=found,
        new=proposal,
        status=422 if form.problems else 200,
    )


def _partners(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    permitted(visitor(), Permission.OFFER_ANSWER, supplier_of(session(), found) or 0)
    if found.signed_at is None:
        raise NotFound
    return found


def _buyers(reference: str, number: int) -> tuple[CallOff, Substitution]:
    found = finding.call_off(session(), visitor(), reference)
    permitted(visitor(), Permission.CALL_OFF_RAISE, found.authority_id)
    return found, _one(found, number)


def _one(found: CallOff, number: int) -> Substitution:
    every = substitutions_of(session(), [found.id])[found.id]
    proposal = next((one for one in every if one.number == number), None)
    if proposal is None:
        raise NotFound
    return proposal


# Places on other pages


def section(own: Session, who: Visitor, found: CallOff) -> Section | None:
    """Who is on a signed call-off since when, whom they replaced, and every change that was asked for."""
    if found.signed_at is None:
        return None
    there = people_of(own, found)
    facts = {
        "call_off": found,
        "people": there,
        "changes": substitutions_of(own, [found.id])[found.id],
        "leaving": {one.leaves_by.id: one.name for one in there if one.leaves_by},
        "warnings": clashes(own, who, found, there),
        "may_propose": found.status in RUNNING and who.may(Permission.OFFER_ANSWER),
        "may_decide": found.status in RUNNING and who.may(Permission.CALL_OFF_RAISE, found.authority_id),
    }
    return Section("people", "People on this call-off", "calloffs/substituting/_people.html", facts)


def propose_step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """The partner's step: change somebody."""
    if found.status not in RUNNING or not who.may(Permission.OFFER_ANSWER):
        return None
    return Step("Change a person", url_for("substituting.form", reference=found.reference))


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home: changes of people that wait for the officer who has the call-off; nothing at all when there are none."""
    if not who.may(Permission.CALL_OFF_RAISE):
        return None
    items = tuple(
        Waiting(
            title=f"{call_off.reference} {call_off.title}",
            detail=f"The partner asks to change a person from {dates.in_words(one.starts_on)}. Asked on {dates.in_words(one.proposed_at)}",
            address=url_for("substituting.decide", reference=call_off.reference, number=one.number),
            kind="waiting",
        )
        for one, call_off in to_decide(own, who)
    )
    return Panel("Changes of people to agree", items, "") if items else None
