"""Counting the SQL statements that a page costs."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import event

from framework.records.database import db


def counted(app: Flask, act: Callable[[], Any]) -> int:
    """How many statements the act runs on the application's database."""
    return len(seen_by(app, act))


def seen_by(app: Flask, act: Callable[[], Any]) -> list[tuple[str, Any]]:
    """The statements that the act runs on the application's database, with what was bound to each."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, bound: Any, *_rest: Any) -> None:
        seen.append((statement, bound))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return [one for one in seen if not one[0].startswith(("BEGIN", "PRAGMA"))]
