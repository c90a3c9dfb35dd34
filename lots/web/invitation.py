"""The doors of a link: what it is about, signing up, and the one button for somebody who signs in already."""

import re
from typing import Any

from flask import Blueprint, current_app, g, request

from framework.definitions.rules import NotFound, Refused
from framework.people import signing_in, throttling
from framework.people.permissions import Visitor
from framework.people.registering import size_rule_in_words
from framework.records import audit
from framework.records.database import writing
from framework.web.fields import LineField, SecretField, VisitForm, needed
from framework.web.visit import (
    after,
    open_to_all,
    page,
    refused,
    repeatable,
    session,
    visitor_id,
    writes_apart,
)
from lots import accepting

door = Blueprint("invitation", __name__)
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


class SignUpForm(VisitForm):
    name = LineField("Your full name", [needed("Enter your name")])
    password = SecretField(
        "Passphrase",
        [needed("Enter a passphrase")],
        description="12 characters or more. Three random words work well",
    )


class AcceptForm(VisitForm):
    pass


def _invited(token: str) -> accepting.Invited | None:
    """The open invitation of this link. Links that are none are counted, and soon not looked at any more."""
    if not _SECRET.fullmatch(token):
        return None
    address = throttling.from_address(current_app.config["TRACKER"].secret_key, request.remote_addr)
    if throttling.too_many_wrong_invitations(session(), address):
        return None
    found = accepting.by_link(session(), token)
    if found is None:
        session().close()
        with writing() as apart:
            throttling.count_wrong_invitation(apart, address)
    return found


def _over() -> Any:
    return page("lots/invitation/over.html", status=410)


@door.route("/invitations/<token>", methods=["GET", "POST"])
@open_to_all
@repeatable
@writes_apart
def show(token: str) -> Any:
    """Who invites to what, and what will be asked. Somebody who signs in with the invited address accepts here."""
    invited = _invited(token)
    if invited is None:
        return _over()
    form = AcceptForm()
    here = g.visitor is not None and g.visitor.email == invited.invitation.email
    if here and form.validate_on_submit():
        session().close()
        try:
            with writing() as apart:
                accepting.accept(apart, actor=g.visitor, token=token)
        except NotFound:
            return _over()
        except Refused as refusal:
            refused(form, refusal)
            invited = accepting.by_link(session(), token)
            if invited is None:
                return _over()
        else:
            return after("joining.tasks")
    return page(
        "lots/invitation/page.html",
        form=form,
        invited=invited,
        size_rule=size_rule_in_words(),
        token=token,
        here=here,
        somebody_else=visitor_id() is not None and not here,
        status=422 if form.problems else 200,
    )


@door.route("/invitations/<token>/join", methods=["GET", "POST"])
@open_to_all
@repeatable
@writes_apart
def join(token: str) -> Any:
    """Name and passphrase, and the reader is in: no account number, nothing to confirm."""
    invited = _invited(token)
    if invited is None:
        return _over()
    if invited.signs_in or visitor_id() is not None:
        return after("invitation.show", token=token)
    form = SignUpForm(data={"name": invited.invitation.contact_name})
    if form.validate_on_submit():
        session().close()
        try:
            with writing() as apart:
                person = accepting.sign_up(
                    apart, token=token, name=form.name.data, password=form.password.data
                )
                signing_in.begin(apart, person)
                audit.record(
                    apart,
                    actor=Visitor(person.id, person.name),
                    action="signed_in",
                    subject=audit.Subject("person", person.id, f"person {person.id}"),
                )
        except NotFound:
            return _over()
        except Refused as refusal:
            refused(form, refusal)
            invited = accepting.by_link(session(), token)
            if invited is None:
                return _over()
        else:
            return after("joining.tasks")
    return page(
        "lots/invitation/join.html",
        form=form,
        invited=invited,
        token=token,
        status=422 if form.problems else 200,
    )
