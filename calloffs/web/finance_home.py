"""Home of a finance reviewer: one click to the tasks of each month, below what waits."""

from datetime import timedelta

from flask import url_for
from sqlmodel import Session

from calloffs.periods.closing import Closes, closes_next
from calloffs.spend.balances import own_by_basis
from framework.definitions import dates
from framework.people.permissions import Permission, Visitor
from framework.web.home import Panel, Waiting


def panel(own: Session, who: Visitor) -> Panel | None:
    """Direct links; sums and days only where they cost the same however many lines there are."""
    if not who.may(Permission.PERIOD_CLOSE):
        return None
    month_end = dates.today().replace(day=1) - timedelta(days=1)
    return Panel(
        "Finance",
        (
            Waiting("Figures by council and lot", _stands(own, who), url_for("figures.index"), "figure"),
            Waiting(
                "Commitments without an invoice for 60 days",
                "The largest amount left to invoice is first",
                url_for("table.show", key="without-invoice"),
                "figure",
            ),
            Waiting(
                "Payments to partners without a call-off",
                "Each line with its cost centre and whom to ask",
                url_for("table.show", key="off-contract"),
                "figure",
            ),
            Waiting(
                f"Accruals at the end of {dates.in_words(month_end)}",
                "Earned and not invoiced, net of VAT: also as a workbook (XLSX)",
                url_for("table.show", key="accruals", on=month_end.isoformat()),
                "figure",
            ),
            *(_to_close(one) for one in closes_next(own, who)),
            Waiting(
                "Load an extract of the finance system",
                "Payments or a ledger, as CSV, XLSX, XLS or ODS",
                url_for("extract.upload"),
                "task",
            ),
        ),
        "",
    )


def _stands(own: Session, who: Visitor) -> str:
    sums = [
        f"{one.committed} committed, {one.invoiced} invoiced, {one.paid} paid, {basis.label}"
        for basis, one in own_by_basis(own, who)
    ]
    return f"Your council, as at now: {'; '.join(sums)}" if sums else "Nothing is committed yet"


def _to_close(one: Closes) -> Waiting:
    if one.is_over:
        return Waiting(
            f"Close {one.period.name}",
            f"{one.authority}: it ended on {dates.in_words(one.period.last_day)}. Look at its figures, then close it",
            url_for("periods.show", authority_id=one.authority_id, day=one.period.first_day.isoformat()),
            "task",
        )
    return Waiting(
        "Accounting periods",
        f"{one.authority}: {one.period.name} can be closed when {dates.in_words(one.period.last_day)} is over",
        url_for("periods.year", authority_id=one.authority_id),
        "figure",
    )
