"""The kinds of file that people may upload, each with what it is called, what it is sent back as and how it is proved."""

from dataclasses import dataclass
from enum import Enum

from framework.records import recognising


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    endings: tuple[str, ...]
    media_type: str
    is_a: str


class FileKind(Enum):
    """A kind of file. Its first ending is the one it is stored under."""

    PDF = _Kind("PDF", ("pdf",), "application/pdf", recognising.PDF)
    PNG = _Kind("PNG", ("png",), "image/png", recognising.PNG)
    JPEG = _Kind("JPEG", ("jpg", "jpeg"), "image/jpeg", recognising.JPEG)
    DOCX = _Kind(
        "Word",
        ("docx",),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        recognising.ZIP,
    )
    XLSX = _Kind(
        "Excel",
        ("xlsx",),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        recognising.ZIP,
    )
    CSV = _Kind("CSV", ("csv",), "text/csv", recognising.TEXT)

    @property
    def ending(self) -> str:
        """What its stored name ends in, without the dot."""
        return self.value.endings[0]

    @property
    def media_type(self) -> str:
        """What it is sent back as: ours, whatever a browser called it."""
        return self.value.media_type


DOCUMENTS = (FileKind.PDF, FileKind.PNG, FileKind.JPEG, FileKind.DOCX)
"""What a certificate, a statement or a letter comes as."""


def said_first(kinds: tuple[FileKind, ...] = DOCUMENTS) -> str:
    """The hint before anybody chooses a file: "PDF, PNG, JPEG or Word, up to 10 MB"."""
    return f"{_listed([kind.value.name for kind in kinds])}, up to 10 MB"


def accepts(kinds: tuple[FileKind, ...] = DOCUMENTS) -> str:
    """For the attribute `accept` of a file field: ".pdf,.png,…"."""
    return ",".join(f".{ending}" for kind in kinds for ending in kind.value.endings)


def kind_named(ending: str) -> FileKind | None:
    """The kind that a file name's ending claims."""
    return next((kind for kind in FileKind if ending in kind.value.endings), None)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]
