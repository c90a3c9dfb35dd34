"""Each attack has a copy of the town of its own, on SQLite or on PostgreSQL."""

import secrets
import shutil
from pathlib import Path

import pytest

from app import create_app
from framework.definitions import dates
from framework.records import database
from framework.records.settings import Settings
from tests.conftest import NOW
from tests.postgres import Server
from tests.security.attacker import Attacker
from tests.security.world import Town, build

_built: dict[str, Town] = {}


def _build(url: str, folder: Path) -> Town:
    app = create_app(Settings(data_folder=folder, database_url=url, secret_key=secrets.token_hex(32)))
    with dates.at(NOW):
        town = build(app)
    with app.app_context():
        database.db.engine.dispose()
    return town


@pytest.fixture(scope="session")
def town_file(stage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("town") / "town.db"
    shutil.copyfile(stage, path)
    _built["sqlite"] = _build(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="session")
def town_database(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    url = postgres.copy("stage")
    _built["postgresql"] = _build(url, tmp_path_factory.mktemp("town"))
    return url.rsplit("/", 1)[1]


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A copy of the town instead of the bare stage."""
    if "both_databases" in request.fixturenames and request.getfixturevalue("both_databases") == "postgresql":
        name: str = request.getfixturevalue("town_database")
        server: Server = request.getfixturevalue("postgres")
        return server.copy(name)
    copy = tmp_path / "tracker.db"
    shutil.copyfile(request.getfixturevalue("town_file"), copy)
    return f"sqlite:///{copy}"


@pytest.fixture
def town(database_url: str) -> Town:
    return _built["postgresql" if database_url.startswith("postgresql") else "sqlite"]


@pytest.fixture
def attack(app):
    """`attack("Ellis")` signs somebody in who means no good."""
    return lambda name="": Attacker(app, name)
