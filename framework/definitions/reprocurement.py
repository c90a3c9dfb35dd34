"""How long it takes to put a new agreement in place of one that runs out: kept as data, because councils differ (RULE-96)."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

from framework.definitions.terms import add_months


@cache
def lead_months() -> int:
    """Whole months from the start of a re-procurement to a new agreement."""
    path = Path(__file__).parent / "data" / "reprocurement.json"
    return int(json.loads(path.read_text(encoding="utf-8"))["months"])


def start_by(needed_on: date) -> date:
    """The last day on which to begin, for something that is needed from a London day."""
    return add_months(needed_on, -lead_months())
