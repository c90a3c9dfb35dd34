"""The story is told once, from an empty database, and then looked at from every side."""

from collections.abc import Iterator

import pytest

from app import create_app
from framework.definitions import dates
from framework.records import database
from framework.records.settings import Settings
from tests.journeys.agreement_chapters import (
    OPENED,
    Story,
    add_lots_and_partners,
    begin_the_installation,
    confirm_the_agreement,
    open_the_agreement,
)


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The whole main job, lived through real pages from an empty migrated database."""
    folder = tmp_path_factory.mktemp("story")
    url = f"sqlite:///{folder / 'tracker.db'}"
    database.migrate(url)
    app = create_app(Settings(data_folder=folder, database_url=url, secret_key="j" * 40))
    app.testing = True
    story = Story(app)
    with dates.at(OPENED):
        begin_the_installation(story)
        open_the_agreement(story)
        add_lots_and_partners(story)
        confirm_the_agreement(story)
    yield story
    with app.app_context():
        database.db.engine.dispose()
