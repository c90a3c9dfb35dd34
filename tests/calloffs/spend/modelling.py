"""What the model of the ledger machine believes, and the ceilings that it lives under."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import precondition

AGREEMENT, LOT = 100_000, 60_000
ALLOCATION = {"Northbank": 80_000, "Southmere": 50_000}
FINANCE = {"Northbank": "Finn", "Southmere": "Fern"}
MANAGER = {"Northbank": "Asha", "Southmere": "Cara"}
APPROVER = {"Northbank": "Bram", "Southmere": "Dev"}
PARTNER = {3: "Cedar Design", 4: "Fennel Web"}
PARTNER_USER = "Faye"
PENCE = st.integers(1, 40_000)
PICK = st.integers(0, 50)
EDGE = st.sampled_from([None, 0, 1])
"""Any amount, the very last penny, or one penny more."""


@dataclass
class Modelled:
    """What the model believes of one call-off, in pence on the agreement's basis."""

    id: int
    lot: int
    authority: str
    state: str = "submitted"
    reserved: int = 0
    committed: int = 0
    invoiced: int = 0
    paid: int = 0
    unpaid: int = 0
    """Billed and not yet paid, including VAT; less what is credited and not yet refunded."""


def there_is(*states: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A rule that is only drawn when it has something to act on: no step is spent on nothing."""
    return precondition(lambda machine: any(one.state in states for one in machine.known))
