"""Serving: one web server and one scheduler, kept going together and ended together."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from flask import Flask
from gunicorn.app.base import BaseApplication

from framework.records.settings import Settings

LONGEST_REQUEST = 60
"""Seconds a worker may be silent before it is ended; also the end of waiting for a database that fell silent."""

ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class CannotServe(Exception):
    """The site cannot be served as asked; the text says why and what to do."""


def refuse_a_taken_port(settings: Settings) -> None:
    """Raises CannotServe when somebody else listens there, before anything is begun."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as wrong:
        where = f"{settings.host}, port {settings.port}"
        raise CannotServe(
            f"Cannot listen on {where}: {os.strerror(wrong.errno or 0)}. Set PORT (or HOST) to another."
        ) from None


def serve(
    settings: Settings,
    create_app: Callable[[Settings], Flask],
    scheduler: Sequence[str],
    announce: Callable[[], None],
) -> int:
    """Keep the web server and one scheduler going until told to stop; both end with this process.

    `scheduler` is the scheduler's command line; `announce` is called once, when the site first answers.
    Returns the exit status: 0 when told to stop, else the web server's own.
    """
    stopping: list[int] = []
    for number in ENDINGS:
        signal.signal(number, lambda got, _frame: stopping.append(got))
    me = os.getpid()
    ready, tell_ready = os.pipe()
    web = os.fork()
    if web == 0:
        _end_with(me)
        _run_web_server(settings, create_app, tell_ready)
    beside: subprocess.Popen[bytes] | None = None
    announced = False
    tried_at = 0.0
    ended = status = 0
    while not ended and not stopping:
        if select.select([ready], [], [], 0.2)[0]:
            os.read(ready, 64)
            if not announced:
                announced = True
                announce()
        if announced and (beside is None or beside.poll() is not None) and time.monotonic() - tried_at > 5:
            tried_at = time.monotonic()
            beside = subprocess.Popen(scheduler, preexec_fn=lambda: _end_with(me))  # noqa: S603
        ended, status = os.waitpid(web, os.WNOHANG)
    if beside is not None:
        beside.terminate()
    if not ended:
        os.kill(web, signal.SIGTERM)
        _, status = os.waitpid(web, 0)
    if beside is not None:
        beside.wait()
    return 0 if stopping else os.waitstatus_to_exitcode(status) or 1


def _run_web_server(settings: Settings, create_app: Callable[[Settings], Flask], tell_ready: int) -> None:
    """In a process of its own: gunicorn's master, which never returns."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_DFL)

    class Site(BaseApplication):
        def load_config(self) -> None:
            host = f"[{settings.host}]" if ":" in settings.host else settings.host
            chosen = {
                "bind": f"{host}:{settings.port}",
                "workers": settings.workers,
                "threads": settings.threads,
                "worker_class": "gthread",
                "timeout": LONGEST_REQUEST,
                "graceful_timeout": 20,
                "loglevel": "warning",
                "control_socket_disable": True,
                "post_worker_init": lambda worker: os.write(tell_ready, b"."),
            }
            for name, value in chosen.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return create_app(settings)

    Site().run()


def _end_with(parent: int) -> None:
    """Where the system can do so (Linux), be told to stop when the parent is gone, however it went."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:  # it went before we asked
            os._exit(1)
