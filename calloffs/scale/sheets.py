"""Rows gathered table by table and written in blocks: executemany on SQLite, COPY on PostgreSQL."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from framework.records.audit import AuditHead, AuditRecord, AuditWords, Chain, Subject, plain
from framework.records.columns import table_of
from framework.records.database import writing

_AT_ONCE = 50_000


class Sheets:
    """Everything that is to be written. Rows are numbered here, in the order in which things happened.

    `salts` feeds the salts of erasable text, so that the same seed makes the same chain.
    """

    def __init__(self, salts: random.Random) -> None:
        self._rows: dict[type[SQLModel], list[dict[str, Any]]] = defaultdict(list)
        self._last: Counter[type[SQLModel]] = Counter()
        self._blank: dict[type[SQLModel], dict[str, Any]] = {}
        self._waiting = 0
        with writing() as session:
            head = table_of(AuditHead)
            number, previous = session.connection().execute(sa.select(head.c.last_id, head.c.last_hash)).one()
        self._chain = Chain(number, previous, lambda: f"{salts.getrandbits(128):032x}")

    def number(self, model: type[SQLModel]) -> int:
        """The next number of a table, taken."""
        self._last[model] += 1
        return self._last[model]

    def add(self, model: type[SQLModel], row: Mapping[str, Any]) -> int:
        """Put a row down and return its number (0 for a table without numbers); columns that are not named hold what the model says."""
        if model not in self._blank:
            fields = model.model_fields
            self._blank[model] = {
                column.name: fields[column.name].get_default() for column in table_of(model).columns
            }
        whole = {**self._blank[model], **row}
        if "id" in whole and "id" not in row:
            whole["id"] = self.number(model)
        self._rows[model].append(whole)
        self._waiting += 1
        return int(whole.get("id", 0))

    def record(
        self,
        at: datetime,
        actor_id: int | None,
        action: str,
        subject: Subject,
        facts: Mapping[str, Any],
        words: Mapping[str, str] | None = None,
    ) -> None:
        """An audit record, chained to the one before."""
        told = {name: plain(value) for name, value in facts.items()}
        row, texts = self._chain.link(at, actor_id, action, subject, told, words or {})
        self._rows[AuditRecord].append(row)
        for text in texts:
            self.add(AuditWords, text)
        self._waiting += 1

    def write_when_many(self) -> None:
        """Write what is gathered once it is a block. Nothing may be half told: parents stand beside or before their children."""
        if self._waiting >= _AT_ONCE:
            self.write()

    def write(self) -> None:
        """Write what is gathered, in a transaction of its own, the tables in the order in which they lean on each other."""
        order = {table.name: place for place, table in enumerate(SQLModel.metadata.sorted_tables)}
        with writing() as session:
            for model in sorted(self._rows, key=lambda one: order[table_of(one).name]):
                if rows := self._rows[model]:
                    _insert(session, table_of(model), rows)
            heads = table_of(AuditHead)
            session.connection().execute(
                heads.update().values(last_id=self._chain.number, last_hash=self._chain.hash)
            )
        self._rows.clear()
        self._waiting = 0

    def settle(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        """Set columns of rows that are written already; each of `rows` has its id as `b_id`."""
        if not rows:
            return
        names = [name for name in rows[0] if name != "b_id"]
        update = (
            table.update()
            .where(table.c.id == sa.bindparam("b_id"))
            .values({name: sa.bindparam(f"b_{name}") for name in names})
        )
        with writing() as session:
            session.connection().execute(
                update,
                [{"b_id": row["b_id"], **{f"b_{name}": row[name] for name in names}} for row in rows],
            )

    def finish(self) -> None:
        """Write the rest, and let the database number on from here and know how its tables are filled."""
        self.write()
        with writing() as session:
            connection = session.connection()
            if connection.dialect.name == "postgresql":
                for model, last in self._last.items():
                    name = table_of(model).name
                    connection.execute(
                        sa.text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                        {"name": name, "last": last},
                    )
            connection.exec_driver_sql("ANALYZE")


def _insert(session: Session, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        connection.execute(table.insert(), rows)
        return
    names = [column.name for column in table.columns]
    wanted = ", ".join(f'"{name}"' for name in names)
    cursor = cast(Any, connection.connection.cursor())
    with cursor.copy(f'COPY "{table.name}" ({wanted}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row([_raw(row[name]) for name in names])


def _raw(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
