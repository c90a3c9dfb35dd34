"""A variation of a running call-off."""

from datetime import datetime, timedelta

from calloffs.call_off import Variation
from calloffs.scale.life import Life
from calloffs.spend.entry import EntryKind
from framework.definitions.money import Money
from framework.people.permissions import Role


def vary(life: Life, moment: datetime, officer: int) -> None:
    """Plan a variation that adds a tenth to the price, proposed, approved and agreed within a week."""
    row, added = life.row, Money(life.row["base_net_pence"] // 20)
    old = Money(row["value_net_pence"])
    approver, finished = life.who(Role.APPROVER), moment + timedelta(days=6)
    if finished > life.now:
        return
    row["value_net_pence"] = (old + added).pence
    facts = {
        "number": 1,
        "ground": "small_value",
        "value": (old, old + added),
        "last_day": (row["ends_on"], row["ends_on"]),
    }
    life.tell(moment, officer, "variation_proposed", facts, reason="One more round of research.")
    life.tell(moment + timedelta(days=2), approver, "variation_approved", facts)
    life.tell(finished, officer, "variation_agreed", facts)
    life.post(finished, EntryKind.COMMITMENT, life.counted(added), "varied", officer)
    life.then(moment, _propose, life, moment, old, added, officer)


def _propose(life: Life, moment: datetime, old: Money, added: Money, officer: int) -> None:
    life.add(
        Variation,
        call_off_id=life.row["id"],
        number=1,
        reason="One more round of research.",
        ground="small_value",
        old_value_net_pence=old.pence,
        new_value_net_pence=(old + added).pence,
        old_ends_on=life.row["ends_on"],
        new_ends_on=life.row["ends_on"],
        proposed_at=moment,
        proposed_by_id=officer,
        approved_at=moment + timedelta(days=2),
        agreed_at=moment + timedelta(days=6),
        agreed_by_id=officer,
    )
