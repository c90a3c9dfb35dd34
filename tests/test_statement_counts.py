"""A page costs the same number of SQL statements however much is behind it: the guard of speed that needs no clock."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select

from app import create_app
from calloffs import scale
from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff
from calloffs.offer import Offer
from calloffs.reports.every_report import REPORTS
from calloffs.scale.sizes import Size
from framework import reminding
from framework.definitions import dates
from framework.people.person import Person
from framework.records import database
from framework.records.settings import Settings
from lots.appointment import Appointment
from tests.conftest import NOW
from tests.statements import seen_by
from tests.visiting import Visiting

FEW = Size(agreements=2, lots=14, partners=18, call_offs=150, invoices=500)
MANY = Size(agreements=6, lots=45, partners=120, call_offs=1_500, invoices=9_000)
ROLES = (
    "authority administrator",
    "framework owner",
    "commissioning manager",
    "approver",
    "finance reviewer",
    "auditor",
)
GROWING = re.compile(
    r"SCAN (call_off|invoice|ledger_entry|period_figure|spend_line|audit_record|audit_words|message|payment|offer|business_case)\b"
)
READERS = ("framework owner", "commissioning manager", "auditor")


class Site:
    """One data set, with the first council's people and the partner that has most to do."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def statements(self, who: str, address: str) -> list[tuple[str, Any]]:
        """The statements of one look at a page, the second time (the first may note that somebody was seen)."""
        with self._session() as session:
            name, path = self._name(session, who), self._path(session, address)
        visiting = Visiting(self.app, name)

        def look() -> None:
            # The whole answer is read: files are streamed, and their statements run as they go.
            answer = Context().run(visiting.client.get, path)
            assert (answer.status_code, answer.get_data() != b"") == (200, True), path

        with dates.at(NOW):
            look()
            return seen_by(self.app, look)

    @contextmanager
    def _session(self) -> Iterator:
        with self.app.app_context():
            yield database.current()
            database.current().close()

    def _name(self, session, who):
        if who != "partner":
            return f"Ashbourne {who} 1"
        offer = session.exec(self._offer()).first()
        return session.exec(select(Person.name).where(Person.id == offer.answered_by_id)).one()

    def _offer(self):
        # An answered offer of the first agreement's first lot, whose one partner every size has.
        return (
            select(Offer)
            .join(CallOff, col(CallOff.id) == col(Offer.call_off_id))
            .where(col(CallOff.reference).like("SC001-1-%"), col(CallOff.signed_at).is_not(None))
            .where(col(CallOff.closed_at).is_(None), col(Offer.accepted_at).is_not(None))
            .order_by(col(Offer.id))
        )

    def _path(self, session, address):
        if "{" not in address:
            return address
        offer = session.exec(self._offer()).first()
        call_off = session.get_one(CallOff, offer.call_off_id)
        mine = session.exec(
            select(CallOff.reference)
            .where(col(CallOff.reference).like("SC001-%"), col(CallOff.authority_id) == 1)
            .where(col(CallOff.signed_at).is_not(None), col(CallOff.closed_at).is_(None))
            .where(col(CallOff.case_id).is_not(None), col(CallOff.options_net_pence) > 0)
            .order_by(col(CallOff.invoiced_pence).desc())
        ).first()
        return address.format(
            call_off=mine,
            partners_call_off=call_off.reference,
            offer=offer.reference,
            appointment=offer.appointment_id,
            case=session.exec(
                select(BusinessCase.reference).where(BusinessCase.authority_id == 1).limit(1)
            ).one(),
            supplier=session.get_one(Appointment, offer.appointment_id).supplier_id,
            deep=session.exec(
                select(CallOff.id)
                .where(CallOff.authority_id == 1)
                .order_by(col(CallOff.id))
                .offset(55)
                .limit(1)
            ).one(),
        )


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    found = []
    for name, size in (("few", FEW), ("many", MANY)):
        folder = tmp_path_factory.mktemp(name)
        url = f"sqlite:///{folder / 'tracker.db'}"
        database.migrate(url)
        app = create_app(Settings(data_folder=folder, database_url=url, secret_key="k" * 40))
        app.testing = True
        with dates.at(NOW), app.app_context():
            scale.load(size)
            if name == "few":
                with database.writing() as session:
                    session.connection().exec_driver_sql("DELETE FROM sqlite_stat1")
            database.db.engine.dispose()
        found.append(Site(app))
    yield found
    for site in found:
        with site.app.app_context():
            database.db.engine.dispose()


PAGES = [
    *((role, "/") for role in (*ROLES, "partner")),
    *((role, "/agreements/") for role in READERS),
    *((role, "/agreements/SC001") for role in READERS),
    *((role, "/lots/SC001-7") for role in READERS),
    *((role, "/lots/SC001-7/who-supplies-what") for role in READERS),
    ("framework owner", "/agreements/SC001/who-supplies-what"),
    ("framework owner", "/agreements/SC001/who-supplies-what.csv"),
    *((role, "/find-people?skill=") for role in READERS),
    ("partner", "/call-offs/{partners_call_off}/substitutes/new"),
    *((role, "/cases/") for role in READERS),
    ("commissioning manager", "/cases/{case}"),
    *((role, "/call-offs/") for role in READERS),
    *(
        (role, f"/call-offs/?{asked}")
        for role in READERS
        for asked in ("status=live", "lot=SC001-1", "words=parking", "after={deep}")
    ),
    ("commissioning manager", "/call-offs/?mine=yes"),
    *((role, "/call-offs/{call_off}") for role in (*READERS, "approver", "finance reviewer")),
    ("partner", "/call-offs/{partners_call_off}"),
    *((role, "/spend/") for role in (*READERS, "finance reviewer")),
    *(("finance reviewer", f"/spend/agreements/SC001{rest}") for rest in (f"/{one.key}" for one in REPORTS)),
    *(("finance reviewer", f"/spend/agreements/SC001/{one.key}.csv") for one in REPORTS),
    ("finance reviewer", "/spend/agreements.csv"),
    *(("finance reviewer", f"/spend/extracts/{rest}") for rest in ("", "new", "sources/")),
    *(("finance reviewer", f"/spend/matching/?show={show}") for show in ("likely", "all", "flagged")),
    ("finance reviewer", "/spend/matching/call-offs/{call_off}"),
    *(
        ("finance reviewer", f"/spend/tables/{key}")
        for key in ("off-contract", "without-invoice", "returns-differ")
    ),
    *((role, "/spend/figures") for role in (*READERS, "finance reviewer")),
    *(
        ("finance reviewer", f"/spend/figures?{asked}")
        for asked in (
            "by=period&lot=SC001-1",
            "by=partner&then=programme&year=2022/23&agreement=SC001",
            "by=authority&as_at=2022-11-15",
        )
    ),
    *(
        ("finance reviewer", f"/spend/tables/{asked}")
        for asked in (
            "entries?kind=invoice&lot=SC001-1",
            "entries?year=2022/23&standing=yes",
            "entries?since=2022-11-15",
            "figures.csv?agreement=SC001",
            "lines?matched=no",
        )
    ),
    *(
        (role, address)
        for role in (*READERS, "finance reviewer")
        for address in (
            "/forecast/SC001",
            "/pictures/SC001/sme",
            "/pictures/SC001/who-paid",
            "/pictures/waiting",
        )
    ),
    ("finance reviewer", "/forecast/"),
    ("finance reviewer", "/forecast/SC001/what-if?lot=SC001-1&amount=5"),
    *(
        ("finance reviewer", f"/spend/tables/{rest}")
        for rest in ("call-offs", "call-offs.csv", "call-offs.xlsx", "invoices")
    ),
    ("finance reviewer", "/spend/tables/call-offs?lot=SC001-1&after={deep}"),
    *(("finance reviewer", f"/spend/{rest}") for rest in ("tables/", "feeds/")),
    *(
        ("finance reviewer", f"/spend/{rest}")
        for rest in ("shared/", "recharges/", "periods/1", "periods/1/2022-10-01", "shared/{call_off}")
    ),
    *(
        ("finance reviewer", f"/spend/tables/{key}{end}")
        for key in ("accruals", "recharges", "late-changes")
        for end in ("", ".csv")
    ),
    ("finance reviewer", "/spend/accruals/{call_off}/2022-10-31"),
    ("partner", "/offers/"),
    ("partner", "/offers/{offer}"),
    ("partner", "/offers/outcomes"),
    ("partner", "/invoices/"),
    ("partner", "/papers/"),
    *(
        (role, f"/lots/SC001-{lot}/turns{end}")
        for role in READERS
        for lot, end in ((1, ""), (7, ""), (7, ".csv"))
    ),
    ("partner", "/my-company"),
    *(("partner", f"/my-company/rates/{{appointment}}{rest}") for rest in ("", "/propose", "/template.csv")),
    ("framework owner", "/lots/SC001-1/partners/{appointment}/rates"),
    ("partner", "/my-company/evidence/new"),
    ("partner", "/my-company/people/{appointment}"),
    ("partner", "/my-company/people/{appointment}/add"),
    ("partner", "/my-company/people/{appointment}/load"),
    ("framework owner", "/lots/SC001-1/partners/{appointment}/people"),
    *(
        ("finance reviewer", f"/spend/{rest}")
        for rest in (
            "payments/compliance",
            "payments/over-30000",
            "publication/register",
            "publication/spend-over-500",
        )
    ),
    ("partner", "/returns/"),
    *((role, "/spend/returns?month=2022-10") for role in (*READERS, "finance reviewer")),
    ("finance reviewer", "/spend/returns.csv?month=2022-10"),
    ("framework owner", "/spend/returns-by-lot.csv?month=2022-10"),
    *((role, "/coming/") for role in (*READERS, "partner")),
    ("framework owner", "/partners/{supplier}"),
    ("framework owner", "/partners/"),
    ("framework owner", "/lots/SC001-1/partners/{appointment}"),
    ("framework owner", "/lots/SC001-1/partners/{appointment}/novate"),
    *(("partner", f"/my-company/{rest}") for rest in ("tasks", "{supplier}/facts", "{supplier}/contacts")),
    *((role, "/forward/") for role in (*READERS, "partner")),
    *((role, "/forward/lots/SC001-1") for role in (*READERS, "partner")),
    *((role, "/promises/") for role in (*READERS, "partner")),
    ("authority administrator", "/people/"),
]


@pytest.mark.parametrize(("who", "address"), PAGES, ids=lambda one: one)
def test_a_page_costs_as_many_statements_with_much_behind_it_as_with_little(sites, who, address):
    few, many = sites
    cost = len(few.statements(who, address))
    assert cost > 0
    assert len(many.statements(who, address)) == cost


@pytest.mark.parametrize(("who", "address"), PAGES, ids=lambda one: one)
def test_no_page_reads_a_whole_table_that_grows(sites, who, address):
    # One of the two knows how its tables are filled, the other does not, as a database that was never analysed.
    for site in sites:
        with site.app.app_context():
            own = database.current().connection()
            for statement, bound in site.statements(who, address):
                plan = own.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", bound)
                whole = [
                    row.detail for row in plan if GROWING.match(row.detail) and "INDEX" not in row.detail
                ]
                assert not whole, f"{whole}: {statement}"
            database.current().close()


def test_looking_for_what_is_due_asks_as_often_with_many_dates_as_with_few(sites):
    def look(site):
        with site.app.app_context():
            reminding.due_between(database.current(), dates.today() - timedelta(days=31), dates.today())
            database.current().close()

    few, many = (len(seen_by(site.app, lambda site=site: look(site))) for site in sites)
    assert 0 < many <= few
