"""Made-up records by the thousand: of the right number and shape, and nothing in them that `tracker verify` finds."""

from collections import Counter
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlmodel import col, func, select

import commands
from calloffs import scale
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.scale.sizes import Size
from calloffs.spend import verifying
from calloffs.spend.entry import LedgerEntry
from calloffs.spend.invoice import Invoice
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.people.party import Party, PartyKind
from framework.people.person import Person
from framework.records import database
from framework.records.audit import AuditHead, AuditRecord
from framework.records.columns import table_of
from lots.lot import Lot
from tests.visiting import Visiting

SMALL = Size(agreements=2, lots=5, partners=8, call_offs=60, invoices=150)


@pytest.fixture
def database_url(request, tmp_path):
    """An empty database: SQLite, or PostgreSQL where `both_databases` says so."""
    if "both_databases" in request.fixturenames and request.getfixturevalue("both_databases") == "postgresql":
        url = request.getfixturevalue("postgres").copy("template1")
    else:
        url = f"sqlite:///{tmp_path}/empty.db"
    database.migrate(url)
    return url


def count(session, model, *where):
    return session.exec(select(func.count()).select_from(model).where(*where)).one()


def test_s_holds_what_it_says_and_its_books_agree(app):
    size = scale.SIZES["S"]
    with app.app_context():
        scale.load(size)
        session = database.current()
        found = verifying.verify(session)
        assert found.whole, "\n".join(verifying.report(found))
        assert count(session, FrameworkAgreement) == size.agreements
        assert count(session, Lot) == size.lots
        assert count(session, Party, Party.kind == PartyKind.SUPPLIER) == size.partners
        assert count(session, CallOff) == size.call_offs
        assert 0.9 * size.invoices <= count(session, Invoice) <= size.invoices


def test_the_books_agree_on_both_databases(app, both_databases):
    with app.app_context():
        scale.load(SMALL)
        session = database.current()
        found = verifying.verify(session)
        assert found.whole, "\n".join(verifying.report(found))
        assert count(session, CallOff) == SMALL.call_offs


def test_a_database_goes_on_numbering_after_it(app, both_databases):
    with app.app_context():
        scale.load(SMALL)
        with database.writing() as session:
            session.add(Party(kind=PartyKind.SUPPLIER, name="One more", short_name="More"))
        assert count(database.current(), Party, Party.name == "One more") == 1


def test_call_offs_stand_in_every_place_and_none_is_told_of_the_future(app):
    with app.app_context():
        scale.load(Size(agreements=4, lots=28, partners=40, call_offs=600, invoices=3_000))
        session = database.current()
        standing = Counter(one.status for one in session.exec(select(CallOff)))
        seen = {one for one in CallOffStatus if standing[one]}
        # Issued and unsigned order forms would need the real paper; see the papers of the scale.
        assert seen == set(CallOffStatus) - {
            CallOffStatus.ISSUED,
            CallOffStatus.APPROVAL_RAN_OUT,
        } or seen == set(CallOffStatus) - {CallOffStatus.ISSUED}
        for model, column in ((AuditRecord, "at"), (LedgerEntry, "posted_at")):
            table = table_of(model)
            moments = list(
                session.connection().execute(sa.select(table.c[column]).order_by(table.c.id)).scalars()
            )
            assert max(moments) <= dates.now()
            later = [one for one in moments if one > moments[0]]
            assert later
        posted = list(session.exec(select(LedgerEntry.posted_at).order_by(col(LedgerEntry.id))))
        assert posted == sorted(posted)


def test_the_same_seed_makes_the_same_chain_and_another_does_not(tmp_path, settings):
    from app import create_app
    from framework.records.settings import Settings

    heads = []
    for number, seed in enumerate((5, 5, 6)):
        url = f"sqlite:///{tmp_path}/seed{number}.db"
        database.migrate(url)
        app = create_app(Settings(data_folder=tmp_path, database_url=url, secret_key=settings.secret_key))
        with app.app_context():
            scale.load(SMALL, seed)
            heads.append(database.current().exec(select(AuditHead.last_hash)).one())
            database.db.engine.dispose()
    assert heads[0] == heads[1] != heads[2]


@pytest.mark.parametrize("day", ["2022-12-28", "2023-04-11", "2024-02-29", "2026-05-04"])
def test_it_can_be_made_on_any_day_of_the_year(app, day):
    moment = datetime.fromisoformat(f"{day}T00:30").replace(tzinfo=UTC)
    with dates.at(moment), app.app_context():
        scale.load(SMALL)
        found = verifying.verify(database.current())
        assert found.whole, "\n".join(verifying.report(found))


def test_people_see_its_pages(app):
    with app.app_context():
        named = scale.load(SMALL)
        people = {
            number: database.current().exec(select(Person.name).where(Person.id == number)).one()
            for number in named
        }
        database.current().close()
    assert len(named) == 15
    for name in people.values():
        Visiting(app, name).get("/")


def test_the_command_fills_an_empty_database_and_refuses_any_other(tmp_path, monkeypatch):
    monkeypatch.setitem(scale.SIZES, "S", SMALL)
    monkeypatch.setenv("DATA_FOLDER", str(tmp_path / "data"))
    first = CliRunner().invoke(commands.tracker, ["sample", "--scale", "S"])
    assert first.exit_code == 0, first.output
    kept = tmp_path / "data" / "sample-sign-ins.txt"
    assert kept.stat().st_mode & 0o077 == 0
    assert kept.read_text().strip() == first.output.strip()
    second = CliRunner().invoke(commands.tracker, ["sample", "--scale", "S"])
    assert second.exit_code == 1
    assert "knows people already" in second.output


@pytest.mark.nightly
def test_m_holds_together(app):
    with app.app_context():
        scale.load(scale.SIZES["M"])
        found = verifying.verify(database.current())
        assert found.whole, "\n".join(list(verifying.report(found))[:50])
