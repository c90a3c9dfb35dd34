"""Column shapes shared by every table: pence, enumerations and the names of constraints."""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

# Names are needed before the first table is declared: Alembic's batch mode drops and makes constraints by name.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Pence = sa.BigInteger
"""Integer pence. Never a float or a NUMERIC: SQLite stores those as REAL and loses pennies."""


def one_of(kind: type[StrEnum]) -> Any:
    """A text column that holds the *values* of an enumeration, the same on both databases."""
    return sa.Enum(
        kind,
        native_enum=False,
        validate_strings=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Balances(SQLModel):
    """Running balances of a scope, in pence on the agreement's own VAT basis.

    Moved only by the ledger, in the transaction that posts the entry; `tracker verify` recomputes each from the entries.
    """

    reserved_pence: int = Field(default=0, sa_type=Pence)
    committed_pence: int = Field(default=0, sa_type=Pence)
    invoiced_pence: int = Field(default=0, sa_type=Pence)
    paid_pence: int = Field(default=0, sa_type=Pence)


def table_of(model: type[SQLModel]) -> sa.Table:
    """The Core table of a model, for statements on the paths where objects cost too much."""
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    return table


def balance_checks(ceiling: str | None = None) -> tuple[sa.CheckConstraint, ...]:
    """The last wall: no balance below nothing and, where `ceiling` names a column, no promise above it.

    A scope without a ceiling (a past agreement whose figure was not published) can hold no promise at all: a blank
    ceiling never means unlimited. Pass `ceiling=None` for scopes that have no limit of their own.
    """
    walls = [
        sa.CheckConstraint(f"{name}_pence >= 0", name=f"{name}_not_negative")
        for name in ("reserved", "committed", "invoiced", "paid")
    ]
    if ceiling:
        walls.append(
            sa.CheckConstraint(
                f"reserved_pence + committed_pence <= COALESCE({ceiling}, 0)", name="within_ceiling"
            )
        )
    return tuple(walls)


def index_where(name: str, *columns: str, where: str) -> sa.Index:
    """An index of the few rows that wait for somebody, so that looking for them costs nothing for the many that do not.

    A query uses it when it asks for everything in `where`, written alike.
    """
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
