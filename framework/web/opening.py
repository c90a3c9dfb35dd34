"""Opening an agreement: a short first page, then one page for each further part while it is a draft."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, request, url_for

from framework import finding
from framework.agreement import FrameworkAgreement
from framework.definitions.money import Basis
from framework.definitions.rules import NotFound, Refused
from framework.opening import (
    AgreementFacts,
    add_authority,
    add_option,
    change_agreement,
    facts_of,
    open_agreement,
    remove_authority,
    remove_option,
)
from framework.people.permissions import Permission, permitted
from framework.web.fields import (
    ChoiceField,
    DayField,
    LineField,
    MoneyField,
    NumberField,
    PercentField,
    PickField,
    TickField,
    VisitForm,
    WordsField,
    clean,
    needed,
)
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("opening", __name__)


class TermsForm(VisitForm):
    lead_authority_id = PickField("Lead authority", validators=[needed("Choose the lead authority")])
    title = LineField("Title")
    reference = LineField("Reference")
    commenced_on = DayField("When did its procurement commence?", what="Day the procurement commenced")
    starts_on = DayField("First day", what="First day")
    ends_on = DayField("Last day", what="Last day")
    ceiling = MoneyField("Ceiling")
    basis = ChoiceField("Is the ceiling net or gross of VAT?")
    is_light_touch = TickField("It is for light touch services")
    is_open_framework = TickField("It is an open framework")
    first_awarded_on = DayField("When was the open framework first awarded?", what="Day of first award")
    long_term_reason = WordsField("Why it may run for more than 4 years")

    def __init__(self, *args: Any, leads: dict[int, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.basis.choices = [(one.value, one.label[:1].upper() + one.label[1:]) for one in Basis]
        if leads and len(leads) > 1:
            self.lead_authority_id.choices = [(str(one), name) for one, name in leads.items()]
        else:
            del self.lead_authority_id

    def over(self, facts: AgreementFacts) -> AgreementFacts:
        """What is typed here, and for the rest what was there already."""
        return replace(
            facts,
            title=self.title.data,
            reference=self.reference.data,
            commenced_on=self.commenced_on.data,
            regime=None,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            ceiling=self.ceiling.data,
            basis=Basis(self.basis.data) if self.basis.data else None,
            is_light_touch=self.is_light_touch.data,
            is_open_framework=self.is_open_framework.data,
            first_awarded_on=self.first_awarded_on.data,
            long_term_reason=self.long_term_reason.data or "",
        )


_BLANK = AgreementFacts(
    title="", reference="", commenced_on=None, starts_on=None, ends_on=None, ceiling=None, basis=None
)


@door.route("/agreements/open", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def form() -> Any:
    """The first page: what it is called, when it runs, and the most that may be called off. `copy` starts from an earlier one."""
    leads = {one.id: one.name for one in finding.lead_authorities(session(), visitor())}
    copied = _copied()
    start = facts_of(copied) if copied else _BLANK
    typed = TermsForm(
        data={"title": start.title, "basis": start.basis, "is_light_touch": start.is_light_touch},
        leads=leads,
    )
    if typed.validate_on_submit():
        chosen = int(typed.lead_authority_id.data) if "lead_authority_id" in typed else next(iter(leads))
        try:
            agreement = open_agreement(
                session(),
                actor=visitor(),
                lead_authority_id=chosen,
                facts=typed.over(start),
                like=copied,
            )
            return after("agreement.show", reference=agreement.reference)
        except Refused as refusal:
            refused(typed, refusal)
    return page(
        "framework/opening/form.html",
        form=typed,
        agreement=None,
        copied=copied,
        back_to=url_for("agreement.index"),
        status=422 if typed.problems else 200,
    )


def _copied() -> FrameworkAgreement | None:
    reference = clean(request.values.get("copy"))[:24]
    if not reference:
        return None
    found = finding.agreement(session(), visitor(), reference)
    if found.recorded_as_past and found.ceiling is None:
        raise NotFound
    return found


def _mine(reference: str) -> FrameworkAgreement:
    """The agreement, for somebody who may change it. Raises `NotFound`."""
    agreement = finding.agreement(session(), visitor(), reference)
    permitted(visitor(), Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    return agreement


@door.route("/agreements/<reference>/change", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def change(reference: str) -> Any:
    """The first page again, for a draft."""
    agreement = _mine(reference)
    facts = facts_of(agreement)
    typed = TermsForm(obj=facts, data=None)
    if typed.validate_on_submit():
        try:
            changed = change_agreement(
                session(), actor=visitor(), agreement=agreement, facts=typed.over(facts)
            )
            return after("agreement.show", reference=changed.reference)
        except Refused as refusal:
            refused(typed, refusal)
            agreement = _mine(reference)
    return page(
        "framework/opening/form.html",
        form=typed,
        agreement=agreement,
        copied=None,
        back_to=url_for("agreement.show", reference=reference),
        status=422 if typed.problems else 200,
    )


class StatementForm(VisitForm):
    description = WordsField("What may be bought")
    price_mechanism = WordsField("The price, or how it is worked out")
    selection_process = WordsField("How a partner is chosen for a call-off")
    fee_bp = PercentField("Fee to partners (optional)")
    vat_rate_bp = PercentField("VAT rate")
    is_shared_pool = TickField("Lot ceilings share one pool and may add up to more than the ceiling")
    governance_days = NumberField(
        "Days the councils need to decide on an extension", most=365, what="Days to decide"
    )
    notice_identifier = LineField("Identifier of the published notice (optional)")
    ocid = LineField("Open Contracting identifier (optional)")


@door.route("/agreements/<reference>/statement", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def statement(reference: str) -> Any:
    """What the agreement states (RULE-04), and its rates."""
    agreement = _mine(reference)
    facts = facts_of(agreement)
    typed = StatementForm(obj=facts)
    if typed.validate_on_submit():
        said = {name: value for name, value in typed.data.items() if name != "csrf_token"}
        try:
            change_agreement(session(), actor=visitor(), agreement=agreement, facts=replace(facts, **said))
            return after("agreement.show", reference=reference)
        except Refused as refusal:
            refused(typed, refusal)
            agreement = _mine(reference)
    return page(
        "framework/opening/statement.html",
        form=typed,
        agreement=agreement,
        status=422 if typed.problems else 200,
    )


class AuthorityForm(VisitForm):
    authority_id = PickField("Authority")
    joins_on = DayField("First day it may call off (optional)", what="First day")
    leaves_on = DayField("Last day it may call off (optional)", what="Last day")
    allocation = MoneyField("Allocation (optional)")


@door.route("/agreements/<reference>/authorities", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def authority(reference: str) -> Any:
    """Name an authority that may call off, or say its dates and allocation anew."""
    agreement = _mine(reference)
    typed = AuthorityForm()
    typed.authority_id.choices = [("", "Choose an authority")]
    for member, party in finding.members(session(), agreement):
        typed.authority_id.choices.append((str(member.authority_id), f"{party.name} (named already)"))
    for party in finding.not_yet_members(session(), agreement):
        typed.authority_id.choices.append((str(party.id), party.name))
    if typed.validate_on_submit():
        try:
            add_authority(
                session(),
                actor=visitor(),
                agreement=agreement,
                authority_id=int(typed.authority_id.data or 0),
                joins_on=typed.joins_on.data,
                leaves_on=typed.leaves_on.data,
                allocation=typed.allocation.data,
            )
            return after("agreement.show", reference=reference, _anchor="authorities")
        except Refused as refusal:
            refused(typed, refusal)
            agreement = _mine(reference)
    return page(
        "framework/opening/authority.html",
        form=typed,
        agreement=agreement,
        status=422 if typed.problems else 200,
    )


class OptionForm(VisitForm):
    months = NumberField("Length of the option, in months", least=1, most=96, what="Months")
    notice = NumberField("Notice to give before the end", most=1826, what="Notice")
    unit = ChoiceField(
        "Notice is counted in",
        choices=[("months", "Months"), ("weeks", "Weeks"), ("days", "Days")],
        default="months",
        validators=[needed("Choose what the notice is counted in")],
    )
    long_term_reason = WordsField("Why it may run for more than 4 years (only when it would)")


@door.route("/agreements/<reference>/options", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def option(reference: str) -> Any:
    """Add an option to extend, with its notice."""
    agreement = _mine(reference)
    typed = OptionForm()
    if typed.validate_on_submit():
        notice, unit = typed.notice.data or 0, typed.unit.data
        try:
            add_option(
                session(),
                actor=visitor(),
                agreement=agreement,
                months=typed.months.data,
                notice_months=notice if unit == "months" else 0,
                notice_days={"weeks": 7 * notice, "days": notice}.get(unit, 0),
                long_term_reason=typed.long_term_reason.data or "",
            )
            return after("agreement.show", reference=reference, _anchor="options")
        except Refused as refusal:
            refused(typed, refusal)
            agreement = _mine(reference)
    return page(
        "framework/opening/option.html",
        form=typed,
        agreement=agreement,
        status=422 if typed.problems else 200,
    )


@door.post("/agreements/<reference>/authorities/<int(max=2147483647):authority_id>/remove")
@requires(Permission.AGREEMENT_OPEN)
def drop_authority(reference: str, authority_id: int) -> Any:
    """Take an authority off a draft."""
    remove_authority(session(), actor=visitor(), agreement=_mine(reference), authority_id=authority_id)
    return after("agreement.show", reference=reference, _anchor="authorities")


@door.post("/agreements/<reference>/options/<int(max=2147483647):number>/remove")
@requires(Permission.AGREEMENT_OPEN)
def drop_option(reference: str, number: int) -> Any:
    """Take the last option off a draft."""
    remove_option(session(), actor=visitor(), agreement=_mine(reference), number=number)
    return after("agreement.show", reference=reference)
