"""Work apart: what a stranger's file needs done to it is done in a process of its own, with little memory and little time.

A file that kills its reader then kills nothing else. The process gets no settings and no secrets, and answers in JSON.
"""

import contextlib
import importlib
import json
import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

from framework.definitions.rules import Refusal, Refused

SECONDS = 5
"""Of computing, which on a machine with a core to spare is as long on the wall."""
PATIENCE = 3
"""How much longer it may take on the wall where many share the machine, so that an honest file is not refused because others are busy."""
MEMORY = 400 * 1024 * 1024
"""Bytes, where the platform can bound them."""
_AT_ONCE = threading.BoundedSemaphore(2)
_WAIT = 20
_LOG = logging.getLogger(__name__)
_BEGIN = (
    "import sys; sys.path[:] = sys.argv[3:]; from framework.records.apart import answer; "
    "answer(sys.argv[1], int(sys.argv[2]))"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: plain values, and bytes where the work makes any."""

    said: Any
    content: bytes = b""


def work_apart(
    where: str, content: bytes, told: dict[str, Any], *, too_much: Refusal, seconds: int = SECONDS
) -> Answer:
    """Call the function named "module:function" with (content, **told) in a process of its own, for so many seconds of computing.

    It answers with an `Answer`. Raises the `Refused` that it raised, or `too_much` where it was too slow, too big or fell over.
    """
    if not _AT_ONCE.acquire(timeout=_WAIT):
        raise Refused(
            Refusal("Too many files are being read at this moment. Try again in a minute", too_much.field)
        )
    try:
        finished = subprocess.run(  # noqa: S603 our own interpreter and our own function
            [
                sys.executable,
                "-I",
                "-c",
                _BEGIN,
                where,
                str(seconds),
                *(part or os.getcwd() for part in sys.path),
            ],
            input=json.dumps(told).encode() + b"\n" + content,
            capture_output=True,
            timeout=PATIENCE * seconds,
            # No secret of ours is in a process that reads a stranger's bytes. Windows needs its own to begin at all.
            env={} if os.name == "posix" else None,
        )
    except subprocess.TimeoutExpired:
        raise Refused(too_much) from None
    finally:
        _AT_ONCE.release()
    head, parted, rest = finished.stdout.partition(b"\n")
    if finished.returncode or not parted:
        _LOG.warning("%s fell over (%s): %s", where, finished.returncode, _why(finished.stderr))
        raise Refused(too_much)
    said = json.loads(head)
    if said["refusals"]:
        raise Refused(*(Refusal(sentence, field, rule) for sentence, field, rule in said["refusals"]))
    return Answer(said["said"], rest)


def _why(stderr: bytes) -> str:
    """The kind of exception that ended it, for the log; its words only where they cannot hold anything of the file."""
    last = (stderr.decode(errors="replace").strip().splitlines() or ["no word of why"])[-1]
    kind = last.partition(":")[0]
    return last[:200] if kind in ("ImportError", "ModuleNotFoundError") else kind[:60]


def answer(where: str, seconds: int) -> None:
    """The other side: read the work from standard input, do it within bounds, write the answer."""
    _bound(seconds)
    told, content = sys.stdin.buffer.readline(), sys.stdin.buffer.read()
    module, _, name = where.partition(":")
    refusals: list[tuple[str, str | None, str | None]] = []
    found = Answer(None)
    try:
        found = getattr(importlib.import_module(module), name)(content, **json.loads(told))
    except Refused as refused:
        refusals = [(one.sentence, one.field, one.rule) for one in refused.refusals]
    said = json.dumps({"refusals": refusals, "said": found.said}, separators=(",", ":"))
    for part in (said.encode(), b"\n", found.content):
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()


def _bound(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the clock on the wall is the only bound
        return
    bounds = (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, most in bounds:
        # A platform that cannot bound one of them still has the others.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
