"""Attaching the agreement document."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework import finding
from framework.attaching import MOST_BYTES, attach_document, safe_name, what_is_wrong
from framework.definitions.rules import Refused
from framework.records.stored_document import StoredDocument
from tests.framework.agreements import A_PDF, a_draft


def a_pdf_of(size):
    end = b"\n%%EOF\n"
    return b"%PDF-1.7\n" + b"x" * (size - 9 - len(end)) + end


def test_ten_megabytes_are_taken_and_not_a_byte_more():
    assert what_is_wrong(a_pdf_of(MOST_BYTES)) is None
    assert what_is_wrong(a_pdf_of(MOST_BYTES + 1)) == "The file must be 10 MB or smaller"


@given(st.binary(max_size=300))
def test_bytes_that_do_not_begin_as_a_pdf_are_never_taken(content):
    assert content.startswith(b"%PDF-") or what_is_wrong(content)


@given(st.text(max_size=200))
def test_a_file_name_is_always_safe_to_send_back(typed):
    name = safe_name(typed, "DP23")
    assert name.endswith(".pdf")
    assert len(name) <= 104
    assert name.isascii()
    assert not set(name) & set('/\\"\r\n;:<>%')


def test_what_was_received_is_kept_with_its_hash_and_a_new_one_does_not_change_it(session, cast):
    olu = cast.visitor(session, "Olu")
    agreement = a_draft(session, cast)
    first = attach_document(session, actor=olu, agreement=agreement, file_name="a.pdf", content=A_PDF)
    second = attach_document(
        session, actor=olu, agreement=agreement, file_name="b.pdf", content=A_PDF + b"%%EOF"
    )
    assert first.sha256 == hashlib.sha256(A_PDF).hexdigest()
    assert finding.document(session, agreement).id == second.id
    assert session.get(StoredDocument, first.id).content == A_PDF
    assert first.reference != second.reference


def test_a_page_dressed_as_a_pdf_is_refused(session, cast):
    agreement = a_draft(session, cast)
    with pytest.raises(Refused) as caught:
        attach_document(
            session,
            actor=cast.visitor(session, "Olu"),
            agreement=agreement,
            file_name="a.pdf",
            content=b"<script>%PDF-1.7 %%EOF",
        )
    assert caught.value.refusals[0].field == "document"
    assert agreement.document_id is None
