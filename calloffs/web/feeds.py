"""Feeds: secret addresses by which a person's own spreadsheet reads tables, and the doors at which they are made and ended."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for

from calloffs.tables.csv_of import csv_of
from calloffs.tables.fact_table import Asking
from calloffs.tables.filtering import read_filters, table_for, tables_for
from calloffs.tables.in_blocks import in_blocks
from framework.definitions import dates
from framework.definitions.rules import NotFound, Refused
from framework.people import addressing, finding, throttling
from framework.people.permissions import Permission, Visitor
from framework.records.database import one_moment, writing
from framework.web.fields import ChoiceField, LineField, VisitForm, needed
from framework.web.visit import after, open_to_all, page, refused, requires, session, visitor

door = Blueprint("feeds", __name__)
_SECRET = "YOUR-SECRET"  # noqa: S105  stands in the place of one
_WORDS = {1: "A month", 3: "3 months", 6: "6 months", 12: "A year"}


class AddressForm(VisitForm):
    name = LineField(
        "What it is for",
        [needed("Enter what it is for")],
        description="For you to know it again, like Monthly spend workbook",
    )
    months = ChoiceField(
        "How long it is to last",
        [needed("Choose how long the address is to last")],
        choices=[(str(one), _WORDS[one]) for one in addressing.MONTHS],
    )


@door.route("/spend/feeds/", methods=["GET", "POST"])
@requires(Permission.SPEND_READ)
def index() -> Any:
    """The visitor's addresses, how to use one, and a form to make another."""
    form = AddressForm(data={"months": "12"})
    if form.validate_on_submit():
        try:
            secret = addressing.make_address(
                session(), actor=visitor(), name=form.name.data, months=int(form.months.data)
            )
            return _shown_once(secret, form.name.data)
        except Refused as refusal:
            refused(form, refusal)
    return page(
        "calloffs/tables/feeds.html",
        form=form,
        addresses=addressing.own_addresses(session(), visitor()),
        tables=_addresses(_SECRET),
        status=422 if form.problems else 200,
    )


@door.post("/spend/feeds/<int(max=2147483647):feed_id>/renew")
@requires(Permission.SPEND_READ)
def renew(feed_id: int) -> Any:
    """A new secret in place of the one before."""
    name = addressing.own_address(session(), visitor(), feed_id).name
    return _shown_once(addressing.renew_address(session(), actor=visitor(), feed_id=feed_id), name)


@door.post("/spend/feeds/<int(max=2147483647):feed_id>/end")
@requires(Permission.SPEND_READ)
def end(feed_id: int) -> Any:
    """End an address at once."""
    addressing.end_address(session(), actor=visitor(), feed_id=feed_id)
    return after("feeds.index")


@door.get("/feeds/<token>/<key>.csv")
@open_to_all
def read(token: str, key: str) -> Response:
    """A table as CSV for whoever has the secret: exactly what its owner may read now, with the filters in the address."""
    who, to_note = _reader(token)
    try:
        table = table_for(who, key)
        asking = Asking(session(), who, read_filters(table, request.args.to_dict(flat=False)))
        one_moment(session())
        made = csv_of(table, asking, dates.now())
    except (NotFound, Refused):
        abort(404)
    session().close()
    if to_note is not None:
        with writing() as apart:
            addressing.note_use(apart, to_note)
    return Response(
        in_blocks(made), content_type="text/csv; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


def _reader(token: str) -> tuple[Visitor, int | None]:
    """Whose address it is, when it still works, and its id where this use is to be noted. Secrets that never were are counted, and soon not looked at any more."""
    if not addressing.could_be(token):
        abort(404)
    address = throttling.from_address(current_app.config["TRACKER"].secret_key, request.remote_addr)
    if throttling.too_many_wrong_feeds(session(), address):
        abort(404)
    feed = addressing.by_secret(session(), token)
    if feed is None:
        session().close()
        with writing() as apart:
            throttling.count_wrong_feed(apart, address)
        abort(404)
    who = finding.visitor(session(), feed.person_id)
    if not feed.works_on(dates.today()) or who is None:
        abort(404)
    return who, feed.id if addressing.use_is_news(feed) else None


def _shown_once(secret: str, name: str) -> Response:
    return page("calloffs/tables/feed_made.html", name=" ".join(name.split()), tables=_addresses(secret))


def _addresses(secret: str) -> list[tuple[str, str]]:
    public_url = current_app.config["TRACKER"].public_url
    return [
        (one.title, public_url + url_for("feeds.read", token=secret, key=one.key))
        for one in tables_for(visitor())
    ]
