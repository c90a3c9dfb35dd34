"""The story is told once, from an empty database, and then looked at from every side."""

from collections.abc import Iterator
from datetime import UTC, datetime

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
from tests.journeys.call_off_chapters import (
    approve,
    award,
    decide_a_case,
    draft_and_raise,
    issue_and_sign,
    offer_and_answer,
)
from tests.journeys.money_chapters import (
    close,
    pay_the_rest,
    read_the_figures,
    record_invoices,
    remind_once,
    work_begins,
)

CHAPTERS = (
    (OPENED, begin_the_installation),
    (OPENED, open_the_agreement),
    (OPENED, add_lots_and_partners),
    (OPENED, confirm_the_agreement),
    (datetime(2025, 6, 4, 9, 0, tzinfo=UTC), decide_a_case),
    (datetime(2025, 6, 4, 14, 0, tzinfo=UTC), draft_and_raise),
    (datetime(2025, 6, 5, 9, 0, tzinfo=UTC), approve),
    (datetime(2025, 6, 6, 9, 0, tzinfo=UTC), offer_and_answer),
    (datetime(2025, 6, 10, 9, 0, tzinfo=UTC), award),
    (datetime(2025, 6, 11, 9, 0, tzinfo=UTC), issue_and_sign),
    (datetime(2025, 9, 1, 9, 0, tzinfo=UTC), work_begins),
    (datetime(2025, 10, 10, 9, 0, tzinfo=UTC), remind_once),
    (datetime(2025, 11, 10, 9, 0, tzinfo=UTC), record_invoices),
    (datetime(2025, 11, 10, 15, 0, tzinfo=UTC), read_the_figures),
    (datetime(2025, 11, 17, 9, 0, tzinfo=UTC), pay_the_rest),
    (datetime(2025, 11, 17, 11, 0, tzinfo=UTC), close),
    (datetime(2025, 11, 17, 12, 0, tzinfo=UTC), read_the_figures),
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
    for moment, chapter in CHAPTERS:
        story.now = moment
        with dates.at(moment):
            chapter(story)
    yield story
    with app.app_context():
        database.db.engine.dispose()
