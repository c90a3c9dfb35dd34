"""Signing in and out, and setting a password by a link."""

import re
from typing import Any

from flask import Blueprint, current_app, g, redirect, request

from framework.definitions.rules import Refused
from framework.people import signing_in, staffing, throttling
from framework.people.permissions import Visitor
from framework.people.person import Person
from framework.records import audit
from framework.records.database import writing
from framework.web.fields import LineField, SecretField, VisitForm, needed
from framework.web.visit import after, open_to_all, page, refused, repeatable, session, writes_apart

door = Blueprint("signing_in", __name__)

# Only addresses of our own, made of the few characters that they are made of: no scheme, no host, no backslash, no tab.
_OURS = re.compile(r"/(?!/)[A-Za-z0-9/._~=&?+-]*")


class SignInForm(VisitForm):
    email = LineField("E-mail address", [needed("Enter your e-mail address")])
    password = SecretField("Password", [needed("Enter your password")])


class PasswordForm(VisitForm):
    password = SecretField("New password", [needed("Enter a new password")])
    again = SecretField("New password again", [needed("Enter the new password again")])


class LinkForm(VisitForm):
    email = LineField("E-mail address", [needed("Enter your e-mail address")])


def _next() -> str:
    wanted = request.args.get("next", "")
    return wanted if _OURS.fullmatch(wanted) and len(wanted) < 400 else "/"


@door.route("/sign-in", methods=["GET", "POST"])
@open_to_all
@repeatable
@writes_apart
def form() -> Any:
    """Sign in with a password; the same words whatever was wrong."""
    if g.visitor is not None and request.method == "GET":
        return redirect(_next(), 303)
    form = SignInForm()
    address = throttling.from_address(current_app.config["TRACKER"].secret_key, request.remote_addr)
    if form.validate_on_submit():
        refusal = throttling.too_many_sign_ins(session(), address)
        if refusal is not None:
            form.take(refusal)
            return page("framework/signing_in/form.html", form=form, status=429)
        tried = signing_in.try_password(session(), form.email.data, form.password.data)
        session().close()
        with writing() as apart:
            try:
                person = signing_in.let_in(apart, tried)
                signing_in.begin(apart, person)
                _remember(apart, person, "signed_in")
            except Refused as wrong:
                refusal = wrong
                throttling.count_wrong_sign_in(apart, address)
        if refusal is None:
            return redirect(_next(), 303)
        form.take(refusal)
    return page("framework/signing_in/form.html", form=form, status=422 if form.problems else 200)


@door.post("/sign-out")
@open_to_all
@repeatable
def out() -> Any:
    """Sign this device out."""
    if g.visitor is not None:
        person = session().get_one(Person, g.visitor.person_id)
        _remember(session(), person, "signed_out")
    signing_in.end(session())
    return after("signing_in.form")


@door.route("/forgotten-password", methods=["GET", "POST"])
@open_to_all
@repeatable
@writes_apart
def forgotten() -> Any:
    """Ask for a link to set a new password. The answer is the same whether or not anybody has the address."""
    form = LinkForm()
    if form.validate_on_submit():
        session().close()
        address = throttling.from_address(current_app.config["TRACKER"].secret_key, request.remote_addr)
        with writing() as apart:
            refusal = throttling.count_link_asked_for(apart, address)
        if refusal is not None:
            form.take(refusal)
            return page("framework/signing_in/forgotten.html", form=form, status=429)
        link = staffing.link_for(session(), form.email.data)
        session().close()
        with writing() as apart:
            staffing.send_link(apart, link)
        return page("framework/signing_in/link_sent.html", email=form.email.data)
    return page("framework/signing_in/forgotten.html", form=form, status=422 if form.problems else 200)


@door.route("/set-password/<token>", methods=["GET", "POST"])
@open_to_all
@repeatable
@writes_apart
def set_password(token: str) -> Any:
    """Set a password by a link that works once."""
    form = PasswordForm()
    if signing_in.whose_link(token) is None:
        return page("framework/signing_in/link_over.html", status=410)
    if form.validate_on_submit() and _alike(form):
        session().close()
        try:
            with writing() as apart:
                known = signing_in.whose_link(token)
                person = apart.get(Person, known.id) if known else None
                if person is None:
                    return page("framework/signing_in/link_over.html", status=410)
                signing_in.set_password(apart, person, form.password.data)
                _remember(apart, person, "password_set")
        except Refused as refusal:
            refused(form, refusal)
        else:
            return after("signing_in.form")
    return page("framework/signing_in/set_password.html", form=form, status=422 if form.problems else 200)


def _alike(form: PasswordForm) -> bool:
    if form.password.data == form.again.data:
        return True
    form.again.errors = ["The two passwords are not the same: type them both again"]
    return False


def _remember(own: Any, person: Person, action: str) -> None:
    audit.record(
        own,
        actor=Visitor(person.id, person.name),
        action=action,
        subject=audit.Subject("person", person.id, f"person {person.id}"),
    )
