"""This visit: who it is, which rows they reach, one transaction, and how an answer is made."""

import hmac
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlmodel import Session

from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people import finding, signing_in
from framework.people.permissions import Permission, Visitor
from framework.records import audit, once, tallies
from framework.records.database import begin_writing, current, writing
from framework.web.fields import VisitForm

View = TypeVar("View", bound=Callable[..., Any])
_WRITES = ("POST", "PUT", "PATCH", "DELETE")
MOST_LOOKED_FOR = 100
"""Guesses of addresses by one visitor in a day that are written down one by one."""
MOST_REFUSED = 500
"""Refusals of one visitor in a day that are written down one by one."""
_A_DAY = timedelta(days=1)

# What must be true before anything is shown, whether or not a job has run: filled by app.py from the floors above.
BRING_UP_TO_DATE: list[Callable[[Session], None]] = []


def requires(permission: Permission) -> Callable[[View], View]:
    """The lock on a door: only someone who holds the permission somewhere comes in; for the rest there is no such page."""

    def lock(view: View) -> View:
        @wraps(view)
        def locked(*args: Any, **kwargs: Any) -> Any:
            if g.visitor is None:
                return to_sign_in()
            if not g.visitor.may(permission):
                abort(404)
            return view(*args, **kwargs)

        locked.permission = permission  # type: ignore[attr-defined]
        return locked  # type: ignore[return-value]

    return lock


def open_to_all(view: View) -> View:
    """A door without a lock, said aloud."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def repeatable(view: View) -> View:
    """A form that may be sent twice without harm (signing in and out, searching) and so carries no key."""
    view.repeatable = True  # type: ignore[attr-defined]
    return view


def writes_apart(view: View) -> View:
    """A POST that must not hold the writer's turn while it works (hashing, rendering): it writes in short transactions itself.

    Such a door is @repeatable too: its action is safe to send twice.
    """
    view.writes_apart = True  # type: ignore[attr-defined]
    return view


def reads_first(view: View) -> View:
    """A form with a file: it is read and proved before the writer's turn is taken, by `take_turn`, without which it may write nothing."""
    view.reads_first = True  # type: ignore[attr-defined]
    return view


def take_turn() -> None:
    """In a `reads_first` door, once its file is proved: begin to write and spend the form's key.

    What was read before is read afresh. A form that was sent already is answered with the page that it led to then.
    """
    session().rollback()
    begin_writing(session())
    if (answer := _spend_key()) is not None:
        abort(answer)


def session() -> Session:
    """The session of this visit. What an answer below 400 leaves in it is kept; anything else never happened."""
    return current()


def visitor() -> Visitor:
    """Who is visiting; only behind a lock."""
    who: Visitor = g.visitor
    return who


def to_sign_in() -> Any:
    """Off to sign in, and back here afterwards (only ever to an address of our own)."""
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    target = url_for("signing_in.form", next=back) if back and back != "/" else url_for("signing_in.form")
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": target})
    return redirect(target, 303)


def page(template: str, *, fragment: str | None = None, status: int = 200, **facts: Any) -> Response:
    """A whole page, or its fragment when htmx asks for a part."""
    asked = request.headers
    # Going back asks like a swap, but for a whole page: what it answers stands in the place of everything.
    whole = asked.get("HX-Boosted") or asked.get("HX-History-Restore-Request")
    wants_part = asked.get("HX-Request") and not whole
    chosen = fragment if fragment and wants_part else template
    return make_response(render_template(chosen, **facts), status)


def after(endpoint: str, **where: Any) -> Any:
    """Send the reader on after a good POST, so that reloading does nothing twice."""
    target = url_for(endpoint, **where)
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": target})
    return redirect(target, 303)


def refused(form: VisitForm, refusal: Refused) -> None:
    """Show refusals beside their fields, undo whatever was begun, and remember that the visitor was refused."""
    session().rollback()
    form.take(refusal)
    g.refusals = [*g.get("refusals", []), refusal]


def looked_at(subject: audit.Subject, what: str) -> None:
    """Note that the visitor looked at something confidential; written apart, whatever the answer."""
    g.looks = [*g.get("looks", []), (subject, what)]


def _begin() -> Any:
    g.visitor = None
    if "\0" in request.path or b"%00" in request.query_string:
        # No reference and no filter holds one, and PostgreSQL would refuse the very question.
        abort(404)
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions.get(request.endpoint)
    if getattr(view, "sessionless", False):
        return None
    # Whoever is not signed in writes nothing, and so does not take the writers' turn.
    reads = getattr(view, "writes_apart", False) or getattr(view, "reads_first", False)
    if request.method in _WRITES and not reads and signing_in.named():
        begin_writing(session())
    idle = timedelta(hours=current_app.config["TRACKER"].session_hours)
    found = signing_in.who(session(), idle)
    if found is not None:
        g.visitor = finding.visitor(session(), found[0])
        g.note_seen = found[1]
    if g.visitor is not None and request.method not in _WRITES:
        for bring in BRING_UP_TO_DATE:
            bring(session())
    if request.method in _WRITES and not getattr(view, "repeatable", False):
        if g.visitor is not None and getattr(view, "reads_first", False):
            _key()
            return None
        return _spend_key() if g.visitor is not None else to_sign_in()
    return None


def sessionless(view: View) -> View:
    """A door that needs neither a visitor nor the database (style sheets, health)."""
    view.sessionless = True  # type: ignore[attr-defined]
    return view


def _key() -> str:
    key = request.form.get("once", "")
    if not key or "\0" in key:
        abort(
            400, description="The form was sent without its key. Go back, reload the page and send it again."
        )
    return key


def _spend_key() -> Any:
    key = _key()
    person_id = g.visitor.person_id if g.visitor else None
    if once.spend(session(), key, person_id):
        g.once = key
        return None
    location = once.led_to(session(), key, person_id)
    if location is None:
        abort(
            400,
            description="The form was sent without its own key. Go back, reload the page and send it again.",
        )
    return redirect(location or url_for("home.show"), 303)


def settle(response: Response) -> Response:
    """An answer below 400 keeps the work; any other undoes it. Refusals and looks are then written apart."""
    response.vary.add("HX-Request")
    if g.get("visitor") is not None:
        response.vary.add("Cookie")
    # Also where it was not found out who asks (a form without its token, one that is too big): nothing of ours is to be kept.
    if "Cache-Control" not in response.headers and request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if request.method in _WRITES:
        if response.status_code < 400:
            if key := g.get("once"):
                location = response.headers.get("Location") or response.headers.get("HX-Redirect")
                if location:
                    once.led_to(session(), key, visitor_id(), location)
                else:
                    # A page in answer to a form (one more row, please) did nothing that could be done twice.
                    once.give_back(session(), key)
            if getattr(
                current_app.view_functions.get(request.endpoint or ""), "reads_first", False
            ) and not g.get("once"):
                session().rollback()  # it never took its turn, so it wrote nothing
            session().commit()
        else:
            session().rollback()
    _write_apart()
    return response


def visitor_id() -> int | None:
    """The id of whoever is visiting, or None."""
    who: Visitor | None = g.get("visitor")
    return who.person_id if who else None


def _write_apart() -> None:
    refusals, looks, missing = g.pop("refusals", []), g.pop("looks", []), g.pop("missing", False)
    note_seen = g.pop("note_seen", False)
    if g.get("visitor") is None or not (refusals or looks or missing or note_seen):
        return
    session().close()
    with writing() as apart:
        if note_seen:
            signing_in.seen(apart)
        for refusal in refusals:
            _remember(
                apart,
                "refused",
                MOST_REFUSED,
                facts={"rules": [one.rule for one in refusal.refusals]},
                words={"sentences": str(refusal)},
            )
        for subject, what in looks:
            audit.record(apart, actor=g.visitor, action="looked_at", subject=subject, facts={"what": what})
        if missing:
            _remember(apart, "looked_for", MOST_LOOKED_FOR)


def _remember(apart: Session, action: str, most: int, **said: Any) -> None:
    # One visitor's guesses and refusals of a day are written down one by one only up to a bound; the last says that there are more.
    whom = f"person {g.visitor.person_id}"
    if tallies.so_far(apart, action, whom, _A_DAY) >= most:
        return
    subject = audit.Subject("page", None, _where())
    audit.record(apart, actor=g.visitor, action=action, subject=subject, **said)
    if tallies.count(apart, action, whom, _A_DAY) == most:
        audit.record(apart, actor=g.visitor, action=f"{action}_often", subject=subject, facts={"times": most})


def _where() -> str:
    # The secret of a link is nobody's to read, least of all in a record that is kept for good.
    rule = request.url_rule
    secret = rule is not None and "token" in rule.arguments
    return (rule.rule if rule and secret else request.path)[:200]


def _not_found(_error: Exception) -> Any:
    current().rollback()
    if g.get("visitor") is not None and request.view_args:
        # Guessing another's address is answered as if there were nothing, and is remembered.
        g.missing = True
    return page("problem.html", status=404, heading="Page not found", day=dates.today())


def _refused(error: Refused) -> Any:
    """A refusal that no form is there to show: the sentences on a page of their own."""
    current().rollback()
    g.refusals = [*g.get("refusals", []), error]
    return page("refused.html", status=422, sentences=[one.sentence for one in error.refusals])


def same(one: str, other: str) -> bool:
    """Compare secrets without telling by time where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def attach(app: Flask) -> None:
    """Put the visit around every request of the application."""
    app.before_request(_begin)
    app.after_request(settle)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(404, _not_found)
    app.register_error_handler(Refused, _refused)
    app.jinja_env.globals.update(once_key=once.new_key)
    app.context_processor(lambda: {"visitor": g.get("visitor"), "Permission": Permission})
