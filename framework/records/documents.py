"""Documents: the only room that knows WeasyPrint. A page of ours becomes a PDF, the same bytes every time.

The work is done by a child process, so that a page that never ends or eats all memory costs a child and not the site. What is
drawn comes from its own HTML alone: the fetcher opens no address and no file, only what the page carries in itself (`data:`).
"""

import ctypes
import os
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, ProcessPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from io import BytesIO
from multiprocessing import get_context, parent_process
from typing import Any, TypeVar

Answer = TypeVar("Answer")

PDF = "application/pdf"
SECONDS = 60
"""Longest that one document may take, waiting for its turn included."""
_TRIES = 2


class NotDrawn(Exception):
    """The document could not be drawn; the text says why in words."""


@dataclass(frozen=True, slots=True)
class Missing:
    """What this machine lacks for making PDFs."""

    packages: tuple[str, ...]

    def __str__(self) -> str:
        return (
            "This site cannot make PDF files, because system packages are missing: "
            f"{' and '.join(self.packages)}. Papers are made as web pages to print instead"
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document to draw: its HTML, the data it was made from, and what fixes its bytes."""

    html: str
    data: str
    """Canonical JSON, attached to the PDF as `data.json`."""
    identifier: str
    """Hexadecimal; the same data gives the same one."""
    made_at: datetime


def available() -> Missing | None:
    """None when PDFs can be made here, else which system packages are missing (by their Debian names).

    Looks for the libraries that WeasyPrint opens, once, without loading WeasyPrint into the site's own process.
    """
    if not _known:
        _known.append(_lacking())
    packages = _known[0]
    return Missing(packages) if packages else None


_known: list[tuple[str, ...]] = []

# (on Linux, on macOS, the package that brings it)
_LIBRARIES = (
    ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libglib2.0-0"),
    ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0"),
    ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz0b"),
    ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig1"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0"),
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset0"),
)


def _lacking() -> tuple[str, ...]:
    if find_spec("weasyprint") is None:
        return ("the Python package weasyprint",)
    return tuple(package for linux, macos, package in _LIBRARIES if not (_opens(linux) or _opens(macos)))


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def draw(sheet: Sheet) -> bytes:
    """The PDF of a sheet: PDF/A-3a, marked as PDF/UA, tagged, its data attached. Called in the child process.

    Conformance is what the variant asks of WeasyPrint; it has not been certified by a validator.
    """
    from weasyprint import HTML, Attachment

    attached = Attachment(
        file_obj=BytesIO(sheet.data.encode()),
        name="data.json",
        description="The data that this document was made from",
        created=sheet.made_at,
        modified=sheet.made_at,
        relationship="Data",
    )
    page = HTML(string=sheet.html, base_url=None, url_fetcher=fetcher())
    drawn: bytes = page.write_pdf(
        finisher=_mark_accessible,
        pdf_variant="pdf/a-3a",
        pdf_identifier=bytes.fromhex(sheet.identifier)[:16],
        pdf_tags=True,
        attachments=[attached],
    )
    return drawn


def fetcher() -> Any:
    """A fetcher that opens nothing but what the page carries in itself."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=("data",), allow_redirects=False)


_UA = b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" /></rdf:RDF>'


def _mark_accessible(_document: Any, pdf: Any) -> None:
    # WeasyPrint marks PDF/A or PDF/UA, not both, and its own option for more metadata writes a second rdf:RDF, of which the
    # standard allows one.
    for one in pdf.objects:
        if getattr(one, "extra", {}).get("Type") == "/Metadata":
            one.stream = [bytes(part).replace(b"</rdf:RDF>", _UA) for part in one.stream]


def render(sheet: Sheet, *, seconds: float = SECONDS) -> bytes:
    """Draw a sheet in the child process. A child that dies is replaced and the sheet tried once more.

    Raises `NotDrawn` when that fails too, when it takes longer than `seconds`, or when WeasyPrint is not available.
    Slow: never call it while an agreement's row is held.
    """
    if missing := available():
        raise NotDrawn(str(missing))
    return _in_child(draw, sheet, seconds=seconds)


def _in_child(work: Callable[..., Answer], *given: Any, seconds: float = SECONDS) -> Answer:
    for _ in range(_TRIES):
        pool = _pools.get()
        try:
            return pool.submit(work, *given).result(timeout=seconds)
        except (CancelledError, RuntimeError):
            # The child died, or another thread gave it up (BrokenProcessPool is a RuntimeError).
            _pools.drop(pool)
        except Late:
            _pools.drop(pool)
            raise NotDrawn("Making the document took too long. Try again in a few minutes") from None
        except Exception as error:
            raise NotDrawn(f"The document could not be made ({type(error).__name__})") from error
    raise NotDrawn("The document could not be made: the process that makes documents stopped twice")


def _end_with_parent() -> None:
    # Runs in the child: a site process that is killed outright must not leave it waiting for work for ever.
    def wait() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


class _Pools:
    """One child process for this process, started when first needed (after any fork) and again when it has died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._owner = 0

    def get(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None or self._owner != os.getpid():
                # Spawned and not forked: a fork would carry the threads, locks and database connections of the site.
                self._pool = ProcessPoolExecutor(
                    1, mp_context=get_context("spawn"), initializer=_end_with_parent
                )
                self._owner = os.getpid()
            return self._pool

    def drop(self, pool: ProcessPoolExecutor) -> None:
        """Give up a pool and end its child, which may still be at work."""
        with self._lock:
            if self._pool is pool:
                self._pool = None
        # Python has no public way to end a pool's child before 3.14.
        children = list((getattr(pool, "_processes", None) or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.kill()


_pools = _Pools()


def child_process() -> int:
    """The id of the process that draws documents for this one."""
    return _in_child(os.getpid)


def iso(moment: datetime) -> str:
    """A moment as documents' metadata writes it, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
