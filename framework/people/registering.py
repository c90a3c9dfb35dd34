"""Registering a supplier and its first user, so that it can be appointed and answer."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlmodel import Session, col, func, select

from framework.definitions import companies, dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refusal, Refused
from framework.definitions.thresholds import Trigger, amount
from framework.people.finding import holders
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Role, Visitor, permitted
from framework.people.person import Person, Post
from framework.people.staffing import ADDRESS, send_password_link
from framework.records import audit

# Which authorities lead the agreements that a supplier has a place in: (session, supplier id) -> their ids. Filled by app.py.
LED_BY: list[Callable[[Session, int], frozenset[int]]] = []
# Whether a supplier has work of ours to its name, so that papers rest on its legal name and number. Filled by app.py.
SETTLED: list[Callable[[Session, int], bool]] = []


@dataclass(frozen=True, slots=True)
class SizeFacts:
    """The figures RULE-54 judges by, and the day they are true for. Unknown figures are None."""

    staff: int | None = None
    turnover: Money | None = None
    balance_sheet: Money | None = None
    evidence_on: date | None = None


def register_supplier(
    session: Session,
    *,
    actor: Visitor,
    name: str,
    company_number: str = "",
    address: str = "",
    short_name: str = "",
    vat_number: str = "",
    ppon: str = "",
    size: SizeFacts = SizeFacts(),
    is_vcse: bool = False,
) -> Party:
    """Put down a supplier by its legal name. A company number is kept as Companies House writes it (check T-79).

    Raises `Refused`: a name or number that is already registered, a number that is not one, figures without the day they are
    true for.
    """
    permitted(actor, Permission.AGREEMENT_OPEN, actor.parties_where(Permission.AGREEMENT_OPEN))
    name = " ".join(name.split())
    number, refusals = _read("company_number", companies.company_number, company_number)
    procurement, more = _read("ppon", partial(companies.procurement_number, duns_too=True), ppon)
    refusals += more
    vat, more = _read("vat_number", companies.vat_number, vat_number)
    refusals += more
    if not name or len(name) > 200:
        refusals.append(Refusal("Enter the supplier’s legal name, in 200 characters or fewer", field="name"))
    elif known_as(session, name) is not None:
        refusals.append(Refusal(f"{name} is already registered", field="name"))
    if number:
        known = session.exec(select(Party.name).where(Party.company_number == number)).first()
        if known is not None:
            refusals.append(
                Refusal(f"{known} is registered with company number {number}", field="company_number")
            )
    refusals += size_refusals(size)
    if len(address) > 500:
        refusals.append(Refusal("The address must be 500 characters or fewer", field="address"))
    if refusals:
        raise Refused(*refusals)
    supplier = Party(
        kind=PartyKind.SUPPLIER,
        name=name,
        short_name=short_name_for(session, short_name or name),
        address=address or None,
        company_number=number,
        vat_number=vat,
        ppon=procurement,
        is_vcse=is_vcse,
    )
    _put_size(supplier, size)
    session.add(supplier)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="supplier_registered",
        subject=audit.Subject("partner", supplier.id, supplier.name),
        facts={"company_number": number, "size_evidence_on": size.evidence_on, "vcse": is_vcse},
    )
    return supplier


def correct_supplier(
    session: Session,
    *,
    actor: Visitor,
    supplier_id: int,
    company_number: str,
    address: str,
    vat_number: str,
    ppon: str,
) -> Party:
    """Complete or correct what order forms say of a supplier. Papers issued before keep what they said.

    For its framework owner; a partner keeps its own facts by `keeping`. Raises `Refused` with every reason, `NotFound`.
    """
    look_after(session, actor, supplier_id)
    supplier = supplier_here(session, supplier_id)
    wanted, refusals = read_facts(
        session, supplier, company_number=company_number, address=address, vat_number=vat_number, ppon=ppon
    )
    if refusals:
        raise Refused(*refusals)
    put_facts(session, actor, supplier, wanted)
    return supplier


def read_facts(
    session: Session, supplier: Party, *, company_number: str, address: str, vat_number: str, ppon: str
) -> tuple[dict[str, str | None], list[Refusal]]:
    """What order forms say of a supplier, as it is kept, and every reason why something typed cannot be."""
    number, refusals = _read("company_number", companies.company_number, company_number)
    procurement, more = _read("ppon", partial(companies.procurement_number, duns_too=True), ppon)
    refusals += more
    known = select(Party.name).where(Party.company_number == number, Party.id != supplier.id)
    if number and (name := session.exec(known).first()) is not None:
        refusals.append(Refusal(f"{name} is registered with company number {number}", field="company_number"))
    if len(address) > 500:
        refusals.append(Refusal("The address must be 500 characters or fewer", field="address"))
    vat, more = _read("vat_number", companies.vat_number, vat_number)
    refusals += more
    wanted = {
        "company_number": number,
        "address": address or None,
        "vat_number": vat,
        "ppon": procurement,
    }
    return wanted, refusals


def put_facts(session: Session, actor: Visitor, supplier: Party, wanted: Mapping[str, Any]) -> None:
    """Write facts of a supplier whose rules have answered, and record what changed."""
    changed = {
        field: (getattr(supplier, field), value)
        for field, value in wanted.items()
        if getattr(supplier, field) != value
    }
    for field, (_, value) in changed.items():
        setattr(supplier, field, value)
    session.add(supplier)
    if changed:
        audit.record(
            session,
            actor=actor,
            action="supplier_corrected",
            subject=audit.Subject("partner", supplier.id, supplier.name),
            facts={"changed": changed},
        )


def record_size(session: Session, *, actor: Visitor, supplier_id: int, size: SizeFacts) -> Party:
    """Put newer figures of size beside the day they are true for; for the supplier's own people and its framework owner.

    Raises `Refused` for figures that do not hold together.
    """
    if supplier_id not in actor.parties_where(Permission.COMPANY_KEEP):
        look_after(session, actor, supplier_id)
    supplier = supplier_here(session, supplier_id)
    refusals = size_refusals(size)
    if refusals:
        raise Refused(*refusals)
    before = supplier.is_sme
    _put_size(supplier, size)
    session.add(supplier)
    audit.record(
        session,
        actor=actor,
        action="supplier_size_recorded",
        subject=audit.Subject("partner", supplier.id, supplier.name),
        facts={"staff": size.staff, "evidence_on": size.evidence_on, "sme": (before, supplier.is_sme)},
    )
    return supplier


def add_partner_user(session: Session, *, actor: Visitor, supplier_id: int, name: str, email: str) -> Person:
    """Give somebody at a supplier a post from today, without a password: they choose one by a link.

    The first is its administrator, who then adds colleagues without us; a later one is a partner user.
    Such a person sees everything of the supplier's, so every authority that leads an agreement it is in must be the actor's
    own. Raises `Refused` otherwise, for an address that is not one, or with which somebody signs in already.
    """
    look_after(session, actor, supplier_id)
    supplier = supplier_here(session, supplier_id)
    name, email = " ".join(name.split()), email.strip().lower()
    refusals = []
    led = led_by(session, supplier_id)
    if not led and holders(session, supplier_id, Permission.OFFER_READ):
        # It is in nobody's agreement, so it is nobody's to give away: its own administrator adds people.
        raise NotFound
    if not led <= actor.parties_where(Permission.AGREEMENT_OPEN):
        refusals.append(
            Refusal(
                f"{supplier.name} also works under another authority’s agreement, so you cannot add people to it"
            )
        )
    if not name or len(name) > 120:
        refusals.append(Refusal("Enter the person’s name, in 120 characters or fewer", field="name"))
    if not ADDRESS.fullmatch(email) or len(email) > 254:
        refusals.append(Refusal("Enter an e-mail address, like name@example.com", field="email"))
    elif session.exec(select(Person.id).where(Person.email == email)).first() is not None:
        refusals.append(Refusal("Somebody already signs in with this e-mail address", field="email"))
    if refusals:
        raise Refused(*refusals)
    person = Person(
        name=name,
        email=email,
        fs_uniquifier=secrets.token_hex(32),
        created_at=dates.now(),
        is_sample=supplier.is_sample,
    )
    session.add(person)
    session.flush()
    session.add(
        Post(
            person_id=person.id,
            party_id=supplier.id,
            role=first_role(session, supplier.id),
            starts_on=dates.today(),
        )
    )
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="partner_user_added",
        subject=audit.Subject("partner", supplier.id, supplier.name),
        words={"person": name},
    )
    send_password_link(session, person)
    return person


def known_as(session: Session, name: str) -> Party | None:
    """The organisation that is registered under this name, whatever its capitals; None for a new one."""
    wanted = " ".join(name.split()).lower()
    return session.exec(select(Party).where(func.lower(col(Party.name)) == wanted)).first()


def registered_like(session: Session, name: str, *, unless: int | None = None) -> Party | None:
    """A party registered under the same name, whatever its capitals, dots and form of "Limited"."""
    wanted = _bare(name)
    if not wanted:
        return None
    for one in session.exec(select(Party).order_by(col(Party.id))):
        if one.id != unless and _bare(one.name) == wanted:
            return one
    return None


def _bare(name: str) -> str:
    words = "".join(sign if sign.isalnum() else " " for sign in name.casefold().replace("&", " and ")).split()
    same = {"ltd": "limited", "co": "company"}
    found = [same.get(word, word) for word in words]
    return " ".join(found[:-1] if len(found) > 1 and found[-1] in ("limited", "llp", "plc") else found)


def first_role(session: Session, supplier_id: int) -> Role:
    """The role of somebody who joins a supplier: its administrator while it has none, and partner user after that."""
    if holders(session, supplier_id, Permission.COLLEAGUES_MANAGE):
        return Role.PARTNER_USER
    return Role.PARTNER_ADMINISTRATOR


def is_settled(session: Session, supplier_id: int) -> bool:
    """Whether papers rest on the supplier's name and number, so that a change needs a framework owner's word."""
    return any(ask(session, supplier_id) for ask in SETTLED)


def look_after(session: Session, actor: Visitor, supplier_id: int) -> None:
    """Pass for the framework owner of an agreement that the supplier is in, or for any while it is in none.

    Raises `NotFound`.
    """
    mine = actor.parties_where(Permission.AGREEMENT_OPEN)
    permitted(actor, Permission.AGREEMENT_OPEN, led_by(session, supplier_id) or mine)


def led_by(session: Session, supplier_id: int) -> frozenset[int]:
    """Authorities that lead an agreement in which the supplier has or had a place."""
    return frozenset(lead for ask in LED_BY for lead in ask(session, supplier_id))


def size_in_words(supplier: Party) -> str:
    """Whether the supplier is a small or medium-sized enterprise, with the figures it rests on and their day (RULE-54)."""
    if supplier.staff is None:
        return "Not known: no figures have been recorded"
    figures = [f"{supplier.staff:,} staff"]
    if supplier.turnover_pence is not None:
        figures.append(f"turnover {Money(supplier.turnover_pence).short}")
    if supplier.balance_sheet_pence is not None:
        figures.append(f"balance sheet {Money(supplier.balance_sheet_pence).short}")
    on = f", true on {dates.in_words(supplier.size_evidence_on)}" if supplier.size_evidence_on else ""
    if supplier.is_sme is None:
        return f"Not known: {', '.join(figures)}{on}. {size_lacking(supplier)}"
    return f"{'Yes' if supplier.is_sme else 'No'}: {', '.join(figures)}{on}"


def size_lacking(supplier: Party) -> str:
    """What has to be entered before the size is known, in a sentence (RULE-54); nothing where it is."""
    if supplier.is_sme is not None:
        return ""
    if supplier.staff is None:
        return "Enter its staff and figures"
    if supplier.turnover_pence is not None:
        return "Enter its balance sheet total too: its turnover is over the limit"
    if supplier.balance_sheet_pence is not None:
        return "Enter its yearly turnover too: its balance sheet is over the limit"
    return "Enter its yearly turnover or its balance sheet total"


def size_rule_in_words() -> str:
    """What makes a supplier a small or medium-sized enterprise, with today's figures (RULE-54)."""
    turnover, balance = amount(Trigger.SME_TURNOVER).short, amount(Trigger.SME_BALANCE_SHEET).short
    return (
        f"Fewer than {companies.SME_STAFF_UNDER} staff, and turnover of {turnover} or less "
        f"or a balance sheet of {balance} or less."
    )


def supplier_here(session: Session, supplier_id: int) -> Party:
    """The supplier with this id. Raises `NotFound`."""
    supplier = session.get(Party, supplier_id)
    if supplier is None or supplier.kind is not PartyKind.SUPPLIER:
        raise NotFound
    return supplier


def _read(field: str, read: Callable[[str], str | None], typed: str) -> tuple[str | None, list[Refusal]]:
    if not typed.strip():
        return None, []
    try:
        return read(typed), []
    except companies.CompanyNumberError as error:
        return None, [Refusal(str(error), field=field)]


def size_refusals(size: SizeFacts) -> list[Refusal]:
    """Every reason why figures of size do not hold together."""
    refusals = []
    given = [size.staff, size.turnover, size.balance_sheet]
    if any(one is not None for one in given):
        if size.staff is None:
            refusals.append(Refusal("Enter the number of staff: size is judged by it", "staff", "RULE-54"))
        if size.evidence_on is None:
            refusals.append(
                Refusal("Enter the day these figures are true for", field="size_evidence_on", rule="RULE-54")
            )
        elif size.evidence_on > dates.today():
            refusals.append(Refusal("The day must be today or earlier", field="size_evidence_on"))
    if size.staff is not None and not 0 <= size.staff <= 10_000_000:
        refusals.append(Refusal("Enter the number of staff as a whole number", field="staff"))
    return refusals


def _put_size(supplier: Party, size: SizeFacts) -> None:
    supplier.staff = size.staff
    supplier.turnover_pence = None if size.turnover is None else size.turnover.pence
    supplier.balance_sheet_pence = None if size.balance_sheet is None else size.balance_sheet.pence
    supplier.size_evidence_on = size.evidence_on


def short_name_for(session: Session, wanted: str) -> str:
    """A name of 24 characters or fewer that nobody else has."""
    base = " ".join(wanted.split())[:24].strip()
    taken = set(session.exec(select(Party.short_name)))
    name, number = base, 2
    while name in taken:
        tail = f" {number}"
        name, number = base[: 24 - len(tail)] + tail, number + 1
    return name
