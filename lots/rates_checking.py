"""Checking a file of day rates outside the site: the same findings as on the page, as plain values."""

from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from framework.definitions.rules import Refused
from framework.people.party import Party
from framework.records.sheet_reading import MOST_BYTES, read_sheet
from lots import finding
from lots.appointment import Appointment
from lots.lot import Lot
from lots.rates_reading import MOST_ROWS, Above, check_rates
from lots.rating import above_here


def check_file(path: Path, above: Above | None = None) -> dict[str, Any]:
    """What a file of rates holds, amounts in pence net of VAT, or under "refused" the sentence why it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        sheet = read_sheet(content, path.name, field="file", most_rows=MOST_ROWS)
    except OSError:
        return {"file": path.name, "refused": "There is no such file, or it cannot be opened"}
    except Refused as refused:
        return {"file": path.name, "refused": str(refused)}
    checked, _ = check_rates(sheet, above=above)
    return {"file": path.name, **checked.as_plain()}


def what_is_above(session: Session, lot: str, supplier: str, day: date | None) -> Above | None:
    """What tells whether a rate is above the caps of a partner on a lot; for whoever runs the installation.

    Raises `ValueError` when there is no such partner on the lot.
    """
    found = session.exec(
        select(Appointment.id)
        .join(Lot, Lot.id == Appointment.lot_id)  # type: ignore[arg-type]
        .join(Party, Party.id == Appointment.supplier_id)  # type: ignore[arg-type]
        .where(Lot.reference == lot, Party.name == supplier)
    ).one_or_none()
    if found is None:
        raise ValueError(f"{supplier} is not a partner on lot {lot}")
    return above_here(session, finding.places(session, [found])[found], day)
