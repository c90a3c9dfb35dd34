"""Real databases, a small cast, and visitors whose every page is checked."""

import secrets
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlmodel import Session
from werkzeug.routing import Rule

from app import create_app
from framework.definitions import dates
from framework.records import database
from framework.records.settings import Settings
from tests.cast import Cast, people_the_stage
from tests.postgres import Server, find_server
from tests.visiting import Visiting

NOW = datetime(2022, 11, 22, 10, 0, tzinfo=UTC)
"""A working Tuesday within the cast's agreement."""


# Races for something other than money, and forms sent nonsense, are run on one database by day and on both at night.
ONE_BY_DAY = {
    "test_changes_of_people.py": "sqlite",
    "test_novating.py": "sqlite",
    "test_rates.py": "sqlite",
    "test_returns.py": "sqlite",
    "test_forms.py": "postgresql",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the second database of the lesser races to the night, before anything is chosen by its marks."""
    for item in items:
        asked = getattr(getattr(item, "callspec", None), "params", {}).get("both_databases")
        if (
            asked
            and item.path.parent.name in ("races", "security")
            and ONE_BY_DAY.get(item.path.name) == asked
        ):
            item.add_marker(pytest.mark.nightly)


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """pytest-flask would hold one request open around the whole test, and hide a missing commit."""
    return


@pytest.fixture(autouse=True)
def clock() -> Iterator[datetime]:
    """Every test stands on the same working day, unless it holds the clock elsewhere."""
    with dates.at(NOW) as held:
        yield held


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the cast in it, copied for each test."""
    path = tmp_path_factory.mktemp("stage") / "stage.db"
    url = f"sqlite:///{path}"
    database.migrate(url)
    with dates.at(NOW):
        people_the_stage(url)
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server of our own on a free port, with the cast in a template database."""
    server = find_server()
    try:
        database.migrate(server.url("stage"))
        with dates.at(NOW):
            people_the_stage(server.url("stage"))
        yield server
    finally:
        server.stop()


def _sqlite(stage: Path, folder: Path) -> str:
    copy = folder / "tracker.db"
    shutil.copyfile(stage, copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The database of this test: SQLite, or PostgreSQL where `both_databases` says so."""
    if "both_databases" in request.fixturenames and request.getfixturevalue("both_databases") == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        return server.copy("stage")
    return _sqlite(request.getfixturevalue("stage"), tmp_path)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def both_databases(request: pytest.FixtureRequest) -> str:
    """Ask for this and the test runs on each database."""
    return str(request.param)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_folder=tmp_path, database_url=database_url, secret_key=secrets.token_hex(32))


class Remembered(BytecodeCache):
    """Templates compiled once for all tests: each test has an application of its own, which would compile them again."""

    known: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if found := self.known.get(f"{bucket.key}:{bucket.checksum}"):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.known[f"{bucket.key}:{bucket.checksum}"] = bucket.bytecode_to_string()


def _remember_addresses() -> None:
    """Compile what makes each address once for all tests: it is the same in every application, and costs most of making one."""
    compile_builder: Any = Rule._compile_builder
    known: dict[tuple[Any, ...], Any] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown)
        if key not in known:
            known[key] = compile_builder(rule, append_unknown)
        return known[key]

    setattr(Rule, "_compile_builder", remembered)  # noqa: B010  a method of theirs, for the tests alone


_remember_addresses()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    app.jinja_env.bytecode_cache = Remembered()
    yield app
    with app.app_context():
        database.db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A writing session for tests of actions. Commit, or close, before visiting a page."""
    with app.app_context():
        own = database.current()
        database.begin_writing(own)
        yield own
        own.rollback()
        own.close()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people and things everyone knows, read in a session of their own."""
    with app.app_context():
        return Cast.read()


@pytest.fixture
def visit(app: Flask) -> Callable[[str], Visiting]:
    """`visit("Asha")` signs Asha in and gives back a visitor whose every page is checked; `visit("")` is nobody."""
    return lambda name: Visiting(app, name)
