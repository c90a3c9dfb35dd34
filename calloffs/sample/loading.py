"""Loading the sample: the diary is filled, then lived through from its first day to now."""

import random
from pathlib import Path

from sqlmodel import select

from calloffs.sample import (
    coming_work,
    companies,
    exchanges,
    extracts_story,
    finance_story,
    joining_story,
    monthly,
    papers,
    promised,
    rate_versions,
    setting_up,
    skillsets,
)
from calloffs.sample.calendar import Diary, Span
from calloffs.sample.founding import LEAD, OTHER, record_founding
from calloffs.sample.other_cases import plan_cases
from calloffs.sample.past_stories import PAST
from calloffs.sample.present_stories import PRESENT
from calloffs.sample.reminded import plan_reminders, sent_before
from calloffs.sample.telling import Telling
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.people.party import Party
from framework.people.person import Person
from framework.records.database import writing

SEED = 2


def load(sign_ins: Path, seed: int = SEED) -> None:
    """Load the whole sample into an empty database, and write who may sign in to a file that only its owner reads.

    On one day the same seed gives the same sample, passwords and secrets apart.
    """
    now = dates.now()
    span = Span(dates.today())
    diary = Diary(now)
    chance = random.Random(seed)  # noqa: S311  a believable spread, not a secret
    setting_up.plan(diary, span)
    tellings = [
        Telling(story, number, span, chance) for number, story in enumerate((*PAST, *PRESENT), start=1)
    ]
    for telling in tellings:
        telling.plan(diary)
    plan_cases(diary, span)
    plan_reminders(diary, span)
    # What partners do beside the call-offs comes last, so that the days above fall as they did before it was there.
    for part in (companies, papers, rate_versions, skillsets, joining_story, coming_work, promised):
        part.plan(diary, span)
    for part_of_stories in (exchanges, monthly, finance_story, extracts_story):
        part_of_stories.plan(diary, span, tellings)
    diary.live()
    with writing() as session:
        record_founding(session)
        for party in session.exec(select(Party)):
            party.is_sample = party.name not in (LEAD, OTHER)
        for person in session.exec(select(Person)):
            person.is_sample = True
        for agreement in session.exec(select(FrameworkAgreement)):
            agreement.is_sample = not agreement.recorded_as_past
        rows = setting_up.give_passwords(session)
        sent_before(session)
    _write(sign_ins, rows)


def _write(path: Path, rows: list[tuple[str, str, str, str]]) -> None:
    width = max(len(address) for _, _, address, _ in rows)
    lines = ["Sample sign-ins. They exist in the sample only.", ""]
    shown = None
    for organisation, role, address, password in rows:
        if organisation != shown:
            lines += ["", organisation] if shown else [organisation]
            shown = organisation
        lines.append(f"  {address:<{width}}  {password:<30}  {role}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
