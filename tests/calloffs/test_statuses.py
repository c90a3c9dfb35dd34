"""The list's filter says the same as `status_at`, in every state."""

from datetime import date, timedelta
from itertools import product

import sqlalchemy as sa
from sqlmodel import select

from calloffs.call_off import CallOff, CallOffStatus
from calloffs.statuses import GROUPS, is_one_of, status_of
from framework.definitions import dates
from framework.records.columns import table_of

TODAY = date(2022, 11, 22)
DAY = timedelta(days=1)


def _moments():
    """Each way in which the facts of a call-off may stand: field by field, what has happened to it."""
    now = dates.now()
    ago = now - timedelta(hours=1)
    yield {}
    for answer in ({}, {"returned_at": now}, {"rejected_at": now}, {"returned_at": ago - DAY}):
        yield {"submitted_at": ago, **answer}
        yield {"submitted_at": now, **answer}
    approved = {"submitted_at": ago, "approved_at": now}
    for until, offered in product(
        (None, TODAY - DAY, TODAY, TODAY + DAY),
        (
            {},
            {"offer_deadline_at": now},
            {"offer_deadline_at": ago},
            {"offer_deadline_at": ago, "accepted_at": ago},
        ),
    ):
        yield {**approved, "approval_valid_until": until, **offered}
    awarded = {**approved, "awarded_at": now, "approval_valid_until": TODAY - DAY}
    yield awarded
    yield {**awarded, "issued_at": now}
    signed = {**awarded, "issued_at": now, "signed_at": now}
    ends = (None, TODAY - DAY, TODAY, TODAY + DAY)
    for ends_on, terminated_on, suspended_at, starts_on in product(
        ends, ends, (None, now), (None, TODAY - DAY * 9, TODAY, TODAY + DAY)
    ):
        if not (starts_on and ends_on and ends_on < starts_on):
            yield {**signed, "ends_on": ends_on, "terminated_on": terminated_on, "suspended_at": suspended_at,
                   "starts_on": starts_on}  # fmt: skip
    yield {**signed, "closed_at": now}
    yield {**signed, "closed_at": now, "award_withdrawn_at": now}
    yield {**awarded, "award_withdrawn_at": now}
    yield {"cancelled_at": now}
    yield {**approved, "cancelled_at": now}


def test_the_filter_agrees_with_status_at_in_every_state(session, cast, both_databases):
    for number, moments in enumerate(_moments()):
        session.add(
            CallOff(
                reference=f"X-{number}",
                agreement_id=cast.agreement,
                lot_id=cast.lot[3],
                authority_id=cast.party["Northbank"],
                owner_id=cast.person["Asha"],
                title="Any",
                created_at=dates.now(),
                **moments,
            )
        )
    session.flush()
    told = dict(
        session.connection().execute(sa.select(table_of(CallOff).c.id, status_of(dates.now()))).tuples().all()
    )
    seen, grouped = set(), {}
    for call_off in session.exec(select(CallOff)):
        status = call_off.status_at(dates.now())
        seen.add(status)
        assert told[call_off.id] == status.value, call_off
        grouped.setdefault(status, set()).add(call_off.id)
    assert seen == set(CallOffStatus)
    ids = table_of(CallOff).c.id
    for key, (_, statuses) in GROUPS.items():
        found = session.connection().execute(sa.select(ids).where(is_one_of(statuses, dates.now()))).scalars()
        assert set(found) == set().union(*(grouped[one] for one in statuses)), key


def test_every_status_is_in_exactly_one_group():
    grouped = [status for _, statuses in GROUPS.values() for status in statuses]
    assert sorted(grouped) == sorted(CallOffStatus)
