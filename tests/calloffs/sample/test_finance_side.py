"""The sample's finance side: extracts, matches, shares, periods and disputes, true to the books and on every page of finance."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from flask import url_for
from sqlmodel import Session, col, select

from app import create_app
from calloffs.call_off import CallOff
from calloffs.clocks.compliance_report import ComplianceReport
from calloffs.clocks.dispute import DisputeEvent, DisputeKind
from calloffs.clocks.invalid_invoice import InvalidInvoice
from calloffs.extracts.finding import counts, line
from calloffs.extracts.spend_import import ImportState, SpendImport
from calloffs.forecasting import finding as forecasts
from calloffs.matching import certain, queue
from calloffs.matching.flags import Flag, among
from calloffs.matching.spend_match import SpendMatch
from calloffs.periods.period_closing import AccrualAdjustment, PeriodClosing
from calloffs.pictures.sme_target import target_of
from calloffs.sample.people import COUNCILS
from calloffs.sample.setting_up import by_name, the_agreement, the_party
from calloffs.sharing.call_off_sharing import CallOffShare, CallOffSharing
from calloffs.sharing.recharge_statement import RechargeStatement
from calloffs.spend.entry import LedgerEntry
from calloffs.spend.verifying import verify
from calloffs.web.finance_links import LINKS
from framework.definitions import dates
from framework.records import database
from tests.calloffs.sample.building import LOADED
from tests.visiting import Page, Visiting

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample")]

ELSEWHERE = ("/spend/periods/",)
"""Where a visitor with one authority is sent on to it."""
RUTH, FARID = "Ruth Penhallow", "Farid Rahimi"


def test_extracts_are_loaded_taken_back_and_wait_with_rows_to_mend(loaded: Session):
    found = loaded.exec(select(SpendImport).order_by(col(SpendImport.id))).all()
    assert Counter(one.state for one in found) == {
        ImportState.CONFIRMED: 6,
        ImportState.UNDONE: 1,
        ImportState.CHECKED: 1,
    }
    for one in found:
        assert 40 <= one.rows_read <= 150, one.file_name
        assert one.rows_new + one.rows_changed + one.rows_rejected == one.rows_read, one.file_name
    assert sum(one.rows_changed for one in found) == 1
    assert [one.rows_rejected for one in found if one.rows_rejected] == [3]
    assert next(one for one in found if one.rows_rejected).state is ImportState.CHECKED


def test_certain_lines_are_matched_and_a_few_wait_with_a_suggestion(loaded: Session):
    waiting = 0
    for who, council in zip((RUTH, FARID), COUNCILS, strict=True):
        visitor = by_name(loaded, who)
        left = certain.plan(loaded, visitor, the_party(loaded, council.name).id).sure
        assert len(left) == (3 if who == RUTH else 0)
        rows = (
            loaded.connection()
            .execute(
                sa.select(*line.c).where(
                    queue.waits(), counts(), line.c.authority_id == the_party(loaded, council.name).id
                )
            )
            .all()
        )
        suggested = queue.suggested(loaded, rows)
        waiting += sum(bool(one) for one in suggested.values())
        # Partners are paid without a call-off as well.
        assert any(row.supplier_id is not None and not suggested[row.id] for row in rows) or who == RUTH
    assert 6 <= waiting <= 14
    matches = loaded.exec(select(SpendMatch)).all()
    assert len(matches) >= 20
    assert any(one.invoice_id for one in matches)
    assert any(one.invoice_id is None for one in matches)


def test_one_line_is_past_its_value_for_a_reason_and_one_before_signature(loaded: Session):
    over = loaded.exec(select(SpendMatch).where(SpendMatch.over_pence > 0)).one()
    assert over.over_why
    call_off = loaded.get_one(CallOff, over.call_off_id)
    assert call_off.invoiced_pence - call_off.committed_pence == over.over_pence
    for flag in (Flag.OVER_VALUE, Flag.BEFORE_SIGNATURE, Flag.NO_PURCHASE_ORDER, Flag.CHANGED):
        times = sa.select(sa.func.count()).select_from(line).where(line.c.flags.like(among(flag)), counts())
        assert loaded.connection().execute(times).scalar_one() >= 1, flag


def test_periods_are_closed_and_one_line_changed_later(loaded: Session):
    closed = loaded.exec(select(PeriodClosing).order_by(col(PeriodClosing.period_on))).all()
    by_council = Counter(one.authority_id for one in closed)
    assert sorted(by_council.values()) == [5, 6]
    last = max(closed, key=lambda one: (one.period_on, one.id))
    assert last.last_on == date(2026, 9, 30)
    late = loaded.exec(
        select(LedgerEntry).where(
            LedgerEntry.authority_id == last.authority_id,
            LedgerEntry.id > last.last_entry_id,
            col(LedgerEntry.effective_on).between(last.period_on, last.last_on),
        )
    ).all()
    # Bills of the month that nobody had recorded come with the lines that pay them, and one line was put right.
    assert {one.amount_pence > 0 for one in late} == {True, False}
    assert -27_000 in {one.amount_pence for one in late if one.spend_line_id}


def test_shares_a_recharge_an_accrual_disputes_and_the_half_year(loaded: Session):
    sharings = loaded.exec(select(CallOffSharing)).all()
    assert sorted(one.agreed_at is None for one in sharings) == [False, True]
    agreed = next(one for one in sharings if one.agreed_at)
    shares = loaded.exec(select(CallOffShare.share_bp).where(CallOffShare.sharing_id == agreed.id)).all()
    assert sorted(shares) == [4_000, 6_000]
    assert loaded.exec(select(RechargeStatement)).one().net_pence > 0
    assert loaded.exec(select(AccrualAdjustment)).one().reason
    events = loaded.exec(select(DisputeEvent)).all()
    assert Counter(one.kind for one in events) == {DisputeKind.OPENED: 2, DisputeKind.TO_BE_PAID: 1}
    assert loaded.exec(select(InvalidInvoice)).one().faults
    reports = loaded.exec(select(ComplianceReport)).all()
    assert {one.ends_on for one in reports} == {date(2026, 9, 30)}
    assert all(one.payments > 10 for one in reports)
    assert target_of(loaded, the_agreement(loaded).id) == 4_000
    programmes = Counter(
        one.programme for one in loaded.exec(select(CallOff).where(CallOff.purchase_order != ""))
    )
    assert len(programmes) >= 6
    assert programmes[""] < 5


def test_lots_have_a_forecast(loaded: Session):
    found = forecasts.ceilings(loaded, forecasts.agreements(loaded, by_name(loaded, RUTH)))
    assert sum(one.lot is not None and one.forecast.fast is not None for one in found) >= 2


def test_the_books_are_true(loaded: Session):
    assert not verify(loaded).differences


@pytest.fixture
def used(settings, tmp_path):
    """A copy of the sample in which somebody signs in."""
    folder = tmp_path / "used"
    shutil.copytree(settings.data_folder, folder)
    app = create_app(replace(settings, data_folder=folder, database_url=f"sqlite:///{folder / 'sample.db'}"))
    with dates.at(LOADED):
        yield app
    with app.app_context():
        database.db.engine.dispose()


EMPTY = {
    "Match all certain lines": [FARID],
    "Commitments without an invoice for 60 days": [RUTH],
    "Partners’ returns that disagree with the ledger": [FARID],
    "Disputed invoices": [FARID],
    "Invoices that were not valid and were sent back": [FARID],
    # The sample's agreement was begun before the duty to publish them.
    "Payments over £30,000": [RUTH, FARID],
}
FORMS = ("/spend/extracts/new", "/spend/imports/")
"""Where there is a form to fill in and nothing to read."""


def _shows_something(page: Page) -> bool:
    return bool([row for part in page.all("tbody") for row in part] or page.all("dd"))


def test_every_page_of_finance_opens_and_all_but_one_have_something(used):
    empty: dict[str, list[str]] = {}
    for who in (RUTH, FARID):
        visiting = Visiting(used, who)
        with used.test_request_context():
            addresses = {one.words: url_for(one.endpoint, **dict(one.where)) for one in LINKS}
        spend = visiting.get("/spend/")
        for words, address in addresses.items():
            assert address in spend.links, words
            moves_on = address in ELSEWHERE
            page = visiting.get(address, 303 if moves_on else 200)
            page = visiting.follow(page) if moves_on else page
            if address not in FORMS and not _shows_something(page):
                empty.setdefault(words, []).append(who)
    assert empty == EMPTY
