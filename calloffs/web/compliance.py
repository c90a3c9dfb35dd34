"""The payments compliance figures of a half-year, and the payments over £30,000 of a quarter: look, approve, take away."""

from typing import Any

from flask import Blueprint, request

from calloffs.clocks import asked_for, compliance
from calloffs.clocks.approving_figures import approvals, approve, mark
from calloffs.clocks.compliance_report import ComplianceFigures
from calloffs.clocks.tables import payments_over_30000
from calloffs.tables.fact_table import Asking
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.notices import payments_compliance_due, payments_list_due
from framework.definitions.payments import COMPLIANCE_FROM, PUBLISHED_FROM
from framework.definitions.rules import Refused
from framework.definitions.terms import Term
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.web.fields import DayField, LineField, VisitForm, at_most, needed
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("compliance", __name__)

WORDS = {
    "payments": "Payments made",
    "payments_pence": "Their sum, including VAT",
    "days": "Days to pay, all together",
    "first_band": "Paid in 1 to 30 days",
    "second_band": "Paid in 31 to 60 days",
    "third_band": "Paid in 61 days or more",
    "fell_due": "Invoices that fell due",
    "fell_due_pence": "Their sum, including VAT",
    "not_in_time": "Of those, not paid in time",
    "not_in_time_pence": "Unpaid of them at the end of the due day, including VAT",
    "without_received": "Lines without a day of receipt",
    "without_paid": "Lines without a day of payment",
    "without_gross": "Lines without an amount including VAT",
    "credits": "Credits and refunds",
    "disputed": "Invoices disputed now",
}


class ApprovalForm(VisitForm):
    director = LineField(
        "Name of the finance director",
        [needed("Enter the name of the finance director"), at_most(120, "The name")],
    )
    approved_on = DayField(
        "Day of the approval", [needed("Enter the day of the approval")], what="Day of the approval"
    )


@door.get("/spend/payments/compliance")
@requires(Permission.EXTRACT_READ)
def show() -> Any:
    """One half-year of one authority: the figures as they stand, those that were approved, and what changed since."""
    return _page(ApprovalForm())


@door.route("/spend/payments/compliance/approval", methods=["GET", "POST"])
@requires(Permission.EXTRACT_READ)
def approval() -> Any:
    """Record that the finance director approved the figures that were shown."""
    form = ApprovalForm()
    if form.validate_on_submit():
        authority, half = _asked()
        approved_on = form.approved_on.data
        assert approved_on is not None  # `needed` saw to it
        try:
            approve(
                session(),
                actor=visitor(),
                authority=authority,
                ends_on=half.last,
                director=form.director.data or "",
                approved_on=approved_on,
                shown=request.form.get("shown", ""),
            )
            return after(
                "compliance.show",
                authority=authority.name,
                half_year=half.last.isoformat(),
                _anchor="approved",
            )
        except Refused as refusal:
            refused(form, refusal)
    return _page(form)


def _asked() -> tuple[Party, Term]:
    name = request.args.get("authority", "")
    authority = asked_for.authority(session(), visitor(), Permission.EXTRACT_READ, name)
    return authority, asked_for.half_year(request.args.get("half_year", ""))


def _page(form: ApprovalForm) -> Any:
    authority, half = _asked()
    now = compliance.figures(session(), authority.id, half)
    approved = approvals(session(), authority.id, half.last)
    over = half.last < dates.today()
    return page(
        "calloffs/clocks/compliance.html",
        form=form,
        authority=authority,
        authorities=asked_for.authorities(session(), visitor(), Permission.EXTRACT_READ),
        half=half,
        words=asked_for.term_in_words(half),
        halves=asked_for.choices(compliance.halves(dates.today())),
        now=now,
        shown=mark(now),
        mean=_tenths(compliance.mean_tenths(now)),
        shares=_shares(now),
        approved=approved,
        changed=[
            (WORDS[name], _figure(name, then), _figure(name, today))
            for name, then, today in (compliance.changed_since(approved[0], now) if approved else [])
        ],
        is_over=over,
        due=payments_compliance_due(half.last) if half.last >= COMPLIANCE_FROM else None,
        may_approve=over and visitor().may(Permission.PERIOD_CLOSE, authority.id),
        status=422 if form.problems else 200,
    )


def _shares(now: ComplianceFigures) -> dict[str, int | None]:
    return {
        "first": compliance.share(now.first_band, now.payments),
        "second": compliance.share(now.second_band, now.payments),
        "third": compliance.share(now.third_band, now.payments),
        "not_in_time": compliance.share(now.not_in_time, now.fell_due),
    }


def _tenths(tenths: int | None) -> str:
    return "" if tenths is None else f"{tenths // 10}.{tenths % 10}"


def _figure(name: str, value: int) -> str:
    return str(Money(value)) if name.endswith("_pence") else f"{value:,}"


@door.get("/spend/payments/over-30000")
@requires(Permission.EXTRACT_READ)
def over_30000() -> Any:
    """What a quarter's list of payments holds, what cannot be judged, and the files."""
    authority = asked_for.authority(
        session(), visitor(), Permission.EXTRACT_READ, request.args.get("authority", "")
    )
    when = asked_for.quarter(request.args.get("quarter", ""))
    filters = {"authority": authority.name, "quarter": when.last.isoformat()}
    table = payments_over_30000.TABLE
    unjudged = table.totals(Asking(session(), visitor(), {**filters, "list": "cannot_be_judged"}))
    return page(
        "calloffs/clocks/over_30000.html",
        authority=authority,
        authorities=asked_for.authorities(session(), visitor(), Permission.EXTRACT_READ),
        filters=filters,
        words=asked_for.term_in_words(when),
        quarters=asked_for.choices(asked_for.quarters()),
        listed=table.totals(Asking(session(), visitor(), filters))[0],
        unjudged=unjudged[0].rows,
        from_on=PUBLISHED_FROM,
        due=payments_list_due(when.last) if when.last >= PUBLISHED_FROM else None,
        is_over=when.last < dates.today(),
    )
