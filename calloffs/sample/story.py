"""What a story of the sample is: one call-off, from the need to wherever it has come by the day of loading."""

from dataclasses import dataclass

from calloffs.call_off import ChargingMethod

TM = ChargingMethod.CAPPED_TIME_AND_MATERIALS
FIXED = ChargingMethod.FIXED
MILESTONE = ChargingMethod.MILESTONE

Team = tuple[tuple[str, int, int], ...]
"""(role, level, days)"""


@dataclass(frozen=True, slots=True)
class Story:
    """One call-off. `raised` is days before the day of loading; `stop` names where it halts, "" lets it run its course."""

    council: int
    lot: int
    title: str
    need: str
    raised: int
    months: int
    team: Team
    method: ChargingMethod = TM
    stop: str = ""
    expenses: int = 0
    option: tuple[int, int] | None = None
    """(months, pounds net)"""
    vary: int = 0
    """Whole pounds net added by a variation half-way."""
    exempt: bool = False
    late_payer: bool = False
