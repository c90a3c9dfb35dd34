"""W7: a table of 120,000 rows as a file: the CSV against the least that any CSV of the same rows costs, and how much memory each takes."""

import csv
import shutil
import sqlite3
import tempfile
from contextlib import closing
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from flask.testing import FlaskClient

from bench.site import Site
from bench.timing import Goal, Work

BARE = "bare CSV of the same rows"
ROWS = 120_000
_TABLE = "/spend/tables/invoices"
_MOST_MIB = 16
_QUERY = (
    "SELECT i.number, c.reference, l.reference, a.name, p.name, c.purchase_order, c.cost_centre, i.description, i.dated_on, "
    "i.received_on, i.due_on, i.net_pence, i.vat_pence, i.gross_pence, i.paid_gross_pence, i.gross_pence - i.paid_gross_pence "
    "FROM invoice i JOIN call_off c ON c.id = i.call_off_id JOIN lot l ON l.id = c.lot_id JOIN party a ON a.id = i.authority_id "
    "JOIN party p ON p.id = i.supplier_id WHERE i.authority_id = 1 ORDER BY i.id DESC"
)

# The goal of 60 % of the floor's rows in a second.
GOALS = (Goal("table as CSV", 1.67, BARE),)


def made(site: Site) -> Site:
    """A copy of the site whose first council has 120,000 invoices."""
    folder = site.file.parent / "export"
    if not folder.exists():
        folder.mkdir()
        with closing(sqlite3.connect(site.file)) as whole, closing(_open(folder)) as copy:
            whole.backup(copy)
            _fill(copy)
    return Site(folder, "export")


def works(site: Site) -> dict[str, Work]:
    """The bare CSV, and the table as CSV and as a workbook through the door, read to their ends."""
    reader = site.council("finance reviewer")
    return {
        BARE: lambda: _bare(site.file),
        "table as CSV": lambda: _fetch(reader, f"{_TABLE}.csv"),
    }


def memory(site: Site) -> None:
    """How far a process that has served a small file grows while it makes a large one: each in a process of its own."""
    for end in ("csv", "xlsx"):
        with get_context("spawn").Pool(1) as pool:
            grown, size = pool.apply(_grown, (str(site.file.parent), end))
        verdict = "met" if grown <= _MOST_MIB else "MISSED"
        print(
            f"  goal: {ROWS:,} rows as {end}, {size:.1f} MiB, memory grows <= {_MOST_MIB} MiB: {grown:.1f}, {verdict}"
        )


def _grown(folder: str, end: str) -> tuple[float, float]:
    reader = Site(Path(folder), "export").council("finance reviewer")
    _fetch(reader, f"{_TABLE}.{end}?lot=SC001-1")
    before = _peak()
    size = _fetch(reader, f"{_TABLE}.{end}")
    return _peak() - before, size / 2**20


def _peak() -> float:
    """MiB at the highest, of this process alone (what getrusage says is inherited from the one that began it)."""
    said = Path("/proc/self/status").read_text().split("VmHWM:")[1]
    return int(said.split()[0]) / 1024


def _fetch(client: FlaskClient, address: str) -> int:
    """The answer, block by block, none kept; how many bytes it had."""
    answer = client.get(address, buffered=False)
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status}")
    size = sum(len(block) for block in answer.response)
    answer.close()
    return size


def _bare(file: Path) -> None:
    """The same rows by sqlite3 and csv alone, in blocks of 500, to a file and read out of it."""
    with closing(sqlite3.connect(file)) as connection, tempfile.TemporaryFile("w+", newline="") as out:
        writer, rows = csv.writer(out), connection.execute(_QUERY)
        while block := list(islice(rows, 500)):
            writer.writerows(
                (*one[:11], *(f"{pence // 100}.{pence % 100:02}" for pence in one[11:])) for one in block
            )
        out.seek(0)
        shutil.copyfileobj(out, _Nowhere())


class _Nowhere:
    def write(self, _text: str) -> None:
        """Let it go."""


def _open(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "export.db")


def _fill(connection: sqlite3.Connection) -> None:
    of = connection.execute(
        "SELECT c.id, a.supplier_id FROM call_off c JOIN appointment a ON a.id = c.appointment_id WHERE c.authority_id = 1 LIMIT 40"
    ).fetchall()
    connection.executemany(
        "INSERT INTO invoice (call_off_id, authority_id, supplier_id, number, description, dated_on, received_on, due_on, net_pence, "
        "vat_pence, gross_pence, paid_gross_pence, recorded_at, without_purchase_order) "
        "VALUES (?, 1, ?, ?, 'Work done in the month', '2022-10-01', '2022-10-03', '2022-11-02', ?, ?, ?, 0, '2022-10-03 09:00:00', 0)",
        (
            (*of[number % len(of)], f"X-{number:06}", net := 10_000 + number, net // 5, net + net // 5)
            for number in range(ROWS)
        ),
    )
    connection.commit()
