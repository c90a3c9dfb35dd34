"""Insurance and certificates: in force to their last day, missing, lapsed or too low (RULE-61)."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refused
from framework.people.party import Party
from framework.records.file_kinds import FileKind
from framework.records.messages import Message
from framework.records.uploading import Upload
from lots import finding
from lots.covering import asked_of, lapses_before_the_end, slavery_warning
from lots.evidence import Evidence, EvidenceKind, Standing
from lots.evidencing import check_evidence, record_evidence, send_back, strike_out, tell_of_new
from lots.finding_evidence import pieces_of, to_check
from lots.reminders import evidence_runs_out
from lots.showing import latest_of, still_to_show
from tests.conftest import NOW

PI = EvidenceKind.PROFESSIONAL_INDEMNITY
PDF = Upload(FileKind.PDF, b"%PDF-1.7 as it was proved")


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


def test_cover_too_low_is_still_to_be_shown_with_both_amounts_and_the_laws_minimum(session, cast, olu, lot):
    faye, day = cast.visitor(session, "Faye"), date(2022, 11, 22)
    (place,) = [
        one for one in finding.own_places(session, faye, cast.party["Fennel Web"]) if one.lot.id == lot.id
    ]
    assert not any(one.low for one in still_to_show(session, [place], day))
    lot.employers_liability_pence = 5_000_000_00
    for one in session.exec(select(Evidence).where(Evidence.supplier_id == place.supplier.id)):
        if one.kind is EvidenceKind.EMPLOYERS_LIABILITY:
            one.cover_pence = 4_999_999_00
    session.flush()
    (low,) = [one for one in still_to_show(session, [place], day) if one.low]
    assert low.kind is EvidenceKind.EMPLOYERS_LIABILITY
    assert low.low == (
        "covers £4,999,999, and lot 4 asks for £5,000,000",
        "below the law’s minimum of £5,000,000",
    )
    shown = finding.evidence_of(session, [place.supplier.id])[place.supplier.id]
    warned = [one.evidence.kind for one in pieces_of(shown, day).latest if one.warning]
    assert warned == [EvidenceKind.EMPLOYERS_LIABILITY]


def test_a_piece_that_a_later_one_followed_waits_no_more_and_ends_once(session, cast, olu, fennel):
    faye, cyber = cast.visitor(session, "Faye"), EvidenceKind.CYBER_ESSENTIALS
    first = shown(session, faye, cyber, upload=PDF)
    assert [one.id for one, _ in to_check(session, olu)] == [first.id]
    second = shown(session, faye, cyber, upload=PDF)
    session.flush()
    assert [one.id for one, _ in to_check(session, olu)] == [second.id]
    ends = list(evidence_runs_out(session, date(2023, 11, 21), date(2023, 11, 21), olu))
    assert [one.subject for one in ends] == [f"evidence:{second.id}"]
    send_back(session, actor=olu, evidence=second, reason="Cannot be read")
    session.flush()
    assert [one.id for one, _ in to_check(session, olu)] == [first.id]


def test_evidence_that_a_partner_adds_makes_one_mail_a_day(session, cast, fennel):
    faye = cast.visitor(session, "Faye")
    for day in (0, 0, 1):
        with dates.at(NOW + timedelta(days=day)):
            tell_of_new(session, shown(session, faye, EvidenceKind.ISO_27001, upload=PDF))
            session.flush()
    told = session.exec(select(Message).where(Message.subject == "Fennel Web added evidence")).all()
    assert sorted(one.to_address for one in told) == ["odette@example.org"] * 2 + ["olu@example.org"] * 2


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


def shown(session, actor, kind, **facts):
    wanted = {"expires_on": date(2023, 11, 21), "from_on": date(2022, 11, 22), **facts}
    return record_evidence(
        session,
        actor=actor,
        supplier_id=session.info["fennel"],
        kind=kind,
        **wanted,
    )


@pytest.fixture
def fennel(session, cast):
    session.info["fennel"] = cast.party["Fennel Web"]
    return session.info["fennel"]


def test_cyber_essentials_plus_counts_where_cyber_essentials_is_asked_and_not_the_other_way(
    session, olu, lot, fennel
):
    lot.needs_cyber_essentials = True
    shown(session, olu, EvidenceKind.CYBER_ESSENTIALS_PLUS)
    assert finding.covers(session, lot, fennel, date(2022, 11, 22)) == []
    (one,) = finding.covers(session, lot, fennel, date(2023, 11, 22))[-1:]
    assert "Cyber Essentials certificate of Fennel Web lapsed on 21 November 2023" in one.sentence


def test_iso_27001_is_asked_for_by_its_own_name(session, olu, lot, fennel):
    lot.needs_iso_27001 = True
    (one,) = finding.covers(session, lot, fennel, date(2022, 11, 22))
    assert one.sentence == "Fennel Web has not shown an ISO 27001 certificate, and lot 4 asks for it"
    shown(session, olu, EvidenceKind.ISO_27001)
    assert finding.covers(session, lot, fennel, date(2022, 11, 22)) == []


@pytest.mark.parametrize("undo", ["struck", "sent back"])
def test_what_was_struck_out_or_sent_back_counts_for_nothing(session, cast, olu, lot, fennel, undo):
    lot.needs_cyber_essentials = True
    faye = cast.visitor(session, "Faye")
    one = shown(session, faye, EvidenceKind.CYBER_ESSENTIALS, upload=PDF)
    assert one.standing is Standing.TO_CHECK
    assert finding.covers(session, lot, fennel, date(2022, 11, 22)) == []
    if undo == "struck":
        strike_out(session, actor=faye, evidence=one, reason="A mistake")
    else:
        send_back(session, actor=olu, evidence=one, reason="Cannot be read")
    (gap,) = finding.covers(session, lot, fennel, date(2022, 11, 22))
    assert "has not shown a Cyber Essentials certificate" in gap.sentence
    assert one.kind not in latest_of([one])


def test_after_one_is_struck_out_the_earlier_one_counts_again_and_its_end_is_told(session, cast, olu, fennel):
    from lots.reminders import evidence_runs_out

    earlier = shown(session, olu, EvidenceKind.CYBER_ESSENTIALS)
    later = shown(session, olu, EvidenceKind.CYBER_ESSENTIALS, expires_on=date(2024, 11, 21))
    session.flush()

    def keys():
        found = evidence_runs_out(session, date(2023, 11, 1), date(2023, 11, 30), None)
        return [one.subject for one in found]

    assert keys() == []
    strike_out(session, actor=olu, evidence=later, reason="Another firm’s")
    session.flush()
    assert keys() == [f"evidence:{earlier.id}"]


def test_a_certificate_followed_by_the_higher_one_is_not_told_to_run_out(session, olu, fennel):
    from lots.reminders import evidence_runs_out

    shown(session, olu, EvidenceKind.CYBER_ESSENTIALS)
    shown(session, olu, EvidenceKind.CYBER_ESSENTIALS_PLUS, expires_on=date(2024, 11, 21))
    session.flush()
    assert not list(evidence_runs_out(session, date(2023, 11, 1), date(2023, 11, 30), None))


def test_checked_evidence_may_still_be_sent_back_but_not_checked_twice(session, cast, olu, fennel):
    one = shown(session, cast.visitor(session, "Faye"), EvidenceKind.ISO_27001, upload=PDF)
    check_evidence(session, actor=olu, evidence=one)
    assert one.standing is Standing.CHECKED
    with pytest.raises(Refused, match="checked already"):
        check_evidence(session, actor=olu, evidence=one)
    send_back(session, actor=olu, evidence=one, reason="On a second look, it is another firm’s")
    with pytest.raises(Refused, match="sent back already"):
        check_evidence(session, actor=olu, evidence=one)
    with pytest.raises(Refused, match="Enter the reason"):
        strike_out(session, actor=olu, evidence=one, reason="")


def test_what_a_council_recorded_is_not_sent_back(session, olu, fennel):
    one = shown(session, olu, EvidenceKind.ISO_27001)
    assert one.standing is Standing.CHECKED
    with pytest.raises(Refused, match="A council recorded this"):
        send_back(session, actor=olu, evidence=one, reason="x")


@pytest.mark.parametrize("name", ["Faye", "Qi", "Asha"])
def test_nobody_but_the_framework_owner_checks(session, cast, fennel, name):
    one = shown(session, cast.visitor(session, "Faye"), EvidenceKind.ISO_27001, upload=PDF)
    with pytest.raises(NotFound):
        check_evidence(session, actor=cast.visitor(session, name), evidence=one)
    with pytest.raises(NotFound):
        send_back(session, actor=cast.visitor(session, name), evidence=one, reason="x")
    if name != "Faye":
        with pytest.raises(NotFound):
            strike_out(session, actor=cast.visitor(session, name), evidence=one, reason="x")


def test_a_statement_of_a_large_company_counts_for_eighteen_months(session, cast, olu, fennel):
    supplier = session.get_one(Party, fennel)
    say = lambda day, *pieces: slavery_warning(supplier, pieces, day)  # noqa: E731
    supplier.turnover_pence = 36_000_000_00 - 1
    assert say(date(2022, 11, 22)) is None
    supplier.turnover_pence = 36_000_000_00
    assert "£36,000,000 or more" in say(date(2022, 11, 22))
    one = shown(session, olu, EvidenceKind.MODERN_SLAVERY, expires_on=None)
    assert one.expires_on == date(2023, 11, 21)
    assert say(date(2022, 11, 21), one)
    assert say(date(2022, 11, 22), one) is None
    assert say(date(2024, 5, 21), one) is None
    assert "18 months" in say(date(2024, 5, 22), one)
    strike_out(session, actor=olu, evidence=one, reason="x")
    assert say(date(2022, 11, 22), one)


def test_statements_say_their_day_and_others_what_they_are(session, olu, fennel):
    with pytest.raises(Refused) as refused:
        shown(session, olu, EvidenceKind.MODERN_SLAVERY, from_on=None, expires_on=None)
    assert [one.field for one in refused.value.refusals] == ["from_on"]
    with pytest.raises(Refused) as refused:
        shown(session, olu, EvidenceKind.OTHER, expires_on=None, reference="x" * 81)
    assert {one.field for one in refused.value.refusals} == {"called", "expires_on", "reference"}
    assert shown(session, olu, EvidenceKind.OTHER, called="Fire risk note").name == "Fire risk note"


def test_a_lot_that_warns_names_what_lapses_before_the_call_off_ends(session, cast, lot, fennel):
    day, ends = date(2022, 11, 22), date(2023, 9, 30)
    assert lapses_before_the_end(session, lot, fennel, day, ends) == []
    lot.warns_on_offers = True
    said = lapses_before_the_end(session, lot, fennel, day, ends)
    assert len(said) == len(asked_of(lot)) > 0
    assert "of Fennel Web lapses on 30 June 2023, before the call-off ends on 30 September 2023" in said[0]
    assert lapses_before_the_end(session, lot, fennel, day, date(2023, 6, 30)) == []
    assert lapses_before_the_end(session, lot, fennel, date(2023, 7, 1), ends) == []
