"""`tracker spend`: extracts of finance systems from the command line."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask

_BASES = click.Choice(["net", "gross", "both"])


@click.group(short_help="Extracts of finance systems.")
def spend() -> None:
    """Extracts of finance systems: check a file, load it, take an import back."""


_file = click.argument("file", type=click.Path(path_type=Path))
_source = click.option(
    "--source", "name", required=True, help="The source that the file comes from, by name."
)
_authority = click.option("--authority", help="Whose source it is, where the source does not exist yet.")
_basis = click.option("--basis", type=_BASES, help="What the amounts of a new source are.")
_as = click.option("--as", "email", help="E-mail address of the person who records money there.")


@spend.command("check", short_help="Say what loading a file would do; nothing is saved.")
@_file
@_source
@_authority
@_basis
def check(file: Path, name: str, authority: str | None, basis: str | None) -> None:
    """Check a CSV, XLSX, XLS or ODS extract and print as JSON what loading it would do. Nothing is saved.

    Sums are in pence: "sums" over the rows that would be kept, "sums_left_out" over the others as far as they can be read, "sums_in_file"
    over both; "unreadable_amounts" counts what cannot. "basis_from" says whether the source, you ("given"), the headings or nobody
    ("assumed") said what the amounts are. The exit status is 1 when a row is rejected or the file cannot be read.
    """
    from calloffs.extracts import commanding

    if _is_ready():
        with _application().app_context():
            found = commanding.check_file(file, name, authority=authority, basis=_of(basis))
    else:
        found = commanding.check_unknown(file, name, basis=_of(basis))
    _say(found)


@spend.command("load", short_help="Load a file; rows that cannot be read are left out.")
@_file
@_source
@_authority
@_basis
@click.option("--agree", is_flag=True, help="Warnings were looked at.")
@_as
def load(
    file: Path, name: str, authority: str | None, basis: str | None, agree: bool, email: str | None
) -> None:
    """Load an extract and print as JSON what was done, with the number of the import.

    The source is made when --authority and --basis are given. Rows that cannot be read are left out and named; the others are kept,
    those that look like others too ("asked_rows").
    The exit status is 1 when a row was rejected, or when nothing was saved ("refused" says why).
    """
    from calloffs.extracts import commanding

    _must_be_ready()
    with _application().app_context():
        found = commanding.load_file(
            file, name, authority=authority, basis=_of(basis), agree=agree, email=email
        )
    _say(found)


@spend.command("undo", short_help="Take an import back, within 30 days.")
@click.argument("number", metavar="IMPORT", type=click.IntRange(1, 2**31 - 1))
@_as
def undo(number: int, email: str | None) -> None:
    """Take an import back: its lines no longer count, and lines that it changed say what they said before."""
    from calloffs.extracts import commanding

    _must_be_ready()
    with _application().app_context():
        found = commanding.undo_import(number, email=email)
    _say(found)


@spend.command("sources", short_help="List the sources.")
def sources() -> None:
    """List every source with its authority, basis and last import, as JSON."""
    from calloffs.extracts import commanding

    _must_be_ready()
    with _application().app_context():
        click.echo(json.dumps(commanding.sources_told(), ensure_ascii=False, indent=2))


def _application() -> "Flask":
    from app import create_app
    from framework.records import settings

    try:
        return create_app(settings.load())
    except settings.SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None


def _is_ready() -> bool:
    from sqlalchemy.exc import SQLAlchemyError

    from framework.records import database, settings

    try:
        found = settings.load()
        if found.database_file is not None and not found.database_file.exists():
            return False
        with _application().app_context():
            return database.at_newest(database.current(), found.database_url)
    except settings.SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None
    except SQLAlchemyError as wrong:
        raise click.ClickException(f"The database cannot be used: {type(wrong).__name__}") from None


def _must_be_ready() -> None:
    if not _is_ready():
        raise click.ClickException(
            "The database is not ready. First: ./run tracker migrate, or ./run tracker prepare, which also fills a new one with the sample"
        )


def _of(basis: str | None) -> Any:
    from calloffs.extracts.source import AmountBasis

    return AmountBasis(basis) if basis else None


def _say(found: dict[str, Any]) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    if found.get("refused") or found.get("rejects"):
        sys.exit(1)
