"""The bare floors: the least that a framework, a database and a query cost on this machine now."""

import sqlite3
from pathlib import Path

from flask import Flask

from bench.timing import Work


def hello() -> Work:
    """Flask saying hello through the same test client."""
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "hello")
    client = app.test_client()
    return lambda: client.get("/").get_data()


def bare_commit(folder: Path) -> Work:
    """One row, made durable as the product makes its own: WAL, synchronous=FULL."""
    connection = _open(folder / "bare.db")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, pence INTEGER)")

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO bare (pence) VALUES (1)")
        connection.execute("COMMIT")

    return commit


def hello_and_commit(folder: Path) -> Work:
    """Both: what any framework pays for one form that keeps one row."""
    greet, commit = hello(), bare_commit(folder)

    def both() -> None:
        greet()
        commit()

    return both


def query(database: Path, sql: str, *facts: object) -> Work:
    """One statement by sqlite3 alone, its rows fetched."""
    connection = _open(database)
    return lambda: connection.execute(sql, facts).fetchall()


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, check_same_thread=False)
