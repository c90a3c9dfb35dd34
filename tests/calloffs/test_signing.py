"""Signing: by people who may, within their limit, in time, once for each side; then the signed copy, once."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from calloffs import signed_copies, signing
from calloffs.call_off import CallOff, CallOffStatus
from calloffs.documents import kept
from calloffs.signature import Signature
from calloffs.signing import ensure_signed_copy, sign_for_buyer, sign_for_partner
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refused
from framework.people.permissions import Visitor
from framework.records import database, documents
from framework.records.audit import AuditRecord
from framework.records.documents import NotDrawn
from framework.records.stored_document import StoredDocument
from lots.evidence import Evidence, EvidenceKind
from tests.calloffs.building_awarded import awarded_call_off, issued_call_off
from tests.calloffs.test_order_form import text_of
from tests.cast import Cast
from tests.visiting import Visiting

Visit = Callable[[str], Visiting]
WHO: dict[str, Any] = {"role": "Director of Resources", "authority": "Scheme of delegation, paragraph 4"}


@pytest.fixture
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without Pango, where papers are pages to print: quick to make."""
    monkeypatch.setattr(documents, "_known", [("libpango-1.0-0",)])


@pytest.fixture
def call_off(session: Session, cast: Cast) -> CallOff:
    return issued_call_off(session, cast)


def bram(session: Session, cast: Cast) -> Visitor:
    return cast.visitor(session, "Bram")


def faye(session: Session, cast: Cast) -> Visitor:
    return cast.visitor(session, "Faye")


@pytest.mark.parametrize("partner_first", [False, True])
def test_the_second_signature_makes_it_signed_in_either_order(
    partner_first: bool, session: Session, cast: Cast, call_off: CallOff
) -> None:
    steps = [
        lambda: sign_for_buyer(session, actor=bram(session, cast), call_off=call_off, **WHO),
        lambda: sign_for_partner(session, actor=faye(session, cast), call_off=call_off, **WHO),
    ]
    first, second = reversed(steps) if partner_first else steps
    first()
    assert (call_off.status, call_off.signed_at) == (CallOffStatus.ISSUED, None)
    second()
    assert call_off.status_at(dates.now()) is CallOffStatus.SIGNED
    assert call_off.status_at(datetime(2023, 1, 9, 0, 0, tzinfo=UTC)) is CallOffStatus.LIVE


def test_a_signature_keeps_name_role_authority_moment_address_and_the_hash_of_the_file(
    session: Session, cast: Cast, call_off: CallOff
) -> None:
    sign_for_buyer(session, actor=bram(session, cast), call_off=call_off, address="192.0.2.7", **WHO)
    (one,) = session.exec(select(Signature)).all()
    issued = kept.issued(session, call_off)
    assert issued
    assert one.document_sha256 == issued.sha256
    assert (one.name, one.role, one.authority, one.address) == ("Bram", *WHO.values(), "192.0.2.7")
    assert (one.side, one.party_id, one.signed_at) == ("buyer", cast.party["Northbank"], dates.now())


def test_a_limit_of_the_maximum_value_is_enough_and_a_penny_less_is_not(
    session: Session, cast: Cast, call_off: CallOff
) -> None:
    # T-82, with Brook's limit of £50,000.
    brook = cast.visitor(session, "Brook")
    call_off.value_net_pence = 50_000_01
    with pytest.raises(Refused) as refused:
        sign_for_buyer(session, actor=brook, call_off=call_off, **WHO)
    (why,) = refused.value.refusals
    assert why.sentence.startswith(
        "Your limit is £50,000.00 net of VAT, and the maximum value of this call-off is £50,000.01 net of VAT"
    )
    assert (why.rule, why.left) == ("RULE-75", Money.pounds(50_000))
    call_off.value_net_pence = 50_000_00
    sign_for_buyer(session, actor=brook, call_off=call_off, **WHO)


def test_the_last_day_of_the_agreement_is_in_time_and_the_day_after_is_not(
    session: Session, cast: Cast, call_off: CallOff
) -> None:
    # T-15 and check 3. One minute to midnight in London, in summer time, is 22:59 UTC.
    with dates.at(datetime(2023, 5, 31, 22, 59, tzinfo=UTC)):
        sign_for_partner(session, actor=faye(session, cast), call_off=call_off, **WHO)
    with (
        dates.at(datetime(2023, 5, 31, 23, 0, tzinfo=UTC)),
        pytest.raises(Refused, match="Digital Partners ended on 31 May 2023"),
    ):
        sign_for_buyer(session, actor=bram(session, cast), call_off=call_off, **WHO)
    assert call_off.signed_at is None


@pytest.mark.parametrize("side", ["buyer", "partner"])
def test_lapsed_cover_blocks_both_signatures(
    side: str, session: Session, cast: Cast, call_off: CallOff
) -> None:
    for one in session.exec(select(Evidence).where(Evidence.supplier_id == cast.party["Fennel Web"])):
        if one.kind is EvidenceKind.PROFESSIONAL_INDEMNITY:
            one.expires_on = date(2022, 11, 21)
    session.flush()
    sign, actor = (sign_for_buyer, bram) if side == "buyer" else (sign_for_partner, faye)
    with pytest.raises(Refused, match="lapsed on 21 November 2022"):
        sign(session, actor=actor(session, cast), call_off=call_off, **WHO)


def test_cover_that_ends_today_is_still_cover(session: Session, cast: Cast, call_off: CallOff) -> None:
    for one in session.exec(select(Evidence).where(Evidence.supplier_id == cast.party["Fennel Web"])):
        one.expires_on = dates.today()
    session.flush()
    sign_for_partner(session, actor=faye(session, cast), call_off=call_off, **WHO)
    assert call_off.partner_signed_at


def test_nobody_signs_twice_for_the_same_side(session: Session, cast: Cast, call_off: CallOff) -> None:
    sign_for_buyer(session, actor=bram(session, cast), call_off=call_off, **WHO)
    with pytest.raises(ChangedMeanwhile, match="already signed for the buyer, 22 November 2022, 10:00am"):
        sign_for_buyer(session, actor=cast.visitor(session, "Brook"), call_off=call_off, **WHO)
    assert len(session.exec(select(Signature)).all()) == 1


def test_a_draft_cannot_be_signed(session: Session, cast: Cast) -> None:
    call_off = awarded_call_off(session, cast)
    with pytest.raises(ChangedMeanwhile, match="A draft cannot be signed"):
        sign_for_buyer(session, actor=bram(session, cast), call_off=call_off, **WHO)


def test_a_withdrawn_award_cannot_be_signed(session: Session, cast: Cast, call_off: CallOff) -> None:
    call_off.award_withdrawn_at = dates.now()
    with pytest.raises(ChangedMeanwhile):
        sign_for_buyer(session, actor=bram(session, cast), call_off=call_off, **WHO)
    with pytest.raises(NotFound):
        sign_for_partner(session, actor=faye(session, cast), call_off=call_off, **WHO)


def test_another_file_than_the_one_issued_cannot_be_signed(
    session: Session, cast: Cast, call_off: CallOff
) -> None:
    with pytest.raises(ChangedMeanwhile):
        sign_for_buyer(session, actor=bram(session, cast), call_off=call_off, sha256="0" * 64, **WHO)


def test_everything_that_is_missing_is_said_at_once(session: Session, cast: Cast, call_off: CallOff) -> None:
    with pytest.raises(Refused) as refused:
        sign_for_partner(
            session, actor=faye(session, cast), call_off=call_off, role=" ", authority="", read=False
        )
    assert [one.field for one in refused.value.refusals] == ["role", "authority", "read"]


@pytest.mark.parametrize("name", ["Asha", "Finn", "Olu", "Audra", "Dev", "Zoe", "Faye", "Stranger"])
def test_only_the_buyers_signatories_sign_for_the_buyer(
    name: str, session: Session, cast: Cast, call_off: CallOff
) -> None:
    with pytest.raises(NotFound):
        sign_for_buyer(session, actor=cast.visitor(session, name), call_off=call_off, **WHO)


@pytest.mark.parametrize("name", ["Qi", "Tess", "Bram", "Stranger"])
def test_only_the_awarded_partner_signs_for_the_partner(
    name: str, session: Session, cast: Cast, call_off: CallOff
) -> None:
    with pytest.raises(NotFound):
        sign_for_partner(session, actor=cast.visitor(session, name), call_off=call_off, **WHO)


def test_the_record_holds_the_hash_and_hides_the_name(
    session: Session, cast: Cast, call_off: CallOff
) -> None:
    signature = sign_for_buyer(session, actor=bram(session, cast), call_off=call_off, **WHO)
    session.commit()
    (record,) = session.exec(select(AuditRecord).where(AuditRecord.action == "signed_for_buyer")).all()
    assert json.loads(record.facts)["sha256"] == signature.document_sha256
    assert "Bram" not in record.facts


def signed(session: Session, cast: Cast, **facts: object) -> CallOff:
    """Issued and signed by both, its signed copy not yet made."""
    call_off = issued_call_off(session, cast, **facts)
    sign_for_buyer(session, actor=bram(session, cast), call_off=call_off, **WHO)
    sign_for_partner(
        session, actor=faye(session, cast), call_off=call_off, role="Managing director", authority="Board"
    )
    return call_off


@pytest.mark.slow
def test_the_signed_copy_names_the_issued_files_hash_and_both_signatures(
    session: Session, cast: Cast
) -> None:
    call_off = signed(session, cast)
    copy = ensure_signed_copy(session, call_off=call_off)
    issued = kept.issued(session, call_off)
    assert copy
    assert issued
    assert copy.reference == "DP21-4-0001-OF1-signed"
    text = text_of(copy.content)
    assert "Signed copy of DP21-4-0001-OF1" in text
    assert issued.sha256 in text.replace(" ", "")
    for words in (
        "Bram",
        "Director of Resources",
        "Faye",
        "Managing director",
        "Board",
        "10:00am",
        "£35,820.00",
    ):
        assert words in text


@pytest.mark.usefixtures("no_engine")
def test_the_signed_copy_is_made_once(session: Session, cast: Cast) -> None:
    call_off = signed(session, cast)
    first = ensure_signed_copy(session, call_off=call_off)
    again = ensure_signed_copy(session, call_off=call_off)
    assert first
    assert again
    assert first.id == again.id
    assert len(session.exec(select(StoredDocument)).all()) == 2


def test_there_is_no_signed_copy_before_the_last_signature(
    session: Session, cast: Cast, call_off: CallOff
) -> None:
    sign_for_buyer(session, actor=bram(session, cast), call_off=call_off, **WHO)
    assert ensure_signed_copy(session, call_off=call_off) is None


def save(app: Flask, cast: Cast, make: Callable[..., CallOff], **facts: object) -> str:
    with app.app_context(), database.writing() as session:
        return make(session, cast, **facts).reference


@pytest.mark.usefixtures("no_engine")
def test_both_sides_sign_in_the_browser_and_the_copy_is_there(app: Flask, cast: Cast, visit: Visit) -> None:
    reference = save(app, cast, issued_call_off)
    faye_visit, bram_visit = visit("Faye"), visit("Bram")
    page = faye_visit.follow(
        faye_visit.send(
            f"/offers/{reference}-A/sign", {"role": "Director", "authority": "Board", "read": "y"}
        )
    )
    assert "Signed by Faye, Director" in page.text
    assert "Northbank Awaited" in page.text
    page = bram_visit.follow(bram_visit.send(f"/call-offs/{reference}/sign", {**WHO, "read": "y"}))
    assert "Signed by Bram, Director of Resources" in page.text
    assert "Awaited" not in page.text
    assert "/documents/DP21-4-0001-OF1-signed" in page.links
    copy = faye_visit.get("/documents/DP21-4-0001-OF1-signed").response
    assert b"Signed copy of" in copy.data


@pytest.mark.usefixtures("no_engine")
def test_when_the_copy_cannot_be_made_the_signature_stands_and_the_copy_comes_later(
    app: Flask, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = save(app, cast, issued_call_off)
    with app.app_context(), database.writing() as session:
        call_off = session.exec(select(CallOff)).one()
        sign_for_partner(session, actor=faye(session, cast), call_off=call_off, **WHO)

    def fail(*_: object, **__: object) -> None:
        raise NotDrawn("The document could not be made")

    with monkeypatch.context() as broken:
        broken.setattr(signed_copies, "press", fail)
        asha = visit("Bram")
        page = asha.follow(asha.send(f"/call-offs/{reference}/sign", {**WHO, "read": "y"}))
        assert "Awaited" not in page.text
        assert f"/call-offs/{reference}/signed-copy" in page.links
        assert "could not be made" in asha.get(f"/call-offs/{reference}/signed-copy", 422).text
    with app.app_context(), database.writing() as session:
        assert signed_copies.missing(session) == [session.exec(select(CallOff.id)).one()]
    answer = asha.get(f"/call-offs/{reference}/signed-copy", 303)
    assert b"Signed copy of" in asha.get(answer.location).response.data
    with app.app_context(), database.writing() as session:
        assert signed_copies.missing(session) == []


@pytest.mark.race
@pytest.mark.usefixtures("no_engine", "both_databases")
def test_both_sides_at_once_sign_it_and_one_copy_is_made(app: Flask, cast: Cast, visit: Visit) -> None:
    reference = save(app, cast, issued_call_off)
    people = [(visit("Bram"), f"/call-offs/{reference}/sign"), (visit("Faye"), f"/offers/{reference}-A/sign")]
    forms = [{**one.get(address).values(address), **WHO, "read": "y"} for one, address in people]
    answers: list[int] = []

    def press(one: Visiting, address: str, form: dict[str, str]) -> None:
        answers.append(one.client.post(address, data=form).status_code)

    both = [
        threading.Thread(target=press, args=(one, address, form))
        for (one, address), form in zip(people, forms, strict=True)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert answers == [303, 303]
    with app.app_context(), database.writing() as session:
        call_off = session.exec(select(CallOff)).one()
        assert call_off.signed_at
        assert len(session.exec(select(Signature)).all()) == 2
        assert len(session.exec(select(StoredDocument)).all()) == 2


def test_a_form_without_its_answers_comes_back_with_what_was_typed(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reference = save(app, cast, issued_call_off)
    page = visit("Bram").send(f"/call-offs/{reference}/sign", {"role": "Director"}, status=422)
    assert page.errors == [
        "Enter what entitles you to sign, such as a scheme of delegation",
        "Confirm that you have read the order form with this hash",
    ]
    assert page.values()["role"] == "Director"


def test_a_limit_that_is_too_low_is_told_on_the_form(app: Flask, cast: Cast, visit: Visit) -> None:
    reference = save(app, cast, issued_call_off, team=(("Developer", 5, 1115, 400),))
    page = visit("Brook").send(f"/call-offs/{reference}/sign", {**WHO, "read": "y"}, status=422)
    assert "Your limit is £50,000.00 net of VAT" in page.errors[0]
    assert "£111,500.00 net of VAT" in page.errors[0]


def test_home_says_what_waits_for_a_signature_and_for_whom(app: Flask, cast: Cast, visit: Visit) -> None:
    reference = save(app, cast, issued_call_off, team=(("Developer", 5, 1115, 400),))
    assert f"/call-offs/{reference}/sign" in visit("Bram").get("/").links
    assert f"/call-offs/{reference}" in visit("Faye").get("/").links
    for name in ("Brook", "Dev", "Qi"):
        assert reference not in visit(name).get("/").text


def test_cover_that_lapsed_is_told_to_both_sides_before_they_fill_in_anything(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reference = save(app, cast, issued_call_off)
    sides = (("Bram", f"/call-offs/{reference}/sign"), ("Faye", f"/offers/{reference}-A/sign"))
    for name, address in sides:
        assert "Neither side can sign" not in visit(name).get(address).text
    with app.app_context(), database.writing() as session:
        for one in session.exec(select(Evidence).where(Evidence.supplier_id == cast.party["Fennel Web"])):
            one.expires_on = date(2022, 11, 1)
            session.add(one)
    for name, address in sides:
        text = visit(name).get(address).text
        assert "Neither side can sign until this is put right: The professional indemnity insurance" in text
        assert "lapsed on 1 November 2022" in text


@pytest.mark.parametrize("name", ["Qi", "Tess", "Dev", "Zoe", "Stranger"])
def test_a_rival_and_another_council_find_nothing_to_sign(
    name: str, app: Flask, cast: Cast, visit: Visit
) -> None:
    reference = save(app, cast, issued_call_off)
    visit(name).get(f"/call-offs/{reference}/sign", 404)
    visit(name).get(f"/offers/{reference}-A/sign", 404)


def test_who_is_awaited_is_known(session: Session, cast: Cast, call_off: CallOff) -> None:
    assert signing.waits_for(call_off) == ["the buyer", "the partner"]
    sign_for_partner(session, actor=faye(session, cast), call_off=call_off, **WHO)
    assert signing.waits_for(call_off) == ["the buyer"]
    assert signing.may_sign(session, bram(session, cast), call_off) == "buyer"
    assert signing.may_sign(session, faye(session, cast), call_off) is None
