"""Two framework owners accept the same rates at once: there is one new version."""

import pytest
from sqlmodel import select

from lots.rate_card import RateCard
from lots.rate_proposal import RateProposal, RateProposalStatus
from tests.lots.test_rate_pages import proposed
from tests.races.site import at_once, opened, two_servers

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("both_databases")]


def test_two_owners_who_accept_at_once_make_one_version(session, cast, visit, settings):
    seat = cast.appointment[4, "Fennel Web"]
    session.rollback()
    session.close()
    number = proposed(visit("Faye"), f"/my-company/rates/{seat}").rpartition("/")[2]
    where = f"/lots/DP21-4/partners/{seat}/rates/proposals/{number}"
    presses = [
        opened(visit(name), where, outcome=outcome, reason="Not yet")
        for name, outcome in (
            ("Olu", "accepted"),
            ("Odette", "accepted"),
            ("Olu", "returned"),
            ("Odette", "accepted"),
        )
    ]
    with two_servers(settings) as ports:
        told = at_once(ports, presses)
    assert sorted(one.status for one in told) == [303, 422, 422, 422]
    versions = session.exec(select(RateCard.version).where(RateCard.appointment_id == seat)).all()
    status = session.exec(select(RateProposal)).one().status
    if status is RateProposalStatus.ACCEPTED:
        assert sorted(versions) == [1, 2]
    else:
        assert (status, versions) == (RateProposalStatus.RETURNED, [1])


def test_one_who_withdraws_and_one_who_accepts_at_once_agree_on_one_end(session, cast, visit, settings):
    seat = cast.appointment[4, "Fennel Web"]
    session.rollback()
    session.close()
    faye = visit("Faye")
    mine = proposed(faye, f"/my-company/rates/{seat}")
    where = f"/lots/DP21-4/partners/{seat}/rates/proposals/{mine.rpartition('/')[2]}"
    presses = [opened(faye, mine, do="withdraw"), opened(visit("Olu"), where, outcome="accepted")]
    with two_servers(settings) as ports:
        told = at_once(ports, presses)
    assert sorted(one.status for one in told) == [303, 422]
    versions = session.exec(select(RateCard.version).where(RateCard.appointment_id == seat)).all()
    accepted = session.exec(select(RateProposal)).one().status is RateProposalStatus.ACCEPTED
    assert len(versions) == (2 if accepted else 1)
