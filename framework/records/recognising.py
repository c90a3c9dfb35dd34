"""What a file is, judged by its bytes and never by its name."""

import re

PDF, PNG, JPEG = "a PDF", "a PNG picture", "a JPEG picture"
ZIP, OLD_OFFICE, TEXT = "a ZIP archive", "an older Office file", "text"

_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"PK", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a WebP picture or a sound"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"{\\rtf", "a rich text file"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"#!", "a program"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
)
# Nothing is tried twice (`*+` gives nothing back): comments without an end, written to that purpose, would take years otherwise.
_PAGE = re.compile(
    rb"\s*+(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype|html|head|body|table|script|svg|\?xml|meta)",
    re.I | re.S,
)
_BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")


def what_it_is(content: bytes) -> str:
    """In words: "a PDF", "a ZIP archive", "text", "a web page"; "something unknown" for the rest."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    if _PAGE.match(content.removeprefix(b"\xef\xbb\xbf")[:2_000]):
        return "a web page or XML"
    if content[:2] in _BYTE_ORDER or b"\x00" not in content:
        return TEXT
    return "something unknown"


def ending_of(file_name: str) -> str:
    """What stands after the last dot, in small letters; "" without a dot."""
    last = re.split(r"[/\\]", file_name)[-1]
    return last.rpartition(".")[2].strip().lower() if "." in last else ""
