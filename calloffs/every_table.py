"""Every table, imported in one place so that the schema is whole before anything compares or creates it."""

import lots.appointment
import lots.evidence
import lots.lot
import lots.rate_card  # noqa: F401
