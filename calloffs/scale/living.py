"""The life of one call-off, told act by act in order of time, in the same rows that the actions would have left."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from calloffs.business_case.case import (
    BusinessCase,
    CaseBenefit,
    CaseCost,
    CaseDecision,
    CaseFunding,
    CaseType,
)
from calloffs.call_off import CallOff, CallOffDecision, CallOffOption, ChargingMethod, OffPayroll
from calloffs.scale import answers, billing, moments, papers
from calloffs.scale.asking import Ask
from calloffs.scale.life import Books, Life
from calloffs.scale.sheets import Sheets
from calloffs.scale.stage import LIMIT
from calloffs.spend.entry import EntryKind
from calloffs.spend.ledger import Amount
from framework.definitions import dates
from framework.definitions.money import Money
from framework.people.permissions import Role
from framework.records.audit import Subject

BRIEF = {
    "background": "The present service is run by hand and people wait for answers.",
    "outcome_wanted": "People can do it themselves at the first try, and staff have time for those who cannot.",
    "in_scope": "Research, design, build and handover.",
    "out_of_scope": "Hosting and licences.",
    "standards": "The Service Standard and WCAG 2.2 AA.",
    "location": "Remote, with days in the town hall",
    "working_hours": "9am to 5pm on working days",
    "dependencies": "Access to the present system.",
}
WORDS = ("Discovery", "Alpha", "Redesign", "Integration", "Move", "Support", "Review", "Improvement")
THINGS = (
    "council tax",
    "housing repairs",
    "parking",
    "planning",
    "libraries",
    "school places",
    "care",
    "licences",
)


def told(sheets: Sheets, books: Books, ask: Ask, now: datetime, chance: random.Random) -> Iterator[datetime]:
    """Tell one call-off: each step gives the moment of the next act, and does that act when it is asked on."""
    life = Life(sheets, books, ask, now)
    _plan(life, chance)
    acts = sorted(life.acts, key=lambda one: one[:2])
    life.acts.clear()
    for moment, _, act, facts in acts:
        if moment > now:
            raise ValueError(f"{ask.fate} of {ask.drafted_on} is told of the future: {act.__name__}")
        yield moment
        act(*facts)
    life.settle()


def _plan(life: Life, chance: random.Random) -> None:
    ask, lot = life.ask, life.lot
    lot.call_offs += 1
    title = f"{chance.choice(WORDS)} for {chance.choice(THINGS)} {lot.call_offs}"
    options = Money(ask.base.pence // 5) if lot.call_offs % 7 == 0 else Money.zero()
    expenses = Money(ask.base.pence // 50)
    value = ask.base + options + expenses
    officer = life.who(Role.COMMISSIONING_MANAGER, lot.call_offs)
    starts_on = moments.working(ask.drafted_on + timedelta(days=40))
    if lot.call_offs % 11:
        _case(life, title, value, officer)
    life.row = {
        "id": life.sheets.number(CallOff),
        "reference": f"{lot.reference}-{lot.call_offs:04}",
        "agreement_id": lot.agreement.id,
        "lot_id": lot.id,
        "authority_id": life.council.id,
        "owner_id": officer,
        "drafted_by_id": officer,
        "changed_by_id": officer,
        "case_id": life.case["id"] if life.case else None,
        "exemption_reason": "" if life.case else "Small work under the council’s own threshold",
        "title": title,
        "created_at": life.day(0),
        **BRIEF,
        "starts_on": starts_on,
        "ends_on": dates.last_day_of(starts_on, ask.months),
        "base_net_pence": ask.base.pence,
        "options_net_pence": options.pence,
        "expenses_net_pence": expenses.pence,
        "value_net_pence": value.pence,
        "charging_method": ChargingMethod.CAPPED_TIME_AND_MATERIALS,
        "expenses_policy": "As the council’s own staff" if expenses.pence else "",
        "off_payroll": OffPayroll.CONTRACTED_OUT,
        "cost_centre": f"CC{life.council.id:04}",
        "conflicts_declared": True,
    }
    life.then(life.day(0), _draft, life, options)
    life.tell(life.day(0), officer, "call_off_drafted")
    if ask.fate != "draft":
        _raise(life, value, officer)


def _draft(life: Life, options: Money) -> None:
    life.sheets.add(CallOff, life.row)
    if options.pence:
        price = options.pence
        life.add(
            CallOffOption,
            call_off_id=life.row["id"],
            number=1,
            months=6,
            notice_days=30,
            price_net_pence=price,
        )


def _case(life: Life, title: str, value: Money, officer: int) -> None:
    council, ask = life.council, life.ask
    council.cases += 1
    approver = life.who(Role.APPROVER)
    written, sent, decided = (moments.at(ask.drafted_on - timedelta(days=days), 9) for days in (21, 19, 12))
    life.case = {
        "id": life.sheets.number(BusinessCase),
        "reference": f"BC-{council.short}-{council.cases:04}",
        "authority_id": council.id,
        "author_id": officer,
        "changed_by_id": officer,
        "submitted_by_id": officer,
        "version": 3,
        "kind": CaseType.SERVICE_IMPROVEMENT,
        "title": title,
        "need": "People wait for answers that the council could give at once.",
        "baseline": "Nothing changes, and the waiting grows.",
        "options": "Do nothing; buy a product; have it made.",
        "risks": "Access to the present system comes late.",
        "created_at": written,
        "submitted_at": sent,
        "decided_at": decided,
        "outcome": "approved",
        "requested_net_pence": value.pence * 11 // 10,
        "approved_net_pence": value.pence * 11 // 10,
        "used_net_pence": 0,
        "valid_until": ask.drafted_on + timedelta(days=365),
    }
    life.then(written, _write_case, life)
    about = Subject("business_case", life.case["id"], life.case["reference"], council.id)
    asked = Money(life.case["requested_net_pence"])
    record = life.sheets.record
    life.then(written, record, written, officer, "case_written", about, {"requested": asked})
    life.then(sent, record, sent, officer, "case_submitted", about, {"requested": asked})
    facts = {"amount": asked, "valid_until": life.case["valid_until"], "limit": LIMIT}
    life.then(decided, record, decided, approver, "case_approved", about, facts)
    life.then(decided, _decide_case, life, decided, approver)


def _write_case(life: Life) -> None:
    assert life.case
    case_id, asked = life.sheets.add(BusinessCase, life.case), life.case["requested_net_pence"]
    life.add(CaseCost, case_id=case_id, year=0, one_off_net_pence=asked)
    benefit = {
        "description": "Calls that are not needed any more",
        "owner": "Head of service",
        "measure": "Calls a week",
    }
    life.add(CaseBenefit, case_id=case_id, number=1, is_cashable=True, yearly_pence=asked // 3, **benefit)
    life.add(
        CaseFunding,
        case_id=case_id,
        number=1,
        source="Revenue budget",
        cost_code="4711",
        amount_net_pence=asked,
    )


def _decide_case(life: Life, moment: datetime, approver: int) -> None:
    assert life.case
    life.add(
        CaseDecision,
        case_id=life.case["id"],
        outcome="approved",
        amount_net_pence=life.case["approved_net_pence"],
        decided_by_id=approver,
        limit_net_pence=LIMIT.pence,
        decided_at=moment,
    )


def _raise(life: Life, value: Money, officer: int) -> None:
    raised, row, fate = life.day(2), life.row, life.ask.fate
    amount = life.counted(value)
    row.update(submissions=1, submitted_at=raised, submitted_by_id=officer)
    life.post(raised, EntryKind.RESERVATION, amount, "raised", officer)
    facts = {
        "value": value,
        "reserved": amount.on_basis,
        "starts_on": row["starts_on"],
        "ends_on": row["ends_on"],
    }
    facts |= {"case": life.case["reference"] if life.case else "exempt", "submission": 1}
    reason = {} if life.case else {"reason": row["exemption_reason"]}
    life.tell(raised, officer, "call_off_raised", facts, **reason)
    if fate == "submitted":
        return
    decided, approver = life.day(5), life.who(Role.APPROVER)
    outcome = fate if fate in ("rejected", "returned") else "approved"
    valid = life.ask.drafted_on + timedelta(days=95) if outcome == "approved" else None
    row[f"{outcome}_at"] = decided
    freed = Money.zero()
    if outcome == "approved":
        row.update(approved_net_pence=value.pence, approval_valid_until=valid)
    else:
        freed = amount.on_basis
        life.post(decided, EntryKind.RESERVATION, -amount, outcome, approver)
    reason = (
        {} if outcome == "approved" else {"reason": "Say more about what happens to the present service."}
    )
    life.then(decided, _decide, life, decided, outcome, value, approver, reason.get("reason", ""))
    facts = {"value": value, "limit": LIMIT, "freed": freed, "valid_until": valid, "submission": 1}
    life.tell(decided, approver, f"call_off_{outcome}", facts, **reason)
    if outcome == "approved" and fate != "approved":
        _after_approval(life, amount, officer)


def _decide(life: Life, moment: datetime, outcome: str, value: Money, approver: int, reason: str) -> None:
    life.add(
        CallOffDecision,
        call_off_id=life.row["id"],
        stage="raise",
        outcome=outcome,
        value_net_pence=value.pence,
        reason=reason,
        decided_by_id=approver,
        limit_net_pence=LIMIT.pence,
        decided_at=moment,
    )


def _after_approval(life: Life, amount: Amount, officer: int) -> None:
    row, fate = life.row, life.ask.fate
    if fate == "ran_out":
        morning = dates.start_of(row["approval_valid_until"] + timedelta(days=1)) + timedelta(minutes=5)
        if morning < life.now:
            life.post(morning, EntryKind.RESERVATION, -amount, "approval ran out", None)
            facts = {"freed": amount.on_basis, "last_day": row["approval_valid_until"]}
            life.tell(morning, None, "approval_ran_out", facts)
        return
    if fate == "cancelled":
        row["cancelled_at"] = life.day(6)
        life.post(life.day(6), EntryKind.RESERVATION, -amount, "cancelled", officer)
        life.tell(
            life.day(6),
            officer,
            "call_off_cancelled",
            {"freed": amount.on_basis},
            reason="The need went away.",
        )
        return
    price = answers.offer(life, officer)
    if fate not in ("offered", "accepted"):
        _award(life, price, officer)


def _award(life: Life, price: Money, officer: int) -> None:
    assert life.place
    row, moment = life.row, life.day(16)
    value = price + Money(row["options_net_pence"]) + Money(row["expenses_net_pence"])
    reserved, wanted = life.held[EntryKind.RESERVATION], life.counted(value)
    life.post(moment, EntryKind.RESERVATION, -reserved, "awarded", officer)
    life.post(moment, EntryKind.COMMITMENT, wanted, "awarded", officer)
    before, reason = Money(row["value_net_pence"]), "The answer meets the brief within what was approved."
    row.update(
        value_net_pence=value.pence, appointment_id=life.place.id, awarded_at=moment, awarded_by_id=officer
    )
    row["award_reason"] = reason
    facts = {
        "offer": f"{row['reference']}-O1",
        "partner": life.place.supplier,
        "price": price,
        "value": value,
    }
    facts |= {"before": before, "reserved": reserved.on_basis, "committed": wanted.on_basis}
    life.tell(moment, officer, "call_off_awarded", facts, reason=reason)
    if life.ask.fate == "award_withdrawn":
        row["award_withdrawn_at"] = life.day(18)
        life.post(life.day(18), EntryKind.COMMITMENT, -wanted, "award withdrawn", officer)
        facts = {"partner": life.place.supplier, "released": wanted.on_basis, "value": value}
        life.tell(life.day(18), officer, "award_withdrawn", facts, reason="The funding was withdrawn.")
    elif life.ask.fate != "awarded":
        papers.sign(life, officer)
        billing.run(life, officer)
