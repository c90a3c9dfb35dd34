"""Writing a council's vision for an agreement or a lot, and reading its versions."""

from typing import Any

from flask import Blueprint, request, url_for

from framework.agreement import FrameworkAgreement
from framework.definitions.rules import CHANGED_MEANWHILE, NotFound, Refused
from framework.people.permissions import Permission
from framework.web.fields import clean
from framework.web.visit import after, page, refused, requires, session, visitor
from lots.forward import finding, seeing_vision
from lots.forward.envisioning import MOST_OUTCOMES, mark_of, write_vision, writers
from lots.forward.reach import Reach
from lots.lot import Lot
from lots.web.forward_forms import VisionForm

door = Blueprint("vision", __name__)


@door.route("/forward/lots/<reference>/vision/<int(max=2147483647):authority_id>", methods=["GET", "POST"])
@requires(Permission.FORWARD_WRITE)
def of_lot(reference: str, authority_id: int) -> Any:
    """What a council wants of a lot."""
    lot, agreement, _ = finding.lot(session(), visitor(), reference)
    return _form(agreement, lot, authority_id, url_for("forward.lot", reference=reference))


@door.route(
    "/forward/agreements/<reference>/vision/<int(max=2147483647):authority_id>", methods=["GET", "POST"]
)
@requires(Permission.AGREEMENT_OPEN)
def of_agreement(reference: str, authority_id: int) -> Any:
    """What a council wants of the whole agreement."""
    agreement, _ = finding.agreement(session(), visitor(), reference)
    return _form(agreement, None, authority_id, url_for("forward.agreement", reference=reference))


def _form(agreement: FrameworkAgreement, lot: Lot | None, authority_id: int, back: str) -> Any:
    own, who = session(), visitor()
    council = next((one for one in writers(own, who, agreement, lot) if one.id == authority_id), None)
    if council is None:
        raise NotFound
    about = seeing_vision.name_of(agreement, lot)
    draft = seeing_vision.draft_of(own, about, authority_id)
    current = next(
        (one for one in seeing_vision.in_force(own, about) if one.authority.id == authority_id), None
    )
    form, mark = _opened(draft or current), mark_of(draft.vision if draft else None)
    mark = clean(request.form.get("mark")) if request.form else mark
    then = request.form.get("then")
    if then == "add":
        if len(form.outcomes.entries) < MOST_OUTCOMES:
            form.outcomes.append_entry()
    elif form.validate_on_submit():
        try:
            write_vision(
                own,
                actor=who,
                agreement=agreement,
                lot=lot,
                authority_id=authority_id,
                words=form.words.data or "",
                outcomes=form.rows(),
                publish=then == "publish",
                seen=mark,
            )
            return after(
                "vision.versions_of_lot" if lot else "vision.versions_of_agreement",
                reference=(lot or agreement).reference,
                authority_id=authority_id,
            )
        except Refused as refusal:
            refused(form, refusal)
            if CHANGED_MEANWHILE in form.general:
                now = seeing_vision.draft_of(own, about, authority_id)
                mark = mark_of(now.vision if now else None)
    return page(
        "lots/forward/vision_form.html",
        form=form,
        lot=lot,
        agreement=agreement,
        council=council,
        current=current,
        mark=mark,
        back=back,
        most=MOST_OUTCOMES,
        status=422 if form.problems else 200,
    )


def _opened(shown: seeing_vision.Shown | None) -> VisionForm:
    if request.form or shown is None:
        return VisionForm()
    rows = [{"words": one.words, "by_on": one.by_on, "known_by": one.known_by} for one in shown.outcomes]
    return VisionForm(data={"words": shown.vision.words, "outcomes": [*rows, {}][:MOST_OUTCOMES]})


@door.get("/forward/lots/<reference>/visions/<int(max=2147483647):authority_id>")
@requires(Permission.FORWARD_READ)
def versions_of_lot(reference: str, authority_id: int) -> Any:
    """Every version that one council published for a lot, with its dates; its own people see the draft too."""
    lot, agreement, reach = finding.lot(session(), visitor(), reference)
    return _versions(agreement, lot, reach, authority_id)


@door.get("/forward/agreements/<reference>/visions/<int(max=2147483647):authority_id>")
@requires(Permission.FORWARD_READ)
def versions_of_agreement(reference: str, authority_id: int) -> Any:
    """The same for the whole agreement."""
    agreement, reach = finding.agreement(session(), visitor(), reference)
    return _versions(agreement, None, reach, authority_id)


def _versions(agreement: FrameworkAgreement, lot: Lot | None, reach: Reach, authority_id: int) -> Any:
    own = session()
    shown = seeing_vision.versions(own, reach, seeing_vision.name_of(agreement, lot), authority_id)
    if not shown:
        raise NotFound
    return page(
        "lots/forward/versions.html",
        lot=lot,
        agreement=agreement,
        shown=shown,
        council=shown[0].authority,
        mark=next((mark_of(one.vision) for one in shown if one.vision.is_draft), ""),
        may_write=any(one.id == authority_id for one in writers(own, visitor(), agreement, lot)),
    )
