"""Pictures of the money: the share of small and medium-sized enterprises, who paid what, and where it waits."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlmodel import Session

from calloffs.forecasting import finding
from calloffs.pictures import drawing
from calloffs.pictures.sme_share import ALL, shares, this_year
from calloffs.pictures.sme_target import set_target, target_of
from calloffs.pictures.where_it_waits import items, stages
from calloffs.pictures.who_paid import total_of, who_paid
from calloffs.spend.balances import agreement as spend_of
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.quantities import percent_shown
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission, Visitor
from framework.web.bars_chart import Bars, lengths_chart, shares_chart
from framework.web.fields import PercentField, VisitForm
from framework.web.home import Panel, Waiting
from framework.web.sections import Section
from framework.web.visit import after, page, refused, requires, session, visitor

door = Blueprint("pictures", __name__)
_MOST = 50


class TargetForm(VisitForm):
    share = PercentField(
        "Target share of SMEs, by value and by number",
        description="Such as 60. Leave it blank to do without a target",
    )


def _sme_facts(own: Session, who: Visitor, found: FrameworkAgreement) -> dict[str, Any]:
    """The picture of all authorities with its table, and whether this visitor may set the target."""
    rows, target = shares(own, who, found), target_of(own, found.id)
    drawn = drawing.sme_rows(rows)
    headline = drawing.sme_headline(rows, target)
    chart = shares_chart("sme", headline, drawing.in_words(headline, drawn), drawn, target) if drawn else None
    return {
        "agreement": found,
        "rows": rows,
        "chart": chart,
        "headline": headline,
        "target": None if target is None else percent_shown(target),
        "target_bp": target,
        "percent": drawing.percent,
        "key": drawing.SME_KEY,
        "basis": found.basis.label,
        "is_all": ALL,
        "may_set": who.may(Permission.AGREEMENT_OPEN, found.lead_authority_id),
    }


@door.get("/pictures/<reference>/sme")
@requires(Permission.SPEND_READ)
def sme(reference: str) -> Any:
    """The share by financial year and council, by value and by number, against the target."""
    found = finding.agreement(session(), visitor(), reference)
    facts = _sme_facts(session(), visitor(), found)
    names = dict.fromkeys(one.authority for one in facts["rows"] if one.authority != ALL)
    councils: list[tuple[str, Bars]] = []
    for place, name in enumerate(names, start=1):
        drawn = drawing.sme_rows(facts["rows"], name)
        chart = shares_chart(f"sme-{place}", name, drawing.in_words(name, drawn), drawn, facts["target_bp"])
        councils.append((name, chart))
    return page("calloffs/pictures/sme.html", councils=councils, **facts)


@door.route("/pictures/<reference>/sme/target", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def target(reference: str) -> Any:
    """Set the agreement's target, for the lead authority's framework owner."""
    found = finding.agreement(session(), visitor(), reference)
    if not visitor().may(Permission.AGREEMENT_OPEN, found.lead_authority_id):
        raise NotFound
    form = TargetForm()
    if form.validate_on_submit():
        try:
            set_target(session(), actor=visitor(), agreement=found, share=form.share.data)
            return after("pictures.sme", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found = finding.agreement(session(), visitor(), reference)
    elif request.method == "GET":
        form.share.data = target_of(session(), found.id)
    return page(
        "calloffs/pictures/target.html", form=form, agreement=found, status=422 if form.problems else 200
    )


@door.get("/pictures/<reference>/who-paid")
@requires(Permission.SPEND_READ)
def paid(reference: str) -> Any:
    """The council split of an agreement, or with ?lot= of one of its lots."""
    found = finding.agreement(session(), visitor(), reference)
    asked = request.args.get("lot", "")
    lots = [one.lot for one in finding.ceilings(session(), [found]) if one.lot is not None]
    chosen = next((lot for lot in lots if lot.reference == asked), None)
    if asked and chosen is None:
        raise NotFound
    rows = who_paid(session(), visitor(), found, chosen)
    drawn = drawing.paid_rows(rows)
    headline = drawing.paid_headline(f"Lot {chosen.number}" if chosen else found.title, rows)
    return page(
        "calloffs/pictures/paid.html",
        agreement=found,
        lots=lots,
        lot=chosen,
        rows=rows,
        total=total_of(rows),
        headline=headline,
        chart=lengths_chart("paid", headline, drawing.in_words(headline, drawn), drawn) if drawn else None,
    )


@door.get("/pictures/waiting")
@requires(Permission.CALL_OFF_READ)
def waiting() -> Any:
    """Stages with the days that things wait in each, the longest first, and who has them."""
    found = items(session(), visitor())
    by_stage = stages(found)
    drawn = drawing.waiting_rows(by_stage)
    headline = drawing.waiting_headline(by_stage)
    return page(
        "calloffs/pictures/waiting.html",
        headline=headline,
        stages=by_stage,
        items=found[:_MOST],
        count_all=len(found),
        chart=lengths_chart("waits", headline, drawing.in_words(headline, drawn), drawn) if drawn else None,
    )


# Places on other pages


def on_agreement(own: Session, who: Visitor, found: FrameworkAgreement) -> Section | None:
    """The share of SMEs on the agreement's own page, and the ways to the other pictures."""
    if found.recorded_as_past or found.confirmed_at is None or found.ceiling is None:
        return None
    try:
        spend_of(own, who, found.reference)
    except NotFound:
        return None
    facts = _sme_facts(own, who, found)
    return Section("sme", "Small and medium-sized enterprises", "calloffs/pictures/_sme_section.html", facts)


def panel(own: Session, who: Visitor) -> Panel | None:
    """Home of a framework owner: this year's share of SMEs under each agreement that their authority leads."""
    led = who.parties_where(Permission.AGREEMENT_OPEN)
    if not led:
        return None
    today = dates.today()
    agreements = [
        one
        for one in finding.agreements(own, who)
        if one.lead_authority_id in led and one.ends_on >= today and one.closed_at is None
    ]
    found = this_year(own, agreements, today)
    return Panel(
        heading="Share of small and medium-sized enterprises this year",
        items=tuple(
            Waiting(
                title=one.title,
                detail=f"{found[one.id].year}: {drawing.percent(found[one.id].value)} by value, {drawing.percent(found[one.id].number)} by number",
                address=url_for("pictures.sme", reference=one.reference),
                kind="figure",
            )
            for one in agreements
            if one.id in found
        ),
        empty="",
    )
