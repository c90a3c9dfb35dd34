"""Keeping one's own company facts: a partner changes them, says that they are still right, or asks for a new legal name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.regions import Region
from framework.definitions.rules import NotFound, Refusal, Refused, refuse
from framework.definitions.thresholds import Trigger, amount
from framework.people.company_record import FactsConfirmed, NameChange
from framework.people.finding import names
from framework.people.party import LivingWage, Party
from framework.people.permissions import Permission, Visitor, permitted
from framework.people.registering import (
    is_settled,
    known_as,
    look_after,
    put_facts,
    read_facts,
    registered_like,
    supplier_here,
)
from framework.records import audit

ASKED_AGAIN_AFTER = timedelta(days=365)
"""How long facts count as right after somebody said so."""
_WEB = re.compile(r"https?://[^\s<>\"']+\.[^\s<>\"']+")


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What a partner says of itself, as typed. Name and number count only while nothing rests on them."""

    name: str = ""
    company_number: str = ""
    vat_number: str = ""
    ppon: str = ""
    address: str = ""
    region: Region | None = None
    is_vcse: bool = False
    vcse_number: str = ""
    living_wage: LivingWage | None = None
    modern_slavery_address: str = ""
    modern_slavery_on: date | None = None


def keep_facts(session: Session, *, actor: Visitor, supplier_id: int, facts: CompanyFacts) -> Party:
    """Change a partner's facts, asked once for every lot and framework; also says that they are right today.

    Legal name and company number change here only until the supplier's first place is active; after that a change is asked for
    (`ask_for_name`). Raises `Refused` with every reason, `NotFound` for anybody else's company.
    """
    permitted(actor, Permission.COMPANY_KEEP, supplier_id)
    supplier = supplier_here(session, supplier_id)
    settled = is_settled(session, supplier_id)
    wanted, refusals = read_facts(
        session,
        supplier,
        company_number=(supplier.company_number or "") if settled else facts.company_number,
        address=facts.address,
        vat_number=facts.vat_number,
        ppon=facts.ppon,
    )
    refusals = [_told_to_a_partner(one) for one in refusals]
    name = supplier.name if settled else " ".join(facts.name.split())
    refusals += _name_refusals(session, supplier, name)
    refusals += _more_refusals(supplier, facts)
    if refusals:
        raise Refused(*refusals)
    slavery = asks_for_statement(supplier)
    put_facts(
        session,
        actor,
        supplier,
        {
            **wanted,
            "name": name,
            "region": facts.region,
            "is_vcse": facts.is_vcse,
            "vcse_number": (facts.vcse_number.strip() or None) if facts.is_vcse else None,
            "living_wage": facts.living_wage,
            "modern_slavery_address": (facts.modern_slavery_address or None)
            if slavery
            else supplier.modern_slavery_address,
            "modern_slavery_on": facts.modern_slavery_on if slavery else supplier.modern_slavery_on,
        },
    )
    _confirm(session, actor, supplier)
    return supplier


def confirm_facts(session: Session, *, actor: Visitor, supplier_id: int) -> None:
    """Say that the company facts are still right. Once a day is enough: a second time changes nothing.

    Raises `Refused` naming what the facts still lack, `NotFound` for anybody else's company.
    """
    permitted(actor, Permission.COMPANY_KEEP, supplier_id)
    supplier = supplier_here(session, supplier_id)
    if still := lacking(supplier):
        refuse(f"Your company facts are not whole yet. Still lacking: {'; '.join(still)}")
    last = last_confirmed(session, supplier_id)
    if (
        last is not None
        and dates.as_london(last[0].at).date() == dates.today()
        and last[0].by_id == actor.person_id
    ):
        return
    _confirm(session, actor, supplier)
    audit.record(
        session,
        actor=actor,
        action="facts_confirmed",
        subject=audit.Subject("partner", supplier.id, supplier.name),
    )


def last_confirmed(session: Session, supplier_id: int) -> tuple[FactsConfirmed, str] | None:
    """When somebody last said that the facts are right, and their name; None when nobody ever did."""
    found = session.exec(
        select(FactsConfirmed)
        .where(FactsConfirmed.supplier_id == supplier_id)
        .order_by(col(FactsConfirmed.at).desc(), col(FactsConfirmed.id).desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    return found, names(session, {found.by_id} if found.by_id else set()).get(found.by_id or 0, "somebody")


def ask_for_name(
    session: Session, *, actor: Visitor, supplier_id: int, name: str, company_number: str, reason: str
) -> NameChange:
    """Ask for another legal name or company number, which order forms and novations rest on. Raises `Refused`.

    Nothing changes until a framework owner accepts; a new request replaces one that waits.
    """
    permitted(actor, Permission.COMPANY_KEEP, supplier_id)
    supplier = supplier_here(session, supplier_id)
    name = " ".join(name.split())
    wanted, refusals = read_facts(
        session, supplier, company_number=company_number, address="", vat_number="", ppon=""
    )
    refusals = [_told_to_a_partner(one) for one in refusals]
    refusals += _name_refusals(session, supplier, name)
    if not reason.strip() or len(reason) > 1000:
        refusals.append(Refusal("Say why, in 1,000 characters or fewer", field="reason"))
    if not refusals and (name, wanted["company_number"]) == (supplier.name, supplier.company_number):
        refusals.append(Refusal("This is the name and number we hold already", field="name"))
    if refusals:
        raise Refused(*refusals)
    for waiting in session.exec(
        select(NameChange).where(NameChange.supplier_id == supplier_id, col(NameChange.decided_at).is_(None))
    ):
        waiting.decided_at, waiting.decided_by_id, waiting.accepted = dates.now(), actor.person_id, False
        waiting.answer = "Replaced by a later request"
        session.add(waiting)
    change = NameChange(
        supplier_id=supplier_id,
        name=name,
        company_number=wanted["company_number"],
        reason=reason.strip(),
        asked_at=dates.now(),
        asked_by_id=actor.person_id,
    )
    session.add(change)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="name_change_asked",
        subject=audit.Subject("partner", supplier.id, supplier.name),
        facts={"name": (supplier.name, name)},
        words={"reason": reason.strip()},
    )
    return change


def decide_name(
    session: Session, *, actor: Visitor, change_id: int, accepted: bool, answer: str = ""
) -> Party:
    """Accept a new legal name and number, or refuse it with a reason. Papers issued before keep what they said.

    For a framework owner of an agreement that the supplier is in. Raises `Refused`, `NotFound`.
    """
    change = session.get(NameChange, change_id, with_for_update=True, populate_existing=True)
    if change is None:
        raise NotFound
    look_after(session, actor, change.supplier_id)
    supplier = supplier_here(session, change.supplier_id)
    if change.decided_at is not None:
        refuse("This was decided already")
    if not accepted and not answer.strip():
        refuse("Say why it cannot be. The partner sees it", field="answer")
    if accepted:
        wanted, refusals = read_facts(
            session,
            supplier,
            company_number=change.company_number or "",
            address="",
            vat_number="",
            ppon="",
        )
        refusals += _name_refusals(session, supplier, change.name)
        if refusals:
            raise Refused(*refusals)
        put_facts(session, actor, supplier, {"name": change.name, "company_number": wanted["company_number"]})
    change.decided_at, change.decided_by_id = dates.now(), actor.person_id
    change.accepted, change.answer = accepted, answer.strip()[:1000]
    session.add(change)
    audit.record(
        session,
        actor=actor,
        action="name_change_accepted" if accepted else "name_change_refused",
        subject=audit.Subject("partner", supplier.id, supplier.name),
        facts={"name": change.name},
        words={"answer": answer.strip()},
    )
    return supplier


def waiting_change(session: Session, supplier_id: int) -> NameChange | None:
    """The new name or number that waits for a framework owner, if any."""
    return session.exec(
        select(NameChange)
        .where(NameChange.supplier_id == supplier_id, col(NameChange.decided_at).is_(None))
        .order_by(col(NameChange.id).desc())
        .limit(1)
    ).one_or_none()


def waiting_changes(session: Session, supplier_ids: Sequence[int]) -> list[NameChange]:
    """The same for several suppliers, the longest waiting first."""
    return list(
        session.exec(
            select(NameChange)
            .where(col(NameChange.supplier_id).in_(supplier_ids), col(NameChange.decided_at).is_(None))
            .order_by(col(NameChange.asked_at))
        )
    )


def asks_for_statement(supplier: Party) -> bool:
    """Whether its turnover makes a modern slavery statement its duty (RULE-56)."""
    turnover = supplier.turnover_pence
    return turnover is not None and Money(turnover) >= amount(Trigger.MODERN_SLAVERY_TURNOVER)


def lacking(supplier: Party) -> list[str]:
    """What a partner's company facts still lack, in words; empty when they are whole."""
    found = []
    if not supplier.company_number:
        found.append("the company number")
    if not supplier.address:
        found.append("the registered address")
    if supplier.staff is None:
        found.append("staff and figures of size")
    elif supplier.is_sme is None:
        found.append("a figure that the size rests on")
    if supplier.region is None:
        found.append("the region")
    if supplier.living_wage is None:
        found.append("the living wage")
    return found


def _confirm(session: Session, actor: Visitor, supplier: Party) -> None:
    session.add(FactsConfirmed(supplier_id=supplier.id, at=dates.now(), by_id=actor.person_id))


def _told_to_a_partner(refusal: Refusal) -> Refusal:
    # Who else is registered here, and whether anybody is, is no partner's business.
    if refusal.field == "company_number" and "is registered with" in refusal.sentence:
        return Refusal(_TAKEN.format("company number"), field="company_number")
    return refusal


_TAKEN = "This {} cannot be used. Ask the framework owner"


def _name_refusals(session: Session, supplier: Party, name: str) -> list[Refusal]:
    if not name or len(name) > 200:
        return [Refusal("Enter the legal name, in 200 characters or fewer", field="name")]
    if name.casefold() == supplier.name.casefold():
        return []
    # Nor one that only looks different: a company must not be taken for another.
    known = known_as(session, name) or registered_like(session, name, unless=supplier.id)
    if known is not None and known.id != supplier.id:
        return [Refusal(_TAKEN.format("name"), field="name")]
    return []


def _more_refusals(supplier: Party, facts: CompanyFacts) -> list[Refusal]:
    found = []
    if len(facts.vcse_number) > 20:
        found.append(Refusal("The registered number must be 20 characters or fewer", field="vcse_number"))
    if not asks_for_statement(supplier):
        return found
    address, on = facts.modern_slavery_address, facts.modern_slavery_on
    if address and (len(address) > 500 or not _WEB.fullmatch(address)):
        found.append(
            Refusal(
                "Enter the address of a page, like https://example.com/statement", "modern_slavery_address"
            )
        )
    if address and on is None:
        found.append(Refusal("Enter the day of the statement", "modern_slavery_on", "RULE-56"))
    if on is not None and on > dates.today():
        found.append(Refusal("The day must be today or earlier", "modern_slavery_on"))
    return found
