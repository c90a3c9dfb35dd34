"""The signed order form: what was issued, unchanged, with both signatures and the hash of the very file they are under."""

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from calloffs.call_off import CallOff
from calloffs.documents import kept
from calloffs.documents.paper import Paper, Snapshot
from calloffs.signature import Signature
from framework.definitions.rules import NotFound
from framework.people.party import Party

KIND = "signed_order_form"


def snapshot(session: Session, call_off: CallOff) -> Snapshot:
    """The issued snapshot with its signatures. Raises `NotFound` while the call-off is not signed by both."""
    issued = kept.issued(session, call_off)
    if issued is None or call_off.signed_at is None:
        raise NotFound
    return {
        **json.loads(kept.snapshot_of(session, issued.id)),
        "paper": KIND,
        "reference": f"{issued.reference}-signed",
        "made_at": call_off.signed_at.isoformat(),
        "order_form": issued.reference,
        "order_form_sha256": issued.sha256,
        "signatures": [
            {
                "side": one.side,
                "party": party,
                "name": one.name,
                "role": one.role,
                "authority": one.authority,
                "method": one.method,
                "signed_at": one.signed_at.isoformat(),
            }
            for one, party in session.exec(
                select(Signature, Party.name)
                .join(Party, col(Party.id) == col(Signature.party_id))
                .where(Signature.document_id == issued.id)
                .order_by(col(Signature.side))
            )
        ],
    }


def mandatory(said: Mapping[str, Any]) -> list[str]:
    """Both signatures; everything else was there when the order form was issued."""
    sides = {one["side"] for one in said["signatures"]}
    return [f"the {side}’s signature (part 20)" for side in ("buyer", "partner") if side not in sides]


PAPER = Paper(KIND, "Signed order form", "documents/signed_order_form.html", snapshot, mandatory)
