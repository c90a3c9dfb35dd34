"""Partners that were there before joining existed keep everything, and their longest-standing user becomes administrator."""

from datetime import date

import sqlalchemy as sa
from alembic import command
from sqlmodel import Session, select

from framework.people.party import Party
from framework.people.permissions import Role
from framework.people.person import Person, Post
from framework.records.database import _alembic


def test_the_first_user_of_each_partner_becomes_its_administrator(both_databases, database_url):
    engine = sa.create_engine(database_url)
    with Session(engine) as session:
        quill = session.exec(select(Party).where(Party.name == "Quill Works")).one()
        tess = session.exec(select(Person).where(Person.name == "Stranger")).one()
        session.add(
            Post(person_id=tess.id, party_id=quill.id, role=Role.PARTNER_USER, starts_on=date(2022, 1, 1))
        )
        session.commit()
        quill_id = quill.id
    command.downgrade(_alembic(database_url), "0007")
    with engine.connect() as connection:
        roles = set(connection.execute(sa.text("SELECT role FROM post")).scalars())
    assert "partner_administrator" not in roles
    command.upgrade(_alembic(database_url), "head")
    with Session(engine) as session:
        held = session.exec(
            select(Person.name, Post.role)
            .join(Post, Post.person_id == Person.id)
            .where(Post.party_id == quill_id)
            .order_by(Post.id)
        ).all()
        appointments = session.connection().execute(sa.text("SELECT count(*) FROM appointment")).scalar()
    engine.dispose()
    assert held == [("Qi", Role.PARTNER_ADMINISTRATOR), ("Stranger", Role.PARTNER_USER)]
    assert appointments == 9
