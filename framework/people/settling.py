"""An authority's own settings: how it is named and coloured, and where its own thresholds lie."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, select

from framework.definitions.companies import CompanyNumberError, procurement_number
from framework.definitions.money import Money
from framework.definitions.rules import NotFound, Refusal, refuse, require
from framework.people.party import Party, PartyKind
from framework.people.permissions import Permission, Visitor, permitted
from framework.people.staffing import ADDRESS
from framework.records import audit


@dataclass(frozen=True)
class AuthoritySettings:
    """What an administrator may set. Money is net of VAT; the tolerance is in basis points of the approved value."""

    name: str
    address: str
    ppon: str
    colour: str
    case_threshold: Money
    price_tolerance_bp: int
    approval_valid_days: int
    invoice_address: str
    invoice_email: str


def _named(wanted: AuthoritySettings) -> Refusal | None:
    if 0 < len(wanted.name) <= 200:
        return None
    return Refusal("Enter the authority’s name, in 200 characters or fewer", field="name")


def _short_enough(wanted: AuthoritySettings) -> Iterator[Refusal]:
    for field in ("address", "invoice_address"):
        if len(getattr(wanted, field)) > 500:
            yield Refusal("The address must be 500 characters or fewer", field=field)


def _reachable(wanted: AuthoritySettings) -> Refusal | None:
    email = wanted.invoice_email
    if not email or (len(email) <= 254 and ADDRESS.fullmatch(email)):
        return None
    return Refusal("Enter an e-mail address, like invoices@council.gov.uk", field="invoice_email")


def _coloured(wanted: AuthoritySettings) -> Refusal | None:
    if re.fullmatch(r"#[0-9a-fA-F]{6}", wanted.colour):
        return None
    return Refusal("Enter a colour as # and six numbers or letters from a to f, like #1d70b8", field="colour")


def _identified(wanted: AuthoritySettings) -> Refusal | None:
    try:
        procurement_number(wanted.ppon)
    except CompanyNumberError as error:
        return Refusal(str(error), field="ppon")
    return None


RULES = (_named, _short_enough, _reachable, _coloured, _identified)


def change_settings(session: Session, *, actor: Visitor, party_id: int, wanted: AuthoritySettings) -> Party:
    """Set them all at once. Raises `Refused` or `NotFound`."""
    permitted(actor, Permission.PEOPLE_MANAGE, party_id)
    party = session.get(Party, party_id)
    if party is None or party.kind is not PartyKind.AUTHORITY:
        raise NotFound
    require(wanted, RULES)
    if (
        session.exec(select(Party.id).where(Party.name == wanted.name, Party.id != party_id)).first()
        is not None
    ):
        refuse("An organisation with this name is already here", field="name")
    before = {name: getattr(party, name) for name in _COLUMNS}
    party.name = wanted.name
    party.address = wanted.address or None
    party.ppon = procurement_number(wanted.ppon)
    party.colour = wanted.colour.lower()
    party.case_threshold_net_pence = wanted.case_threshold.pence
    party.price_tolerance_bp = wanted.price_tolerance_bp
    party.approval_valid_days = wanted.approval_valid_days
    party.invoice_address = wanted.invoice_address or None
    party.invoice_email = wanted.invoice_email or None
    session.add(party)
    changed = {
        name: (before[name], getattr(party, name))
        for name in _COLUMNS
        if before[name] != getattr(party, name)
    }
    if changed:
        audit.record(
            session,
            actor=actor,
            action="authority_settings_changed",
            subject=audit.Subject("party", party.id, party.name, party.id),
            facts={"changed": changed},
        )
    return party


_COLUMNS = (
    "name",
    "address",
    "ppon",
    "colour",
    "case_threshold_net_pence",
    "price_tolerance_bp",
    "approval_valid_days",
    "invoice_address",
    "invoice_email",
)
