"""The order form: what it says to the penny, what it must say, and that nothing typed breaks it."""

import json
import shutil
import subprocess
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from sqlmodel import Session, select

from calloffs.call_off import CallOff, ChargingMethod
from calloffs.documents import PAPERS, order_form
from calloffs.documents.paper import press
from calloffs.offer import Deliverable, Offer, OfferedPerson
from framework.agreement import FrameworkAgreement
from framework.definitions.money import Money
from framework.definitions.regime import Regime
from framework.people.party import Party
from framework.records.audit import canonical
from lots.appointment import Appointment
from tests.calloffs.building import accepted
from tests.calloffs.building_awarded import awarded_call_off
from tests.cast import Cast

AWKWARD = 'O’Brien & Sons <b>Tŷ Ŵyn</b> "Llanfair" Cyf\'ngedig'


@cache
def _pressed(snapshot: str, draft: bool) -> bytes:
    pressed = press(order_form.PAPER, json.loads(snapshot), draft=draft)
    assert pressed.media_type == "application/pdf"
    return pressed.content


def pdf_of(snapshot: dict[str, Any], *, draft: bool = False) -> bytes:
    """The PDF of a snapshot, drawn once in this test run."""
    return _pressed(canonical(snapshot), draft)


def text_of(pdf: bytes) -> str:
    """The words of a PDF, spaces folded, as another program reads them."""
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext (poppler-utils) is not here to read PDFs with")
    found = subprocess.run([reader, "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(found.stdout.decode().split())


@pytest.fixture
def call_off(session: Session, cast: Cast) -> CallOff:
    return awarded_call_off(session, cast)


@pytest.fixture
def said(session: Session, call_off: CallOff) -> dict[str, Any]:
    return order_form.snapshot(session, call_off)


def test_the_totals_come_to_the_penny(said: dict[str, Any]) -> None:
    money = said["charges"]
    assert [line["total_pence"] for line in said["team"]["lines"]] == [1_870_000, 1_115_000]
    assert (money["net_pence"], money["vat_pence"], money["gross_pence"]) == (2_985_000, 597_000, 3_582_000)
    assert money["maximum_net_pence"] == 2_985_000


def test_vat_is_rounded_half_up_once_for_the_whole_document(session: Session, cast: Cast) -> None:
    # Two lines of a quarter of £600.10 are £150.03 each; 20% of £300.06 is £60.012, and of each line £30.006: £60.01, not £60.02.
    call_off = awarded_call_off(session, cast, team=(("Designer", 4, 600, 1), ("Designer", 3, 600, 1)))
    for person in session.exec(_people()):
        person.day_rate_pence = 60_010
    _set_price(session, call_off, 30_006)
    money = order_form.snapshot(session, call_off)["charges"]
    assert (money["net_pence"], money["vat_pence"], money["gross_pence"]) == (30_006, 6_001, 36_007)


def test_the_maximum_value_counts_options_and_expenses_but_the_total_only_expenses(
    session: Session, cast: Cast
) -> None:
    call_off = awarded_call_off(
        session,
        cast,
        expenses_net_pence=50_000,
        options=((3, 30, Money.pounds(10_000)), (3, 30, Money.pounds(5_000))),
    )
    said = order_form.snapshot(session, call_off)
    assert said["charges"]["net_pence"] == 2_985_000 + 50_000
    assert said["charges"]["maximum_net_pence"] == 2_985_000 + 50_000 + 1_500_000
    assert order_form.mandatory(said) == []
    first, second = said["term"]["options"]
    assert (first["ends_on"], second["ends_on"]) == ("2023-06-30", "2023-09-30")
    assert (first["last_notice_on"], second["last_notice_on"]) == ("2023-03-01", "2023-05-31")
    assert said["term"]["latest_end_on"] == "2023-09-30"


def test_an_awarded_call_off_has_everything_that_is_mandatory(said: dict[str, Any]) -> None:
    assert order_form.mandatory(said) == []


def test_a_purchase_order_number_is_not_needed_before_issue(said: dict[str, Any]) -> None:
    assert said["payment"]["purchase_order"] is None
    assert order_form.mandatory(said) == []


@pytest.mark.parametrize("must", order_form.MANDATORY, ids=lambda must: f"{must.part}-{must.name}")
def test_each_mandatory_field_is_missed_by_its_name(must: order_form.Must, said: dict[str, Any]) -> None:
    if not must.where(said):
        said["header"]["regime"] = Regime.PA2023.value
        for part, name in (("header", "ocid"), ("buyer", "ppon"), ("supplier", "ppon")):
            said[part][name] = "x"
        assert order_form.mandatory(said) == []
    said[must.part][must.name] = [] if isinstance(said[must.part][must.name], list) else None
    assert must.words in order_form.mandatory(said)


def test_identifiers_of_the_procurement_act_are_mandatory_only_under_it(
    session: Session, cast: Cast, call_off: CallOff
) -> None:
    session.get_one(FrameworkAgreement, cast.agreement).regime = Regime.PA2023
    missing = order_form.mandatory(order_form.snapshot(session, call_off))
    assert missing == [
        "the framework’s OCID, which the lead authority’s framework owner notes on the agreement’s page (part 1)",
        "the buyer’s PPON, which your authority’s administrator sets (part 2)",
        "the supplier’s PPON or DUNS number, which a framework owner corrects on the partner’s page (part 2)",
    ]


def test_charges_that_differ_from_the_award_are_not_issued(session: Session, call_off: CallOff) -> None:
    call_off.value_net_pence += 1
    assert order_form.mandatory(order_form.snapshot(session, call_off)) == [
        "charges that add up to the value awarded (part 11)"
    ]


def test_milestone_payments_add_up_to_the_price(session: Session, call_off: CallOff) -> None:
    call_off.charging_method = ChargingMethod.MILESTONE
    assert order_form.mandatory(order_form.snapshot(session, call_off)) == ["the milestone payments (part 9)"]
    (one,) = session.exec(_deliverables())
    one.payment_net_pence = 2_984_999
    wrong = ["milestone payments that add up to the price (part 9)"]
    assert order_form.mandatory(order_form.snapshot(session, call_off)) == wrong
    one.payment_net_pence = 2_985_000
    assert order_form.mandatory(order_form.snapshot(session, call_off)) == []


def test_a_rate_above_the_frozen_rate_card_is_not_issued(session: Session, call_off: CallOff) -> None:
    designer = session.exec(_people()).first()
    assert designer
    designer.day_rate_pence += 1
    assert "day rates within the rate card for Designer, level 4 (part 10)" in order_form.mandatory(
        order_form.snapshot(session, call_off)
    )


def test_only_key_staff_are_named(said: dict[str, Any]) -> None:
    assert [line["name"] for line in said["team"]["lines"]] == ["Person 1", None]
    assert "Person 2" not in canonical(said)


def test_a_snapshot_is_plain_and_frozen(session: Session, call_off: CallOff, said: dict[str, Any]) -> None:
    before = canonical(said)
    assert json.loads(before) == said
    call_off.title = "Something else"
    assert canonical(said) == before


@pytest.mark.slow
def test_the_pdf_says_all_of_it_in_figures_and_names(said: dict[str, Any]) -> None:
    text = text_of(pdf_of(said))
    for words in (
        *("Order form DP21-4-0001-OF1", "Version 1", "Page 1 of ", "Design for the planning service"),
        *("Digital Partners (DP21)", "4, Web technologies", "22 November 2022"),
        *("Northbank", "Fennel Web", "00000004", "9 January 2023", "31 March 2023"),
        *("£935.00", "£18,700.00", "£11,150.00", "£29,850.00", "£5,970.00", "£35,820.00"),
        *("A tested prototype", "Eight of ten residents", "17 March 2023", "Bram", "£250,000.00"),
        *("Public Contracts Regulations 2015", "2021/S 101-264183", "30 days from a valid"),
    ):
        assert words in text, words
    assert "[to be completed]" not in text
    assert "DRAFT" not in text


@pytest.mark.slow
def test_the_pdf_has_headings_table_headers_embedded_fonts_and_a_number_on_each_page(
    said: dict[str, Any],
) -> None:
    drawn = pdf_of(said)
    with pikepdf.open(BytesIO(drawn)) as pdf:
        kinds = [str(one.get("/S")) for one in _structure(pdf.Root.StructTreeRoot)]
        assert kinds.count("/H1") == 1
        assert kinds.count("/H2") == 13
        assert kinds.count("/TH") > 40
        assert "/Figure" not in kinds
        fonts = [
            font.DescendantFonts[0].FontDescriptor
            for page in pdf.pages
            for font in page.Resources.Font.values()
        ]
        assert fonts
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
        pages = len(pdf.pages)
    text = text_of(drawn)
    assert all(f"Page {number} of {pages}" in text for number in range(1, pages + 1))


@pytest.mark.slow
def test_a_draft_says_so_and_shows_what_is_still_missing(session: Session, cast: Cast) -> None:
    call_off = awarded_call_off(session, cast, award_reason="")
    text = text_of(pdf_of(order_form.snapshot(session, call_off), draft=True))
    assert "DRAFT: not for signature" in text
    assert "Reason for the award [to be completed]" in text
    assert "A draft cannot be signed" in text


def test_a_call_off_without_an_offer_can_be_previewed(session: Session, call_off: CallOff) -> None:
    call_off.offer_id = call_off.appointment_id = call_off.awarded_at = None
    said = order_form.snapshot(session, call_off)
    assert said["supplier"]["name"] is None
    assert "the supplier’s name (part 2)" in order_form.mandatory(said)


@pytest.mark.slow
def test_awkward_names_and_a_scope_of_four_thousand_words_keep_their_place(
    session: Session, cast: Cast
) -> None:
    scope = " ".join(f"word{number}" for number in range(3_990)) + " " + "x" * 400 + f" {AWKWARD} last"
    call_off = awarded_call_off(session, cast, title=AWKWARD, in_scope=scope)
    assert call_off.appointment_id
    supplier = session.get_one(Party, session.get_one(Appointment, call_off.appointment_id).supplier_id)
    supplier.name = AWKWARD
    drawn = pdf_of(order_form.snapshot(session, call_off))
    text = text_of(drawn)
    assert text.count("Tŷ Ŵyn</b>") >= 3
    assert "word0 word1" in text
    assert "word3989" in text
    assert "£35,820.00" in text
    with pikepdf.open(BytesIO(drawn)) as pdf:
        assert 10 < len(pdf.pages) < 40
        titles = str(pdf.docinfo.Title)
    assert titles == "Order form DP21-4-0001-OF1"


def test_every_paper_has_its_own_kind_and_template() -> None:
    assert len({paper.kind for paper in PAPERS}) == len({paper.template for paper in PAPERS}) == len(PAPERS)


def _structure(node: Any) -> list[Any]:
    children = node.get("/K", [])
    if not isinstance(children, pikepdf.Array):
        children = [children]
    found = []
    for child in children:
        if isinstance(child, pikepdf.Dictionary):
            found += [child, *_structure(child)]
    return found


def _people() -> Any:
    return select(OfferedPerson).order_by(OfferedPerson.number)  # type: ignore[arg-type]


def _deliverables() -> Any:
    return select(Deliverable)


def _set_price(session: Session, call_off: CallOff, pence: int) -> None:
    session.get_one(Offer, call_off.offer_id).price_net_pence = pence
    session.flush()


def test_a_partner_does_not_read_on_the_paper_it_signs_how_its_rivals_answered(
    session: Session, cast: Cast
) -> None:
    call_off, offer = accepted(session, cast, lot=7)
    offer.route += ". Fennel Web was passed over: declined. Tern Systems was passed over: suspended until 30 November 2022"
    session.add(offer)
    session.flush()
    route = order_form.snapshot(session, call_off)["award"]["route"]
    assert "Quill Works: rank 1" in route
    assert "Fennel" not in route
    assert "Tern" not in route
    assert "passed over" in offer.route
