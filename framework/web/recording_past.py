"""Recording an agreement that has ended, with what was never published left blank."""

from typing import Any

from flask import Blueprint

from framework import finding
from framework.definitions.money import Basis
from framework.definitions.regime import Regime
from framework.definitions.rules import Refused
from framework.people import finding as people
from framework.people.permissions import Permission
from framework.recording_past import PastFacts, record_past
from framework.web.fields import (
    ChoiceField,
    DayField,
    LineField,
    MoneyField,
    NumberField,
    PickField,
    VisitForm,
    WordsField,
    at_most,
    needed,
)
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("recording_past", __name__)
_USED = {"yes": True, "no": False}


class PastForm(VisitForm):
    lead_authority_id = PickField("Lead authority")
    title = LineField("Title", validators=[at_most(200, "Title")])
    reference = LineField("Reference")
    regime = ChoiceField("The law it was under", choices=[(one.value, one.label) for one in Regime])
    starts_on = DayField("First day (blank when not published)", what="First day")
    ends_on = DayField("Last day, without any option", what="Last day")
    ceiling = MoneyField("Ceiling (blank when not published)")
    basis = ChoiceField(
        "Is the ceiling net or gross of VAT?",
        choices=[(one.value, one.label[:1].upper() + one.label[1:]) for one in Basis],
        validators=[needed("Choose whether the ceiling is net or gross of VAT")],
    )
    other_authority_id = PickField("Another authority that could call off (optional)")
    option_months = NumberField(
        "Length of its option to extend, in months (blank when it had none)", least=1, most=96, what="Months"
    )
    option_used = ChoiceField(
        "Was the option used?",
        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not published")],
        default="unknown",
    )
    note = WordsField(
        "Where these facts come from, and what is assumed", validators=[at_most(1000, "The note")]
    )


@door.route("/agreements/record-past", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def form() -> Any:
    """For history: nothing can be called off under it."""
    leads = finding.lead_authorities(session(), visitor())
    typed = PastForm()
    typed.lead_authority_id.choices = [(str(one.id), one.name) for one in leads]
    typed.other_authority_id.choices = [
        ("", "None"),
        *((str(one.id), one.name) for one in people.authorities(session())),
    ]
    if typed.validate_on_submit():
        other = typed.other_authority_id.data
        try:
            agreement = record_past(
                session(),
                actor=visitor(),
                lead_authority_id=int(typed.lead_authority_id.data or leads[0].id),
                facts=PastFacts(
                    title=typed.title.data,
                    reference=typed.reference.data,
                    regime=Regime(typed.regime.data) if typed.regime.data else None,
                    starts_on=typed.starts_on.data,
                    ends_on=typed.ends_on.data,
                    ceiling=typed.ceiling.data,
                    basis=Basis(typed.basis.data),
                    authority_ids=(int(other),) if other else (),
                    option_months=typed.option_months.data,
                    option_used=_USED.get(typed.option_used.data or ""),
                    note=typed.note.data or "",
                ),
            )
            return after("agreement.show", reference=agreement.reference)
        except Refused as refusal:
            refused(typed, refusal)
    return page("framework/recording_past/form.html", form=typed, status=422 if typed.problems else 200)
