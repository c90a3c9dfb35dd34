"""Matching all certain lines at once: what would be matched and its sum are shown first."""

from typing import Any

from flask import Blueprint, request

from calloffs.matching import queue
from calloffs.matching.certain import match_all_certain, plan
from framework.definitions.rules import NotFound, Refused
from framework.people.permissions import Permission
from framework.records.database import writing
from framework.web.fields import VisitForm
from framework.web.visit import after, page, refused, repeatable, requires, session, visitor, writes_apart

door = Blueprint("certain", __name__)
_SHOWN = 100


@door.route("/spend/matching/certain", methods=["GET", "POST"])
@requires(Permission.INVOICE_RECORD)
@repeatable
@writes_apart
def show() -> Any:
    """What would be matched, by call-off and with its sum; then all of it, in short transactions."""
    only = {"imported": _number("import"), "source": _number("source")}
    authority_id = _authority(**only)
    form = VisitForm()
    if form.validate_on_submit():
        shown = plan(session(), visitor(), authority_id, **only)
        session().close()
        try:
            mark = request.form.get("mark", "")[:80]
            done = match_all_certain(
                writing, actor=visitor(), authority_id=authority_id, shown=shown, mark=mark
            )
            return after("certain.show", done=done, **_which())
        except Refused as refusal:
            refused(form, refusal)
    found = plan(session(), visitor(), authority_id, **only)
    return page(
        "calloffs/matching/certain.html",
        form=form,
        plan=found,
        groups=found.by_call_off,
        lines=found.sure[:_SHOWN],
        more=max(len(found.sure) - _SHOWN, 0),
        held=found.held[:_SHOWN],
        more_held=max(len(found.held) - _SHOWN, 0),
        only=queue.named(session(), **only),
        authorities=queue.authorities(session(), visitor()),
        authority_id=authority_id,
        which=_which(),
        done=request.args.get("done", type=int),
        status=422 if form.problems else 200,
    )


def _which() -> dict[str, str]:
    found = {name: request.args.get(name, "") for name in ("authority", "source", "import")}
    return {name: value for name, value in found.items() if value}


def _number(name: str) -> int | None:
    said = request.args.get(name, "")
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise NotFound
    return int(said)


def _authority(*, imported: int | None, source: int | None) -> int:
    own = visitor().parties_where(Permission.INVOICE_RECORD)
    asked = _number("authority")
    whose = queue.authority_of(session(), visitor(), imported, source)
    if (asked is not None and asked not in own) or (None not in (asked, whose) and asked != whose):
        raise NotFound
    return asked or whose or min(own)
