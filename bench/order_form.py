"""W5: one order form, against the bare engine on the same page."""

from sqlmodel import col, select

from bench.site import Site
from bench.timing import Goal, Work
from calloffs.call_off import CallOff
from calloffs.documents import order_form
from calloffs.documents.paper import press
from framework.records import typesetting

BARE = "the engine on the same page"
GOALS = (Goal("order form", 1.3, BARE),)


def works(site: Site) -> dict[str, Work]:
    """The order form of a signed call-off from its snapshot to bytes."""
    with site.reading() as session:
        found = session.exec(
            select(CallOff).where(col(CallOff.signed_at).is_not(None)).order_by(col(CallOff.id)).limit(1)
        ).one()
        snapshot = order_form.snapshot(session, found)
    paper = order_form.PAPER
    html = typesetting.typeset(
        paper.template, snapshot, draft=False, title="Order form", written="2026-01-01T00:00:00Z"
    )

    def bare() -> None:
        import weasyprint

        weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")

    return {BARE: bare, "order form": lambda: press(paper, snapshot)}
