"""One sample for every test of this folder that only reads it: loading takes seconds."""

import pytest

from app import create_app
from framework.definitions import dates
from framework.records import database
from tests.calloffs.sample.building import LOADED, load


@pytest.fixture(scope="session")
def settings(tmp_path_factory):
    return load(tmp_path_factory.mktemp("sample"), LOADED)


@pytest.fixture
def loaded(settings):
    app = create_app(settings)
    with app.app_context(), dates.at(LOADED):
        session = database.current()
        yield session
        session.close()
        database.db.engine.dispose()
