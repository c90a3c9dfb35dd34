"""The command line. `tracker --help` says what there is; what is heavy is imported only by the command that needs it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, NamedTuple

import click

import sheet_commands
import spend_commands

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger
    from flask import Flask

    from framework.records.settings import Settings


class Job(NamedTuple):
    """Periodic work: what it is called, when it is due (minute hour day month weekday, London) and what it does."""

    name: str
    every: str
    run: Callable[[], object]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def tracker() -> None:
    """Framework agreements, lots and call-offs.

    Settings come from the environment (PORT, DATABASE_URL, SMTP_URL, PUBLIC_URL and the others that the README lists).
    A wrong one stops every command and is named.
    """


tracker.add_command(sheet_commands.rates)
tracker.add_command(sheet_commands.skillsets)
tracker.add_command(spend_commands.spend)


def main() -> None:
    """Entry point of `tracker`."""
    tracker(prog_name="tracker")


# Starting


@tracker.command()
@click.option(
    "--empty", is_flag=True, help="Begin without the sample; a sample already there is kept as a file."
)
def prepare(empty: bool) -> None:
    """Bring the database to the newest schema; on the first start bring the sample in."""
    from framework.records.starting import knows_somebody

    settings = _settings()
    _make_ready(settings, empty=empty)
    if not empty or knows_somebody(settings.database_url):
        return
    if sys.stdin.isatty():
        click.echo("Nobody can sign in yet. Who is the first administrator?")
        first_administrator.main([], standalone_mode=False)
    else:
        click.echo("Nobody can sign in yet. Next: ./run tracker first-administrator")


@tracker.command(short_help="Serve the site, with one scheduler.")
@click.option("--prepare", "prepared", is_flag=True, help="First do what `tracker prepare` does.")
def serve(prepared: bool) -> None:
    """Serve the site, with one scheduler beside it, until told to stop."""
    from app import create_app
    from framework.records import starting
    from framework.web import serving

    settings = _settings()
    try:
        serving.refuse_a_taken_port(settings)
        with starting.being_served(settings):
            if prepared:
                _make_ready(settings, empty=False)
            beside = [sys.executable, __file__, "scheduler"]
            status = serving.serve(settings, create_app, beside, lambda: _announce(settings))
    except serving.CannotServe as why:
        raise click.ClickException(str(why)) from None
    sys.exit(status)


@tracker.command(short_help="Do periodic work as it falls due.")
def scheduler() -> None:
    """Do periodic work as it falls due. Several at once are harmless: each piece is claimed in the database first."""
    from app import create_app

    _tick(create_app(_settings()))


@tracker.command(short_help="Bring the database to the newest schema.")
def migrate() -> None:
    """Bring the database to the newest schema and do nothing else."""
    from framework.records import database

    settings = _settings()
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    database.migrate(settings.database_url)
    click.echo("The database has the newest schema.")


@tracker.command(short_help="Recompute every balance and the audit chain.")
def verify() -> None:
    """Recompute every balance from the ledger entries, walk the whole audit chain and hash every stored file.

    Prints what was compared and each difference; the exit status is 1 when anything differs.
    """
    from app import create_app
    from calloffs.spend import verifying
    from framework.records import database

    with create_app(_settings()).app_context():
        found = verifying.verify(verifying.snapshot(database.current()))
    for said in verifying.report(found):
        click.echo(said)
    if not found.whole:
        sys.exit(1)


@tracker.command("sample", short_help="Fill an empty database with made-up records, to see it carry much.")
@click.option(
    "--scale", type=click.Choice(["S", "M", "L"]), required=True, help="100, 10,000 or 200,000 call-offs."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same records.")
def sample_at_scale(scale: str, seed: int) -> None:
    """Fill an empty database with made-up records by the thousand. L takes the better part of an hour."""
    from app import create_app
    from calloffs import scale as made_up
    from calloffs.scale import sign_ins
    from framework.records import database
    from framework.records.starting import knows_somebody

    settings = _settings()
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    database.migrate(settings.database_url)
    if knows_somebody(settings.database_url):
        raise click.ClickException(
            "This database knows people already. Made-up records go into an empty one: name another with DATABASE_URL "
            "or DATA_FOLDER."
        )
    with create_app(settings).app_context():
        named = sign_ins.give_passwords(made_up.load(made_up.SIZES[scale], seed))
        database.db.engine.dispose()
    click.echo(sign_ins.keep(named, settings.sample_sign_ins))


@tracker.command("first-administrator", short_help="Add the first person of all.")
@click.option("--name", prompt="Name")
@click.option("--email", prompt="E-mail address")
@click.option("--authority", prompt="Name of the authority")
@click.password_option(prompt="Password (12 characters or more)")
def first_administrator(name: str, email: str, authority: str, password: str) -> None:
    """Add the first person of an empty installation, who then adds the others on the site."""
    from app import create_app
    from framework.definitions.rules import Refused
    from framework.people.beginning import begin
    from framework.records.database import writing
    from framework.records.starting import knows_somebody

    settings = _settings()
    if knows_somebody(settings.database_url):
        raise click.ClickException(
            "This installation has people already; its administrators add others on the site."
        )
    try:
        with create_app(settings).app_context(), writing() as session:
            begin(session, name=name, email=email, authority=authority, password=password)
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"{name} may now sign in as {email}.")


def _settings() -> Settings:
    from framework.records import settings

    try:
        return settings.load()
    except settings.SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None


def _make_ready(settings: Settings, *, empty: bool) -> None:
    from framework.records import starting

    try:
        kept = starting.make_ready(settings, empty=empty, load_sample=_load_sample)
    except starting.NotReady as why:
        raise click.ClickException(str(why)) from None
    if kept:
        click.echo(f"The sample is kept as {kept}. An empty database begins in its place.")


def _load_sample(settings: Settings) -> None:
    """The sample, in the database that `settings` names; its sign-ins go to settings.sample_sign_ins."""
    from app import create_app
    from calloffs import sample
    from framework.records.database import db

    click.echo("Loading the sample …")
    with create_app(settings).app_context():
        sample.load(settings.sample_sign_ins)
        db.session.close()
        db.engine.dispose()


def _announce(settings: Settings) -> None:
    click.echo(f"\nThe site is at {settings.public_url}  (Ctrl-C stops it)")
    if settings.sample_sign_ins.exists():
        click.echo(f"\n{settings.sample_sign_ins.read_text(encoding='utf-8').rstrip()}")
    sys.stdout.flush()


# Periodic work


def _tick(application: Flask) -> None:
    """APScheduler only says when; whether a job may run is decided by a claim in the database."""
    from apscheduler.schedulers.blocking import BlockingScheduler
    from apscheduler.triggers.cron import CronTrigger

    from framework.definitions import dates

    usual = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    ticker = BlockingScheduler(timezone="Europe/London", job_defaults=usual)
    for job in JOBS:
        trigger = CronTrigger.from_crontab(job.every, timezone="Europe/London")
        # Due at once as well: what fell due while nothing ran is caught up; what was done already is not claimed again.
        ticker.add_job(
            run_job, trigger, (application, job, trigger), name=job.name, next_run_time=dates.now()
        )
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    try:
        ticker.start()
    except KeyboardInterrupt:
        sys.exit(0)


def run_job(application: Flask, job: Job, trigger: CronTrigger) -> bool:
    """Do the job unless its present slot is taken; True when it was done here.

    A slot is named after the moment the next one begins, which every process works out alike however late it wakes.
    """
    from framework.definitions import dates
    from framework.records import jobs
    from framework.records.database import writing

    slot = trigger.get_next_fire_time(None, dates.now() + timedelta(seconds=1)).astimezone(UTC).isoformat()
    with application.app_context():
        with writing() as session:
            if not jobs.run_once(session, job.name, slot):
                return False
        job.run()
    return True


def _send_mail() -> None:
    from framework.records import mail

    mail.send_waiting(_settings())


def _remind() -> None:
    from framework import reminding
    from framework.records.database import writing

    with writing() as session:
        reminding.remind(session)


def _make_signed_copies() -> None:
    from calloffs import signed_copies
    from framework.records.database import current

    for call_off_id in signed_copies.missing(current()):
        current().rollback()
        signed_copies.make(call_off_id)


def _lapse() -> None:
    from calloffs.lapsed_offers import tell_lapsed
    from calloffs.spend.lapsing import bring_up_to_date
    from framework.records.database import current, writing

    bring_up_to_date(current())
    with writing() as session:
        tell_lapsed(session)


def _erase() -> None:
    from framework.records import erasing

    erasing.erase_due()


def _chase_returns() -> None:
    from calloffs.returns import chasing
    from framework.records.database import writing

    with writing() as session:
        chasing.chase(session)


def _review_flags() -> None:
    from calloffs.matching import reviewing
    from framework.records.database import writing

    reviewing.review_all(writing)


def _go_on_with_extracts() -> None:
    from calloffs.extracts import working

    working.work_through()


def _send_digests() -> None:
    from framework.records.database import writing
    from lots.forward import digesting

    with writing() as session:
        digesting.send_digests(session)


# Add a job: one function without arguments (it opens `writing()` as often as it needs) and its line here.
# Days of the week are named (mon-fri): numbers mean something else to APScheduler than to cron.
JOBS: tuple[Job, ...] = (
    Job("mail", "* * * * *", _send_mail),
    Job("reminders", "*/30 * * * *", _remind),
    Job("signed copies", "*/5 * * * *", _make_signed_copies),
    Job("lapse", "5 0 * * *", _lapse),
    Job("forward digest", "0 7 * * *", _send_digests),
    Job("erase", "10 3 * * *", _erase),
    Job("returns", "10,40 * * * *", _chase_returns),
    Job("extracts", "* * * * *", _go_on_with_extracts),
    Job("flags", "20 4 * * *", _review_flags),
)


if __name__ == "__main__":
    main()
