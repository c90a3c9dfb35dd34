"""Drafting a call-off: a list of a few pages, each saved as typed, and what is left while you write."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from calloffs import drafting, finding, raising
from calloffs.business_case import finding as cases
from calloffs.call_off import CallOff
from calloffs.draft_seen import mark, unchanged
from calloffs.drafting import OPEN_FOR_WORDS, DraftFacts, change_draft, draft_call_off, set_options
from calloffs.web import drafting_forms as forms
from framework.definitions.rules import NotFound, Refusal, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.fields import VisitForm, clean
from framework.web.home import Panel, Waiting
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor
from lots.finding import without_partner
from lots.lot import Lot

door = Blueprint("drafting", __name__)
_LOTS_SHOWN = 10

# The pages of a draft: the word in the address, its name, and the fields that a rule may find wanting there.
PAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    "what": ("What is wanted", ("title", "background", "outcome_wanted", "in_scope")),
    "money": ("Dates and money", ("starts_on", "ends_on", "base", "charging_method")),
    "case": ("Business case", ("case_id", "exemption_reason")),
    "terms": ("Terms", ("off_payroll", "special_terms_confirmed", "conflicts_declared")),
}


def page_of(refusal: Refusal) -> str | None:
    """The page on which what a rule found wanting is put right."""
    return next((key for key, (_, fields) in PAGES.items() if refusal.field in fields), None)


@door.route("/call-offs/new", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def new() -> Any:
    """Begin a draft on a lot of an agreement that is live today."""
    form = forms.NewForm(lot=request.args.get("lot"))
    lots = finding.open_lots(session(), visitor())
    authorities = finding.own_authorities(session(), visitor())
    empty = without_partner(session(), [lot.id for lot, _ in lots])
    form.lot.choices = [
        ("", "Choose a lot"),
        *(
            (lot.reference, f"{words}: has no partner, nothing can be offered" if lot.id in empty else words)
            for lot, words in lots
        ),
    ]
    form.authority_id.choices = [(str(one.id), one.name) for one in authorities]
    if len(authorities) == 1:
        form.authority_id.data = str(authorities[0].id)
    if form.validate_on_submit():
        chosen = next(lot for lot, _ in lots if lot.reference == form.lot.data)
        try:
            drafted = draft_call_off(
                session(),
                actor=visitor(),
                lot=chosen,
                authority_id=int(form.authority_id.data),
                title=form.title.data or "",
            )
            return after("drafting.tasks", reference=drafted.reference)
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "calloffs/drafting/new.html",
        form=form,
        lots=lots,
        authorities=authorities,
        status=422 if form.problems else 200,
    )


def _draft(reference: str) -> CallOff:
    found = finding.call_off(session(), visitor(), reference)
    if not visitor().may(Permission.CALL_OFF_RAISE, found.authority_id):
        raise NotFound
    return found


@door.get("/call-offs/<reference>/draft")
@requires(Permission.CALL_OFF_RAISE)
def tasks(reference: str) -> Any:
    """The pages of the draft, which of them are complete, and what is left."""
    found = _draft(reference)
    if found.status not in OPEN_FOR_WORDS:
        return after("call_off.show", reference=reference)
    wanting, _ = raising.against(session(), found)
    incomplete = {page_of(one) for one in wanting}
    return page(
        "calloffs/drafting/tasks.html",
        call_off=found,
        around=finding.around(session(), found),
        tasks=[(key, words, key not in incomplete) for key, (words, _) in PAGES.items()],
        fit=raising.fit(session(), found, found.value, found.vat_rate_bp),
        ready=not wanting,
    )


def _save(name: str, found: CallOff, form: VisitForm, facts: Callable[[], DraftFacts]) -> Any:
    """Keep the page and go back to the list, or None when it was refused."""
    try:
        unchanged(session(), found, name, clean(request.form.get("seen")))
        change_draft(session(), actor=visitor(), call_off=found, facts=facts())
    except Refused as refusal:
        refused(form, refusal)
        return None
    return after("drafting.tasks", reference=found.reference)


def _shown(name: str, reference: str, form: VisitForm, status: int | None = None, **facts: Any) -> Any:
    found = _draft(reference)
    return page(
        f"calloffs/drafting/{name}.html",
        form=form,
        call_off=found,
        seen=_seen(name, found, form),
        status=status or (422 if form.problems else 200),
        **facts,
    )


def _seen(name: str, found: CallOff, form: VisitForm) -> str:
    """The mark to send out: the one that came in, until its writer has been told that the page has changed."""
    came = clean(request.form.get("seen"))
    told = any("Someone else saved this page" in one for one in form.general)
    return came if came and not told else mark(session(), found, name)


@door.route("/call-offs/<reference>/draft/what", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def what(reference: str) -> Any:
    """Title, background, outcome and scope."""
    found = _draft(reference)
    form = forms.WhatForm(obj=found)
    if form.validate_on_submit():
        names = [name for name in form.data if name != "csrf_token"]
        saved = _save("what", found, form, lambda: DraftFacts(**{name: form[name].data for name in names}))
        if saved is not None:
            return saved
    return _shown("what", reference, form)


@door.route("/call-offs/<reference>/draft/money", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def money(reference: str) -> Any:
    """Dates, base value, expenses, VAT, how it is charged, options; what is typed so far is set against what is left."""
    found = _draft(reference)
    if not request.form:
        options = forms.shown_options(finding.options(session(), found))
        form = forms.MoneyForm(data={**forms.day_of(found), "options": options})
        return _shown("money", reference, form, fit=_fit(found, form))
    form = forms.MoneyForm()
    if request.form.get("then") in ("add", "check"):
        if request.form["then"] == "add" and len(form.options.entries) < 10:
            form.options.append_entry()
        return _shown("money", reference, form, 200, fit=_fit(found, form))
    if form.validate_on_submit():
        try:
            unchanged(session(), found, "money", clean(request.form.get("seen")))
            set_options(session(), actor=visitor(), call_off=found, options=forms.option_facts(form))
            change_draft(session(), actor=visitor(), call_off=found, facts=forms.money_facts(form))
            return after("drafting.tasks", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
    return _shown("money", reference, form, fit=_fit(_draft(reference), form))


def _fit(found: CallOff, form: forms.MoneyForm) -> raising.Fit:
    most = drafting.maximum(form.base.data, form.expenses.data, forms.prices_of(form))
    return raising.fit(session(), found, most, forms.rate_of(form))


@door.get("/call-offs/<reference>/fits")
@requires(Permission.CALL_OFF_RAISE)
def fits(reference: str) -> Any:
    """Whether what is typed so far fits, without saving it."""
    found = _draft(reference)
    form = forms.MoneyForm(formdata=request.args, meta={"csrf": False})
    return page(
        "calloffs/drafting/fits.html",
        fragment="calloffs/drafting/_fits.html",
        call_off=found,
        fit=_fit(found, form),
    )


@door.route("/call-offs/<reference>/draft/case", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def case(reference: str) -> Any:
    """An approved case with enough left, or why none is needed."""
    found = _draft(reference)
    around = finding.around(session(), found)
    chosen = str(found.case_id) if found.case_id else forms.EXEMPT if found.exemption_reason else None
    form = forms.CaseForm(data={"case_id": chosen, "exemption_reason": found.exemption_reason})
    form.case_id.choices = forms.case_choices(
        cases.usable_cases(session(), visitor(), found.authority_id),
        around.case,
        around.authority.case_threshold,
    )
    if form.validate_on_submit():
        saved = _save("case", found, form, lambda: forms.case_facts(form))
        if saved is not None:
            return saved
    return _shown("case", reference, form, around=around)


@door.route("/call-offs/<reference>/draft/terms", methods=["GET", "POST"])
@requires(Permission.CALL_OFF_RAISE)
def terms(reference: str) -> Any:
    """Off-payroll choice, special terms, notice, acceptance, invoices and the conflicts declaration."""
    found = _draft(reference)
    chosen = found.off_payroll.value if found.off_payroll else None
    form = forms.TermsForm(obj=found, data={"off_payroll": chosen} if not request.form else None)
    if not request.form:
        form.off_payroll.data = chosen
    if form.validate_on_submit():
        saved = _save("terms", found, form, lambda: forms.terms_facts(form))
        if saved is not None:
            return saved
    return _shown("terms", reference, form)


def step(_own: Session, who: Visitor, found: CallOff) -> Step | None:
    """Go on with a draft or a returned request."""
    if found.status not in OPEN_FOR_WORDS or not who.may(Permission.CALL_OFF_RAISE, found.authority_id):
        return None
    words = "Continue the draft" if found.submitted_at is None else "Put it right and raise it again"
    return Step(words, url_for("drafting.tasks", reference=found.reference), primary=True)


def lot_step(own: Session, who: Visitor, lot: Lot) -> Step | None:
    """Draft a call-off on a lot that is open today to one of the visitor's authorities."""
    if not who.may(Permission.CALL_OFF_RAISE):
        return None
    if all(one.id != lot.id for one, _ in finding.open_lots(own, who)):
        return None
    return Step("Draft a call-off on this lot", url_for("drafting.new", lot=lot.reference), primary=True)


def lots_panel(own: Session, who: Visitor) -> Panel | None:
    """Home: what is left on the lots that are open today, for those who buy and those who pay."""
    if not (who.may(Permission.CALL_OFF_RAISE) or who.may(Permission.INVOICE_RECORD)):
        return None
    items = tuple(
        Waiting(
            title=f"{lot.reference} {lot.title}",
            detail=f"{lot.headroom} left of {lot.ceiling} ({agreement.basis.label})",
            address=url_for("lot.show", reference=lot.reference),
            kind="lot",
        )
        for lot, agreement in finding.lots_to_watch(own, who, _LOTS_SHOWN)
    )
    return Panel(
        "Left on each lot", items, "No agreement of your council is live today.", url_for("spend.index")
    )
