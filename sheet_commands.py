"""`tracker rates` and `tracker skillsets`: sheets of rates and of people, checked from the command line."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from framework.records.settings import Settings


@click.group(short_help="Rate cards.")
def rates() -> None:
    """Rate cards."""


@rates.command("check", short_help="Check a file of day rates; nothing is saved.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lot", help="Judge rises too: the lot's reference, like DP2-4. Needs the database.")
@click.option("--supplier", help="The partner on that lot, by name.")
@click.option("--from", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day the rates would hold from.")
def check_rates_file(file: Path, lot: str | None, supplier: str | None, day: datetime | None) -> None:
    """Check a CSV, XLSX, XLS or ODS file of day rates and print what the page would say, as JSON.

    Amounts are in pence, net of VAT. The exit status is 1 when anything is to mend or the file cannot be read.
    """
    from lots.rates_checking import check_file, what_is_above

    if bool(lot) != bool(supplier):
        raise click.UsageError("--lot and --supplier go together.")
    if not (lot and supplier):
        found = check_file(file)
    else:
        from app import create_app
        from framework.records import database

        with create_app(_settings()).app_context():
            try:
                above = what_is_above(database.current(), lot, supplier, day.date() if day else None)
            except ValueError as unknown:
                raise click.ClickException(str(unknown)) from None
            found = check_file(file, above)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    if found.get("refused") or found.get("findings"):
        sys.exit(1)


@click.group(short_help="Sheets of people that partners put forward.")
def skillsets() -> None:
    """Sheets of people that partners put forward."""


@skillsets.command("check", short_help="Say what is to mend in a sheet of people.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--lot", help="Judge by the rate card too: the lot's reference, like DP2-4. Needs the database."
)
@click.option("--supplier", help="The partner on that lot, by name.")
def check_skillsets(file: Path, lot: str | None, supplier: str | None) -> None:
    """Check a sheet of people and print what the page would say, as JSON. The exit status is 1 when anything is to mend."""
    from lots.skillset_reading import check_file

    if bool(lot) != bool(supplier):
        raise click.UsageError("--lot and --supplier go together.")
    if not (lot and supplier):
        found = check_file(file)
    else:
        from app import create_app
        from framework.records import database
        from lots.skillset_finding import named_place

        with create_app(_settings()).app_context():
            try:
                found = check_file(file, *named_place(database.current(), lot, supplier))
            except ValueError as unknown:
                raise click.ClickException(str(unknown)) from None
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    if found.get("refused") or found.get("rows_to_mend"):
        sys.exit(1)


def _settings() -> "Settings":
    from framework.records import settings

    try:
        return settings.load()
    except settings.SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None
