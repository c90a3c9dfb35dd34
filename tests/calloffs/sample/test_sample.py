"""The sample: true to its description, made by the same actions as real work, the same for the same seed."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session, col, select

from app import create_app
from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.sample.calendar import Span
from calloffs.spend.entry import LedgerEntry
from calloffs.spend.verifying import verify
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.party import Party, PartyKind
from framework.people.permissions import Role
from framework.people.person import Person, Post
from framework.records import database
from framework.records.audit import AuditRecord
from framework.records.messages import Message
from framework.records.settings import Settings
from lots.lot import Lot
from tests.calloffs.sample.building import LOADED, load

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample")]


def test_every_state_of_a_call_off_is_there(loaded: Session):
    found = {one.status for one in loaded.exec(select(CallOff))}
    assert found == set(CallOffStatus)


def test_business_cases_stand_everywhere_a_case_can(loaded: Session):
    found = {one.status_on(date(2026, 11, 22)).value for one in loaded.exec(select(BusinessCase))}
    assert found == {"draft", "submitted", "returned", "approved", "rejected", "lapsed", "withdrawn"}


def test_every_balance_and_the_whole_chain_agree(loaded: Session):
    findings = verify(loaded)
    assert not findings.differences


def test_the_agreement_is_as_described(loaded: Session):
    agreement = loaded.exec(select(FrameworkAgreement).where(FrameworkAgreement.reference == "DPF2")).one()
    assert agreement.title == "Digital Partners Framework 2 (sample)"
    assert (agreement.starts_on, agreement.ends_on) == (date(2025, 5, 1), date(2028, 4, 30))
    assert agreement.ceiling == Money.pounds(12_000_000)
    lots = loaded.exec(select(Lot).where(Lot.agreement_id == agreement.id)).all()
    assert len(lots) == 7
    assert sum((lot.ceiling for lot in lots if lot.ceiling), Money.zero()) == agreement.ceiling


def test_the_founding_framework_holds_published_facts_and_nothing_else(loaded: Session):
    founding = loaded.exec(select(FrameworkAgreement).where(FrameworkAgreement.reference == "ITDP")).one()
    assert founding.recorded_as_past
    assert (founding.starts_on, founding.ends_on) == (None, date(2023, 5, 31))
    lots = loaded.exec(select(Lot).where(Lot.agreement_id == founding.id)).all()
    assert [lot.ceiling for lot in lots] == [None] * 7
    assert loaded.exec(select(CallOff).where(CallOff.agreement_id == founding.id)).all() == []
    real = {"Westminster City Council", "Royal Borough of Kensington and Chelsea"}
    ids = loaded.exec(select(Party.id).where(col(Party.name).in_(real))).all()
    assert len(ids) == 2
    assert loaded.exec(select(Post).where(col(Post.party_id).in_(ids))).all() == []
    assert loaded.exec(select(LedgerEntry).where(col(LedgerEntry.authority_id).in_(ids))).all() == []


def test_one_person_in_each_role_of_each_council_can_sign_in(loaded: Session, settings: Settings):
    text = settings.sample_sign_ins.read_text()
    assert settings.sample_sign_ins.stat().st_mode & 0o077 == 0
    for role in Role:
        times = len(re.findall(rf" {role.label}$", text, re.M))
        assert times == {Role.PARTNER_ADMINISTRATOR: 4, Role.PARTNER_USER: 1}.get(role, 2), role
    assert "Operator" in text


def test_everything_is_marked_as_sample(loaded: Session):
    councils = loaded.exec(select(Party).where(Party.kind == PartyKind.AUTHORITY)).all()
    assert sorted(one.name for one in councils if one.is_sample) == [
        "Eastwold Borough Council",
        "Northmere City Council",
    ]
    assert all(person.is_sample for person in loaded.exec(select(Person)))


def test_nothing_of_the_past_waits_to_be_sent_and_no_address_is_real(loaded: Session):
    messages = loaded.exec(select(Message)).all()
    assert messages
    assert {one.status for one in messages} == {"sent"}
    assert all(one.to_address.endswith(".example") for one in messages)


def test_records_stand_in_order_of_time(loaded: Session):
    moments = loaded.exec(select(AuditRecord.at).order_by(col(AuditRecord.id))).all()
    assert list(moments) == sorted(moments)
    assert moments[-1] <= LOADED


def test_the_same_seed_on_the_same_day_gives_the_same_sample(loaded: Session, tmp_path):
    def entries(session: Session) -> list[tuple[object, ...]]:
        rows = session.exec(select(LedgerEntry).order_by(col(LedgerEntry.id)))
        found: list[tuple[object, ...]] = [
            (one.posted_at, one.kind, one.amount_pence, one.call_off_id, one.reason) for one in rows
        ]
        # Every record says who did what and when, so it stands for the partners' side as well.
        records = session.exec(select(AuditRecord).order_by(col(AuditRecord.id)))
        return [*found, *((one.at, one.action, one.actor_id, one.subject_id) for one in records)]

    again = load(tmp_path, LOADED)
    app = create_app(again)
    with app.app_context():
        assert entries(database.current()) == entries(loaded)
        database.db.engine.dispose()


@pytest.mark.parametrize(
    "day", [date(2025, 12, 25), date(2026, 3, 31), date(2027, 1, 1), date(2028, 2, 29), date(2030, 10, 31)]
)
def test_the_agreement_is_live_whenever_it_is_loaded(day):
    span = Span(day)
    assert span.starts_on <= day <= span.ends_on
    assert span.commenced_on <= span.starts_on
    assert span.starts_on.day == 1


def test_it_loads_on_another_day_too(tmp_path):
    again = load(tmp_path, datetime(2028, 2, 29, 9, 30, tzinfo=UTC))
    with create_app(again).app_context(), dates.at(date(2028, 2, 29)):
        session = database.current()
        assert {one.status for one in session.exec(select(CallOff))} >= {
            CallOffStatus.LIVE,
            CallOffStatus.CLOSED,
        }
        assert not verify(session).differences
        database.db.engine.dispose()
