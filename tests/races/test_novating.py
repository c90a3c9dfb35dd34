"""Two people decide on the same novation at once: the place passes once, or not at all."""

import pytest
from sqlmodel import select

from lots.appointment import Appointment
from lots.novation import Novation
from lots.place_ending import PlaceEnding
from lots.rate_card import RateCard
from tests.lots.test_novating_pages import sent
from tests.races.site import at_once, opened, two_servers

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("both_databases")]


def test_of_decisions_at_one_moment_one_counts(session, cast, visit, settings):
    old = cast.appointment[7, "Quill Works"]
    session.rollback()
    session.close()
    where = f"/lots/DP21-7/partners/{old}"
    visit("Olu").send(f"{where}/novate", sent())
    presses = [
        opened(visit(name), f"{where}/novation", outcome=outcome)
        for name, outcome in (("Bram", "agree"), ("Odette", "agree"), ("Brook", "refuse"), ("Bram", "agree"))
    ]
    with two_servers(settings) as ports:
        told = at_once(ports, presses)
    assert sorted(one.status for one in told) == [303, 404, 404, 404]
    ending, novation = session.exec(select(PlaceEnding)).one(), session.exec(select(Novation)).one()
    places = session.exec(select(Appointment).where(Appointment.lot_id == cast.lot[7])).all()
    cards = session.exec(select(RateCard).where(RateCard.appointment_id == novation.appointment_id)).all()
    if ending.agreed:
        assert (len(places), len(cards)) == (4, 1)
        assert session.get_one(Appointment, old).ended_as == "novated"
    else:
        assert (len(places), novation.appointment_id) == (3, None)


def test_of_two_removals_proposed_at_one_moment_one_waits(session, cast, visit, settings):
    old = cast.appointment[7, "Quill Works"]
    session.rollback()
    session.close()
    where = f"/lots/DP21-7/partners/{old}/remove"
    presses = [opened(visit(name), where, reason="Failure") for name in ("Olu", "Odette")]
    with two_servers(settings) as ports:
        told = at_once(ports, presses)
    assert sorted(one.status for one in told) == [303, 422]
    assert len(session.exec(select(PlaceEnding)).all()) == 1
