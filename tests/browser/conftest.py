"""A real browser in front of the real site: Chromium of this machine, and the application served from a thread."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlmodel import Session
from werkzeug.serving import make_server

from app import create_app
from framework.definitions import dates
from framework.records import database
from framework.records.settings import Settings
from tests.calloffs.sample.test_sample import LOADED, load
from tests.cast import Cast
from tests.visiting import Visiting

Made = TypeVar("Made")
Prepare = Callable[[Callable[[Session, Cast], Made]], Made]
WIDE, NARROW = 1280, 320
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One browser for all of these, in one process."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("browser"))


def apart(work: Callable[[], Made]) -> Made:
    """Do something with the application in a thread of its own: Playwright keeps a loop running in the tests' thread."""
    with ThreadPoolExecutor(max_workers=1) as one:
        return one.submit(work).result()


def _let_go(app: Flask) -> None:
    with app.app_context():
        database.db.engine.dispose()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium, or the one Playwright brought; the tests are skipped where there is neither.

    Ended with its module: while Playwright runs, its event loop stands in the tests' own thread, and applications of other tests
    could not be put away there.
    """
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        if found is None and not os.path.exists(playwright.chromium.executable_path):
            pytest.skip("no Chromium on this machine, and Playwright has not brought its own")
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Site:
    """An application, the address at which it is served, and every path that was asked of it."""

    app: Flask
    address: str
    asked: list[str]


@contextmanager
def served(app: Flask) -> Iterator[Site]:
    """Serve it on a free port until the block ends."""
    asked: list[str] = []

    def counting(environ: Any, start_response: Any) -> Any:
        asked.append(environ["PATH_INFO"])
        return app(environ, start_response)

    server = make_server("127.0.0.1", 0, counting, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(app, f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole sample, loaded once. What a test changes in it, the next test sees: look, and do not touch."""
    folder = tmp_path_factory.mktemp("sample")
    app = apart(lambda: create_app(load(folder, LOADED)))
    app.testing = True
    with served(app) as site:
        yield site
    apart(lambda: _let_go(app))


@pytest.fixture
def on_the_day_of_the_sample() -> Iterator[None]:
    """The clock of the whole process at the moment to which the sample was lived."""
    with dates.at(LOADED):
        yield


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application over the cast, let go in a thread of its own."""
    app = apart(lambda: create_app(settings))
    app.testing = True
    yield app
    apart(lambda: _let_go(app))


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """The cast's database of this test alone."""
    with served(app) as found:
        yield found


class Browsing:
    """Somebody at a browser of their own. What the console complained of is kept."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context, self.site = context, site
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self._complain(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _complain(self, kind: str, words: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(words)

    def go(self, address: str) -> Page:
        self.page.goto(self.site.address + address)
        return self.page

    @property
    def sideways(self) -> int:
        """How many pixels of the page lie outside the window."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return max(0, width)


class Browsers:
    """Opens browsers for people, and closes them all at the end of a test."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._open: list[BrowserContext] = []

    def __call__(self, site: Site, name: str, *, width: int = WIDE, scripts: bool = True) -> Browsing:
        """Somebody signed in by name; "" is nobody."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, reduced_motion="reduce"
        )
        context.set_default_timeout(15_000)
        self._open.append(context)
        if name:
            cookie = apart(lambda: Visiting(site.app, name).client.get_cookie("tracker"))
            assert cookie is not None
            context.add_cookies([{"name": "tracker", "value": cookie.value, "url": site.address}])
        return Browsing(context, site)

    def close(self) -> None:
        for context in self._open:
            context.close()


@pytest.fixture
def browsing(chromium: Browser) -> Iterator[Browsers]:
    """`browsing(site, "Asha")` opens a browser for Asha."""
    browsers = Browsers(chromium)
    yield browsers
    browsers.close()


@pytest.fixture
def prepared(app: Flask) -> Prepare:
    """Do something by real actions before the browser opens: `prepared(lambda session, cast: ...)`."""

    def prepare(work: Callable[[Session, Cast], Made]) -> Made:
        def run() -> Made:
            with app.app_context():
                cast = Cast.read()
                with database.writing() as session:
                    return work(session, cast)

        return apart(run)

    return prepare
