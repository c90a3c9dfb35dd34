"""Who supplies what, for a lot and for a whole agreement: a table, a list for small screens, a file; and the skills expected of a lot."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, url_for
from sqlmodel import Session

from framework import finding as agreements
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.rules import Refused
from framework.people.permissions import Permission, Visitor, permitted
from framework.records.csv_text import csv_blocks, safe
from framework.web.fields import VisitForm, WordsField, at_most
from framework.web.sections import Step
from framework.web.visit import after, page, refused, requires, session, visitor
from lots import finding
from lots.lot import Lot
from lots.supplying import Matrix, expected_of, keep_expected, matrix
from lots.web.lot import may_change

door = Blueprint("supplying", __name__)


class ExpectedForm(VisitForm):
    skills = WordsField("Skills expected of this lot, one on each line", [at_most(30_000, "The list")])


@door.get("/lots/<reference>/who-supplies-what")
@requires(Permission.AGREEMENT_READ)
def lot(reference: str) -> Any:
    """Skills by partner on one lot, gaps first."""
    found, agreement = finding.lot_and_agreement(session(), visitor(), reference)
    return _page(
        [found],
        heading=f"Who supplies what on lot {found.number}: {found.title}",
        caption=f"{agreement.title}, lot {found.reference}",
        back=(url_for("lot.show", reference=reference), "Back to the lot"),
        file=url_for("supplying.lot_file", reference=reference),
        within=reference,
        keep=url_for("supplying.expected", reference=reference) if may_change(visitor(), agreement) else None,
    )


@door.get("/agreements/<reference>/who-supplies-what")
@requires(Permission.AGREEMENT_READ)
def agreement(reference: str) -> Any:
    """Skills by partner over all lots of an agreement, gaps first."""
    found = agreements.agreement(session(), visitor(), reference)
    return _page(
        finding.lots_of(session(), found),
        heading="Who supplies what",
        caption=found.title,
        back=(url_for("agreement.show", reference=reference), "Back to the agreement"),
        file=url_for("supplying.agreement_file", reference=reference),
        within=reference,
        keep=None,
    )


def _page(lots: list[Lot], **words: Any) -> Any:
    return page(
        "lots/supplying/page.html",
        matrix=matrix(session(), lots, dates.today()),
        lots=lots,
        as_at=dates.now(),
        **words,
    )


@door.get("/lots/<reference>/who-supplies-what.csv")
@requires(Permission.AGREEMENT_READ)
def lot_file(reference: str) -> Any:
    """The same as a file."""
    found = finding.lot(session(), visitor(), reference)
    return _file([found], found.reference)


@door.get("/agreements/<reference>/who-supplies-what.csv")
@requires(Permission.AGREEMENT_READ)
def agreement_file(reference: str) -> Any:
    """The same as a file."""
    found = agreements.agreement(session(), visitor(), reference)
    return _file(finding.lots_of(session(), found), found.reference)


def _file(lots: list[Lot], about: str) -> Response:
    rows = _rows(matrix(session(), lots, dates.today()))
    plain = "".join(one if one.isascii() and (one.isalnum() or one in "-._") else "-" for one in about)
    name = f"who-supplies-what-{plain}-{dates.today().isoformat()}.csv"
    return Response(
        csv_blocks(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _rows(found: Matrix) -> Iterator[list[str]]:
    heads = [head for one in found.partners for head in (f"{one.name}: people", f"{one.name}: deepest")]
    yield ["skill", "partners", "expected", "bought_before", *map(safe, heads), "as_at"]
    moment = dates.as_london(dates.now()).isoformat(timespec="seconds")
    for row in found.rows:
        cells = [
            text for one in row.cells for text in (str(one.people), one.deepest.value if one.deepest else "")
        ]
        said = ["yes" if one else "no" for one in (row.expected, row.bought)]
        yield [safe(row.skill), str(row.suppliers), *said, *cells, moment]


@door.route("/lots/<reference>/expected-skills", methods=["GET", "POST"])
@requires(Permission.AGREEMENT_OPEN)
def expected(reference: str) -> Any:
    """Keep the list of skills that the lot is expected to supply."""
    found, of = _own(reference)
    kept = expected_of(session(), [found.id])[found.id]
    form = ExpectedForm(data={"skills": "\n".join(skill for _, skill in kept)})
    if form.validate_on_submit():
        skills = (form.skills.data or "").splitlines()
        try:
            keep_expected(session(), actor=visitor(), lot=found, agreement=of, skills=skills)
            return after("supplying.lot", reference=reference)
        except Refused as refusal:
            refused(form, refusal)
            found, of = _own(reference)
    return page(
        "lots/supplying/expected.html",
        form=form,
        lot=found,
        agreement=of,
        status=422 if form.problems else 200,
    )


def _own(reference: str) -> tuple[Lot, FrameworkAgreement]:
    found, of = finding.lot_and_agreement(session(), visitor(), reference)
    permitted(visitor(), Permission.AGREEMENT_OPEN, of.lead_authority_id)
    return found, of


def lot_step(_own: Session, who: Visitor, lot: Lot) -> Step | None:
    """On the lot's page: its matrix."""
    if not who.may(Permission.AGREEMENT_READ):
        return None
    return Step("Who supplies what", url_for("supplying.lot", reference=lot.reference))


def agreement_step(_own: Session, who: Visitor, agreement: FrameworkAgreement) -> Step | None:
    """On the agreement's page: its matrix."""
    if not who.may(Permission.AGREEMENT_READ):
        return None
    return Step("Who supplies what", url_for("supplying.agreement", reference=agreement.reference))
