"""Signing in and out."""

from typing import Any

from flask import Blueprint
from wtforms import validators  # noqa: F401

from framework.web.visit import open_to_all, page, repeatable

door = Blueprint("signing_in", __name__)


@door.route("/sign-in", methods=["GET", "POST"])
@open_to_all
@repeatable
def form() -> Any:
    return page("problem.html", heading="Sign in")


@door.post("/sign-out")
@open_to_all
@repeatable
def out() -> Any:
    """Sign out."""
    return page("problem.html", heading="Signed out")
