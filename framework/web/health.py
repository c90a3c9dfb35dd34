"""Whether the site is alive, and whether it is ready to be used."""

from flask import Blueprint, Response, current_app, jsonify

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
    from sqlalchemy.exc import SQLAlchemyError
    from sqlmodel import col, func, select

    from framework.records.database import at_newest, current
    from framework.records.jobs import JobRun

    settings = current_app.config["TRACKER"]
    state: dict[str, object] = {"database": False, "migrations": False, "scheduler_last_tick": None}
    try:
        state["database"] = current().exec(select(1)).one() == 1
        state["migrations"] = at_newest(current(), settings.database_url)
        last = current().exec(select(func.max(col(JobRun.ran_at)))).one()
        state["scheduler_last_tick"] = last.isoformat() if last else None
    except SQLAlchemyError:
        current().rollback()
    fit = bool(state["database"] and state["migrations"])
    return jsonify(state), 200 if fit else 503
