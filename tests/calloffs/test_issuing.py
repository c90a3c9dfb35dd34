"""Issuing: made once, kept for good, the same bytes for everyone who may read them and nothing for anyone else."""

import hashlib
import json
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from calloffs import issuing
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.documents import kept, order_form
from calloffs.documents.paper import Pressed
from calloffs.issuing import issue_order_form
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.records import database, documents
from framework.records.audit import AuditRecord
from framework.records.messages import Message
from framework.records.stored_document import StoredDocument
from framework.records.typesetting import typeset
from tests.calloffs.building_awarded import awarded_call_off, issued_call_off
from tests.cast import Cast
from tests.visiting import Visiting

Visit = Callable[[str], Visiting]


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Pango; nothing else can be taken away in a test."""
    monkeypatch.setattr(documents, "_known", [("libpango-1.0-0", "libharfbuzz-subset0")])


def saved(app: Flask, cast: Cast, make: Callable[..., CallOff] = awarded_call_off, **facts: object) -> str:
    """A call-off put in the database; its reference."""
    with app.app_context(), database.writing() as session:
        return make(session, cast, **facts).reference


def test_issuing_keeps_the_file_its_hashes_and_the_frozen_data(session: Session, cast: Cast) -> None:
    call_off = issued_call_off(session, cast)
    (document,) = session.exec(select(StoredDocument)).all()
    assert call_off.status is CallOffStatus.ISSUED
    assert (document.reference, document.file_name) == ("DP21-4-0001-OF1", "DP21-4-0001-OF1.pdf")
    assert document.sha256 == hashlib.sha256(document.content).hexdigest()
    assert document.data_sha256 == hashlib.sha256(document.snapshot.encode()).hexdigest()
    assert json.loads(document.snapshot)["charges"]["net_pence"] == 2_985_000


def test_issuing_tells_the_partner_once_and_records_the_hashes(session: Session, cast: Cast) -> None:
    call_off = issued_call_off(session, cast)
    issue_order_form(session, actor=cast.visitor(session, "Asha"), call_off=call_off)
    session.commit()
    told = session.exec(select(Message)).all()
    assert [one.to_address for one in told] == ["faye@example.org"]
    assert "/offers/DP21-4-0001-A" in told[0].text
    (document,) = session.exec(select(StoredDocument)).all()
    (record,) = session.exec(select(AuditRecord).where(AuditRecord.action == "order_form_issued")).all()
    facts = json.loads(record.facts)
    assert facts["sha256"] == document.sha256
    assert facts["data_sha256"] == document.data_sha256


def test_a_second_officer_gets_the_same_document(session: Session, cast: Cast) -> None:
    call_off = issued_call_off(session, cast)
    first = kept.issued(session, call_off)
    assert first
    again = issue_order_form(session, actor=cast.visitor(session, "Asha"), call_off=call_off)
    assert again.id == first.id


def test_what_was_drawn_before_a_change_is_not_issued(session: Session, cast: Cast) -> None:
    call_off = awarded_call_off(session, cast)
    pressed = Pressed(order_form.PAPER, order_form.snapshot(session, call_off), b"old", documents.PDF)
    call_off.cost_centre = "DIGI-7"
    with pytest.raises(ChangedMeanwhile):
        issue_order_form(session, actor=cast.visitor(session, "Asha"), call_off=call_off, pressed=pressed)
    assert session.exec(select(StoredDocument)).all() == []


def test_a_missing_mandatory_field_is_named_and_nothing_is_issued(session: Session, cast: Cast) -> None:
    call_off = awarded_call_off(session, cast, award_reason="", background="")
    with pytest.raises(Refused) as refused:
        issue_order_form(session, actor=cast.visitor(session, "Asha"), call_off=call_off)
    assert [one.sentence for one in refused.value.refusals] == [
        "The order form cannot be issued without the reason for the award (part 4)",
        "The order form cannot be issued without the background (part 7)",
    ]
    assert {one.rule for one in refused.value.refusals} == {"RULE-73"}
    assert call_off.issued_at is None


def test_only_an_awarded_call_off_is_issued(session: Session, cast: Cast) -> None:
    call_off = awarded_call_off(session, cast)
    call_off.award_withdrawn_at = dates.now()
    with pytest.raises(ChangedMeanwhile, match="award withdrawn"):
        issue_order_form(session, actor=cast.visitor(session, "Asha"), call_off=call_off)


@pytest.mark.parametrize("name", ["Bram", "Finn", "Cara", "Zed", "Faye", "Qi", "Stranger"])
def test_only_the_buyers_officers_issue(name: str, session: Session, cast: Cast) -> None:
    call_off = awarded_call_off(session, cast)
    with pytest.raises(NotFound):
        issue_order_form(session, actor=cast.visitor(session, name), call_off=call_off)


@pytest.mark.usefixtures("no_engine")
def test_without_a_pdf_engine_the_page_to_print_is_issued_with_the_same_discipline(
    session: Session, cast: Cast
) -> None:
    call_off = awarded_call_off(session, cast)
    document = issue_order_form(session, actor=cast.visitor(session, "Asha"), call_off=call_off)
    assert (document.media_type, document.file_name) == ("text/html", "DP21-4-0001-OF1.html")
    assert document.sha256 == hashlib.sha256(document.content).hexdigest()
    assert b"\xc2\xa335,820.00" in document.content


@pytest.mark.usefixtures("no_engine")
def test_typed_markup_stays_text_in_the_page_to_print(session: Session, cast: Cast) -> None:
    call_off = awarded_call_off(
        session, cast, title="<script>alert(1)</script>", in_scope="</style><img src=x>"
    )
    page = typeset(
        "documents/order_form.html",
        order_form.snapshot(session, call_off),
        draft=False,
        title="T",
        written="2022-11-22T10:00:00Z",
    )
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("</style>") == 1


def test_a_new_award_has_a_second_version_that_names_the_first(session: Session, cast: Cast) -> None:
    call_off = issued_call_off(session, cast)
    call_off.issued_at = None
    call_off.awarded_at = dates.now() + timedelta(minutes=5)
    with dates.at(dates.now() + timedelta(minutes=6)):
        snapshot = order_form.snapshot(session, call_off)
        pressed = Pressed(order_form.PAPER, snapshot, b"second", documents.PDF)
        issue_order_form(session, actor=cast.visitor(session, "Asha"), call_off=call_off, pressed=pressed)
        papers = kept.kept(session, call_off)
    assert (snapshot["reference"], snapshot["replaces"]) == ("DP21-4-0001-OF2", "DP21-4-0001-OF1")
    assert [(one.paper.reference, one.counts) for one in papers] == [
        ("DP21-4-0001-OF2", True),
        ("DP21-4-0001-OF1", False),
    ]
    assert papers[1].standing == "Superseded by DP21-4-0001-OF2: this version has no effect"


def test_a_withdrawn_award_leaves_its_papers_without_effect(session: Session, cast: Cast) -> None:
    call_off = issued_call_off(session, cast)
    call_off.award_withdrawn_at = dates.now()
    assert kept.issued(session, call_off) is None
    assert [one.counts for one in kept.kept(session, call_off)] == [False]


@pytest.mark.slow
def test_an_officer_issues_in_the_browser_and_both_sides_download_the_same_bytes(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reference = saved(app, cast)
    asha = visit("Asha")
    shown = asha.get(f"/call-offs/{reference}/issue")
    assert "£29,850.00 net of VAT, £35,820.00 including VAT" in shown.text
    page = asha.follow(asha.send(shown, {}))
    assert "DP21-4-0001-OF1" in page.text
    mine = asha.get("/documents/DP21-4-0001-OF1").response
    theirs = visit("Faye").get("/documents/DP21-4-0001-OF1").response
    assert mine.data[:5] == b"%PDF-"
    assert mine.data == theirs.data == asha.get("/documents/DP21-4-0001-OF1").response.data
    sha256 = hashlib.sha256(mine.data).hexdigest()
    assert mine.headers["Content-Disposition"] == 'attachment; filename="DP21-4-0001-OF1.pdf"'
    assert mine.headers["ETag"] == f'"{sha256}"'
    assert mine.headers["X-Content-Type-Options"] == "nosniff"
    assert " ".join(sha256[at : at + 8] for at in range(0, 64, 8)) in page.text
    again = asha.get("/documents/DP21-4-0001-OF1", 304, headers={"If-None-Match": f'"{sha256}"'})
    assert again.response.data == b""
    # Asking once more, with the form still open in another window, changes nothing.
    asha.post(shown.form().get("action") or "", shown.values())
    assert len([link for link in asha.get(f"/call-offs/{reference}").links if "/documents/" in link]) == 1


@pytest.mark.race
@pytest.mark.usefixtures("no_engine", "both_databases")
def test_two_officers_at_once_get_one_document(app: Flask, cast: Cast, visit: Visit) -> None:
    reference = saved(app, cast)
    officers = [visit("Asha"), visit("Asha")]
    forms = [one.get(f"/call-offs/{reference}/issue") for one in officers]
    answers: list[int] = []

    def press(one: Visiting, form: object) -> None:
        response = one.client.post(f"/call-offs/{reference}/issue", data=form)
        answers.append(response.status_code)

    both = [
        threading.Thread(target=press, args=(one, form.values()))
        for one, form in zip(officers, forms, strict=True)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert answers == [303, 303]
    with app.app_context(), database.writing() as session:
        assert len(session.exec(select(StoredDocument)).all()) == 1


@pytest.mark.usefixtures("no_engine")
def test_no_writer_waits_while_the_order_form_is_drawn(
    app: Flask, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = saved(app, cast)
    draw, written = issuing.draw, []

    def draw_while_somebody_writes(snapshot: dict[str, object]) -> Pressed:
        def write() -> None:
            with app.app_context(), database.writing() as session:
                session.exec(select(CallOff).where(CallOff.reference == reference)).one().location = "Here"
                written.append(True)

        other = threading.Thread(target=write, daemon=True)
        other.start()
        other.join(10)
        assert written, "a writer had to wait for the drawing"
        return draw(snapshot)

    monkeypatch.setattr(issuing, "draw", draw_while_somebody_writes)
    asha = visit("Asha")
    answer = asha.send(f"/call-offs/{reference}/issue", {}, status=422)
    assert "Someone else changed this while you were looking at it" in answer.errors[0]


def test_what_is_missing_stands_on_the_page_and_there_is_no_button(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reference = saved(app, cast, award_reason="")
    shown = visit("Asha").get(f"/call-offs/{reference}/issue")
    assert "the reason for the award (part 4)" in shown.text
    assert [one for one in shown.all("form") if "issue" in (one.get("action") or "")] == []


@pytest.mark.parametrize("name", ["Qi", "Tess", "Zed", "Zoe", "Cara", "Stranger", "Opal", "Ari"])
def test_a_rival_or_another_council_finds_no_document(
    name: str, app: Flask, cast: Cast, visit: Visit
) -> None:
    saved(app, cast, issued_call_off)
    visit(name).get("/documents/DP21-4-0001-OF1", 404)


@pytest.mark.parametrize("name", ["Faye", "Qi", "Cara", "Zed", "Stranger"])
def test_only_the_buyers_people_preview_a_draft(name: str, app: Flask, cast: Cast, visit: Visit) -> None:
    reference = saved(app, cast)
    visit(name).get(f"/call-offs/{reference}/order-form/draft", 404)


@pytest.mark.usefixtures("no_engine")
def test_the_draft_is_shown_but_not_kept_and_its_page_may_only_carry_its_own_style(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reference = saved(app, cast)
    answer = visit("Finn").client.get(f"/call-offs/{reference}/order-form/draft")
    assert answer.status_code == 200
    assert "DRAFT: not for signature" in answer.get_data(as_text=True)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'sha256-" in policy
    assert "unsafe" not in policy
    with app.app_context(), database.writing() as session:
        assert session.exec(select(StoredDocument)).all() == []


@pytest.mark.usefixtures("no_engine")
def test_the_page_says_which_packages_are_missing(app: Flask, cast: Cast, visit: Visit) -> None:
    reference = saved(app, cast)
    assert "libpango-1.0-0 and libharfbuzz-subset0" in visit("Asha").get(f"/call-offs/{reference}").text


def test_addresses_that_lead_nowhere_are_not_found(app: Flask, cast: Cast, visit: Visit) -> None:
    saved(app, cast, issued_call_off)
    asha = visit("Asha")
    for address in (
        *("/documents/NONE", "/documents/-1", "/documents/99999999999999999999", "/call-offs/NONE/issue"),
        *(
            "/call-offs/NONE/order-form/draft",
            "/call-offs/NONE/signed-copy",
            "/call-offs/DP21-4-0001/signed-copy",
        ),
    ):
        asha.get(address, 404)


def test_home_says_what_this_officer_has_to_issue(app: Flask, cast: Cast, visit: Visit) -> None:
    reference = saved(app, cast)
    assert f"{reference}, Design for the planning service" in visit("Asha").get("/").text
    assert reference not in visit("Cara").get("/").text


def test_what_was_issued_is_never_drawn_again(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_off = issued_call_off(session, cast)

    def changed_since(*_: object, **__: object) -> str:
        raise AssertionError("drawn again from a template that may have changed")

    monkeypatch.setattr("framework.records.typesetting.typeset", changed_since)
    again = issue_order_form(session, actor=cast.visitor(session, "Asha"), call_off=call_off)
    assert again.content == b"%PDF-1.7 as issued"
    read = kept.readable(session, cast.visitor(session, "Faye"), again.reference)
    assert read.content == again.content
    assert Money(json.loads(read.snapshot)["charges"]["gross_pence"]) == Money.pounds(35_820)
