"""W8 and W9: starting, memory, and what the first page weighs."""

import gzip
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

from bench.site import Site
from bench.timing import Work

BARE = "python with flask and sqlmodel"
_ROOT = Path(__file__).resolve().parents[1]
_MAKE = "import app, pathlib; from framework.records.settings import Settings; app.create_app(Settings(pathlib.Path('.'), 'sqlite://', 'k' * 40))"
_PSS = "; print(sum(int(line.split()[1]) for line in open('/proc/self/smaps_rollup') if line.startswith('Pss:')))"


def works(_site: Site) -> dict[str, Work]:
    """A process that only imports the two libraries, and one that has the whole application ready."""
    return {BARE: lambda: _run("import flask, sqlmodel"), "the application": lambda: _run(_MAKE)}


def _run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=_ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def weigh(site: Site) -> None:
    """Print memory, and for a signed-in reader the requests and gzipped bytes of the first page and of the next ones."""
    print("\nMemory of one process with the application ready (PSS)")
    if Path("/proc/self/smaps_rollup").exists():
        print(f"  bare libraries {int(_run('import flask, sqlmodel' + _PSS)) / 1024:.0f} MiB")
        print(f"  the application {int(_run(_MAKE + _PSS)) / 1024:.0f} MiB, goal 120")
    client = site.council("framework owner")
    print("\nFirst load (gzipped bytes as sent, else as gzip would make them)")
    first = client.get("/call-offs/", headers={"Accept-Encoding": "gzip"})
    html = _plain(first)
    assets = sorted({*re.findall(r'<(?:link[^>]+rel="stylesheet"[^>]+href|script[^>]+src)="([^"]+)"', html)})
    assets += re.findall(r'<link[^>]+rel="(?:shortcut )?icon"[^>]+href="(/[^"]+)"', html)
    total = _told("the page (50 call-offs)", first)
    for address in assets:
        total += _told(address, client.get(address, headers={"Accept-Encoding": "gzip"}))
    # Letters beyond plain Latin come in files of their own, fetched only where a name needs them.
    style = next((one for one in assets if "tracker.css" in one), "")
    found = re.findall(r"url\(([^)]+\.woff2[^)]*)\)", _plain(client.get(style)) if style else "")
    fonts = [urljoin(style, one.strip("\"'")) for one in dict.fromkeys(found) if "-ext" not in one]
    for address in fonts:
        total += _told(address, client.get(address))
    assets += fonts
    print(f"  {1 + len(assets)} requests and {total / 1000:.1f} kB; goal 6 and 100 kB")
    print("\nNext pages, goal 12 kB each")
    for address in ("/", "/agreements/SC001", "/cases/", "/coming/", "/spend/"):
        _told(address, client.get(address, headers={"Accept-Encoding": "gzip"}))


def _plain(answer: object) -> str:
    data: bytes = answer.get_data()  # type: ignore[attr-defined]
    return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode()


def _told(what: str, answer: object) -> int:
    data: bytes = answer.get_data()  # type: ignore[attr-defined]
    sent = data[:2] == b"\x1f\x8b" or answer.headers.get("Content-Encoding") == "gzip"  # type: ignore[attr-defined]
    size = len(data) if sent or what.endswith("woff2") else len(gzip.compress(data, 6))
    print(f"  {what:<60} {size:>9,} bytes {'sent so' if sent else 'if it were compressed'}")
    return size
