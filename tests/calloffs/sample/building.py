"""A sample to test: loaded on a day into a database of its own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import create_app
from calloffs import sample
from framework.definitions import dates
from framework.records import database
from framework.records.documents import Missing
from framework.records.settings import Settings

LOADED = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def load(folder: Path, at: datetime) -> Settings:
    """A sample in a database of its own, without drawing the papers: that is tested where papers are."""
    settings = Settings(
        data_folder=folder, database_url=f"sqlite:///{folder / 'sample.db'}", secret_key="s" * 40
    )
    database.migrate(settings.database_url)
    app = create_app(settings)
    with pytest.MonkeyPatch.context() as patch, app.app_context(), dates.at(at):
        patch.setattr("framework.records.documents.available", lambda: Missing(("Pango",)))
        sample.load(settings.sample_sign_ins)
        database.db.engine.dispose()
    return settings
