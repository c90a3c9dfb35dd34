"""Whether the site is alive, and whether it is ready to be used."""

from flask import Blueprint, Response, current_app, jsonify

from framework.records.database import current
from framework.records.health import readiness
from framework.web.visit import open_to_all, sessionless

door = Blueprint("health", __name__)


@door.get("/healthz")
@open_to_all
@sessionless
def alive() -> Response:
    """The process answers."""
    return Response("alive\n", mimetype="text/plain")


@door.get("/readyz")
@open_to_all
@sessionless
def ready() -> tuple[Response, int]:
    """Database reached, schema at its newest, and when the scheduler last ticked (which stops nothing: it only sends mail)."""
    state = readiness(current(), current_app.config["TRACKER"].database_url)
    fit = bool(state["database"] and state["migrations"])
    return jsonify(state), 200 if fit else 503
