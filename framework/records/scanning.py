"""Scanning for viruses by clamd, where the operator runs one (setting CLAMD): never let through unchecked once it is there."""

import socket
import struct
from contextlib import closing

from framework.definitions.rules import refuse

SECONDS = 30
"""How long one file may take, and how long each answer may."""
_BLOCK = 64 * 1024
_LONGEST_ANSWER = 4096

_address: list[str] = []


def use(address: str | None) -> None:
    """Scan by the clamd at "tcp://host:port" or "unix:/path" from now on; None: there is none."""
    _address[:] = [address] if address else []


def configured() -> bool:
    """Whether files are scanned before they are kept."""
    return bool(_address)


def condition() -> str:
    """In words, for the operator: whether files are scanned, and whether the scanner answers."""
    if not _address:
        return "Not set up: files are taken unscanned (setting CLAMD)"
    return "Answers" if answers() else "Does not answer: no file is taken until it does"


def scan(content: bytes, field: str) -> None:
    """Raises `Refused` beside `field` for an infected file, and when clamd does not answer; does nothing where none is configured."""
    if not _address:
        return
    try:
        answer = _ask(b"INSTREAM", content)
    except (OSError, ValueError):
        answer = ""
    if answer.endswith("FOUND"):
        refuse(
            "A virus was found in this file, so it was not kept. Clean your computer before you send anything else",
            field,
            "VIRUS",
        )
    if not answer.endswith("OK"):
        refuse("Files cannot be checked for viruses now. Nothing was kept. Try again in a few minutes", field)


def answers(seconds: int = 2) -> bool:
    """Whether the configured clamd answers now."""
    try:
        return _ask(b"PING", seconds=seconds) == "PONG"
    except (OSError, ValueError):
        return False


def _ask(command: bytes, content: bytes | None = None, seconds: int = SECONDS) -> str:
    with closing(_connected(_address[0], seconds)) as line:
        line.sendall(b"z" + command + b"\0")
        if content is not None:
            for at in range(0, len(content), _BLOCK):
                part = content[at : at + _BLOCK]
                line.sendall(struct.pack("!I", len(part)) + part)
            line.sendall(struct.pack("!I", 0))
        said = b""
        # It may answer (and hang up) before it has heard everything; then sending fails, and that counts as no answer.
        while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
            part = line.recv(_LONGEST_ANSWER)
            if not part:
                break
            said += part
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected(address: str, seconds: int) -> socket.socket:
    scheme, _, where = address.partition(":")
    if scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(seconds)
        line.connect(where)
        return line
    host, _, port = where.removeprefix("//").rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)
