"""What every answer carries, what uploads are answered with, and what must never leave the house."""

import io
import re
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from sqlmodel import select

from framework.definitions import dates
from framework.people import feeding
from framework.records import audit, database, documents, mail, timeline
from framework.records.messages import Message, queue
from tests.security.world import ADDRESS, MARK

PRIVATE = (
    "/",
    "/call-offs/",
    "/call-offs/none",
    "/nowhere",
    "/spend/agreements.csv",
    "/spend/agreements.xlsx",
    "/coming/",
)


def test_every_kind_of_answer_carries_the_headers(app, town, attack):
    nell, nobody = attack("Nell"), attack()
    big = {"file": (io.BytesIO(b"x" * 13 * 1024 * 1024), "big.csv")}
    answers = [
        *(nell.look(one) for one in PRIVATE),
        *(nell.look(f"/documents/{one}") for one in town["documents"]),
        nell.look(f"/agreements/{town['drafts'][0]}/document"),
        nell.look(f"/call-offs/{town['live'][0]}", headers={"HX-Request": "true"}),
        nell.strike("/people/new", {}),
        nell.strike("/people/new", {"csrf_token": ""}),
        nell.strike("/spend/imports/", big, content_type="multipart/form-data"),
        nobody.look("/"),
        nobody.look("/sign-in"),
        nobody.look("/set-password/x"),
        nobody.look("/coming/" + "x" * 30 + ".ics"),
    ]
    assert {400, 404, 410, 413, 422, 200, 303} <= {one.status_code for one in answers}
    for one in answers:
        said = one.headers
        assert said["X-Content-Type-Options"] == "nosniff", one.request.path
        assert "unsafe" not in said["Content-Security-Policy"], one.request.path
        assert "default-src 'none'" in said["Content-Security-Policy"], one.request.path
        assert "frame-ancestors 'none'" in said["Content-Security-Policy"], one.request.path
        assert said["Referrer-Policy"] == "same-origin", one.request.path
        assert said["Cross-Origin-Opener-Policy"] == "same-origin", one.request.path
        assert "no-store" in said["Cache-Control"], one.request.path
        assert "Access-Control-Allow-Origin" not in said, one.request.path
        assert "Strict-Transport-Security" not in said, one.request.path


def test_https_alone_is_promised_to_those_who_came_by_it(attack):
    said = attack().look("/sign-in", base_url="https://tracker.example").headers
    assert "max-age" in said["Strict-Transport-Security"]


def test_what_is_too_big_is_answered_in_words(attack):
    file = {"file": (io.BytesIO(b"x" * 13 * 1024 * 1024), "big.csv")}
    answer = attack("Nell").strike("/spend/imports/", file, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert b"too big" in answer.data
    words = attack("Nell").strike("/cases/new", {"need": "n" * 5_000_000})
    assert words.status_code == 413
    assert attack().strike("/sign-in", {"email": "e" * 3_000_000}).status_code == 413


@pytest.mark.parametrize(
    "body", [b"\xff\xfe=1", b"csrf_token=%ED%A0%80&once=%FF", b"&" * 1_000_000, b"=" * 1000]
)
def test_a_body_that_is_no_form_is_answered(attack, body):
    kind = "application/x-www-form-urlencoded"
    for someone in (attack(), attack("Nell")):
        answer = someone._apart(someone.client.post, "/people/new", data=body, content_type=kind)
        assert answer.status_code == 400


def test_a_paper_to_print_has_a_policy_of_its_own_and_fetches_nothing(town, attack):
    for reference in town["documents"]:
        answer = attack("Nell").look(f"/documents/{reference}")
        if answer.mimetype != "text/html":
            continue
        policy = answer.headers["Content-Security-Policy"]
        assert "sandbox" in policy
        assert "script-src" not in policy
        assert not re.search(rb"<(script|iframe|object|embed)|(src|href)=[\"'](?!data:|#)", answer.data)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x", "https://example.org/x", "file:///etc/hostname", "ftp://x/y"]
)
def test_drawing_reaches_neither_network_nor_files(address):
    if documents.available():
        pytest.skip("this machine cannot draw")
    with pytest.raises(ValueError, match=r"[Pp]rotocol|not allowed"):
        documents.fetcher().fetch(address)


# What must not leave the house


def test_searches_lists_panels_dates_and_reports_tell_nothing_of_others(town, attack):
    places = [
        "/",
        "/call-offs/",
        "/cases/",
        "/agreements/",
        "/agreements/?show=ended",
        "/spend/",
        "/coming/",
        "/offers/",
        "/my-company",
        "/people/",
        "/spend/imports/",
        "/call-offs/new",
        "/spend/agreements.csv",
    ]
    searches = [f"{place}?words={MARK}" for place in ("/call-offs/", "/cases/", "/agreements/")]
    reports = [
        f"/spend/agreements/DP21/{key}{ending}"
        for key in ("lots", "authorities", "partners", "call-offs")
        for ending in ("", ".csv")
    ]
    for name in ("Ellis", "Sal", "Opal", "Tess", "Stranger"):
        someone = attack(name)
        for address in (*places, *searches, *reports):
            for headers in ({}, {"HX-Request": "true"}):
                answer = someone.look(address, headers=headers)
                told = (
                    answer.get_data(as_text=True)
                    .replace(f'value="{MARK}"', "")
                    .replace(f"words={MARK}", "")
                    .replace(f"“{MARK}”", "")
                )
                if name == "Tess":
                    # What a council shares on lot 7 is for every partner of that lot to read, and Tess acts for one.
                    told = told.replace(f"{MARK} plan</a>", "")
                assert MARK not in told, (name, address)
                assert "ZUG1" not in told, (name, address)


def test_a_search_finds_no_title_that_its_reader_may_not_see(town, attack):
    olu = attack("Olu")
    assert MARK in olu.look("/call-offs/").get_data(as_text=True)
    # Southmere's owner of nothing sees no row of Northbank's, whatever is searched for.
    found = attack("Cara").look(f"/call-offs/?words={MARK}").get_data(as_text=True)
    assert not [one for one in town["call-offs"] if one in found]


def test_a_feed_carries_its_owners_dates_and_an_old_secret_opens_nothing(app, cast, town, attack):
    tokens = []
    for _ in range(2):
        with app.app_context(), database.writing() as session:
            tokens.append(feeding.renew(session, actor=cast.visitor(session, "Tess")))
    nobody = attack()
    assert nobody.look(f"/coming/{tokens[0]}.ics").status_code == 404
    feed = nobody.look(f"/coming/{tokens[1]}.ics", headers={"Host": "evil.example"})
    assert feed.status_code == 200
    assert MARK.encode() not in feed.data
    assert b"evil.example" not in feed.data


def test_a_title_cannot_break_out_of_a_calendar():
    class One:
        on, sentence, address, uid = dates.today(), "A\r\nBEGIN:VALARM\r\nX: ;,\x00", "/x", "u"

    feed = feeding.calendar([One()], "https://x.example", "x.example").decode()
    assert not [line for line in feed.splitlines() if line.startswith(("BEGIN:VALARM", "X:"))]


def test_network_addresses_of_signatures_are_shown_to_nobody_on_either_side(town, attack):
    for name in ("Nell", "Asha", "Faye", "Olu"):
        someone = attack(name)
        for reference in town["fennels"]:
            for address in (f"/call-offs/{reference}", f"/call-offs/{reference}/sign"):
                assert ADDRESS.encode() not in someone.look(address).data
        for reference in town["documents"]:
            assert ADDRESS.encode() not in someone.look(f"/documents/{reference}").data


def test_a_partner_reads_no_history_no_limits_and_no_balances_of_the_council(town, attack):
    faye = attack("Faye")
    for reference in town["fennels"]:
        said = faye.look(f"/call-offs/{reference}").get_data(as_text=True)
        for secret in ("Bram approved", "Your limit", "£250,000", "PL-0007", "TR-0042", "headroom"):
            assert secret not in said, secret


# Words that would like to be code


def test_words_with_braces_stay_words(app, cast):
    with app.app_context():
        session = database.current()
        database.begin_writing(session)
        nasty = "{0.__class__} {actor.__init__} {reason!r} {subject} %s {{7*7}}"
        audit.record(
            session,
            actor=cast.visitor(session, "Bram"),
            action="agreement_returned",
            subject=audit.Subject("agreement", cast.agreement, nasty),
            words={"reason": nasty},
        )
        session.commit()
        (told, *_) = timeline.of(session, cast.visitor(session, "Olu"), "agreement", cast.agreement)
        session.close()
    assert nasty in told.sentence
    assert told.words == nasty


def test_a_message_that_no_letter_can_be_made_of_does_not_keep_the_others(app, settings, monkeypatch):
    from dataclasses import replace

    sent = []

    class Server:
        def send_message(self, letter: EmailMessage) -> None:
            sent.append(letter)

        def quit(self) -> None:
            pass

    monkeypatch.setattr(mail, "_connect", lambda _url: Server())
    with app.app_context():
        with database.writing() as session:
            session.connection().execute(sa.delete(Message))
            queue(session, key="1", to_address="a@example.org\r\nBcc: b@example.org", subject="One", text="1")
            queue(session, key="2", to_address="c@example.org", subject="Two\r\nBcc: d@example.org", text="2")
        assert mail.send_waiting(replace(settings, smtp_url="smtp://localhost")) == 1
        with database.writing() as session:
            assert session.exec(select(Message.status).order_by(Message.id)).all() == ["queued", "sent"]
    (letter,) = sent
    assert letter["Bcc"] is None
    assert letter["To"] == "c@example.org"


def test_settings_of_an_authority_are_only_as_long_as_their_columns(attack, both_databases):
    good = {
        "name": "Northbank",
        "colour": "#1d70b8",
        "case_threshold": "0",
        "tolerance": "0",
        "valid_days": "90",
    }
    nell = attack("Nell")
    for field, length in (
        ("name", 201),
        ("address", 501),
        ("invoice_address", 501),
        ("invoice_email", 300),
        ("ppon", 50),
        ("colour", 9),
    ):
        answer = nell.strike("/authority/settings", {**good, field: "x" * length})
        assert answer.status_code == 422, field
    assert (
        nell.strike("/authority/settings", {**good, "invoice_email": "a@b.example,c@d.example"}).status_code
        == 422
    )
    for name in ("n" * 121,):
        assert (
            nell.strike(
                "/people/new", {"name": name, "email": "new@example.org", "role": "auditor"}
            ).status_code
            == 422
        )
