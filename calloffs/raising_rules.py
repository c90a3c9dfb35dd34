"""The rules of raising a call-off: each is one question, and its refusal is a sentence in the reader's words."""

from dataclasses import dataclass
from datetime import date

from calloffs import drafting
from calloffs.business_case.case import BusinessCase, CaseStatus
from calloffs.call_off import CallOff
from framework.definitions import dates
from framework.definitions.rules import Refusal
from lots.lot import AwardMethod, DirectAwardBasis


@dataclass(frozen=True)
class Intent:
    """A call-off somebody means to raise, and everything the rules ask about, read under the hold."""

    call_off: CallOff
    opening: drafting.Opening
    case: BusinessCase | None
    partners: int
    """Partners appointed to the lot today, suspended ones too."""
    headroom: Refusal | None
    """What the ledger says against the value; None when it fits under every limit."""

    @property
    def today(self) -> date:
        """The London day on which it is raised."""
        return self.opening.today


def agreement_is_live(intent: Intent) -> Refusal | None:
    """RULE-21."""
    return drafting.agreement_is_live(intent.opening)


def authority_is_a_member(intent: Intent) -> Refusal | None:
    """RULE-03."""
    return drafting.authority_is_a_member(intent.opening)


def lot_is_open(intent: Intent) -> Refusal | None:
    """Its ceiling is known and a call-off could still run."""
    return drafting.lot_is_open(intent.opening)


def lot_has_a_route(intent: Intent) -> Refusal | None:
    """RULE-11: somebody must be there to award to, by a way the lot states."""
    lot = intent.opening.lot
    if intent.partners == 0:
        return Refusal(f"Lot {lot.number} has no partner, so a call-off could not be awarded", rule="RULE-11")
    if lot.award_method is AwardMethod.DIRECT and lot.direct_award_basis is DirectAwardBasis.NONE:
        return Refusal(
            f"Lot {lot.number} states no way to award: direct award has no stated basis there",
            rule="RULE-11",
        )
    return None


def brief_is_complete(intent: Intent) -> list[Refusal]:
    """The order form cannot say what is bought without these."""
    wanted = {
        "title": "Enter a title",
        "background": "Say what the background is",
        "outcome_wanted": "Say what outcome is wanted",
        "in_scope": "Say what is in scope",
    }
    return [
        Refusal(sentence, field=name)
        for name, sentence in wanted.items()
        if not str(getattr(intent.call_off, name)).strip()
    ]


def dates_are_allowed(intent: Intent) -> list[Refusal]:
    """Start by the agreement's last day, not before today; end by the lot's long-stop. Last days are included."""
    call_off, agreement, lot = intent.call_off, intent.opening.agreement, intent.opening.lot
    found = []
    if call_off.starts_on is None:
        found.append(Refusal("Enter the first day", field="starts_on"))
    elif call_off.starts_on > agreement.ends_on:
        found.append(
            Refusal(
                f"The first day must be on or before {dates.in_words(agreement.ends_on)}, "
                f"the last day of {agreement.title}",
                field="starts_on",
                rule="RULE-21",
            )
        )
    elif call_off.starts_on < intent.today:
        found.append(
            Refusal(
                f"The first day is {dates.in_words(call_off.starts_on)}, which has passed. Work cannot be asked for "
                "after it has begun: choose today or later",
                field="starts_on",
            )
        )
    if call_off.ends_on is None:
        found.append(Refusal("Enter the last day", field="ends_on"))
    elif call_off.starts_on and call_off.ends_on < call_off.starts_on:
        found.append(Refusal("The last day must be the same as or after the first day", field="ends_on"))
    elif lot.long_stop_on and call_off.ends_on > lot.long_stop_on:
        found.append(
            Refusal(
                f"The last day must be on or before {dates.in_words(lot.long_stop_on)}, "
                f"the long-stop of lot {lot.number}",
                field="ends_on",
            )
        )
    return found


def value_is_stated(intent: Intent) -> Refusal | None:
    """RULE-25: a maximum value above nothing."""
    if not intent.call_off.base_net_pence:
        return Refusal(
            "Enter the base value: the price of the work without options", field="base", rule="RULE-25"
        )
    return None


def value_fits(intent: Intent) -> Refusal | None:
    """RULE-32: under the lot's, the authority's and the agreement's limit; the tightest wins."""
    return intent.headroom


def case_or_exemption(intent: Intent) -> Refusal | None:
    """RULE-62: one approved case of the same authority with enough left, or an exemption below its threshold."""
    if intent.case is not None:
        return _case_covers(intent, intent.case)
    call_off, authority = intent.call_off, intent.opening.authority
    if not call_off.exemption_reason.strip():
        return Refusal(
            "Choose an approved business case, or say why none is needed", field="case_id", rule="RULE-62"
        )
    if call_off.value >= authority.case_threshold:
        return Refusal(
            f"{authority.name} needs a business case from {authority.case_threshold} net of VAT, "
            f"and this call-off is worth {call_off.value} net of VAT",
            field="exemption_reason",
            rule="RULE-62",
        )
    return None


def _case_covers(intent: Intent, case: BusinessCase) -> Refusal | None:
    call_off = intent.call_off
    status = case.status_on(intent.today)
    if case.authority_id != call_off.authority_id:
        return Refusal("Choose one of your own authority's cases", field="case_id", rule="RULE-62")
    if status is CaseStatus.LAPSED or (case.valid_until and intent.today > case.valid_until):
        last = dates.in_words(case.valid_until) if case.valid_until else "an earlier day"
        return Refusal(
            f"The approval of case {case.reference} ran out after {last}", field="case_id", rule="RULE-62"
        )
    if status is not CaseStatus.APPROVED:
        return Refusal(
            f"Case {case.reference} is not approved: it is {status.label.lower()}",
            field="case_id",
            rule="RULE-62",
        )
    if call_off.value > case.left:
        return Refusal(
            f"Case {case.reference} has {case.left} net of VAT left of its approval. "
            f"This call-off needs {call_off.value} net of VAT",
            field="case_id",
            rule="RULE-62",
            left=case.left,
        )
    return None


def choices_are_made(intent: Intent) -> list[Refusal]:
    """RULE-58 and the charging method: one of each must be chosen, never guessed."""
    found = []
    if intent.call_off.charging_method is None:
        found.append(Refusal("Choose how the work is charged", field="charging_method"))
    if intent.call_off.off_payroll is None:
        found.append(
            Refusal(
                "Choose whether this is a contracted out service or a supply of resource",
                field="off_payroll",
                rule="RULE-58",
            )
        )
    return found


def special_terms_are_confirmed(intent: Intent) -> Refusal | None:
    """Terms of one's own may refine the agreement's, never change them substantially; somebody must say so."""
    call_off = intent.call_off
    if call_off.special_terms.strip() and not call_off.special_terms_confirmed:
        return Refusal(
            "Confirm that the special terms do not change the agreement’s own terms substantially",
            field="special_terms_confirmed",
        )
    return None


def conflicts_are_declared(intent: Intent) -> Refusal | None:
    """RULE-23."""
    if intent.call_off.conflicts_declared:
        return None
    return Refusal(
        "Declare that you have no conflict of interest, or that it is recorded and managed",
        field="conflicts_declared",
        rule="RULE-23",
    )


# A new rule is one function and its name here; all of them answer, and every refusal is shown at once.
RULES = (
    agreement_is_live,
    authority_is_a_member,
    lot_is_open,
    lot_has_a_route,
    brief_is_complete,
    dates_are_allowed,
    value_is_stated,
    value_fits,
    case_or_exemption,
    choices_are_made,
    special_terms_are_confirmed,
    conflicts_are_declared,
)


def warnings(intent: Intent) -> list[str]:
    """What is allowed and yet worth a thought before raising."""
    call_off, agreement = intent.call_off, intent.opening.agreement
    # RULE-21: more than 12 months past the agreement's end.
    if call_off.ends_on and call_off.ends_on > dates.add_months(agreement.ends_on, 12):
        return [
            f"The work runs more than 12 months past the end of {agreement.title} "
            f"({dates.in_words(agreement.ends_on)})"
        ]
    return []
