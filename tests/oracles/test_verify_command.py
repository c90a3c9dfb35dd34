"""`tracker verify` as an operator runs it: a process of its own, whose exit status says whether the books are whole."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import Session

from calloffs.spend.invoicing import record_invoice
from calloffs.spend.verifying import verify
from calloffs.varying import Change, propose_variation
from framework.definitions import dates
from framework.definitions.money import Money
from framework.records.settings import Settings
from framework.records.stored_document import StoredDocument
from tests.calloffs.spend.building import bill, live_call_off
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[2]

# What is done behind the product's back, and what must be said of it.
DAMAGE = {
    "a balance": ("UPDATE lot SET committed_pence = committed_pence + 1 WHERE number = 4", "Lot DP21-4"),
    "an entry": (
        "UPDATE ledger_entry SET amount_pence = amount_pence + 1 WHERE kind = 'commitment'",
        "Call-off",
    ),
    "an entry taken away": ("DELETE FROM ledger_entry WHERE kind = 'invoice'", "Invoice INV-1"),
    "an audit record": ("UPDATE audit_record SET facts = '{}' WHERE id = 1", "Audit chain: record 1"),
    "who did it": ("UPDATE audit_record SET actor_id = 2 WHERE id = 1", "Audit chain: record 1"),
    "audit words": ("UPDATE audit_words SET value = 'Never said'", "was changed after it was written"),
    "words taken away": ("UPDATE audit_words SET value = NULL", "is gone without being erased"),
    "words deleted": ("DELETE FROM audit_words", "is gone without being erased"),
    "facts that are no facts": ("UPDATE audit_record SET facts = 'x' WHERE id = 1", "Audit chain: record 1"),
    "a salt": ("UPDATE audit_words SET salt = 'x'", "was changed after it was written"),
    "a moment": ("UPDATE audit_record SET at = 'x' WHERE id = 1", "Audit chain: something cannot be read"),
    "a record in the middle": ("DELETE FROM audit_record WHERE id = 1", "record 1 is missing"),
    "the last record": (
        "DELETE FROM audit_record WHERE id = (SELECT max(id) FROM audit_record)",
        "the chain ends at record 1, but its head says 2",
    ),
    "a document": ("UPDATE stored_document SET content = x'00' || content", "Document OF-1"),
}
BY_PROCESS = ("a balance", "an entry", "an audit record", "audit words", "the last record", "a document")
"""The kinds of damage that are tried on a whole process; the others are tried on what it runs."""


def _verify(url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "DATA_FOLDER": str(folder), "DATABASE_URL": url, "SECRET_KEY": "k" * 32}
    return subprocess.run(
        [sys.executable, ROOT / "commands.py", "verify"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def books(session: Session, cast: Cast) -> None:
    call_off = live_call_off(session, cast, case="80,000")
    record_invoice(
        session, actor=cast.visitor(session, "Finn"), call_off=call_off, facts=bill(net="333.33", vat="66.67")
    )
    assert call_off.ends_on is not None
    more = Change(Money.pounds(61_000), call_off.ends_on, "More to do", "not_substantial")
    propose_variation(session, actor=cast.visitor(session, "Asha"), call_off=call_off, change=more)
    content = b"%PDF-1.7 An order form"
    session.add(
        StoredDocument(
            kind="order_form",
            reference="OF-1",
            title="Order form",
            file_name="of.pdf",
            media_type="application/pdf",
            subject_kind="call_off",
            subject_id=call_off.id,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            created_at=dates.now(),
        )
    )
    session.commit()
    session.close()


def _damaged(whole: Path, folder: Path, number: int, statement: str) -> str:
    """A copy that somebody with the file and no scruples had in hand: the walls are taken down first."""
    copy = folder / f"damaged-{number}.db"
    shutil.copyfile(whole, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as line:
        for (name,) in line.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            line.execute(f'DROP TRIGGER "{name}"')
        assert line.execute(statement).rowcount > 0, statement
    return f"sqlite:///{copy}"


@pytest.mark.slow
def test_check_58_whole_books_pass_and_each_kind_of_damage_stops_it_and_is_named(
    books: None, settings: Settings, tmp_path: Path
) -> None:
    whole = settings.database_file
    assert whole is not None
    with closing(sqlite3.connect(whole)) as line:
        line.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    urls = [settings.database_url]
    urls += [_damaged(whole, tmp_path, number, DAMAGE[one][0]) for number, one in enumerate(BY_PROCESS)]
    with ThreadPoolExecutor(max_workers=2) as two:
        told = list(two.map(lambda url: _verify(url, tmp_path), urls))
    good, *bad = told
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.splitlines()[-1] == "Everything agrees."
    for what, one in zip(BY_PROCESS, bad, strict=True):
        said, lines = DAMAGE[what][1], one.stdout.splitlines()
        assert (what, one.returncode, one.stderr) == (what, 1, "")
        assert any(said in line for line in lines if line.startswith("DIFFERS: ")), (what, one.stdout)
        assert lines[-1].endswith(("thing differs.", "things differ.")), what


def test_each_other_kind_of_damage_is_found_and_named(books: None, session: Session) -> None:
    connection = session.connection(execution_options={"write": True})
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
    for name in names.all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    assert verify(session).whole
    for what in DAMAGE.keys() - set(BY_PROCESS):
        statement, said = DAMAGE[what]
        with connection.begin_nested() as once:
            assert connection.exec_driver_sql(statement).rowcount > 0, what
            found = verify(session)
            assert any(said in one for one in found.differences), (what, found.differences)
            once.rollback()
    assert verify(session).whole
