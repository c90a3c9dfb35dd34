"""A partner keeps its own evidence, councils check it, rivals find nothing."""

import io
import re
from datetime import date

import pytest
from sqlmodel import func, select

from framework.people.permissions import Role
from framework.people.person import Post
from framework.records import database, scanning
from framework.records.audit import AuditRecord
from framework.records.messages import Message
from framework.records.stored_document import StoredDocument
from lots.evidence import Evidence, EvidenceKind
from tests.framework.records import files

NEW = "/my-company/evidence/new"
CYBER = {
    "kind": "cyber_essentials",
    "reference": "CE-1",
    "issuer": "Certifying body",
    "from_on": ["1", "11", "2022"],
    "expires_on": ["31", "10", "2023"],
}


@pytest.fixture
def ask(app):
    """Asks the database in a session of its own."""

    def one(query):
        with app.app_context(), database.writing() as session:
            found = session.exec(query).all()
            session.expunge_all()
            return found

    return one


@pytest.fixture
def kept(ask):
    """How many pieces of evidence and files of evidence there are."""

    def count():
        return (
            ask(select(func.count()).select_from(Evidence))[0],
            ask(select(func.count()).select_from(StoredDocument).where(StoredDocument.kind == "evidence"))[0],
        )

    return count


def sent(name="Certificate of Faye.pdf", content=None, **fields):
    return {**CYBER, **fields, "file": (io.BytesIO(files.pdf() if content is None else content), name)}


def newest(ask):
    return ask(select(Evidence).order_by(Evidence.id))[-1]


def test_somebody_who_acts_for_two_companies_says_for_which(visit, session, ask, cast):
    session.add(
        Post(
            person_id=cast.person["Faye"],
            party_id=cast.party["Quill Works"],
            role=Role.PARTNER_USER,
            starts_on=date(2022, 1, 1),
        )
    )
    session.commit()
    faye = visit("Faye")
    page = faye.get(NEW)
    choices = [f"{NEW}?supplier_id={cast.party[name]}" for name in ("Fennel Web", "Quill Works")]
    assert [one for one in page.links if one.startswith(NEW)] == choices
    form = faye.get(choices[1])
    assert "This is for Quill Works" in form.text
    faye.send(form, sent(), content_type="multipart/form-data")
    assert newest(ask).supplier_id == cast.party["Quill Works"]
    faye.get(f"{NEW}?supplier_id={cast.party['Tern Systems']}", status=404)
    qi = visit("Qi")
    assert "This is for Quill Works" in qi.get(NEW).text
    qi.get(choices[0], status=404)


def test_a_partner_adds_its_own_evidence_with_its_file_in_two_steps(visit, ask, kept, cast):
    faye = visit("Faye")
    link = next(one for one in faye.get("/my-company").links if one.startswith(NEW))
    form = faye.get(link)
    assert "PDF, PNG, JPEG or Word, up to 10 MB" in form.text
    page = faye.follow(faye.send(form, sent()))
    assert "Cyber Essentials certificate" in page.text
    assert "Lapses in 343 days" in page.text
    assert "Not yet checked" in page.text
    one = newest(ask)
    assert one.supplier_id == cast.party["Fennel Web"]
    assert (one.by_partner, one.kind, one.issuer) == (True, EvidenceKind.CYBER_ESSENTIALS, "Certifying body")
    (document,) = ask(select(StoredDocument).where(StoredDocument.id == one.document_id))
    assert re.fullmatch(r"EVIDENCE-[0-9]+-cyber-essentials-[0-9a-f]{8}\.pdf", document.file_name)
    assert b"Faye" not in document.content
    assert files.MAKER.encode() not in document.content
    letters = ask(select(Message).where(Message.subject == "Fennel Web added evidence"))
    assert "Olu" in {letter.text.split(",")[0].removeprefix("Hello ") for letter in letters}
    assert all(f"/partners/{one.supplier_id}\n" in letter.text for letter in letters)


def test_a_partners_evidence_needs_its_file_and_a_councils_does_not(visit, kept, cast):
    before = kept()
    faye = visit("Faye")
    page = faye.send(NEW, CYBER, status=422)
    assert page.errors == ["Choose the file that shows it"]
    assert kept() == before
    olu = visit("Olu")
    olu.send(f"/partners/{cast.party['Fennel Web']}/evidence/new", CYBER)
    assert kept() == (before[0] + 1, before[1])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", files.pdf(files.scripted), "holds a program"),
        ("a.pdf", files.pdf(lambda writer: writer.encrypt("x", algorithm="RC4-128")), "password"),
        ("a.png", files.pdf(), "but it is a PDF"),
        ("a.png", files.huge_png(), "24 million points"),
        ("a.docx", files.word({"word/vbaProject.bin": b"x"}), "holds macros"),
        ("a.exe", b"MZ", "another kind"),
        ("a.pdf", b"", "not empty"),
    ],
)
def test_a_file_that_is_refused_keeps_what_was_typed_and_saves_nothing(visit, kept, name, content, words):
    before = kept()
    page = visit("Faye").send(NEW, sent(name, content), status=422)
    (error,) = page.errors
    assert words in error
    values = page.values()
    assert (values["reference"], values["kind"]) == ("CE-1", "cyber_essentials")
    assert values["expires_on"] == ["31", "10", "2023"]
    assert "Choose the file again: it was not kept" in page.text
    assert kept() == before


def test_a_refused_virus_is_noted_in_the_records(visit, kept, ask, monkeypatch):
    monkeypatch.setattr(scanning, "_address", ["tcp://127.0.0.1:1"])
    monkeypatch.setattr(scanning, "_ask", lambda *_args, **_kwargs: "stream: Eicar FOUND")
    before = kept()
    page = visit("Faye").send(NEW, sent(), status=422)
    assert "A virus was found" in page.errors[0]
    assert kept() == before
    (refused,) = ask(select(AuditRecord).where(AuditRecord.action == "refused"))
    assert "VIRUS" in refused.facts


def test_a_form_sent_twice_adds_one(visit, kept):
    faye = visit("Faye")
    form = faye.get(NEW)
    before = kept()
    first = faye.send(form, sent())
    second = faye.send(form, sent())
    assert first.location == second.location
    assert kept() == (before[0] + 1, before[1] + 1)


def test_a_form_without_its_key_is_not_taken(visit, kept):
    faye = visit("Faye")
    values = {**faye.get(NEW).values(), **sent(), "once": ""}
    before = kept()
    faye.post(NEW, values, status=400)
    assert kept() == before


def test_a_partner_saves_its_own_file_and_a_council_that_sees_it_with_a_note(visit, ask, cast):
    faye = visit("Faye")
    faye.send(NEW, sent())
    one = newest(ask)
    own = f"/my-company/evidence/{one.id}/file"
    theirs = f"/partners/{one.supplier_id}/evidence/{one.id}/file"
    for who, address in ((faye, own), (visit("Asha"), theirs)):
        answer = who.get(address).response
        assert answer.data.startswith(b"%PDF-")
        assert answer.mimetype == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    (look,) = ask(select(AuditRecord).where(AuditRecord.action == "looked_at"))
    assert "the file of its Cyber Essentials certificate" in look.facts
    assert look.actor_id == cast.person["Asha"]


def test_rivals_and_strangers_find_nothing(visit, ask):
    visit("Faye").send(NEW, sent())
    one = newest(ask)
    for name in ("Qi", "Stranger", "Opal"):
        someone = visit(name)
        for address in (
            f"/my-company/evidence/{one.id}/file",
            f"/my-company/evidence/{one.id}/strike-out",
            f"/partners/{one.supplier_id}/evidence/{one.id}/file",
            f"/partners/{one.supplier_id}/evidence/{one.id}/strike-out",
            f"/partners/{one.supplier_id}/evidence/{one.id}",
            f"{NEW}?supplier_id={one.supplier_id}",
        ):
            someone.get(address, status=404)
    visit("Faye").get(f"/partners/{one.supplier_id}/evidence/{one.id}", status=404)
    visit("Asha").get(f"/partners/{one.supplier_id}/evidence/{one.id}/strike-out", status=404)


def test_evidence_is_found_under_its_own_supplier_alone(visit, ask, cast):
    visit("Faye").send(NEW, sent())
    one = newest(ask)
    visit("Olu").get(f"/partners/{cast.party['Quill Works']}/evidence/{one.id}", status=404)
    visit("Olu").get(f"/partners/{one.supplier_id}/evidence/1/file", status=404)


def test_the_framework_owner_checks_what_a_partner_added(visit, ask):
    visit("Faye").send(NEW, sent())
    one = newest(ask)
    olu = visit("Olu")
    home = olu.get("/")
    assert "Evidence to check" in home.text
    look = f"/partners/{one.supplier_id}/evidence/{one.id}"
    assert look in home.links
    page = olu.send(look, {}, status=422)
    assert page.errors == ["Choose whether it is in order"]
    olu.send(page, {"outcome": "checked"})
    assert "Evidence to check" not in olu.get("/").text
    assert "Checked" in olu.get(look).text
    assert not olu.get(look).all("textarea")


def test_evidence_sent_back_tells_the_partner_why_and_counts_no_more(visit, ask):
    visit("Faye").send(NEW, sent())
    one = newest(ask)
    olu = visit("Olu")
    look = f"/partners/{one.supplier_id}/evidence/{one.id}"
    page = olu.send(look, {"outcome": "sent_back"}, status=422)
    assert page.errors == ["Enter the reason"]
    olu.follow(olu.send(page, {"outcome": "sent_back", "reason": "The name is another firm’s"}))
    assert newest(ask).sent_back_why == "The name is another firm’s"
    assert not newest(ask).counts
    page = visit("Faye").get("/my-company")
    assert "Sent back The name is another firm’s" in page.text
    (letter,) = ask(select(Message).where(Message.subject.startswith("Your Cyber Essentials")))
    assert "another firm" not in letter.text


def test_a_mistake_is_struck_out_with_a_reason_and_stays_to_be_read(visit, ask, kept):
    faye = visit("Faye")
    faye.send(NEW, sent())
    one = newest(ask)
    before = kept()
    strike = f"/my-company/evidence/{one.id}/strike-out"
    assert strike in faye.get("/my-company").links
    page = faye.send(strike, {}, status=422)
    assert page.errors == ["Enter the reason"]
    page = faye.follow(faye.send(page, {"reason": "Typed the wrong year"}))
    assert "Earlier ones and mistakes: 1" in page.text
    assert "Struck out Typed the wrong year" in page.text
    assert kept() == before
    faye.get(strike, status=404)
    assert (
        "struck out the Cyber Essentials certificate" in visit("Olu").get(f"/partners/{one.supplier_id}").text
    )


def test_a_partner_does_not_strike_out_what_a_council_recorded(visit, ask, cast):
    faye = visit("Faye")
    (one,) = ask(
        select(Evidence).where(
            Evidence.supplier_id == cast.party["Fennel Web"],
            Evidence.kind == EvidenceKind.PUBLIC_LIABILITY,
        )
    )
    faye.get(f"/my-company/evidence/{one.id}/strike-out", status=404)
    olu = visit("Olu")
    olu.follow(
        olu.send(f"/partners/{one.supplier_id}/evidence/{one.id}/strike-out", {"reason": "Wrong firm"})
    )
    (again,) = ask(select(Evidence).where(Evidence.id == one.id))
    assert (again.struck_why, again.counts) == ("Wrong firm", False)


def test_only_the_latest_of_each_kind_stands_open(visit):
    faye = visit("Faye")
    faye.send(NEW, sent())
    faye.send(NEW, sent(reference="CE-2", from_on=["1", "11", "2023"], expires_on=["31", "10", "2024"]))
    page = faye.get("/my-company")
    assert "Earlier ones and mistakes: 1" in page.text
    assert "Begins in 344 days" in page.text


def test_reading_a_file_does_not_hold_the_writers_turn(visit, app, monkeypatch):
    """While the file is proved, somebody else writes."""
    from lots.web import evidence

    real = evidence.take_file
    wrote = []

    def take(*args, **kwargs):
        from contextvars import Context

        def write():
            with app.app_context(), database.writing() as apart:
                wrote.append(apart.exec(select(func.count()).select_from(Evidence)).one())

        Context().run(write)
        return real(*args, **kwargs)

    monkeypatch.setattr(evidence, "take_file", take)
    visit("Faye").send(NEW, sent())
    assert wrote
