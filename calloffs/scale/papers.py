"""The order form, both signatures and the signed copy."""

import hashlib
from datetime import datetime, timedelta

from calloffs.documents.kept import ORDER_FORM, SIGNED
from calloffs.scale.life import Life
from calloffs.scale.stage import LIMIT
from calloffs.signature import Signature
from framework.definitions.money import Money
from framework.people.permissions import Role
from framework.records.audit import canonical
from framework.records.filing import safe_file_name
from framework.records.stored_document import StoredDocument


def sign(life: Life, officer: int) -> None:
    """Plan issue, both signatures and the signed copy, and the purchase order."""
    assert life.place
    row, place = life.row, life.place
    issued, bought, sold = life.day(17), life.day(19), life.day(21)
    signatory = life.who(Role.APPROVER, 1)
    value = Money(row["value_net_pence"])
    row.update(issued_at=issued, buyer_signed_at=bought, partner_signed_at=sold, signed_at=sold)
    row["purchase_order"] = f"PO{row['id']:07}"
    form, copy = f"{row['reference']}-OF1", f"{row['reference']}-OF1-signed"
    form_id, bytes_of_form = life.sheets.number(StoredDocument), _page(form)
    digest = hashlib.sha256(bytes_of_form).hexdigest()
    life.then(issued, _file, life, ORDER_FORM, form, form_id, issued, officer)
    facts = {"document": form, "sha256": digest, "data_sha256": "", "value": value, "partner": place.supplier}
    life.tell(issued, officer, "order_form_issued", facts)
    life.tell(issued, officer, "purchase_order_set", {"number": ("none", row["purchase_order"])})
    for side, person, moment in (("buyer", signatory, bought), ("partner", place.person_id, sold)):
        name = place.person if side == "partner" else "Approver"
        life.then(moment, _sign, life, side, person, name, moment, form_id, digest)
        limit = LIMIT if side == "buyer" else None
        signed = {
            "document": form,
            "sha256": digest,
            "value": value,
            "limit": limit,
            "last": side == "partner",
        }
        words = {"name": name, "role": "Director", "authority": "The scheme of delegation"}
        life.tell(moment, person, f"signed_for_{side}", signed, **words)
    made = sold + timedelta(minutes=1)
    life.then(made, _file, life, SIGNED, copy, None, made, None)
    copied = {
        "document": copy,
        "sha256": hashlib.sha256(_page(copy)).hexdigest(),
        "order_form_sha256": digest,
    }
    life.tell(made, None, "signed_copy_made", copied)


def _page(reference: str) -> bytes:
    """A PDF of one page that says what it stands in for: drawing the real ones would take a tenth of a second each."""
    text = f"BT /F1 18 Tf 60 760 Td (Stands in for {reference}) Tj ET"
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
        f"4 0 obj<</Length {len(text)}>>stream\n{text}\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    ).encode()


def _file(
    life: Life, kind: str, reference: str, number: int | None, moment: datetime, actor: int | None
) -> None:
    content = _page(reference)
    snapshot = canonical({"reference": reference, "made_at": moment.isoformat()})
    life.add(
        StoredDocument,
        **({} if number is None else {"id": number}),
        kind=kind,
        reference=reference,
        title=f"Order form: {life.row['title']}"[:200],
        file_name=safe_file_name(reference, "pdf"),
        media_type="application/pdf",
        subject_kind="call_off",
        subject_id=life.row["id"],
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        snapshot=snapshot,
        data_sha256=hashlib.sha256(snapshot.encode()).hexdigest(),
        created_at=moment,
        created_by_id=actor,
    )


def _sign(
    life: Life, side: str, person: int, name: str, moment: datetime, document_id: int, digest: str
) -> None:
    assert life.place
    life.add(
        Signature,
        call_off_id=life.row["id"],
        document_id=document_id,
        document_sha256=digest,
        side=side,
        party_id=life.council.id if side == "buyer" else life.place.supplier_id,
        person_id=person,
        name=name,
        role="Director",
        authority="The scheme of delegation",
        signed_at=moment,
    )
