"""Raising a call-off: check the answers, see what would be left, and send it to an approver. Or take it back."""

from typing import Any

from flask import Blueprint, url_for
from sqlmodel import Session

from calloffs import finding, raising
from calloffs.call_off import CallOff
from calloffs.cancelling import open_offer
from calloffs.drafting import OPEN_FOR_WORDS
from calloffs.giving_feedback import LEAST
from calloffs.raising import WITHDRAWABLE, raise_call_off, withdraw_request
from calloffs.web.drafting import PAGES, page_of
from framework.definitions.rules import NotFound, Refusal, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import VisitForm, WordsField, at_most, needed
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("raising", __name__)


class RaiseForm(VisitForm):
    """One button; each refusal leads to the page on which it is put right."""

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference
        self.found: list[Refusal] = []

    def take(self, refused: Refused) -> None:
        """Keep every refusal for the summary."""
        self.found = list(refused.refusals)

    @property
    def problems(self) -> list[dict[str, str]]:
        """Each refusal with the address of its page, where it has one."""
        items = []
        for one in self.found:
            item = {"text": one.sentence}
            if where := page_of(one):
                item["href"] = url_for(f"drafting.{where}", reference=self.reference) + f"#{one.field}"
            items.append(item)
        return [*super().problems, *items]


class WithdrawForm(VisitForm):
    reason = WordsField(
        "Why do you take it back?",
        [needed("Say why the request is withdrawn"), at_most(2_000, "The reason")],
    )
    feedback = WordsField("What is the partner told?", [at_most(2_000, "What the partner is told")])


def _mine(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    if not visitor().may(Permission.CALL_OFF_RAISE, found.authority_id):
        raise NotFound
    return found


@door.route("/call-offs/<reference>/raise", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def form(reference: str) -> Any:
    """Every answer on one page, what would be left, and one button."""
    found = _mine(reference)
    form = RaiseForm(reference)
    if form.validate_on_submit():
        try:
            raise_call_off(session(), actor=visitor(), call_off=found)
            return after("call_off.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = _mine(reference)
    elif found.status not in OPEN_FOR_WORDS:
        return after("call_off.show", reference=reference)
    wanting, warnings = raising.against(session(), found)
    return page(
        "calloffs/raising/form.html",
        form=form,
        call_off=found,
        around=finding.around(session(), found),
        options=finding.options(session(), found),
        pages=[(key, words) for key, (words, _) in PAGES.items()],
        wanting=[(one, page_of(one)) for one in wanting],
        warnings=warnings,
        fit=raising.fit(session(), found, found.value, found.vat_rate_bp),
        status=422 if form.problems else 200,
    )


@door.route("/call-offs/<reference>/withdraw-request", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def withdraw(reference: str) -> Any:
    """Take a request back to change it."""
    found = _mine(reference)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            withdraw_request(
                session(),
                actor=visitor(),
                call_off=found,
                reason=form.reason.data or "",
                feedback=form.feedback.data or "",
            )
            return after("drafting.tasks", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = _mine(reference)
    return page(
        "calloffs/raising/withdraw.html",
        form=form,
        call_off=found,
        asked=open_offer(session(), found),
        least=LEAST,
        status=422 if form.problems else 200,
    )


def withdraw_step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """Take back a request that waits, is approved or has run out."""
    if found.status not in WITHDRAWABLE or not who.may(Permission.CALL_OFF_RAISE, found.authority_id):
        return None
    return Step("Take the request back to change it", url_for("raising.withdraw", reference=found.reference))
