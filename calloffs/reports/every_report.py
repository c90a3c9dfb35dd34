"""Every report in one place."""

from calloffs.reports import by_agreement, by_authority, by_call_off, by_lot, by_partner
from calloffs.reports.report import Report

OVERVIEW = by_agreement.REPORT

# A new report of one agreement is one file with a REPORT and its name here: page, fragment, CSV and workbook follow.
REPORTS: tuple[Report, ...] = (
    by_lot.REPORT,
    by_authority.REPORT,
    by_partner.REPORT,
    by_call_off.REPORT,
)
