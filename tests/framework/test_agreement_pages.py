"""The pages of agreements, as people meet them."""

from datetime import date
from io import BytesIO

import pytest

from framework import confirming
from framework.confirming import submit_agreement
from framework.definitions import dates
from tests.framework.agreements import A_PDF, WORDS, a_whole_draft

FIRST_PAGE = {
    "title": "Digital Partners 3",
    "reference": "dp23",
    "commenced_on": ["1", "6", "2022"],
    "starts_on": ["1", "11", "2022"],
    "ends_on": ["31", "10", "2024"],
    "ceiling": "1,000,000",
    "basis": "net",
}


@pytest.fixture(autouse=True)
def only_this_floor(monkeypatch, app):
    """What the floors above ask before an agreement goes live is tested there."""
    monkeypatch.setattr(confirming, "COMPLETE", [])


@pytest.fixture
def whole_draft(session, cast):
    """The reference of a draft that lacks nothing."""
    reference = a_whole_draft(session, cast).reference
    session.commit()
    return reference


def test_an_agreement_is_opened_filled_in_sent_and_confirmed_by_a_second_person(visit):
    olu = visit("Olu")
    page = olu.follow(olu.send("/agreements/open", FIRST_PAGE))
    assert "Digital Partners 3" in page.text
    assert "The agreement must state" not in page.text  # under the regulations
    at = "/agreements/DP23"
    olu.send(f"{at}/statement", WORDS)
    southmere = next(
        option.get("value")
        for option in olu.get(f"{at}/authorities").all("option")
        if option.text == "Southmere"
    )
    olu.send(f"{at}/authorities", {"authority_id": southmere, "allocation": "400,000"})
    olu.send(f"{at}/options", {"months": "12", "notice": "6", "unit": "months"})
    olu.send(f"{at}/document/attach", {"document": (BytesIO(A_PDF), "agreement.pdf")})
    page = olu.get(at)
    assert "Nothing is missing" in page.text
    assert "30 April 2024" in page.text  # the last day to give notice
    olu.send(f"{at}/send", {})
    assert f"{at}/confirm" not in olu.get(at).links
    assert "somebody else must confirm it" in olu.send(f"{at}/confirm", {}, status=422).errors[0]
    odette = visit("Odette")
    page = odette.follow(odette.send(f"{at}/confirm", {}))
    assert "Live" in page.text
    assert "Odette confirmed Digital Partners 3 (DP23)" in page.text
    assert "with an allocation of £400,000.00" in page.text
    assert "(not recorded)" not in page.text


def test_everything_typed_is_kept_when_the_first_page_is_refused(visit):
    typed = {**FIRST_PAGE, "ceiling": "0", "title": "<b>Öl & Co</b>"}
    page = visit("Olu").send("/agreements/open", typed, status=422)
    assert page.errors == [
        "Enter the most that may be called off. A blank or zero ceiling does not mean unlimited"
    ]
    values = page.values()
    assert values["title"] == "<b>Öl & Co</b>"
    assert values["reference"] == "dp23"
    assert values["ends_on"] == ["31", "10", "2024"]
    assert values["basis"] == "net"
    assert "<b>Öl" not in page.html


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("ceiling", "lots", "amount"),
        ("ends_on", ["31", "2", "2024"], "Last day must be a real date"),
        ("ends_on", ["1", "11", "2026"], "It may run for 4 years"),
        ("commenced_on", ["", "", ""], "Enter the day the framework’s procurement commenced"),
        ("reference", "DP21", "There is already an agreement with the reference DP21"),
    ],
)
def test_each_refusal_stands_beside_its_field(visit, field, typed, said):
    page = visit("Olu").send("/agreements/open", {**FIRST_PAGE, field: typed}, status=422)
    assert said in page.errors[0]


def test_a_draft_is_the_lead_authoritys_alone(visit, whole_draft):
    for name in ("Olu", "Asha", "Audra", "Bram"):
        visit(name).get(f"/agreements/{whole_draft}")
    for name in ("Cara", "Dev", "Zed", "Faye", "Ari", "Opal"):
        visit(name).get(f"/agreements/{whole_draft}", status=404)
        visit(name).get(f"/agreements/{whole_draft}/document", status=404)


def test_a_live_agreement_is_its_members_and_nobody_elses(visit):
    for name in ("Olu", "Asha", "Cara", "Dev"):
        assert "Digital Partners" in visit(name).get("/agreements/DP21").text
    for name in ("Zed", "Zoe", "Faye", "Stranger"):
        visit(name).get("/agreements/DP21", status=404)
    assert "Digital Partners" not in visit("Zed").get("/agreements/").text


def test_a_member_sees_its_own_share_and_the_lead_sees_all(visit):
    assert "Shown to Northbank and the lead authority" in visit("Cara").get("/agreements/DP21").text
    assert "Shown to" not in visit("Olu").get("/agreements/DP21").text


@pytest.mark.parametrize(
    "path",
    [
        "change",
        "statement",
        "authorities",
        "options",
        "document/attach",
        "send",
        "cancel",
        "suspend",
        "close",
    ],
)
def test_only_the_framework_owner_finds_the_forms(visit, whole_draft, path):
    visit("Olu").get(f"/agreements/{whole_draft}/{path}")
    for name in ("Asha", "Bram", "Cara", "Audra", "Faye"):
        visit(name).get(f"/agreements/{whole_draft}/{path}", status=404)


@pytest.mark.parametrize("reference", ["NONE", "dp21", "9" * 40, "-1", "DP21%00", "%F0%9F%92%A9"])
def test_an_unknown_reference_is_not_found(visit, reference):
    visit("Olu").get(f"/agreements/{reference}", status=404)
    visit("Olu").get(f"/agreements/{reference}/options/1/propose", status=404)


@pytest.mark.parametrize("number", ["0", "99", "9223372036854775808", "-1", "one"])
def test_an_unknown_option_is_not_found(visit, number):
    visit("Olu").get(f"/agreements/DP21/options/{number}/propose", status=404)


@pytest.mark.parametrize(
    "content",
    [b"", b"<html><script>alert(1)</script>", b"GIF89a%PDF-1.7 %%EOF", b"%PDF-1.7 cut off", b"PK\x03\x04"],
)
def test_what_is_not_a_whole_pdf_is_refused_whatever_its_name_says(visit, whole_draft, content):
    page = visit("Olu").send(
        f"/agreements/{whole_draft}/document/attach",
        {"document": (BytesIO(content), "agreement.pdf")},
        status=422,
    )
    assert page.errors


def test_a_form_sent_without_a_file_is_refused_in_words(visit, whole_draft):
    address = f"/agreements/{whole_draft}/document/attach"
    assert visit("Olu").send(address, {}, status=422).errors == ["Choose a PDF file that is not empty"]


def test_the_document_comes_back_byte_for_byte_and_only_to_be_saved(visit, whole_draft):
    olu = visit("Olu")
    olu.send(
        f"/agreements/{whole_draft}/document/attach",
        {"document": (BytesIO(A_PDF + b"%%EOF"), '../../"x\r\ny".html')},
    )
    answer = olu.get(f"/agreements/{whole_draft}/document").response
    assert answer.data == A_PDF + b"%%EOF"
    assert answer.mimetype == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert disposition.endswith('.pdf"')
    assert "/" not in disposition


def test_the_list_says_what_ends_when_and_finds_by_words(visit, whole_draft):
    olu = visit("Olu")
    page = olu.get("/agreements/")
    assert page.text.index("DP21") < page.text.index("DP23")
    assert "Give notice of option 1 by 30 November 2022" in page.text
    with dates.on(date(2022, 10, 1)):
        assert "Decide on option 1 by 1 October 2022" in visit("Olu").get("/agreements/").text
    with dates.on(date(2022, 12, 1)):
        assert "notice was due by 30 November 2022" in visit("Olu").get("/agreements/").text
    assert "£10,000,000.00" in page.text
    assert "DP21" not in olu.get("/agreements/?words=partners 3").text
    assert "No agreement here has" in olu.get("/agreements/?words=100%25_").text
    assert "No agreement is over yet" in olu.get("/agreements/?show=ended").text
    olu.get("/agreements/?after=NONE", status=404)


def test_the_list_and_what_waits_read_the_same_on_both_databases(visit, session, cast, both_databases):
    agreement = a_whole_draft(session, cast)
    submit_agreement(session, actor=cast.visitor(session, "Olu"), agreement=agreement)
    session.commit()
    session.close()
    odette = visit("Odette")
    assert "Confirm Digital Partners 3 (DP23)" in odette.get("/").text
    assert "Confirm Digital Partners 3" not in visit("Olu").get("/").text
    assert "DP21" not in odette.get("/agreements/?after=DP21").text
    assert "DP23" in odette.get("/agreements/?after=DP21&words=PARTNERS").text
    odette.get("/agreements/DP21%00", status=404)


def test_an_open_framework_shows_its_windows(visit):
    with dates.on(date(2026, 4, 1)):
        olu = visit("Olu")
        typed = {
            **FIRST_PAGE,
            "commenced_on": ["1", "9", "2025"],
            "starts_on": ["1", "4", "2026"],
            "ends_on": ["31", "3", "2034"],
            "is_open_framework": "y",
        }
        page = olu.send("/agreements/open", typed, status=422)
        assert page.errors == ["Enter the day the open framework was first awarded"]
        text = olu.follow(olu.send(page, {"first_awarded_on": ["1", "4", "2026"]})).text
    assert "award again by 31 March 2029, end by 31 March 2034" in text


@pytest.mark.parametrize("left_out", ["basis", "ceiling", "starts_on", "title"])
def test_a_form_sent_by_hand_without_a_field_is_refused_in_words(visit, left_out):
    assert visit("Olu").send("/agreements/open", {**FIRST_PAGE, left_out: None}, status=422).errors


def test_a_council_without_agreements_is_told_what_to_do(visit):
    assert "is not in any agreement yet" in visit("Zed").get("/agreements/").text


def test_a_reason_is_needed_and_shown(visit):
    olu = visit("Olu")
    assert olu.send("/agreements/DP21/suspend", {"reason": " "}, status=422).errors
    page = olu.follow(olu.send("/agreements/DP21/suspend", {"reason": "A challenge in court"}))
    assert "Suspended" in page.text
    assert "A challenge in court" in page.text
    page = olu.follow(olu.send("/agreements/DP21/resume", {"reason": "It was withdrawn"}))
    assert "Olu resumed" in page.text


def test_an_agreement_like_an_earlier_one_takes_over_its_words_and_authorities(visit):
    olu = visit("Olu")
    page = olu.send("/agreements/open?copy=DP21", {**FIRST_PAGE, "reference": "DP24"})
    text = olu.follow(page).text
    assert "Digital partners for two councils" in text
    assert "Southmere" in text


def test_a_past_agreement_shows_what_was_not_published(visit):
    olu = visit("Olu")
    sent = olu.send(
        "/agreements/record-past",
        {
            "title": "The first of them",
            "reference": "OLD-1",
            "regime": "pcr2015",
            "ends_on": ["31", "5", "2019"],
            "basis": "net",
            "option_months": "24",
            "option_used": "unknown",
        },
    )
    text = olu.follow(sent).text
    assert "ended 31 May 2019, or 31 May 2021 if its option was used: not published" in text
    assert "Not published" in text
    over = olu.get("/agreements/?show=ended").text
    assert "The first of them" in over
    assert "Ended 31 May 2019, or 31 May 2021 if its option was used: not published" in over
    assert "The first of them" not in olu.get("/agreements/").text
