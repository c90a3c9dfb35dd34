"""An authority leaves an agreement."""

from datetime import date

import pytest

from framework import finding
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.leaving import leave_agreement
from tests.framework.agreements import a_draft


def leave(session, cast, agreement, name="Southmere", who="Olu", **other):
    said = {"last_day": date(2022, 12, 31), "reason": "A service of its own", **other}
    return leave_agreement(
        session,
        actor=cast.visitor(session, who),
        agreement=agreement,
        authority_id=cast.party[name],
        **said,
    )


@pytest.fixture
def dp21(session, cast):
    return session.get(FrameworkAgreement, cast.agreement)


def test_an_authority_may_call_off_to_its_last_day_and_no_longer(session, cast, dp21):
    member = leave(session, cast, dp21)
    assert member.is_member_on(date(2022, 12, 31))
    assert not member.is_member_on(date(2023, 1, 1))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"last_day": None}, "last_day"),
        ({"last_day": date(2022, 11, 21)}, "last_day"),
        ({"last_day": date(2023, 6, 1)}, "last_day"),
        ({"reason": " "}, "reason"),
    ],
)
def test_its_last_day_lies_between_today_and_the_agreements_own(session, cast, dp21, typed, field):
    with pytest.raises(Refused) as caught:
        leave(session, cast, dp21, **typed)
    assert [one.field for one in caught.value.refusals] == [field]


def test_the_lead_stays_a_stranger_is_not_there_and_a_draft_is_changed_instead(session, cast, dp21):
    with pytest.raises(Refused):
        leave(session, cast, dp21, "Northbank")
    with pytest.raises(NotFound):
        leave(session, cast, dp21, "Elsewhere")
    with pytest.raises(NotFound):
        leave(session, cast, dp21, who="Dev")
    with pytest.raises(Refused):
        leave(session, cast, a_draft(session, cast), "Northbank")


def test_what_it_did_stays_readable_after_it_has_left(session, cast, dp21):
    leave(session, cast, dp21)
    session.flush()
    with dates.on(date(2023, 2, 1)):
        cara = cast.visitor(session, "Cara")
        assert finding.agreement(session, cara, "DP21").id == dp21.id


def test_the_page_records_it(visit, cast):
    olu = visit("Olu")
    address = f"/agreements/DP21/authorities/{cast.party['Southmere']}/leave"
    assert address in olu.get("/agreements/DP21").links
    page = olu.send(address, {"last_day": ["31", "12", "2022"], "reason": ""}, status=422)
    assert page.values()["last_day"] == ["31", "12", "2022"]
    page = olu.follow(olu.send(page, {"reason": "A service of its own"}))
    assert "31 December 2022" in page.text
    assert "Olu recorded that Southmere leaves" in page.text
    for other in ("Northbank", "Elsewhere"):
        olu.get(f"/agreements/DP21/authorities/{cast.party[other]}/leave", status=404)
    visit("Dev").get(address, status=404)
