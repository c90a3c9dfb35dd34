"""Awkward files, made on the spot: what a stranger might send, and what an honest firm does send."""

import io
import struct
import zipfile
import zlib

import openpyxl
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

MAKER = "Maker Personal-Name"


def workbook(*rows, change=lambda book: None):
    book = openpyxl.Workbook()
    for row in rows or [("Role", "Level"), ("Developer", 4)]:
        book.active.append(row)
    change(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def streamed(rows, row):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for _ in range(rows):
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def repacked(content, change):
    """A container with its members changed: `change` takes and gives a dictionary of bytes by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        members = change({name: box.read(name) for name in box.namelist()})
    return packed(members)


def packed(members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in members.items():
            box.writestr(name, content)
    return made.getvalue()


def with_member(content, name, part):
    return repacked(content, lambda members: {**members, name: part})


def zip_bomb(megabytes=400):
    return with_member(workbook(), "xl/worksheets/sheet1.xml", b"0" * (megabytes * 1024 * 1024))


def lying_zip(megabytes=400):
    """Declares a thousand bytes and unpacks to far more."""
    honest = zip_bomb(megabytes)
    return honest.replace(struct.pack("<I", megabytes * 1024 * 1024), struct.pack("<I", 1000))


def word(members=None, change=None):
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    base = {
        "[Content_Types].xml": f'<Types xmlns="x"><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'.encode(),
        "_rels/.rels": b'<Relationships xmlns="x"><Relationship Id="r1" Type="t/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": b"<document><body/></document>",
        "docProps/core.xml": f"<coreProperties><creator>{MAKER}</creator></coreProperties>".encode(),
    }
    return packed({**base, **(members or {})})


def pdf(change=lambda writer: None, **writing):
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": MAKER})
    writer.xmp_metadata = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{MAKER}</a></x:xmpmeta>'.encode()
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def launching(writer):
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    )
    writer.root_object[NameObject("/OpenAction")] = action


def scripted(writer):
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.root_object[NameObject("/OpenAction")] = action


def picture(kind="PNG", size=(40, 30), **saving):
    made = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, kind, **saving)
    return made.getvalue()


def placed_picture(kind="PNG"):
    """A picture whose EXIF says where it was taken."""
    exif = Image.Exif()
    exif[0x013B] = MAKER
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    return picture(kind, exif=exif)


def huge_png(side=60_000):
    """A few kilobytes that open to thousands of millions of points."""

    def chunk(name, content):
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    points = zlib.compress(b"\0" * (1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", points) + chunk(b"IEND", b"")
