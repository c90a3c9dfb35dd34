"""Proving what a file is and taking out what it says of its maker. Runs in a process apart (`framework.records.apart`)."""

import io
import re
import warnings
from collections.abc import Callable
from typing import Any

from framework.definitions.rules import refuse
from framework.records.apart import Answer
from framework.records.container import names_in, no_program, packed, unpacked
from framework.records.file_kinds import FileKind
from framework.records.sheet_text import decoded
from framework.records.xml_walk import UnsafeXml, starts

MOST_PIXELS = 24_000_000
_DAMAGED_PDF = "This PDF is damaged or not whole. Save it again as PDF and choose the new file"
_ACTS = "This PDF holds a program or another file inside it. Print it to a new PDF and choose that file"
_DAMAGED_PICTURE = "This picture is damaged. Save it again and choose the new file"
_DAMAGED_OFFICE = "This file is damaged and cannot be opened. Save it again and choose the new file"
_OUTSIDE = (
    "This file fetches something from elsewhere when it is opened. Save it as PDF and choose the new file"
)
# What makes a PDF do something, or carry something: actions, scripts, files, forms of another kind.
_ACTIVE = frozenset(
    [
        "/JavaScript",
        "/JS",
        "/Launch",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/RichMedia",
        "/XFA",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/Movie",
        "/Sound",
        "/Rendition",
        "/3D",
        "/AA",
    ]
)
_ABOUT = ("/Metadata", "/PieceInfo", "/LastModified", "/SpiderInfo")
_MOST_OBJECTS = 200_000


def prove(content: bytes, *, kind: str, field: str) -> Answer:
    """The bytes to keep for a file of this kind. Raises `Refused` beside `field` when they are not such a file."""
    return Answer(None, _PROOFS[FileKind[kind]](content, field))


def _pdf(content: bytes, field: str) -> bytes:
    from pypdf import PdfReader, PdfWriter

    if b"%%EOF" not in content[-2048:]:
        refuse(_DAMAGED_PDF, field)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        locked = reader.is_encrypted
        if not locked:
            if not len(reader.pages):
                refuse(_DAMAGED_PDF, field)
            writer = PdfWriter(clone_from=reader)
            acts = _settle(writer)
    except (RecursionError, MemoryError):
        raise
    except Exception as error:
        if type(error).__name__ == "Refused":
            raise
        refuse(_DAMAGED_PDF, field)
    if locked:
        refuse(
            "This PDF is protected with a password or against change. Print it to a new PDF and choose that file",
            field,
        )
    if acts:
        refuse(_ACTS, field)
    # Written twice: what was cut loose is nobody's any more after the first time, and is not written again.
    return _written(PdfWriter(clone_from=PdfReader(io.BytesIO(_written(writer)))))


def _written(writer: Any) -> bytes:
    writer.metadata = None
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _settle(writer: Any) -> bool:
    """Take out what tells of the maker, in every object; whether any object acts or carries a file."""
    from pypdf.generic import ArrayObject, DictionaryObject

    waiting = [one for one in writer._objects if one is not None]
    seen = 0
    while waiting:
        one, seen = waiting.pop(), seen + 1
        if seen > _MOST_OBJECTS * 10:
            raise MemoryError
        if isinstance(one, DictionaryObject):
            said = {
                str(value)
                for key in ("/S", "/Subtype", "/Type", "/FT")
                if (value := one.raw_get(key) if key in one else None)
            }
            if _ACTIVE & (set(one) | said):
                return True
            for name in _ABOUT:
                one.pop(name, None)
            waiting.extend(one.values())
        elif isinstance(one, ArrayObject):
            waiting.extend(one)
    return False


def _picture(kind: str) -> Callable[[bytes, str], bytes]:
    def prove_picture(content: bytes, field: str) -> bytes:
        from PIL import Image, ImageOps

        Image.MAX_IMAGE_PIXELS = MOST_PIXELS
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(content), formats=[kind]) as found:
                if found.width * found.height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                found.load()
                # A camera notes which way is up in what is about to be taken out.
                upright = ImageOps.exif_transpose(found)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            refuse(
                "This picture has more than 24 million points. Save it smaller and choose the new file", field
            )
        except (OSError, ValueError, SyntaxError, EOFError):
            refuse(_DAMAGED_PICTURE, field)
        made = io.BytesIO()
        plain = upright if upright.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else upright.convert("RGB")
        if kind == "JPEG":
            plain = plain if plain.mode in ("L", "RGB") else plain.convert("RGB")
            bare = _bare(plain)
            bare.save(made, "JPEG", quality=88)
        else:
            _bare(plain).save(made, "PNG", compress_level=3)
        return made.getvalue()

    return prove_picture


def _bare(picture: Any) -> Any:
    """The points alone: no EXIF, place, profile, comment or thumbnail."""
    transparency = picture.info.get("transparency")
    picture.info = {} if transparency is None else {"transparency": transparency}
    return picture


_EMPTY_PROPERTIES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
_EMPTY_APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
_EMPTY_CUSTOM = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>'
)
_PROPERTIES = {
    "docprops/core.xml": _EMPTY_PROPERTIES,
    "docprops/app.xml": _EMPTY_APP,
    "docprops/custom.xml": _EMPTY_CUSTOM,
}


def _office(main: str) -> Callable[[bytes, str], bytes]:
    def prove_office(content: bytes, field: str) -> bytes:
        members = unpacked(content, field)
        types = members.get("[Content_Types].xml")
        if types is None or main not in members:
            refuse(_DAMAGED_OFFICE, field)
        no_program(names_in(content), types, field)
        try:
            for name, part in members.items():
                if name.endswith(".rels"):
                    _nothing_from_outside(part, field)
                elif name.endswith(".xml") and b"<!DOCTYPE" in part:
                    raise UnsafeXml
        except UnsafeXml:
            refuse(_DAMAGED_OFFICE, field)
        # A picture of the first page, if there is one, was made before and may show what was there then.
        kept = {
            name: _PROPERTIES.get(name.lower(), part)
            for name, part in members.items()
            if not re.match(r"docprops/thumbnail", name, re.I)
        }
        return packed(_without_thumbnail(kept), squeeze=True)

    return prove_office


def _without_thumbnail(members: dict[str, bytes]) -> dict[str, bytes]:
    roots = members.get("_rels/.rels", b"")
    bare = re.sub(rb"<Relationship\b[^>]*thumbnail[^>]*/>", b"", roots)
    return {name: bare if name == "_rels/.rels" else part for name, part in members.items()}


def _nothing_from_outside(part: bytes, field: str) -> None:
    for element, told in starts(part):
        outside = told.get("TargetMode", "").lower() == "external"
        if element == "Relationship" and outside and not told.get("Type", "").endswith("/hyperlink"):
            refuse(_OUTSIDE, field)


def _text(content: bytes, field: str) -> bytes:
    return decoded(content, field).encode()


_PROOFS: dict[FileKind, Callable[[bytes, str], bytes]] = {
    FileKind.PDF: _pdf,
    FileKind.PNG: _picture("PNG"),
    FileKind.JPEG: _picture("JPEG"),
    FileKind.DOCX: _office("word/document.xml"),
    FileKind.XLSX: _office("xl/workbook.xml"),
    FileKind.CSV: _text,
}
