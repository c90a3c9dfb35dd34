"""Forms of the forward view: coming work, proposals, visions and promises as they are typed."""

from typing import Any

from wtforms import Form as PlainForm
from wtforms import FormField

from framework.definitions.rules import Refusal, Refused
from framework.web.fields import (
    ChoiceField,
    DayField,
    LineField,
    NumberField,
    PickField,
    RowsField,
    TickField,
    UploadField,
    VisitForm,
    WordsField,
    at_most,
    needed,
)
from lots.forward.bands import BANDS, NOT_KNOWN
from lots.forward.envisioning import OutcomeFacts
from lots.forward.periods import EARLIEST_YEAR, LATEST_YEAR, PARTS, Period, period_of
from lots.forward.pipeline import OPEN_STAGES, PipelineItem, Stage
from lots.forward.planning import ItemFacts
from lots.forward.promise import PromiseKind, PromiseVersion
from lots.forward.promising import PromiseFacts
from lots.forward.proposal import Proposal, Reply

_BANDS = [("", NOT_KNOWN), *((one.key, one.label) for one in BANDS)]
_PARTS = [("", "Not known yet"), *PARTS]


class ItemForm(VisitForm):
    lot = PickField("Lot", [needed("Choose a lot")])
    authority_id = ChoiceField("Council", [needed("Choose a council")])
    title = LineField("Title", [needed("Enter a title"), at_most(200, "The title")])
    what = WordsField("What is wanted", [at_most(4000, "What is wanted")])
    why = WordsField("Why", [at_most(4000, "Why")], description="The bigger picture: which outcome it serves")
    asked_part = PickField("When you expect to ask (month or quarter)", choices=_PARTS)
    asked_year = NumberField("Year of asking", what="Year of asking", least=EARLIEST_YEAR, most=LATEST_YEAR)
    start_part = PickField("When work is expected to start (month or quarter)", choices=_PARTS)
    start_year = NumberField(
        "Year of the start", what="Year of the start", least=EARLIEST_YEAR, most=LATEST_YEAR
    )
    months = NumberField("Likely length in months (optional)", what="Likely length", least=1, most=96)
    band = PickField("Likely value, net of VAT", choices=_BANDS)
    stage = ChoiceField(
        "Stage",
        [needed("Choose a stage")],
        choices=[(one.value, one.label) for one in OPEN_STAGES],
        default=Stage.IDEA.value,
    )
    unsettled = WordsField("What is not settled yet (optional)", [at_most(2000, "What is not settled")])
    contact_role = LineField(
        "Whom to ask",
        [at_most(120, "The role")],
        description="A role, such as Head of digital, and not a name",
    )
    is_agreement_wide = TickField("Partners on the agreement’s other lots may read it in short")

    def facts(self) -> ItemFacts:
        """What was typed. Raises `Refused` for half a period."""
        halves: list[Refusal] = []
        asking = _period(self.asked_part, self.asked_year, halves)
        start = _period(self.start_part, self.start_year, halves)
        if halves:
            raise Refused(*halves)
        return ItemFacts(
            title=self.title.data or "",
            what=self.what.data or "",
            why=self.why.data or "",
            asking=asking,
            start=start,
            months=self.months.data,
            band=self.band.data or "",
            stage=Stage(self.stage.data),
            unsettled=self.unsettled.data or "",
            contact_role=self.contact_role.data or "",
            is_agreement_wide=self.is_agreement_wide.data,
        )


def _period(part: Any, year: Any, halves: list[Refusal]) -> Period | None:
    if not part.data and year.data is None:
        return None
    if not part.data:
        halves.append(Refusal("Choose the month or quarter of this year", part.name))
        return None
    if year.data is None:
        halves.append(Refusal("Enter the year, like 2027", year.name))
        return None
    return period_of(part.data, year.data)


def shown_item(item: PipelineItem, lot_reference: str) -> dict[str, Any]:
    """An item as its form shows it."""
    return {
        **{name: getattr(item, name) for name in ("title", "what", "why", "months", "band")},
        **{name: getattr(item, name) for name in ("unsettled", "contact_role", "is_agreement_wide")},
        "stage": item.stage.value,
        "lot": lot_reference,
        "authority_id": str(item.authority_id),
        "asked_part": item.asking.key if item.asking else "",
        "asked_year": item.asking.first.year if item.asking else None,
        "start_part": item.start.key,
        "start_year": item.start.first.year,
    }


class AskForm(VisitForm):
    """A question with one button."""


class ReasonForm(VisitForm):
    reason = WordsField("Why it is dropped", [at_most(1000, "The reason")], description="Partners read it")


class NoteForm(VisitForm):
    words = WordsField(
        "Note",
        [at_most(4000, "The note")],
        description="Everybody who can read the plan reads it. Do not say who asked",
    )


class OutcomeRow(PlainForm):
    words = LineField("What is to be reached")
    by_on = DayField("By which day", what="The day")
    known_by = LineField("How it will be known")


class VisionForm(VisitForm):
    words = WordsField("Vision", [at_most(8000, "The vision")])
    outcomes = RowsField(FormField(OutcomeRow), min_entries=3)

    def rows(self) -> list[OutcomeFacts]:
        """The rows in which something was typed."""
        found = [
            OutcomeFacts(row.form.words.data or "", row.form.by_on.data, row.form.known_by.data or "")
            for row in self.outcomes
        ]
        return [one for one in found if one.words or one.by_on or one.known_by]


class ProposalForm(VisitForm):
    title = LineField("Title", [needed("Enter a title"), at_most(200, "The title")])
    words = WordsField("What you propose", [at_most(8000, "The proposal")])
    who = WordsField(
        "Who could do it (optional)",
        [at_most(2000, "Who could do it")],
        description="Roles and skills rather than names",
    )
    band = PickField("Indicative value, net of VAT (optional)", choices=_BANDS)


def shown_proposal(proposal: Proposal) -> dict[str, Any]:
    """A draft as its form shows it."""
    return {name: getattr(proposal, name) for name in ("title", "words", "who", "band")}


class ReplyForm(VisitForm):
    reply = ChoiceField(
        "Your reply", [needed("Choose a reply")], choices=[(one.value, one.label) for one in Reply]
    )
    words = WordsField("In your words", [at_most(4000, "The reply")])


class MoreForm(VisitForm):
    words = WordsField("What you add", [at_most(4000, "What you add")])


class PromiseForm(VisitForm):
    appointment_id = PickField("Lot", [needed("Choose a lot")])
    authority_id = ChoiceField("Council", [needed("Choose a council")])
    kind = ChoiceField(
        "What you promise",
        [needed("Choose what you promise")],
        choices=[(one.value, one.label) for one in PromiseKind],
    )
    amount = NumberField("How much (a whole number)", what="How much", least=1)
    unit = LineField("Unit", [at_most(40, "The unit")], description="Such as days, events or sessions")
    due_on = DayField("By which day", what="The day")
    words = WordsField("In your words", [at_most(4000, "What you promise")])
    staff = NumberField(
        "How many council staff learn it (training and skills transfer alone)",
        what="How many staff",
        least=1,
        most=10_000,
    )
    skill = LineField(
        "Which skill they learn (training and skills transfer alone)", [at_most(200, "The skill")]
    )
    why = WordsField("Why it changes", [at_most(1000, "Why it changes")])

    def facts(self) -> PromiseFacts:
        """What was typed; the kind's own unit where none was named."""
        kind = PromiseKind(self.kind.data)
        return PromiseFacts(
            kind=kind,
            amount=self.amount.data,
            unit=self.unit.data or kind.unit,
            due_on=self.due_on.data,
            words=self.words.data or "",
            staff=self.staff.data,
            skill=self.skill.data or "",
            why=(self.why.data or "") if "why" in self else "",
        )


def shown_promise(version: PromiseVersion) -> dict[str, Any]:
    """A version as the form of the next one shows it."""
    names = ("amount", "unit", "due_on", "words", "staff", "skill")
    return {**{name: getattr(version, name) for name in names}, "kind": version.kind.value}


class DecideForm(VisitForm):
    words = WordsField(
        "Why not (needed only when you send it back)",
        [at_most(1000, "Why not")],
        description="The partner reads it",
    )


class DeliveryForm(VisitForm):
    amount = NumberField("All that is delivered so far (a whole number)", what="How much", least=1)
    delivered_on = DayField("Until which day", what="The day")
    words = WordsField(
        "What was done, and how it can be seen",
        [at_most(4000, "What was done")],
        description="Leave out the names of apprentices and pupils",
    )
    file = UploadField("Evidence as a file (optional)")
