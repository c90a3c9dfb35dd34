"""Forms that add lots to a draft agreement, one by one or pasted from a spreadsheet, and change them."""

from typing import Any

from flask import Blueprint
from wtforms.validators import StopValidation

from framework import finding as agreements
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, permitted
from framework.web.fields import (
    ChoiceField,
    DayField,
    LineField,
    MoneyField,
    NumberField,
    PercentField,
    TickField,
    VisitForm,
    WordsField,
    at_most,
    needed,
)
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding, pasting
from lots.lot import AwardMethod, DirectAwardBasis, Lot, Mechanism, SizeRule
from lots.opening import LotFacts, add_lot, change_lot, facts_of, is_open_to_change, remove_lot

door = Blueprint("lot_opening", __name__)


def _fewest_given(_form: Any, field: Any) -> None:
    # Nought is an answer here, so `needed` does not fit.
    if field.data is None and not field.errors:
        raise StopValidation("Enter the fewest partners, or 0")


class LotForm(VisitForm):
    number = NumberField("Number", [needed("Enter the lot’s number")], least=1, most=999, what="The number")
    title = LineField("Title", [needed("Enter the lot’s title"), at_most(200, "The title")])
    scope = WordsField(
        "Scope",
        [at_most(8000, "The scope")],
        description="What may be bought under this lot, and what may not",
    )
    ceiling = MoneyField("Ceiling")
    award_method = ChoiceField(
        "How call-offs are awarded",
        [needed("Choose how call-offs are awarded")],
        choices=[(one.value, one.label) for one in AwardMethod],
    )
    direct_award_basis = ChoiceField(
        "Basis for awarding without competition",
        [needed("Choose the basis, or that there is none")],
        choices=[
            (DirectAwardBasis.SINGLE_SUPPLIER.value, "The lot has one supplier"),
            (DirectAwardBasis.OBJECTIVE_MECHANISM.value, "The agreement states an objective mechanism"),
            (DirectAwardBasis.NONE.value, "None: every call-off is by competition"),
        ],
    )
    mechanism = ChoiceField(
        "Objective mechanism, where there is one",
        choices=[("", "None"), *((one.value, one.label) for one in Mechanism)],
    )
    mechanism_text = WordsField("The mechanism as the agreement states it", [at_most(2000, "The mechanism")])
    min_partners = NumberField(
        "Fewest partners", [_fewest_given], least=0, most=100, what="The fewest partners"
    )
    max_partners = NumberField(
        "Most partners", [needed("Enter the most partners")], least=1, most=100, what="The most partners"
    )
    size_rule = ChoiceField(
        "Who may be a partner",
        [needed("Choose who may be a partner")],
        choices=[
            (SizeRule.ANY.value, "A supplier of any size"),
            (SizeRule.SME_ONLY.value, "Small and medium-sized enterprises only"),
        ],
    )
    long_stop_on = DayField(
        "Long-stop",
        what="Long-stop",
        description="The last day on which any call-off under this lot may still run, like 31 5 2027",
    )
    employers_liability = MoneyField("Employers’ liability", description="£5 million or more, by law")
    public_liability = MoneyField("Public liability")
    professional_indemnity = MoneyField("Professional indemnity")
    needs_cyber_essentials = TickField("A Cyber Essentials certificate is needed")
    needs_iso_27001 = TickField("An ISO 27001 certificate is needed")
    warns_on_offers = TickField("Warn on offers of what lapses before the call-off ends")

    rate_rise_bp = PercentField("Most that day rates may rise each time")
    rates_rise_from = DayField(
        "First day on which they may rise",
        what="The first day",
        description="And the same day of each later year, like 1 4 2027",
    )

    def facts(self) -> LotFacts:
        """What was typed, as the action takes it."""
        return LotFacts(
            number=self.number.data or 0,
            title=self.title.data,
            scope=self.scope.data,
            ceiling=self.ceiling.data,
            award_method=AwardMethod(self.award_method.data),
            direct_award_basis=DirectAwardBasis(self.direct_award_basis.data),
            mechanism=Mechanism(self.mechanism.data) if self.mechanism.data else None,
            mechanism_text=self.mechanism_text.data,
            min_partners=self.min_partners.data or 0,
            max_partners=self.max_partners.data or 0,
            size_rule=SizeRule(self.size_rule.data),
            long_stop_on=self.long_stop_on.data,
            employers_liability=self.employers_liability.data,
            public_liability=self.public_liability.data,
            professional_indemnity=self.professional_indemnity.data,
            needs_cyber_essentials=self.needs_cyber_essentials.data,
            needs_iso_27001=self.needs_iso_27001.data,
            warns_on_offers=self.warns_on_offers.data,
            rate_rise_bp=self.rate_rise_bp.data,
            rates_rise_from=self.rates_rise_from.data,
        )


class PasteForm(VisitForm):
    rows = WordsField("Rows", [needed("Paste at least one row")])


class TakeOutForm(VisitForm):
    pass


def _draft(reference: str) -> Any:
    agreement = agreements.agreement(session(), visitor(), reference)
    permitted(visitor(), Permission.AGREEMENT_OPEN, agreement.lead_authority_id)
    if not is_open_to_change(agreement):
        raise NotFound
    return agreement


def _draft_lot(reference: str) -> tuple[Lot, Any]:
    lot, agreement = finding.lot_and_agreement(session(), visitor(), reference)
    return lot, _draft(agreement.reference)


@door.route("/agreements/<reference>/lots/new", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def add(reference: str) -> Any:
    """One more lot."""
    agreement = _draft(reference)
    lots = finding.lots_of(session(), agreement)
    form = LotForm(
        data={
            "number": max((lot.number for lot in lots), default=0) + 1,
            "min_partners": 1,
            "max_partners": 1,
            "mechanism": "",
            "size_rule": SizeRule.ANY.value,
        }
    )
    if form.validate_on_submit():
        try:
            lot = add_lot(session(), actor=visitor(), agreement=agreement, facts=form.facts())
            return after("lot.show", reference=lot.reference)
        except Refused as refusal:
            refused(form, refusal)
            agreement = _draft(reference)
    return _form(form, agreement, "Add a lot", None)


@door.route("/lots/<reference>/change", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def change(reference: str) -> Any:
    """Change what a lot of a draft says."""
    lot, agreement = _draft_lot(reference)
    form = LotForm(obj=facts_of(lot))
    if form.validate_on_submit():
        try:
            change_lot(session(), actor=visitor(), lot=lot, facts=form.facts())
            return after("lot.show", reference=lot.reference)
        except Refused as refusal:
            refused(form, refusal)
            lot, agreement = _draft_lot(reference)
    return _form(form, agreement, f"Change lot {lot.number}", lot)


def _form(form: LotForm, agreement: Any, heading: str, lot: Lot | None) -> Any:
    others = [one for one in finding.lots_of(session(), agreement) if lot is None or one.id != lot.id]
    return page(
        "lots/lot_opening/form.html",
        form=form,
        agreement=agreement,
        heading=heading,
        lot=lot,
        total=finding.total(agreement, others),
        status=422 if form.problems else 200,
    )


@door.route("/agreements/<reference>/lots/paste", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def paste(reference: str) -> Any:
    """Many lots at once, as rows of a spreadsheet: all of them or none."""
    agreement = _draft(reference)
    form = PasteForm()
    if form.validate_on_submit():
        try:
            pasting.paste_lots(session(), actor=visitor(), agreement=agreement, text=form.rows.data)
            return after("agreement.show", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            agreement = _draft(reference)
    return page(
        "lots/lot_opening/paste.html",
        form=form,
        agreement=agreement,
        columns=pasting.COLUMNS,
        total=finding.total(agreement, finding.lots_of(session(), agreement)),
        status=422 if form.problems else 200,
    )


@door.route("/lots/<reference>/take-out", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def take_out(reference: str) -> Any:
    """Take a lot out of a draft."""
    lot, agreement = _draft_lot(reference)
    form = TakeOutForm()
    if form.validate_on_submit():
        try:
            remove_lot(session(), actor=visitor(), lot=lot)
            return after("agreement.show", reference=agreement.reference)
        except Refused as refusal:
            refused(form, refusal)
            lot, agreement = _draft_lot(reference)
    return page("lots/lot_opening/take_out.html", form=form, lot=lot, status=422 if form.problems else 200)
