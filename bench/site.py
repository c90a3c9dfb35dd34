"""The whole application over made-up records, visited through WSGI by people who are signed in, audit and all."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlmodel import Session, select

from app import create_app
from bench.timing import Work
from calloffs import scale
from framework.definitions import dates
from framework.people import finding
from framework.people.permissions import Visitor
from framework.people.person import Person, SignIn
from framework.records import database
from framework.records.settings import Settings


class Site:
    """An application on a database of one scale in a folder; made when the folder has none."""

    def __init__(self, folder: Path, size: str) -> None:
        self.size = size
        self.file = folder / f"{size}.db"
        url = f"sqlite:///{self.file}"
        made = self.file.exists()
        database.migrate(url)
        self.app = create_app(
            Settings(data_folder=folder, database_url=url, secret_key=secrets.token_hex(32))
        )
        if not made:
            print(f"Making {size} …", flush=True)
            with self.app.app_context():
                scale.load(scale.SIZES[size])

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction of actions."""
        with self.app.app_context(), database.writing() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """The visit's own session, closed afterwards."""
        with self.app.app_context():
            try:
                yield database.current()
            finally:
                database.current().close()

    def signed_in(self, name: str) -> FlaskClient:
        """A client of this person, by a row of their own as signing in leaves it."""
        token = secrets.token_urlsafe(16)
        with self.writing() as session:
            person = session.exec(select(Person).where(Person.name == name)).one()
            digest, now = hashlib.sha256(token.encode()).hexdigest(), dates.now()
            session.add(SignIn(token_digest=digest, person_id=person.id, started_at=now, last_seen_at=now))
        client = self.app.test_client()
        with client.session_transaction() as cookie:
            cookie["sign_in"] = token
        return client

    def council(self, role: str) -> FlaskClient:
        """Somebody of the first council."""
        return self.signed_in(f"Ashbourne {role} 1")

    def who(self, session: Session, person_id: int) -> Visitor:
        """A person as the actor of an action."""
        found = finding.visitor(session, person_id)
        assert found is not None
        return found


def get(client: FlaskClient, address: str) -> Work:
    """One look at a page, read to its end; anything but 200 stops the run."""

    def look() -> bytes:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status}")
        return answer.get_data()

    return look


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "input" and named.get("type") == "hidden" and named.get("name"):
            self.found[str(named["name"])] = named.get("value") or ""


def form_on(client: FlaskClient, address: str) -> dict[str, Any]:
    """The hidden fields of the page's form: its token and its key."""
    parser = _Fields()
    parser.feed(client.get(address).get_data(as_text=True))
    return dict(parser.found)
