"""Marking a recharge as raised: what is owed and not yet recharged is frozen as a statement under the buying authority's invoice."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.sharing.recharge_statement import RechargeLine, RechargeStatement
from calloffs.sharing.recharging import Owed, schedule
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, Refused
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.people.person import Person
from framework.records import audit


def between(rows: list[Owed], payee_id: int, payer_id: int) -> list[Owed]:
    """What stands in the schedule between two authorities."""
    return [one for one in rows if (one.payee_id, one.payer_id) == (payee_id, payer_id)]


def ready(rows: list[Owed], through_on: date) -> list[Owed]:
    """What the next statement would hold: periods that end by the day, where something is owed and not yet recharged."""
    return [one for one in rows if one.period.last_day <= through_on and any(x.pence for x in one.left)]


def total_of(rows: list[Owed]) -> Money:
    """What is left to recharge, net of VAT."""
    return sum((one.left[0] for one in rows), Money.zero())


def raise_statement(
    session: Session,
    *,
    actor: Visitor,
    payee_id: int,
    payer_id: int,
    through_on: date,
    invoice_number: str,
    raised_on: date | None,
    seen: Money | None,
) -> RechargeStatement:
    """Freeze everything of periods over by `through_on` that is owed and not yet recharged, under an invoice of the payee's own.

    A line is a correction where an earlier statement has the same call-off and period. `seen` is the total its reader saw, net of VAT:
    another one since is a `ChangedMeanwhile`. Raises `Refused` with every reason, `NotFound`.
    """
    permitted(actor, Permission.INVOICE_RECORD, payee_id)
    # The payee's row is held, so that two people never recharge the same money.
    session.exec(select(Party.id).where(Party.id == payee_id).with_for_update(key_share=True)).one()
    own = between(schedule(session, actor), payee_id, payer_id)
    if not own:
        raise NotFound
    rows = ready(own, through_on)
    found = []
    if not rows:
        found.append(Refusal("Nothing of these periods is left to recharge"))
    elif seen != total_of(rows):
        raise ChangedMeanwhile
    if through_on >= dates.today():
        found.append(Refusal("A period is recharged once it is over"))
    if not invoice_number.strip():
        found.append(Refusal("Enter the number of your invoice", "invoice_number"))
    elif _known(session, payee_id, invoice_number.strip()):
        found.append(
            Refusal(f"{invoice_number.strip()} already stands under another statement", "invoice_number")
        )
    if raised_on is None:
        found.append(Refusal("Enter the day of your invoice", "raised_on"))
    elif raised_on > dates.today():
        found.append(Refusal("The day of your invoice cannot be after today", "raised_on"))
    if found:
        raise Refused(*found)
    assert raised_on is not None
    assert actor.person_id is not None
    statement = RechargeStatement(
        payee_id=payee_id,
        payer_id=payer_id,
        number=_next_number(session, payee_id, payer_id),
        through_on=through_on,
        invoice_number=invoice_number.strip(),
        raised_on=raised_on,
        net_pence=total_of(rows).pence,
        marked_at=dates.now(),
        marked_by_id=actor.person_id,
    )
    session.add(statement)
    session.flush()
    for one in rows:
        session.add(
            RechargeLine(
                statement_id=statement.id,
                call_off_id=one.call_off_id,
                period_on=one.period.first_day,
                net_pence=one.left[0].pence,
                amount_pence=one.left[1].pence,
                is_correction=bool(one.numbers),
            )
        )
    session.flush()
    name = f"recharge {statement.number} to {rows[0].payer}"
    audit.record(
        session,
        actor=actor,
        action="recharge_raised",
        subject=audit.Subject("recharge_statement", statement.id, name, payee_id),
        facts={"net": statement.net, "invoice": statement.invoice_number, "lines": len(rows)},
    )
    return statement


@dataclass(frozen=True, slots=True)
class Raised:
    """A statement as it was frozen, with who marked it and its lines (reference, title, line)."""

    statement: RechargeStatement
    by: str
    lines: list[tuple[str, str, RechargeLine]]


def raised_between(session: Session, payee_id: int, payer_id: int) -> list[Raised]:
    """Every statement between two authorities, the newest first. The caller has seen that the visitor may read their schedule."""
    heads = session.exec(
        select(RechargeStatement, Person.name)
        .join(Person, col(Person.id) == col(RechargeStatement.marked_by_id))
        .where(RechargeStatement.payee_id == payee_id, RechargeStatement.payer_id == payer_id)
        .order_by(col(RechargeStatement.number).desc())
    ).all()
    lines: dict[int, list[tuple[str, str, RechargeLine]]] = {}
    for line, reference, title in session.exec(
        select(RechargeLine, CallOff.reference, CallOff.title)
        .join(CallOff, col(CallOff.id) == col(RechargeLine.call_off_id))
        .where(col(RechargeLine.statement_id).in_([one.id for one, _ in heads]))
        .order_by(col(RechargeLine.id))
    ):
        lines.setdefault(line.statement_id, []).append((reference, title, line))
    return [Raised(one, by, lines.get(one.id, [])) for one, by in heads]


def _known(session: Session, payee_id: int, invoice_number: str) -> bool:
    found = session.exec(
        select(RechargeStatement.id).where(
            RechargeStatement.payee_id == payee_id, RechargeStatement.invoice_number == invoice_number
        )
    )
    return found.first() is not None


def _next_number(session: Session, payee_id: int, payer_id: int) -> int:
    numbers = session.exec(
        select(RechargeStatement.number).where(
            RechargeStatement.payee_id == payee_id, RechargeStatement.payer_id == payer_id
        )
    ).all()
    return max(numbers, default=0) + 1
