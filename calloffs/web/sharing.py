"""Shared call-offs: what each authority bears, the shares proposed and agreed, and the answer to them."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding as call_offs
from calloffs.call_off import CallOff
from calloffs.sharing import finding
from calloffs.sharing.agreeing import answer_sharing, answers_for, still_to_answer
from calloffs.sharing.proposing import (
    may_propose,
    members,
    over,
    propose_sharing,
    waiting,
    withdraw_sharing,
)
from calloffs.sharing.recharge_table import RULE
from calloffs.sharing.recharging import schedule
from calloffs.sharing.sharing import shares_of
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import (
    ChoiceField,
    DayField,
    NumberField,
    PercentField,
    VisitForm,
    WordsField,
    at_most,
    needed,
)
from framework.web.home import Panel, Waiting
from framework.web.sections import Section
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("sharing", __name__)


class AnswerForm(VisitForm):
    number = NumberField("Version", least=1, what="Version")
    agrees = ChoiceField(
        "Does your authority agree?",
        [needed("Choose whether your authority agrees")],
        choices=[("yes", "Agree to these shares"), ("no", "Refuse them")],
    )
    reason = WordsField("Why? Needed when you refuse", [at_most(1000, "Why")])


class ProposeForm(VisitForm):
    from_on = DayField("First day from which the shares count", what="First day")
    reason = WordsField("Why is it shared like this?", [at_most(1000, "Why")])


@door.get("/spend/shared/")
@requires(Permission.SPEND_READ)
def index() -> Any:
    """Everything shared by or with the visitor's authorities."""
    return page("calloffs/sharing/index.html", rows=finding.listed(session(), visitor()))


@door.get("/spend/shared/<reference>")
@requires(Permission.SPEND_READ)
def show(reference: str) -> Any:
    """One call-off for every authority that bears a share of it."""
    return _page(finding.call_off(session(), visitor(), reference), AnswerForm(formdata=None))


@door.post("/spend/shared/<reference>/answer")
@requires(Permission.SPEND_READ)
def answer(reference: str) -> Any:
    """Agree to the proposed shares, or refuse them."""
    found = finding.call_off(session(), visitor(), reference)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            answer_sharing(
                session(),
                actor=visitor(),
                call_off=found,
                number=form.number.data or 0,
                agrees=form.agrees.data == "yes",
                reason=form.reason.data or "",
            )
            if form.agrees.data == "yes":
                return after("sharing.show", reference=reference)
            return after("sharing.index")
        except Refused as refusal:
            refused(form, refusal)
            found = finding.call_off(session(), visitor(), reference)
    elif not answers_for(visitor()):
        raise NotFound
    return _page(found, form)


@door.post("/spend/shared/<reference>/withdraw")
@requires(Permission.SPEND_READ)
def withdraw(reference: str) -> Any:
    """Take back a proposal."""
    withdraw_sharing(session(), actor=visitor(), call_off=_ours(reference))
    return after("sharing.show", reference=reference)


@door.route("/spend/shared/<reference>/propose", methods=["GET", "POST"])
@requires(Permission.SPEND_READ)
def propose(reference: str) -> Any:
    """Propose shares: a percentage for each member of the agreement."""
    found = _ours(reference)
    parties = members(session(), found)
    names = [(f"share_{one.id}", one.id, one.name) for one in parties]
    fields = {field: PercentField(f"{name}, share in per cent") for field, _, name in names}
    form = type("SharesForm", (ProposeForm,), fields)()
    if not form.is_submitted():
        now = dict(shares_of(session(), found.id))
        for field, authority_id, _ in names:
            form[field].data = now.get(authority_id)
    elif form.validate():
        try:
            propose_sharing(
                session(),
                actor=visitor(),
                call_off=found,
                shares=[(authority_id, form[field].data or 0) for field, authority_id, _ in names],
                from_on=form.from_on.data,
                reason=form.reason.data or "",
            )
            return after("sharing.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = _ours(reference)
    return page(
        "calloffs/sharing/propose.html",
        form=form,
        shares=[form[field] for field, _, _ in names],
        call_off=found,
        status=422 if form.problems else 200,
    )


def _ours(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    if not may_propose(visitor(), found):
        raise NotFound
    return found


def _page(found: CallOff, form: AnswerForm) -> Any:
    proposed = waiting(session(), found)
    asked = still_to_answer(session(), proposed) if proposed else []
    may_answer = proposed is not None and bool(set(asked) & answers_for(visitor()))
    if proposed is not None and not form.is_submitted():
        form.number.data = proposed.number
    rows = finding.borne(session(), found)
    return page(
        "calloffs/sharing/show.html",
        form=form,
        call_off=found,
        around=call_offs.around(session(), found),
        whole=call_offs.reads_whole(visitor(), found),
        versions=finding.versions(session(), visitor(), found),
        rows=rows,
        owed=schedule(session(), visitor(), found.reference),
        rule=RULE,
        may_answer=may_answer,
        may_propose=may_propose(visitor(), found) and proposed is None and over(found) is None,
        may_withdraw=may_propose(visitor(), found) and proposed is not None,
        status=422 if form.problems else 200,
    )


# Places on other pages


def section(own: Session, who: Visitor, found: CallOff) -> Section | None:
    """Who shares a call-off, on its page, for the authority that buys."""
    if found.submitted_at is None or not call_offs.reads_whole(who, found):
        return None
    told = finding.versions(own, who, found)
    holds = next((one for one in told if one.sharing.agreed_at), None)
    waits = next((one for one in told if one.sharing.waits), None)
    may = may_propose(who, found) and over(found) is None
    if not told and not may:
        return None
    facts = {"reference": found.reference, "holds": holds, "waits": waits, "may": may}
    return Section("shared", "Shared with other authorities", "calloffs/sharing/_section.html", facts)


def panel(own: Session, who: Visitor) -> Panel | None:
    """Shares that another authority proposed, for finance and approvers who agree to them."""
    rows = finding.to_answer(own, who)
    if not rows:
        return None
    return Panel(
        "Shares to agree",
        tuple(
            Waiting(
                f"Shares of {reference}",
                f"{authority} proposes to share its cost",
                url_for("sharing.show", reference=reference),
                "call_off",
            )
            for reference, authority, _ in rows
        ),
        "",
    )
