"""Two servers on one database, each a process of its own, and people who press their buttons at the same moment."""

import http.client
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

import html5lib

from framework.definitions import dates
from framework.records import settings as reading
from framework.records.settings import Settings
from tests.visiting import Visiting

ROOT = Path(__file__).resolve().parents[2]
NOW = "2022-11-22T10:00:00+00:00"
"""The moment at which every server of a race stands: the one of the cast."""
PATIENCE = 60


class Press(NamedTuple):
    """A form as its visitor has it open: where it goes, what is in it, and the visitor's cookie."""

    address: str
    fields: dict[str, Any]
    cookie: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one of them was told."""

    status: int
    location: str
    html: str

    @property
    def text(self) -> str:
        """The words on the page, spaces folded."""
        tree: Element = html5lib.parse(self.html)
        return " ".join(" ".join(tree.itertext()).split())


def opened(visitor: Visiting, address: str, **fields: Any) -> Press:
    """Open the form at this address and fill it in, without sending it."""
    values = {**visitor.get(address).values(), **fields}
    cookie = visitor.client.get_cookie("tracker")
    assert cookie is not None
    return Press(address, values, f"tracker={cookie.value}")


@contextmanager
def two_servers(settings: Settings) -> Iterator[list[int]]:
    """The ports of two servers on the test's database, ended with the block."""
    environ = {
        **os.environ,
        "DATA_FOLDER": str(settings.data_folder),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
    }
    servers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.races.site"],
            env=environ,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        ports = []
        for server in servers:
            assert server.stdout is not None
            ports.append(int(server.stdout.readline()))
        yield ports
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            try:
                server.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            if server.stdout is not None:
                server.stdout.close()


def at_once(ports: Sequence[int], presses: Sequence[Press]) -> list[Answer]:
    """Everyone presses at the same moment, every other one on the other server; the answers in the same order."""
    answers: list[Answer | None] = [None] * len(presses)
    ready = threading.Barrier(len(presses))

    def press(place: int) -> None:
        one = presses[place]
        body = urlencode(one.fields, doseq=True)
        line = http.client.HTTPConnection("127.0.0.1", ports[place % len(ports)], timeout=PATIENCE)
        # The connection stands before anybody sends, so that the forms arrive together.
        line.connect()
        ready.wait(PATIENCE)
        headers = {"Cookie": one.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", one.address, body, headers)
        said = line.getresponse()
        answers[place] = Answer(said.status, said.getheader("Location", ""), said.read().decode())
        line.close()

    threads = [threading.Thread(target=press, args=(place,), daemon=True) for place in range(len(presses))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(2 * PATIENCE)
    given = [one for one in answers if one is not None]
    assert len(given) == len(presses), "somebody got no answer"
    return given


def _serve() -> None:
    """One web server with four threads, on a port that the system chooses and standard output tells."""
    from datetime import datetime

    from flask import Flask
    from gunicorn.app.base import BaseApplication

    from app import create_app

    class Site(BaseApplication):
        def load_config(self) -> None:
            chosen = {
                "bind": "127.0.0.1:0",
                "workers": 1,
                "threads": 4,
                "worker_class": "gthread",
                "loglevel": "error",
                "control_socket_disable": True,
                "when_ready": lambda arbiter: print(arbiter.LISTENERS[0].getsockname()[1], flush=True),
            }
            for name, value in chosen.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return create_app(reading.load())

    with dates.at(datetime.fromisoformat(NOW)):
        Site().run()


if __name__ == "__main__":
    _serve()
