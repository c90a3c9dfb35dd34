"""Recording a past agreement."""

from datetime import date

import pytest

from framework import finding
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.regime import Regime
from framework.definitions.rules import Refused
from framework.recording_past import PastFacts, record_past, when_it_ended


def fields_of(caught):
    return {one.field for one in caught.value.refusals}


def the_founding_facts(cast, **other):
    return PastFacts(
        **{
            "title": "IT Digital Partners Framework",
            "reference": "ITDP",
            "regime": Regime.PCR2015,
            "ends_on": date(2023, 5, 31),
            "ceiling": Money.pounds(10_000_000),
            "authority_ids": (cast.party["Southmere"],),
            "option_months": 24,
            **other,
        }
    )


def test_the_founding_framework_says_what_was_not_published(session, cast):
    with dates.on(date(2026, 11, 22)):
        agreement = record_past(
            session,
            actor=cast.visitor(session, "Olu"),
            lead_authority_id=cast.party["Northbank"],
            facts=the_founding_facts(cast),
        )
        assert when_it_ended(agreement, finding.options(session, agreement)) == (
            "ended 31 May 2023, or 31 May 2025 if its option was used: not published"
        )
        assert agreement.starts_on is None
        assert agreement.status_on(dates.today()).value == "ended"
        assert len(finding.members(session, agreement)) == 2


def test_a_past_agreement_whose_option_was_used_ends_at_its_later_day(session, cast):
    with dates.on(date(2026, 11, 22)):
        agreement = record_past(
            session,
            actor=cast.visitor(session, "Olu"),
            lead_authority_id=cast.party["Northbank"],
            facts=the_founding_facts(cast, option_used=True),
        )
        assert when_it_ended(agreement, finding.options(session, agreement)) == "ended 31 May 2025"


def test_an_agreement_that_still_runs_is_not_past(session, cast):
    with pytest.raises(Refused) as caught:
        record_past(
            session,
            actor=cast.visitor(session, "Olu"),
            lead_authority_id=cast.party["Northbank"],
            facts=the_founding_facts(cast),
        )
    assert fields_of(caught) == {"ends_on"}
