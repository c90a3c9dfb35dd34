"""What this floor's audit records are about: the lead authority's alone until the agreement's members may see it."""

from framework.agreement import FrameworkAgreement
from framework.people.party import Party
from framework.records.audit import Subject
from lots.appointment import Appointment
from lots.lot import Lot


def about_lot(agreement: FrameworkAgreement, lot: Lot) -> Subject:
    """A lot as the subject of an audit record."""
    return Subject("lot", lot.id, lot.reference, _whose(agreement))


def about_place(
    agreement: FrameworkAgreement, lot: Lot, appointment: Appointment, supplier: Party
) -> Subject:
    """A partner's place on a lot as the subject of an audit record."""
    return Subject(
        "appointment", appointment.id, f"{supplier.name} on lot {lot.reference}", _whose(agreement)
    )


def about_partner(supplier: Party) -> Subject:
    """A supplier as the subject of an audit record; everyone who sees the supplier may read it."""
    return Subject("partner", supplier.id, supplier.name)


def _whose(agreement: FrameworkAgreement) -> int | None:
    return None if agreement.is_public else agreement.lead_authority_id
