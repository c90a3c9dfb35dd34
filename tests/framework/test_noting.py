"""The identifiers of published notices can be said once they are known, by the lead's framework owner alone."""

from datetime import date

import pytest

from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.regime import Regime
from framework.definitions.rules import NotFound, Refused
from framework.noting import note_notices
from framework.recording_past import PastFacts, record_past


def agreement_of(session, cast):
    return session.get_one(FrameworkAgreement, cast.agreement)


def test_both_are_kept_and_told(session, cast, visit):
    note_notices(
        session,
        actor=cast.visitor(session, "Olu"),
        agreement=agreement_of(session, cast),
        notice_identifier=" 000123-2022 ",
        ocid="ocds-000000-1",
    )
    session.commit()
    session.close()
    text = visit("Olu").get("/agreements/DP21").text
    assert "000123-2022" in text
    assert "Olu noted the published notices" in text


def test_too_long_is_said_beside_its_field_and_nothing_is_kept(visit):
    olu = visit("Olu")
    page = olu.send("/agreements/DP21/notices", {"ocid": "x" * 61}, status=422)
    assert page.errors == ["Enter it in 60 characters or fewer"]
    assert page.values()["ocid"] == "x" * 61
    assert "x" * 61 not in olu.get("/agreements/DP21").text


@pytest.mark.parametrize("name", ["Asha", "Cara", "Zed", "Faye", "Audra"])
def test_nobody_else_may(session, cast, visit, name):
    with pytest.raises(NotFound):
        note_notices(
            session,
            actor=cast.visitor(session, name),
            agreement=agreement_of(session, cast),
            notice_identifier="1",
            ocid="",
        )
    session.rollback()
    session.close()
    visit(name).get("/agreements/DP21/notices", status=404)


def test_an_agreement_that_is_over_keeps_what_it_has(session, cast):
    agreement_of(session, cast).closed_at = dates.now()
    session.flush()
    with pytest.raises(Refused, match="is over"):
        note_notices(
            session,
            actor=cast.visitor(session, "Olu"),
            agreement=agreement_of(session, cast),
            notice_identifier="1",
            ocid="",
        )


def test_a_past_agreement_is_history_that_every_council_may_read(session, cast, visit):
    record_past(
        session,
        actor=cast.visitor(session, "Olu"),
        lead_authority_id=cast.party["Northbank"],
        facts=PastFacts(title="Old times", reference="OLD", ends_on=date(2019, 5, 31), regime=Regime.PCR2015),
    )
    session.commit()
    session.close()
    for name in ("Zed", "Cara", "Audra"):
        assert "Old times" in visit(name).get("/agreements/OLD").text
    for name in ("Faye", "Stranger", "Opal", "Ari"):
        visit(name).get("/agreements/OLD", status=404)
