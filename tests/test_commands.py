"""The command line: it explains itself, refuses wrong settings by name, serves, and ends what it began."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from apscheduler.triggers.cron import CronTrigger
from click.testing import CliRunner
from flask import Flask

import commands
from framework.definitions import dates

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60
"""Seconds before a wait is given up; nothing here asserts how long anything took."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def answers(port: int, path: str = "/healthz") -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def anyone_left(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    environ = {**os.environ, "DATA_FOLDER": str(folder), "PORT": str(port), "SAMPLE": "no", "WORKERS": "1"}
    server = subprocess.Popen(
        [sys.executable, ROOT / "commands.py", "serve", "--prepare"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_until(lambda: answers(port) or server.poll() is not None)
        yield server
    finally:
        if anyone_left(server.pid):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def schedulers(parent: int) -> list[int]:
    """Process numbers of the schedulers that this process started."""
    if Path("/proc/self/stat").exists():
        listed = []
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                after_name = (folder / "stat").read_text().rpartition(")")[2].split()
                arguments = (folder / "cmdline").read_text().replace("\0", " ")
                listed.append((int(folder.name), int(after_name[1]), arguments))
    else:
        told = subprocess.run(
            ["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        ).stdout
        listed = [
            (int(pid), int(its), args)
            for pid, its, args in (line.split(maxsplit=2) for line in told.splitlines())
        ]
    return [pid for pid, its, arguments in listed if its == parent and "commands.py scheduler" in arguments]


def test_the_command_line_explains_itself() -> None:
    told = CliRunner().invoke(commands.tracker, ["--help"])
    assert told.exit_code == 0
    for name, command in commands.tracker.commands.items():
        assert name in told.output
        assert command.help


@pytest.mark.parametrize("command", ["prepare", "serve", "scheduler", "migrate"])
def test_a_wrong_setting_stops_every_command_by_name(command: str, tmp_path: Path) -> None:
    environ = {"DATA_FOLDER": str(tmp_path), "PORT": "abc", "SMTP_URL": "smtp://"}
    stopped = CliRunner().invoke(commands.tracker, [command], env=environ)
    assert stopped.exit_code == 1
    assert "PORT must be a whole number" in stopped.output
    assert "SMTP_URL must name a host" in stopped.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_site_is_served_with_one_scheduler_and_both_end_when_told(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as server:
        assert answers(port, "/readyz")
        wait_until(lambda: len(schedulers(server.pid)) == 1)
        server.terminate()
        output, _ = server.communicate(timeout=PATIENCE)
        assert server.returncode == 0
        assert f"http://localhost:{port}" in output
        wait_until(lambda: not anyone_left(server.pid))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent is gone")
def test_nothing_is_left_behind_when_the_server_is_killed(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as server:
        assert answers(port)
        server.kill()
        server.wait()
        wait_until(lambda: not anyone_left(server.pid))


@pytest.mark.slow
def test_a_scheduler_that_dies_is_started_again(tmp_path: Path) -> None:
    with serving(tmp_path, free_port()) as server:
        wait_until(lambda: bool(schedulers(server.pid)))
        (first,) = schedulers(server.pid)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: bool(schedulers(server.pid)) and schedulers(server.pid) != [first])


def test_a_port_in_use_is_named_before_anything_is_begun(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environ = {"DATA_FOLDER": str(tmp_path), "PORT": str(port), "SECRET_KEY": "k" * 32}
        refused = CliRunner().invoke(commands.tracker, ["serve", "--prepare"], env=environ)
    assert refused.exit_code == 1
    assert f"port {port}" in refused.output
    assert list(tmp_path.iterdir()) == []


def test_a_job_runs_once_in_each_slot_and_again_in_the_next(app: Flask) -> None:
    ran: list[datetime] = []
    job = commands.Job("count", "0 6 * * *", lambda: ran.append(dates.now()))
    trigger = CronTrigger.from_crontab(job.every, timezone="Europe/London")
    with dates.at(datetime(2022, 11, 22, 6, 0, tzinfo=UTC)):
        assert commands.run_job(app, job, trigger)
        assert not commands.run_job(app, job, trigger)
    with dates.at(datetime(2022, 11, 23, 5, 59, tzinfo=UTC)):
        assert not commands.run_job(app, job, trigger)
    with dates.at(datetime(2022, 11, 23, 6, 0, tzinfo=UTC)):
        assert commands.run_job(app, job, trigger)
    assert len(ran) == 2


def test_a_scheduler_that_slept_a_week_catches_up_once(app: Flask) -> None:
    ran: list[datetime] = []
    job = commands.Job("count", "0 6 * * *", lambda: ran.append(dates.now()))
    trigger = CronTrigger.from_crontab(job.every, timezone="Europe/London")
    for day in (1, 8):
        with dates.at(datetime(2022, 11, day, 9, 30, tzinfo=UTC)):
            commands.run_job(app, job, trigger)
            commands.run_job(app, job, trigger)
    assert len(ran) == 2


@pytest.mark.parametrize("job", commands.JOBS, ids=lambda job: job.name)
def test_every_job_has_a_time_that_can_be_read(job: commands.Job) -> None:
    trigger = CronTrigger.from_crontab(job.every, timezone="Europe/London")
    assert trigger.get_next_fire_time(None, dates.now()) >= dates.now()


def test_no_two_jobs_share_a_name() -> None:
    names = [job.name for job in commands.JOBS]
    assert len(names) == len(set(names))
