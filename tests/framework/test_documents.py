"""Documents: drawn in a child process, from nothing but themselves, to the same bytes every time."""

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest

from framework.records import documents
from framework.records.documents import NotDrawn, Sheet
from framework.records.filing import safe_file_name

MADE_AT = datetime(2022, 11, 22, 10, 0, tzinfo=UTC)
HTML = """<!DOCTYPE html><html lang="en-GB"><head><title>A paper</title>
<meta name="dcterms.created" content="2022-11-22T10:00:00Z"><meta name="dcterms.modified" content="2022-11-22T10:00:00Z">
</head><body><h1>A paper</h1><table><tr><th scope="row">Name</th><td>Value</td></tr></table>{more}</body></html>"""


def sheet(more: str = "") -> Sheet:
    return Sheet(HTML.replace("{more}", more), '{"a":1}', "ab" * 32, MADE_AT)


@pytest.fixture(scope="module")
def drawn() -> bytes:
    return documents.render(sheet())


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that remembers whatever is asked of it."""
    asked: list[str] = []

    class Ear(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_a_document_is_tagged_titled_and_marked_as_archival_and_accessible(drawn: bytes) -> None:
    with pikepdf.open(BytesIO(drawn)) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as about:
            assert about["pdfaid:part"] == "3"
            assert about["pdfaid:conformance"] == "A"
            assert about["pdfuaid:part"] == "1"
            assert about["dc:title"] == "A paper"


def test_a_document_carries_the_data_it_was_made_from(drawn: bytes) -> None:
    with pikepdf.open(BytesIO(drawn)) as pdf:
        assert pdf.attachments["data.json"].get_file().read_bytes() == b'{"a":1}'


@pytest.mark.slow
def test_another_process_draws_the_same_bytes(drawn: bytes) -> None:
    script = (
        "import sys; from tests.framework.test_documents import sheet; from framework.records.documents import draw; "
        "sys.stdout.buffer.write(draw(sheet()))"
    )
    other = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert other.stdout == drawn


@pytest.mark.slow
def test_nothing_outside_the_page_is_fetched(listener: tuple[str, list[str]], drawn: bytes) -> None:
    address, asked = listener
    drawn_with = documents.render(
        sheet(
            f'<img src="{address}/image.png" alt="x"><link rel="stylesheet" href="{address}/style.css">'
            f'<link rel="attachment" href="file:///etc/hostname"><img src="file:///etc/hostname" alt="y">'
            f'<style>@import url("{address}/more.css"); @font-face {{ font-family: F; src: url("{address}/f.woff2") }}'
            f'p {{ font-family: F; background: url("{address}/back.png") }}</style><p>Words</p>'
        )
    )
    assert asked == []
    with pikepdf.open(BytesIO(drawn_with)) as pdf:
        assert list(pdf.attachments) == ["data.json"]
    # The ear does hear: otherwise silence would prove nothing.
    import urllib.request

    urllib.request.urlopen(f"{address}/heard").close()
    assert asked == ["/heard"]


def test_the_fetcher_opens_what_the_page_carries_and_refuses_all_else() -> None:
    fetch = documents.fetcher()
    assert fetch.fetch("data:text/plain,hello").read() == b"hello"
    for address in (
        "http://127.0.0.1:9/",
        "https://example.org/",
        "file:///etc/hostname",
        "ftp://example.org/x",
    ):
        with pytest.raises(ValueError, match="disallowed"):
            fetch.fetch(address)


@pytest.mark.slow
def test_a_child_that_was_killed_is_replaced_and_the_work_done_again(drawn: bytes) -> None:
    before = documents.child_process()
    assert before != os.getpid()
    os.kill(before, signal.SIGKILL)
    assert documents.render(sheet()) == drawn
    assert documents.child_process() != before


@pytest.mark.slow
def test_a_document_that_takes_too_long_is_given_up_and_its_child_ended() -> None:
    child = documents.child_process()
    endless = sheet("<table><tr><td>Word</td></tr></table>" * 20_000)
    with pytest.raises(NotDrawn, match="too long"):
        documents.render(endless, seconds=0.2)
    for _ in range(100):
        if not _runs(child):
            break
        time.sleep(0.1)
    assert not _runs(child)
    assert documents.render(sheet())


def _runs(process: int) -> bool:
    try:
        with open(f"/proc/{process}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
def test_a_site_process_that_is_killed_takes_its_child_along() -> None:
    script = (
        "from framework.records import documents; print(documents.child_process(), flush=True); "
        "import time; time.sleep(600)"
    )
    site = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert site.stdout
    child = int(site.stdout.readline())
    assert _runs(child)
    site.kill()
    site.wait()
    for _ in range(100):
        if not _runs(child):
            break
        time.sleep(0.1)
    assert not _runs(child)


@pytest.mark.slow
def test_threads_share_one_child(drawn: bytes) -> None:
    with ThreadPoolExecutor(3) as threads:
        assert set(threads.map(lambda _: documents.render(sheet()), range(3))) == {drawn}
        assert len(set(threads.map(lambda _: documents.child_process(), range(3)))) == 1


def test_the_site_process_never_loads_the_drawing_library() -> None:
    script = (
        "import sys, app; from framework.records import documents; "
        "documents.available(); sys.exit('weasyprint' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_library_that_is_not_there_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = ("libno-such-library.so.0", "libno-such-library.dylib", "libpango-1.0-0")
    monkeypatch.setattr(documents, "_LIBRARIES", (documents._LIBRARIES[0], absent))
    monkeypatch.setattr(documents, "_known", [])
    missing = documents.available()
    assert missing
    assert missing.packages == ("libpango-1.0-0",)


def test_missing_packages_are_named_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_known", [("libpango-1.0-0", "libharfbuzz-subset0")])
    assert "libpango-1.0-0 and libharfbuzz-subset0" in str(documents.available())
    with pytest.raises(NotDrawn, match="libpango"):
        documents.render(sheet())


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("DP21-4-0001-OF1", "DP21-4-0001-OF1.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ('a"b\r\nSet-Cookie: x', "a-b-Set-Cookie-x.pdf"),
        ("Tŷ & Co <b>", "T-Co-b.pdf"),
        ("…", "document.pdf"),
    ],
)
def test_a_file_name_holds_nothing_that_a_header_or_a_folder_would_read(words: str, name: str) -> None:
    assert safe_file_name(words, "pdf") == name
