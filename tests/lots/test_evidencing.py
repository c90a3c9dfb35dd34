"""Insurance and certificates: in force to their last day, missing, lapsed or too low (RULE-61)."""

from datetime import date

import pytest

from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from lots import finding
from lots.evidence import EvidenceKind
from lots.evidencing import record_evidence

PI = EvidenceKind.PROFESSIONAL_INDEMNITY


@pytest.fixture
def olu(cast, session):
    return cast.visitor(session, "Olu")


@pytest.fixture
def lot(cast, session, olu):
    """Lot 4 of DP21 asks for £1,000,000 of professional indemnity; Fennel Web has £5,000,000 to 30 June 2023."""
    return finding.lot(session, olu, "DP21-4")


def test_cover_holds_on_its_last_day_and_lapses_the_next(session, cast, lot):
    fennel = cast.party["Fennel Web"]
    assert finding.covers(session, lot, fennel, date(2023, 6, 30)) == []
    (one,) = finding.covers(session, lot, fennel, date(2023, 7, 1))
    assert one.rule == "RULE-61"
    assert "lapsed on 30 June 2023" in one.sentence


def test_a_renewal_in_time_leaves_no_gap(session, cast, olu, lot):
    fennel = cast.party["Fennel Web"]
    record_evidence(
        session,
        actor=olu,
        supplier_id=fennel,
        kind=PI,
        expires_on=date(2024, 6, 30),
        from_on=date(2023, 7, 2),
        cover=Money.pounds(1_000_000),
    )
    (gap,) = finding.covers(session, lot, fennel, date(2023, 7, 1))
    assert "begins on 2 July 2023" in gap.sentence
    assert finding.covers(session, lot, fennel, date(2023, 7, 2)) == []


def test_cover_a_penny_too_low_is_told_with_both_amounts(session, cast, olu, lot):
    supplier = cast.party["Fennel Web"]
    lot.professional_indemnity_pence = 5_000_000_01
    (one,) = finding.covers(session, lot, supplier, date(2022, 11, 22))
    assert "covers £5,000,000, and lot 4 asks for £5,000,000.01" in one.sentence


def test_what_was_never_shown_is_missing(session, cast, olu, lot):
    lot.needs_cyber_essentials = True
    (one,) = finding.covers(session, lot, cast.party["Fennel Web"], date(2022, 11, 22))
    assert one.sentence == "Fennel Web has not shown a Cyber Essentials certificate, and lot 4 asks for it"
    record_evidence(
        session,
        actor=olu,
        supplier_id=cast.party["Fennel Web"],
        kind=EvidenceKind.CYBER_ESSENTIALS,
        expires_on=date(2022, 11, 22),
    )
    assert finding.covers(session, lot, cast.party["Fennel Web"], date(2022, 11, 22)) == []


def test_evidence_that_does_not_hold_together_is_refused(session, cast, olu):
    with pytest.raises(Refused) as refused:
        record_evidence(
            session,
            actor=olu,
            supplier_id=cast.party["Fennel Web"],
            kind=PI,
            from_on=date(2023, 1, 2),
            expires_on=date(2023, 1, 1),
        )
    assert {one.field for one in refused.value.refusals} == {"cover", "expires_on"}


@pytest.mark.parametrize("name", ["Asha", "Cara", "Qi", "Audra", "Opal"])
def test_only_a_framework_owner_records_evidence(session, cast, name):
    with pytest.raises(NotFound):
        record_evidence(
            session,
            actor=cast.visitor(session, name),
            supplier_id=cast.party["Fennel Web"],
            kind=PI,
            expires_on=date(2023, 1, 1),
            cover=Money.pounds(1),
        )
