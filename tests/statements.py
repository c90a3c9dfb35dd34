"""Counting the SQL statements that a page costs."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import event

from framework.records.database import db


def counted(app: Flask, act: Callable[[], Any]) -> int:
    """How many statements the act runs on the application's database."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len([one for one in seen if not one.startswith(("BEGIN", "PRAGMA"))])
