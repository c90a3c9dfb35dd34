"""A partner's signed papers: one place, its own alone."""

import pytest

from calloffs.documents.own_papers import own_papers
from calloffs.signing import ensure_signed_copy, sign_for_buyer, sign_for_partner
from calloffs.withdrawing_award import withdraw_award
from framework.records import documents
from tests.calloffs.building import awarded
from tests.calloffs.building_awarded import issued_call_off

WHO = {"role": "Director", "authority": "Scheme of delegation", "address": "192.0.2.1"}


@pytest.fixture
def drawn_as_page(monkeypatch):
    """Pages to print stand in for PDF files, which take long to draw."""
    monkeypatch.setattr(documents, "_known", [("libpango-1.0-0",)])


def _signed(session, cast, number):
    call_off = issued_call_off(session, cast, number=number)
    sign_for_buyer(session, actor=cast.visitor(session, "Bram"), call_off=call_off, **WHO)
    sign_for_partner(session, actor=cast.visitor(session, "Faye"), call_off=call_off, **WHO)
    return call_off


def test_order_form_and_signed_copy_of_each_call_off_are_downloaded_from_one_place(
    session, cast, visit, drawn_as_page
):
    signed = _signed(session, cast, 31)
    ensure_signed_copy(session, call_off=signed)
    due = _signed(session, cast, 32)
    issued = issued_call_off(session, cast, number=33)
    awarded(session, cast)
    session.commit()
    references = [one.reference for one in (signed, due, issued)]
    session.close()
    faye = visit("Faye")
    home, page = faye.get("/"), faye.get("/papers/")
    assert "/papers/" in home.links
    assert f"Download the signed copy of {references[0]}" in home.text
    assert f"Download the order form of {references[2]}" in home.text
    assert f"Signed copy of {references[1]}" in page.text
    papers = [one for one in page.links if one.startswith("/documents/")]
    assert len(papers) == 4
    for one in papers:
        answer = faye.client.get(one)
        assert (answer.status_code, bool(answer.data)) == (200, True)
        assert answer.headers["Content-Disposition"].startswith("attachment")
    for name in ("Qi", "Tess"):
        assert "No order form has been issued to you yet" in visit(name).get("/papers/").text
        assert "Your signed papers" not in visit(name).get("/").text
    for name in ("Asha", "Finn", "Stranger"):
        visit(name).get("/papers/", status=404)


def test_a_withdrawn_award_takes_its_paper_off_the_list(session, cast):
    call_off = issued_call_off(session, cast, number=34)
    faye = cast.visitor(session, "Faye")
    assert [one.call_off.id for one in own_papers(session, faye)] == [call_off.id]
    withdraw_award(
        session,
        actor=cast.visitor(session, "Asha"),
        call_off=call_off,
        reason="The grant for it fell through",
    )
    assert own_papers(session, faye) == []
