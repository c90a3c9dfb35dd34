"""Two of finance close one period, and raise one recharge, at the same moment."""

from typing import Any

import pytest
from sqlmodel import Session, select

from calloffs.periods.period_closing import ClosedFigure, PeriodClosing
from calloffs.sharing.recharge_statement import RechargeLine, RechargeStatement
from framework.definitions import dates
from framework.people.permissions import Role
from framework.people.person import Person, Post
from framework.records.settings import Settings
from tests.calloffs.sharing.sharing_made import shared
from tests.calloffs.sharing.test_recharging import OCTOBER
from tests.cast import Cast
from tests.races.site import at_once, opened, two_servers


@pytest.mark.race
@pytest.mark.usefixtures("both_databases")
def test_of_two_who_press_at_once_one_closes_the_period_and_one_raises_the_recharge(
    session: Session, cast: Cast, settings: Settings, visit: Any
) -> None:
    shared(session, cast, (OCTOBER, 10_001))
    gwen = Person(name="Gwen", email="gwen@example.org", fs_uniquifier="u-gwen", created_at=dates.now())
    session.add(gwen)
    session.flush()
    north, south = cast.party["Northbank"], cast.party["Southmere"]
    session.add(Post(person_id=gwen.id, party_id=north, role=Role.FINANCE_REVIEWER, starts_on=dates.today()))
    session.commit()
    session.close()
    two = visit("Finn"), visit("Gwen")
    period, pair = f"/spend/periods/{north}/2022-10-01", f"/spend/recharges/{north}/{south}"
    closes = [opened(one, period, looked="y")._replace(address=f"{period}/close") for one in two]
    raises = [
        opened(one, pair, invoice_number=f"SI-{place}", raised_on=["21", "11", "2022"])._replace(
            address=f"{pair}/raise"
        )
        for place, one in enumerate(two)
    ]
    with two_servers(settings) as ports:
        closed, raised = at_once(ports, closes), at_once(ports, raises)
    assert sorted(one.status for one in closed) == [303, 422]
    assert "is closed already" in next(one for one in closed if one.status == 422).text
    assert sorted(one.status for one in raised) == [303, 422]
    assert len(session.exec(select(PeriodClosing.id)).all()) == 1
    assert sorted(session.exec(select(ClosedFigure.net_pence)).all()) == [10_001, 10_001]
    assert session.exec(select(RechargeStatement.net_pence)).all() == [4_000]
    assert session.exec(select(RechargeLine.net_pence)).all() == [4_000]
