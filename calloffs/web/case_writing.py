"""Writing a business case, checking it, putting it to an approver and giving it up."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session
from wtforms.widgets import HiddenInput

from calloffs.business_case import finding
from calloffs.business_case.case import BusinessCase, CaseStatus
from calloffs.business_case.completing import missing
from calloffs.business_case.lines import facts_of
from calloffs.business_case.writing import (
    change_case,
    may_not_change,
    submit_case,
    withdraw_case,
    write_case,
)
from calloffs.web.case_form import CaseForm, typed
from framework.definitions import dates
from framework.definitions.rules import ChangedMeanwhile, Refused
from framework.people import finding as people
from framework.people.permissions import Permission, Visitor, permitted
from framework.web.fields import NumberField, VisitForm, WordsField, at_most
from framework.web.home import Panel, Waiting
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("case_writing", __name__)


class CheckForm(VisitForm):
    seen = NumberField("Version", widget=HiddenInput())


class WithdrawForm(VisitForm):
    seen = NumberField("Version", widget=HiddenInput())
    reason = WordsField("Why the case is withdrawn", [at_most(4000, "The reason")])


@door.route("/cases/new", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def new() -> Any:
    """An empty case."""
    parties = people.parties(session(), sorted(visitor().parties_where(Permission.CASE_WRITE)))
    form = CaseForm()
    form.authority.choices = [(str(party.id), party.name) for party in parties]
    if len(parties) == 1:
        form.authority.data = str(parties[0].id)
    if not _grown(form) and form.validate_on_submit():
        try:
            case = write_case(
                session(), actor=visitor(), authority_id=int(form.authority.data), facts=form.facts()
            )
            return _onward(case)
        except Refused as refusal:
            refused(form, refusal)
    return _form(form, None, several=len(parties) > 1)


@door.route("/cases/<reference>/change", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def change(reference: str) -> Any:
    """A case that is a draft or has been returned, to be written anew."""
    case = _to_write(reference)
    if request.method == "GET" and may_not_change(case):
        return after("case.show", reference=reference)
    facts = facts_of(session(), case)
    form = CaseForm(data=typed(facts, case.version))
    del form.authority
    if not _grown(form) and form.validate_on_submit():
        try:
            changed = change_case(
                session(), actor=visitor(), case=case, facts=form.facts(), seen=form.seen.data
            )
            return _onward(changed)
        except Refused as refusal:
            refused(form, refusal)
            case = _to_write(reference)
            if isinstance(refusal, ChangedMeanwhile):
                _see(form, case)
    if request.method == "GET" and request.args.get("missing") and (gaps := missing(facts)):
        form.take(Refused(*gaps))
    return _form(form, case, sent_back=finding.whole(session(), case).sent_back)


def _to_write(reference: str) -> BusinessCase:
    case = finding.case(session(), visitor(), reference)
    permitted(visitor(), Permission.CASE_WRITE, case.authority_id)
    return case


def _grown(form: CaseForm) -> bool:
    # "Add another" keeps all that was typed and saves nothing.
    wanted = request.form.get("add") if request.method == "POST" else None
    if wanted not in ("benefits", "funding"):
        return False
    form[wanted].one_more()
    return True


def _see(form: Any, case: BusinessCase) -> None:
    # Told that it changed, a person looks again; what they send next is about what it says now.
    form.seen.raw_data, form.seen.data = None, case.version


def _onward(case: BusinessCase) -> Any:
    if request.form.get("then") == "check":
        return after("case_writing.check", reference=case.reference)
    return after("case.show", reference=case.reference)


def _form(form: CaseForm, case: BusinessCase | None, **facts: Any) -> Any:
    grown = request.form.get("add") if request.method == "POST" else None
    wrong = request.method == "POST" and not grown
    return page(
        "calloffs/case/writing.html",
        form=form,
        case=case,
        grown=grown,
        status=422 if wrong else 200,
        **{"several": False, "sent_back": None, **facts},
    )


@door.route("/cases/<reference>/check", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def check(reference: str) -> Any:
    """What the case says, what it still lacks and who would decide it; then submit."""
    case = _to_write(reference)
    form = CheckForm(data={"seen": case.version})
    if request.method == "GET" and may_not_change(case):
        return after("case.show", reference=reference)
    if form.validate_on_submit():
        try:
            submit_case(session(), actor=visitor(), case=case, seen=form.seen.data)
            return after("case.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            case = _to_write(reference)
            _see(form, case)
    whole = finding.whole(session(), case)
    return page(
        "calloffs/case/check.html",
        form=form,
        case=case,
        whole=whole,
        gaps=missing(whole.facts),
        approvers=finding.approvers(session(), case, visitor().person_id),
        status=422 if form.problems else 200,
    )


@door.route("/cases/<reference>/withdraw", methods=["GET", "POST"])
@requires(Permission.CASE_WRITE)
def withdraw(reference: str) -> Any:
    """Give the case up, with the reason."""
    case = _to_write(reference)
    if request.method == "GET" and not _is_open(case):
        return after("case.show", reference=reference)
    form = WithdrawForm(data={"seen": case.version})
    if form.validate_on_submit():
        try:
            withdraw_case(session(), actor=visitor(), case=case, reason=form.reason.data, seen=form.seen.data)
            return after("case.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            case = _to_write(reference)
            _see(form, case)
    return page("calloffs/case/withdraw.html", form=form, case=case, status=422 if form.problems else 200)


def _is_open(case: BusinessCase) -> bool:
    return case.status_on(dates.today()) in (CaseStatus.DRAFT, CaseStatus.RETURNED, CaseStatus.SUBMITTED)


def check_step(_session: Session, who: Visitor, case: BusinessCase) -> Step | None:
    """Check the case and submit it."""
    if may_not_change(case) or not who.may(Permission.CASE_WRITE, case.authority_id):
        return None
    return Step("Check and submit", url_for("case_writing.check", reference=case.reference), primary=True)


def change_step(_session: Session, who: Visitor, case: BusinessCase) -> Step | None:
    """Write on."""
    if may_not_change(case) or not who.may(Permission.CASE_WRITE, case.authority_id):
        return None
    return Step("Change the case", url_for("case_writing.change", reference=case.reference))


def withdraw_step(_session: Session, who: Visitor, case: BusinessCase) -> Step | None:
    """Give it up."""
    if not _is_open(case) or not who.may(Permission.CASE_WRITE, case.authority_id):
        return None
    return Step("Withdraw", url_for("case_writing.withdraw", reference=case.reference))


def your_cases(own: Session, who: Visitor) -> Panel | None:
    """On home: the visitor's drafts, and what came back with the reason."""
    if not who.may(Permission.CASE_WRITE):
        return None
    items = tuple(
        Waiting(
            title=f"{case.title} ({case.reference})",
            detail=f"Returned: {reason}" if case.outcome else f"Draft asking for {case.requested} net of VAT",
            address=url_for("case.show" if case.outcome else "case_writing.change", reference=case.reference),
            kind="business_case",
        )
        for case, reason in finding.to_write(own, who)
    )
    return Panel(
        "Your business cases",
        items,
        "You have no drafts and nothing has come back to you. See all to read earlier cases or write a new one.",
        url_for("case.index", mine=1),
    )
