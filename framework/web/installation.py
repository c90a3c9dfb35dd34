"""The operator's page: authorities and their first administrators, and whether the installation is well. No records are shown."""

from typing import Any

from flask import Blueprint

from framework.definitions.rules import Refused
from framework.people import beginning, finding
from framework.people.permissions import Permission
from framework.records import health, scanning
from framework.web.fields import LineField, VisitForm, needed
from framework.web.visit import after, page, refused, requires, session, visitor
from framework.web.words import moment

door = Blueprint("installation", __name__)


class AuthorityForm(VisitForm):
    authority = LineField("Name of the authority", [needed("Enter the authority’s name")])
    name = LineField("Full name of its first administrator", [needed("Enter the administrator’s name")])
    email = LineField("Their e-mail address", [needed("Enter the administrator’s e-mail address")])


@door.route("/installation/", methods=["GET", "POST"])
@requires(Permission.INSTALLATION_OPERATE)
def show() -> Any:
    """How the installation is, and a form to add an authority."""
    form = AuthorityForm()
    if form.validate_on_submit():
        try:
            beginning.add_authority(
                session(),
                actor=visitor(),
                authority=form.authority.data,
                name=form.name.data,
                email=form.email.data,
            )
            return after("installation.show")
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "framework/installation/page.html",
        form=form,
        authorities=finding.authorities(session()),
        health=_health(),
        status=422 if form.problems else 200,
    )


def _health() -> list[tuple[str, str]]:
    waiting, last = health.mail_and_scheduler(session())
    return [
        ("Messages waiting to be sent", f"{waiting:,}"),
        ("Scheduler last ran", moment(last, "Never: reminders are not being sent")),
        ("Virus scan of uploaded files", scanning.condition()),
    ]
