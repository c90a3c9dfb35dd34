"""W4: the confirm step of a large extract, against the least that its lines cost, and how long a writer waits meanwhile."""

import csv
import io
import sqlite3
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, sleep

from sqlmodel import Session

from bench.site import Site
from bench.timing import Goal
from calloffs.extracts import confirming, identity, taking, working
from calloffs.extracts.fields import EMPTY
from calloffs.extracts.source import AmountBasis
from calloffs.extracts.sourcing import add_source
from calloffs.extracts.spend_import import SpendImport
from calloffs.extracts.spend_line import SpendLine
from framework.people.permissions import HeldPost, Role, Visitor
from framework.records import database
from framework.records.columns import table_of

BARE = "csv, executemany and a grouped update"
CONFIRM = "confirm"
GOALS = (Goal(CONFIRM, 1.6, BARE),)
LINES = 50_000
_HEADS = (
    "Transaction number",
    "Payment date",
    "Supplier name",
    "Net amount",
    "VAT",
    "Gross",
    "Cost centre",
    "Narrative",
)
_ACTOR = Visitor(None, "The bench", posts=(HeldPost(1, Role.FINANCE_REVIEWER),))
_FIRST = date(2022, 4, 1)


def measure(site: Site, rounds: int) -> dict[str, float]:
    """Median seconds of both, in turns; prints the whole import and the longest wait of a writer as well."""
    taken: dict[str, list[float]] = {BARE: [], CONFIRM: []}
    waits: list[float] = []
    whole: list[float] = []
    floor = Floor(site.file.parent / "floor.db")
    for turn in range(rounds):
        text = extract(turn)
        begun = perf_counter()
        floor.load(text, turn)
        taken[BARE].append(perf_counter() - begun)
        begun = perf_counter()
        number = _checked(site, text, turn)
        confirmed = perf_counter()
        _confirm(site, number)
        taken[CONFIRM].append(perf_counter() - confirmed)
        whole.append(perf_counter() - begun)
    with _writer(site, waits):
        _confirm(site, _checked(site, extract(rounds), rounds))
    print(f"  a whole import of {LINES:,} lines: {sorted(whole)[len(whole) // 2]:.1f} s")
    waits.sort()
    print(
        f"  a writer waits at most {waits[-1] * 1000:.0f} ms, median {waits[len(waits) // 2] * 1000:.1f} ms ({len(waits)} times)"
    )
    return {name: sorted(times)[len(times) // 2] for name, times in taken.items()}


def extract(turn: int) -> bytes:
    """A ledger of 50,000 lines of its own transactions, credits among them."""
    out = io.StringIO()
    write = csv.writer(out).writerow
    write(_HEADS)
    for at in range(LINES):
        net = (at % 9_973 + 1) * (-1 if at % 50 == 0 else 1)
        write(
            (
                f"T{turn}-{at:06}",
                (_FIRST + timedelta(days=at % 200)).isoformat(),
                f"Supplier {at % 700}",
                f"{net}.00",
                f"{net * 20 / 100:.2f}",
                f"{net * 120 / 100:.2f}",
                f"{at % 400:05}",
                f"Work done in week {at % 52}",
            )
        )
    return out.getvalue().encode()


class Floor:
    """The same lines into a table of the same columns and indexes, by the standard library alone; then a sum for each supplier kept."""

    def __init__(self, path: Path) -> None:
        from sqlalchemy.dialects import sqlite
        from sqlalchemy.schema import CreateIndex, CreateTable

        self._to = sqlite3.connect(path, isolation_level=None)
        self._to.execute("PRAGMA journal_mode=WAL")
        self._to.execute("PRAGMA synchronous=FULL")
        table = table_of(SpendLine)
        self._to.execute(
            str(CreateTable(table, include_foreign_key_constraints=[]).compile(dialect=sqlite.dialect()))
        )
        for index in table.indexes:
            self._to.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
        self._to.execute("CREATE TABLE total (supplier TEXT PRIMARY KEY, pence INTEGER)")
        self._names = [one.name for one in table.columns if one.name != "id"]

    def load(self, text: bytes, turn: int) -> None:
        marks = ", ".join("?" * len(self._names))
        insert = f"INSERT INTO spend_line ({', '.join(self._names)}) VALUES ({marks}) ON CONFLICT DO NOTHING"
        self._to.execute("BEGIN IMMEDIATE")
        self._to.executemany(insert, self._rows(text, turn))
        self._to.execute(
            "INSERT INTO total SELECT supplier_name, sum(net_pence) FROM spend_line WHERE import_id = ? GROUP BY supplier_name "
            "ON CONFLICT (supplier) DO UPDATE SET pence = pence + excluded.pence",
            (turn,),
        )
        self._to.execute("COMMIT")

    def _rows(self, text: bytes, turn: int) -> Iterator[list[object]]:
        lines = csv.reader(io.StringIO(text.decode()))
        next(lines)
        blank: dict[str, object] = {
            name: "" if isinstance(EMPTY.get(name), str) else None for name in self._names
        }
        blank |= {
            "source_id": 1,
            "authority_id": 1,
            "import_id": turn,
            "flags": "",
            "not_ours_why": "",
            "occurrence": 1,
        }
        for row, (number, day, supplier, net, vat, gross, centre, narrative) in enumerate(lines, start=2):
            said: dict[str, object] = {
                **blank,
                "row": row,
                "transaction_number": number,
                "line_number": "",
                "paid_on": day,
                "accounting_on": day,
                "supplier_name": supplier,
                "supplier_number": "",
                "net_pence": int(net.replace(".", "")),
                "vat_pence": int(vat.replace(".", "")),
                "gross_pence": int(gross.replace(".", "")),
                "cost_centre": centre,
                "narrative": narrative,
            }
            said["identity"], said["alike"] = identity.key_of(said), identity.alike_of(said)
            yield list(said.values())


def _checked(site: Site, text: bytes, turn: int) -> int:
    ready = taking.packed(text)
    with site.writing() as session:
        name = f"Bench {turn}"
        source = add_source(session, actor=_ACTOR, authority_id=1, name=name, basis=AmountBasis.NET)
        number = taking.take(session, actor=_ACTOR, source=source, content=ready, file_name="bench.csv").id
    with site.app.app_context():
        working.finish(number)
    return number


def _confirm(site: Site, number: int) -> None:
    with site.writing() as session:
        imported = session.get_one(SpendImport, number)
        confirming.confirm(session, actor=_ACTOR, imported=imported, is_right=True, alike_seen=True)
    with site.app.app_context():
        working.finish(number)


class _writer:
    """Somebody who writes a row every few milliseconds, and notes how long the turn took to come."""

    def __init__(self, site: Site, waits: list[float]) -> None:
        self._site, self._waits, self._done = site, waits, threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_why: object) -> None:
        self._done.set()
        self._thread.join()

    def _write(self) -> None:
        with self._site.app.app_context():
            while not self._done.is_set():
                begun = perf_counter()
                with database.writing() as session:
                    self._waits.append(perf_counter() - begun)
                    self._touch(session)
                sleep(0.01)

    @staticmethod
    def _touch(session: Session) -> None:
        session.connection().exec_driver_sql("UPDATE party SET name = name WHERE id = 1")
