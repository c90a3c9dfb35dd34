"""Each authority's own colour, as a style sheet of its own so that no page needs an inline style."""

import re

from flask import Blueprint, Response

from framework.people.party import Party
from framework.records.database import current
from framework.web.visit import open_to_all, sessionless

door = Blueprint("style", __name__)


@door.get("/style/authority/<int(max=2147483647):party_id>.css")
@open_to_all
@sessionless
def authority(party_id: int) -> Response:
    """One custom property: the colour of an authority, or the default for an unknown one."""
    party = current().get(Party, party_id)
    colour = party.colour if party and re.fullmatch(r"#[0-9a-fA-F]{6}", party.colour) else "#1d70b8"
    return Response(
        f":root{{--app-authority-colour:{colour}}}\n",
        mimetype="text/css",
        headers={"Cache-Control": "public, max-age=300"},
    )
