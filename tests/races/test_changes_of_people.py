"""Over HTTP, on two servers and either database: a change of people is decided once and proposed once for whoever leaves."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session, col, select

from calloffs.substituting import propose_substitute
from calloffs.substitution import Substitution
from framework.records.audit import AuditRecord
from framework.records.messages import Message
from framework.records.settings import Settings
from tests.calloffs.substitutes import a_substitute, signed
from tests.cast import Cast
from tests.races.site import at_once, opened, two_servers
from tests.visiting import Visiting

pytestmark = [pytest.mark.race, pytest.mark.usefixtures("both_databases")]
Visit = Callable[[str], Visiting]


@pytest.fixture
def ports(settings: Settings) -> Iterator[list[int]]:
    with two_servers(settings) as found:
        yield found


def test_two_consents_and_a_refusal_at_once_make_one_decision(
    session: Session, cast: Cast, visit: Visit, ports: list[int]
) -> None:
    running = signed(session, cast)
    new = a_substitute(session, running)
    propose_substitute(session, actor=cast.visitor(session, "Faye"), call_off=running, new=new)
    address = f"/call-offs/{running.reference}/substitutes/1/decision"
    session.commit()
    session.close()
    presses = [
        opened(visit("Asha"), address, decision=decision, reason="Said at once")
        for decision in ("yes", "yes", "no")
    ]
    told = at_once(ports, presses)
    assert sorted(one.status for one in told) == [303, 422, 422]
    assert all("is already" in one.text for one in told if one.status == 422)
    (found,) = session.exec(select(Substitution)).all()
    assert (found.consented_at is None) != (found.refused_at is None)
    decided = col(AuditRecord.action).in_(["substitute_agreed", "substitute_refused"])
    assert len(session.exec(select(AuditRecord).where(decided)).all()) == 1
    mails = session.exec(select(Message).where(col(Message.key).like("substitute-decided-%"))).all()
    assert len(mails) == 1


def test_two_proposals_at_once_for_the_same_person_leave_one(
    session: Session, cast: Cast, visit: Visit, ports: list[int]
) -> None:
    running = signed(session, cast)
    new = a_substitute(session, running)
    address = f"/call-offs/{running.reference}/substitutes/new"
    session.commit()
    session.close()
    fields = {
        "leaving": new.leaving,
        "work": "4:Developer",
        "day_rate": "800",
        "days": "10",
        "starts_on": ["12", "12", "2022"],
        "like_for_like": "As good",
        "reason": "Ill",
    }
    presses = [opened(visit("Faye"), address, name=name, **fields) for name in ("Ola", "Pat")]
    told = at_once(ports, presses)
    assert sorted(one.status for one in told) == [303, 422]
    assert any("already waits for the council" in one.text for one in told if one.status == 422)
    assert len(session.exec(select(Substitution)).all()) == 1
