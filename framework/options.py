"""Options: what using each extension option would do, and by when it must be decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from framework.agreement import ExtensionOption, FrameworkAgreement
from framework.definitions import dates
from framework.definitions.regime import last_day_with_options


@dataclass(frozen=True, slots=True)
class PlannedOption:
    """One option with its dates, counted from the last day that the agreement would have when its turn comes."""

    option: ExtensionOption
    ends_before: date
    """The agreement's last day without this option (earlier options used)."""
    ends_after: date
    last_notice_day: date
    """The last day on which the option may be used as agreed (RULE-95)."""
    decide_by: date
    """The day by which to decide, so that the councils' own governance has its days before notice."""
    is_next: bool
    """Whether it is the first that has not been used."""
    arithmetic: str
    """The two dates with their sum, as a person would write it (check 52)."""


def planned(agreement: FrameworkAgreement, options: Sequence[ExtensionOption]) -> list[PlannedOption]:
    """Every option in order; used ones with the dates that they had when used (RULE-94, RULE-95)."""
    found: list[PlannedOption] = []
    end = agreement.ends_on
    next_seen = False
    for option in sorted(options, key=lambda one: one.number):
        before = option.ended_before if option.used_at and option.ended_before else end
        after = last_day_with_options(before, [option.months])
        if option.used_at is None:
            end = after
        notice = dates.last_notice_day(before, option.notice)
        decide = dates.decide_by(notice, agreement.governance_days)
        found.append(
            PlannedOption(
                option,
                ends_before=before,
                ends_after=after,
                last_notice_day=notice,
                decide_by=decide,
                is_next=option.used_at is None and not next_seen,
                arithmetic=_in_words(agreement, option, before, notice, decide),
            )
        )
        next_seen = next_seen or option.used_at is None
    return found


def _in_words(
    agreement: FrameworkAgreement, option: ExtensionOption, before: date, notice: date, decide: date
) -> str:
    days = agreement.governance_days
    return (
        f"{dates.in_words(before)} less {option.notice} is {dates.in_words(notice)}. "
        f"Less {days} day{'' if days == 1 else 's'} for the councils to decide is {dates.in_words(decide)}"
    )


def day_to_act(plan: PlannedOption, today: date) -> str:
    """What must happen next about an unused option, and by when, as a sentence says it."""
    number = plan.option.number
    if today <= plan.decide_by:
        return f"Decide on option {number} by {dates.in_words(plan.decide_by)}"
    if today <= plan.last_notice_day:
        return f"Give notice of option {number} by {dates.in_words(plan.last_notice_day)}"
    return f"Option {number} now needs the partners’ written agreement: notice was due by {dates.in_words(plan.last_notice_day)}"


def unused_months(options: Sequence[ExtensionOption]) -> tuple[int, ...]:
    """Months of every option that has not been used, in order."""
    return tuple(one.months for one in sorted(options, key=lambda one: one.number) if one.used_at is None)
