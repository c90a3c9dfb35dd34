"""Making ready: the newest schema, and the sample on the first start of an installation that nobody has used yet."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from framework.definitions import dates
from framework.records import database
from framework.records.settings import Settings


class NotReady(Exception):
    """The installation cannot start as asked; the text says why and what to do."""


def make_ready(settings: Settings, *, empty: bool, load_sample: Callable[[Settings], None]) -> Path | None:
    """Migrate, and load the sample when nobody has ever been kept here. Two starts at once take turns.

    A first SQLite file is made beside its place and moved there whole, so a start that is broken off leaves nothing.
    With `empty` the sample never comes in, and a SQLite file that holds it is kept under another name, which is
    returned. Raises NotReady when that cannot be done, or when the database does not answer.
    """
    try:
        with _locked(settings, "starting.lock"):
            return _make_ready(settings, empty, load_sample)
    except sa.exc.OperationalError as wrong:
        raise NotReady(
            f"The database that DATABASE_URL names cannot be used: {str(wrong.orig).strip()}"
        ) from wrong


def _make_ready(settings: Settings, empty: bool, load_sample: Callable[[Settings], None]) -> Path | None:
    kept = None
    if empty:
        kept = _set_the_sample_aside(settings)
        _begun_empty(settings).touch()
    file = settings.database_file
    if file is None or file.exists():
        database.migrate(settings.database_url)
        _load_once(settings, load_sample)
        return kept
    file.parent.mkdir(parents=True, exist_ok=True)
    making = file.with_name(f"{file.name}.making")
    _remove_database(making)
    aside = replace(settings, database_url=f"sqlite:///{making}")
    database.migrate(aside.database_url)
    _load_once(aside, load_sample)
    _move(making, file)
    return kept


def _load_once(settings: Settings, load_sample: Callable[[Settings], None]) -> None:
    if not settings.sample or _begun_empty(settings).exists() or knows_somebody(settings.database_url):
        return
    load_sample(settings)


def knows_somebody(database_url: str, *, of_the_sample: bool = False) -> bool:
    """Whether the database holds any person at all, or any who exists only in the sample."""
    person = sa.table("person", sa.column("id"), sa.column("is_sample"))
    wanted = sa.select(person.c.id).limit(1)
    if of_the_sample:
        wanted = wanted.where(person.c.is_sample.is_(sa.true()))
    engine = sa.create_engine(database_url)
    try:
        with engine.connect() as connection:
            return connection.execute(wanted).first() is not None
    finally:
        engine.dispose()


def _set_the_sample_aside(settings: Settings) -> Path | None:
    """Keep a database that holds the sample as a file with today's date, so that real work begins in one of its own."""
    file = settings.database_file
    if file is not None and not file.exists():
        return None
    database.migrate(settings.database_url)
    if not knows_somebody(settings.database_url, of_the_sample=True):
        return None
    if file is None:
        raise NotReady("DATABASE_URL holds the sample: name an empty database to begin without it.")
    with _locked(settings, "serving.lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
        kept = _free_name(file.with_name(f"sample-{dates.today().isoformat()}{file.suffix}"))
        _move(file, kept)
        if settings.sample_sign_ins.exists():
            settings.sample_sign_ins.rename(kept.with_name(f"{kept.stem}-sign-ins.txt"))
    return kept


def _free_name(path: Path) -> Path:
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free


def _move(file: Path, to: Path) -> None:
    """Give a SQLite database that nobody has open another name, what is still in its journal included."""
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    file.rename(to)
    _remove_database(file)


def _remove_database(file: Path) -> None:
    for ending in ("", "-wal", "-shm", ".writer", ".next"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _begun_empty(settings: Settings) -> Path:
    """Its presence says that this installation was begun for real work: the sample never comes in."""
    return settings.data_folder / "begun-empty"


@contextmanager
def being_served(settings: Settings) -> Iterator[None]:
    """For as long as the site is up, its database may not be set aside."""
    with _locked(settings, "serving.lock", fcntl.LOCK_SH):
        yield


@contextmanager
def _locked(settings: Settings, name: str, how: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Hold a lock in the data folder, waiting for it unless `how` says not to. Raises NotReady when it is taken."""
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(settings.data_folder / name, "a") as file:
        try:
            fcntl.flock(file, how)
        except BlockingIOError:
            raise NotReady("The site is running: stop it first.") from None
        yield
