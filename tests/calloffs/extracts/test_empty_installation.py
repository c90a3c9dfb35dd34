"""Loading by command where nobody has begun: what to do first is said, and then it works."""

import pytest

from calloffs.extracts import commanding
from calloffs.extracts.source import AmountBasis
from framework.people.beginning import begin
from framework.records import database
from tests.calloffs.extracts.councils import text_of, three_amounts

NAME = "East Wold Council"


@pytest.fixture
def database_url(tmp_path):
    """A database with the newest schema and nothing in it."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    database.migrate(url)
    return url


def test_an_empty_installation_says_what_to_do_first(app, tmp_path):
    path = tmp_path / "october.csv"
    path.write_bytes(text_of([row[1:] for row in three_amounts(2)]))
    with app.app_context():
        told = commanding.load_file(path, "Ledger", authority=NAME, basis=AmountBasis.NET)["refused"]
        assert "this installation has none yet" in told
        assert f"./run tracker first-administrator --authority '{NAME}'" in told
        with database.writing() as own:
            begin(
                own, name="Ann", email="ann@example.org", authority=NAME, password="correct horse 7 battery"
            )
        told = commanding.load_file(path, "Ledger", authority="East Wld", basis=AmountBasis.NET)["refused"]
        assert "have the operator add it first" in told
        assert commanding.load_file(path, "Ledger", authority=NAME, basis=AmountBasis.NET)["new"] == 2
