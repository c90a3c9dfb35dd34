"""Office files are ZIP containers: unpacked within bounds whatever they declare, proved to hold no program, and packed afresh.

Runs in a process apart (`framework.records.apart`). What is packed afresh holds only what was unpacked and checked here: nothing
before, between or after the members of the file as it came.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable

from framework.definitions.rules import refuse

MOST_MEMBERS = 2_000
MOST_UNPACKED = 60 * 1024 * 1024
"""Bytes of all members together."""
_BLOCK = 256 * 1024
_PROGRAMS = re.compile(
    r"vbaproject|vbadata|/macrosheets/|/activex/|^basic/|^scripts/|\.(?:exe|dll|js|vbs)$", re.I
)
_INSIDE = re.compile(r"/(?:embeddings|oleobjects?)/", re.I)
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError, UnicodeError)
_DAMAGED = "This file is damaged and cannot be opened. Save it again and choose the new file"
_BOMB = "This file unpacks to far more than its own size. Save it again as CSV or PDF, without pictures, and choose the new file"
_LOCKED = "This file is protected with a password. Save it without one and choose the new file"


def unpacked(
    content: bytes,
    field: str,
    wanted: Callable[[str], bool] = lambda _name: True,
    *,
    too_big: str = _BOMB,
    most: int = MOST_UNPACKED,
) -> dict[str, bytes]:
    """The members of a container by name, each read to its end and no further; `most` bytes of them all.

    Raises `Refused` for a container that is damaged, locked, lies about its sizes, or is far bigger than it seems.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            members = [one for one in box.infolist() if not one.is_dir()]
            if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > most:
                refuse(too_big, field)
            _within_bounds(members, field)
            return {one.filename: _read(box, one, field) for one in members if wanted(one.filename)}
    except RuntimeError:
        refuse(_LOCKED, field)
    except _BROKEN:
        refuse(_DAMAGED, field)


def _within_bounds(members: list[zipfile.ZipInfo], field: str) -> None:
    names = [one.filename for one in members]
    if any(one.flag_bits & 1 for one in members):
        refuse(_LOCKED, field)
    if len({name.lower() for name in names}) < len(names):
        refuse(_DAMAGED, field)
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        refuse(_DAMAGED, field)


def _read(box: zipfile.ZipFile, member: zipfile.ZipInfo, field: str) -> bytes:
    # What is declared was bounded above; a member that holds another amount than it declares fails its checksum or ends early.
    parts: list[bytes] = []
    with box.open(member) as stream:
        while block := stream.read(_BLOCK):
            parts.append(block)
    found = b"".join(parts)
    if len(found) != member.file_size:
        refuse(_DAMAGED, field)
    return found


def names_in(content: bytes) -> set[str]:
    """The names of a container's members; none where it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            return set(box.namelist())
    except _BROKEN:
        return set()


def no_program(names: set[str], types: bytes, field: str, *, inside: bool = False) -> None:
    """Raises `Refused` for macros, controls and scripts, and (unless `inside`) for other files put inside."""
    if any(_PROGRAMS.search(name) for name in names) or b"macroenabled" in types.lower():
        refuse(
            "This file holds macros. Save it without them (as .xlsx, .docx or PDF) and choose the new file",
            field,
        )
    if not inside and any(_INSIDE.search(f"/{name}") for name in names):
        refuse("This file has other files put inside it. Save it as PDF and choose the new file", field)


def packed(members: dict[str, bytes], *, squeeze: bool) -> bytes:
    """A container of exactly these members, all dated alike."""
    kind = zipfile.ZIP_DEFLATED if squeeze else zipfile.ZIP_STORED
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", kind) as box:
        for name, content in members.items():
            box.writestr(zipfile.ZipInfo(name), content, compress_type=kind)
    return made.getvalue()
