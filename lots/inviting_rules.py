"""What an invitation must satisfy before it is sent: each rule is one function, its name at the foot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from framework.agreement import FrameworkAgreement
from framework.definitions.rules import Refusal
from framework.people.party import Party, PartyKind
from framework.people.staffing import ADDRESS
from lots.appointing import admits_suppliers, excluded, full, wrong_size
from lots.appointment import Appointment
from lots.lot import Lot


@dataclass(frozen=True, slots=True)
class InviteIntent:
    """A company as somebody wants to invite it, beside what is known of it and of the lots."""

    agreement: FrameworkAgreement
    company_name: str
    contact_name: str
    email: str
    supplier: Party | None
    known: Party | None
    """Who is registered under the company's name, when no known supplier was chosen."""
    lots: Sequence[Lot]
    gives_places: bool = True
    there: dict[int, list[tuple[Appointment, Party]]] = field(default_factory=dict)
    """Everyone who is or was on each lot, by lot id."""
    invited: dict[int, list[str]] = field(default_factory=dict)
    """Companies with an open invitation to each lot, by lot id."""
    address_is: str = "new"
    """Whose the e-mail address is: "new", "theirs" (a user of the supplier), "council" or "elsewhere"."""
    supplier_has_people: bool = False
    leads_all: bool = True
    """Whether every agreement that the supplier is in is led by the inviter's own authority."""
    twice: bool = False


def contact_is_whole(intent: InviteIntent) -> Iterator[Refusal]:
    """A company, a person and an address to write to."""
    if not intent.company_name or len(intent.company_name) > 200:
        yield Refusal("Enter the company’s name, in 200 characters or fewer", field="company_name")
    if not intent.contact_name or len(intent.contact_name) > 120:
        yield Refusal("Enter the name of your contact, in 120 characters or fewer", field="contact_name")
    if len(intent.email) > 254 or not ADDRESS.fullmatch(intent.email):
        yield Refusal("Enter an e-mail address, like name@example.com", field="email")


def lots_are_chosen(intent: InviteIntent) -> Refusal | None:
    """An invitation is to at least one lot."""
    return None if intent.lots else Refusal("Choose at least one lot", field="lots")


def agreement_takes_suppliers(intent: InviteIntent) -> Refusal | None:
    """RULE-09: a closed framework keeps the suppliers it was awarded to."""
    if intent.agreement.recorded_as_past:
        return Refusal("This is the record of a past agreement, and nobody can join it")
    return admits_suppliers(intent.agreement)


def is_not_registered_already(intent: InviteIntent) -> Refusal | None:
    """A company is registered once: its owner is offered the one that is there."""
    if intent.known is None:
        return None
    if intent.known.kind is PartyKind.AUTHORITY:
        return Refusal(f"{intent.known.name} is a contracting authority here", field="company_name")
    return Refusal(
        f"{intent.known.name} is already registered. Choose it under “Known supplier”", field="supplier_id"
    )


def every_lot_has_room(intent: InviteIntent) -> Iterator[Refusal]:
    """Check 2: partners on a lot, joining ones and open invitations together keep its partner rule."""
    for lot in intent.lots:
        rows = intent.there[lot.id]
        own = [place for place, party in rows if intent.supplier and party.id == intent.supplier.id]
        if intent.supplier and any(place.ended_on is None for place in own):
            yield Refusal(f"{intent.supplier.name} is already on lot {lot.number}", field="lots")
        elif intent.supplier and own:
            yield Refusal(
                f"{intent.supplier.name} has left lot {lot.number} and cannot come back to it",
                "lots",
                "RULE-09",
            )
        else:
            names = [party.name for place, party in rows if place.ended_on is None]
            if refusal := full(lot, names, intent.invited[lot.id]):
                yield Refusal(refusal.sentence, "lots", refusal.rule)


def supplier_may_come(intent: InviteIntent) -> Iterator[Refusal]:
    """RULE-08 and RULE-54, as far as the supplier is known already; the rest is judged when it is appointed."""
    if intent.supplier is None:
        return
    if refusal := excluded(intent.supplier):
        yield refusal
    for lot in intent.lots:
        if intent.supplier.is_sme is False and (refusal := wrong_size(lot, intent.supplier)):
            yield Refusal(refusal.sentence, "supplier_id", refusal.rule)


def address_is_theirs_to_use(intent: InviteIntent) -> Refusal | None:
    """Nobody comes into a supplier by a stranger's word: only its own people do, or a first user where there is none."""
    if intent.known is not None:
        return None  # First it is to be chosen; then its own people are known.
    if intent.address_is == "council":
        return Refusal(
            "This is the address of somebody at a council, who cannot act for a company", field="email"
        )
    if intent.address_is == "elsewhere":
        return Refusal("Somebody of another company signs in with this address", field="email")
    if intent.supplier is None or intent.address_is == "theirs":
        return None
    if intent.supplier_has_people:
        return Refusal(
            f"People of {intent.supplier.name} sign in already. Enter the address of one of them; they add colleagues themselves",
            field="email",
        )
    if not intent.leads_all:
        return Refusal(
            f"{intent.supplier.name} also works under another authority’s agreement, so you cannot add people to it",
            field="email",
        )
    return None


def is_not_invited_twice(intent: InviteIntent) -> Refusal | None:
    """One open invitation to one address under one agreement."""
    if not intent.twice:
        return None
    return Refusal("This address has an open invitation. Send that one again, or withdraw it", field="email")


def nobody_signs_in_yet(intent: InviteIntent) -> Refusal | None:
    """Only a first user is invited to a partner that has its place: colleagues are its administrator's to add."""
    if not intent.supplier_has_people:
        return None
    assert intent.supplier is not None
    return Refusal(f"Somebody signs in for {intent.supplier.name} already, and adds colleagues themselves")


# Every rule about inviting. A new one is a function above and its name here.
RULES = (
    contact_is_whole,
    lots_are_chosen,
    agreement_takes_suppliers,
    is_not_registered_already,
    every_lot_has_room,
    supplier_may_come,
    address_is_theirs_to_use,
    is_not_invited_twice,
)
FIRST_USER_RULES = (contact_is_whole, nobody_signs_in_yet, address_is_theirs_to_use, is_not_invited_twice)
