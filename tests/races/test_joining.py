"""Two people who follow one invitation at the same moment: one joins, the other finds the link spent."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlmodel import select

from framework.definitions.rules import NotFound, Refused
from framework.people.party import Party
from framework.people.person import Person
from framework.records import database
from lots.accepting import sign_up
from lots.appointment import Appointment
from tests.lots.joiners import PASSPHRASE, a_lot, asked


def test_of_two_acceptances_at_one_moment_one_joins(both_databases, app, cast):
    with app.app_context(), database.writing() as session:
        olu = cast.visitor(session, "Olu")
        token = asked(session, olu, a_lot(session, cast, olu)).token
    together = Barrier(2)

    def follow(name):
        with app.app_context():
            together.wait(20)
            try:
                with database.writing() as session:
                    sign_up(session, token=token, name=name, password=PASSPHRASE)
            except (NotFound, Refused):
                return "late"
            return "in"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(follow, ["Hana", "Eve"])) == ["in", "late"]
    with app.app_context(), database.writing() as session:
        assert len(session.exec(select(Person).where(Person.email == "hana@heron.example")).all()) == 1
        heron = session.exec(select(Party).where(Party.name == "Heron Data Ltd")).one()
        assert len(session.exec(select(Appointment).where(Appointment.supplier_id == heron.id)).all()) == 1
