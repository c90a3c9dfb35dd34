"""Extracts made on the spot: tables as text, as workbooks of every kind, and what comes of reading them."""

import json
import struct
from dataclasses import replace

from calloffs.extracts.amount_basis import AmountBasis
from calloffs.extracts.reading import extract_of
from calloffs.extracts.table import read_apart
from framework.records.recognising import ending_of
from tests.framework.records.files import packed

NET = AmountBasis.NET


def read(content, name="ledger.csv", *, columns=None, basis=NET, ask=False):
    """What `read_extract` gives, in this process: the process apart has its own tests."""
    if isinstance(content, str):
        content = content.encode()
    told = {"columns": columns or {}, "basis": basis and basis.value, "ask": ask}
    answer = read_apart(content, ending=ending_of(name), beside="file", **told)
    return extract_of(replace(answer, said=json.loads(json.dumps(answer.said))))


def said(row):
    """What a row says, without what it does not say."""
    return {name: value for name, value in row.content.items() if value not in ("", None)}


def total(extract, name="net_pence"):
    return sum(row.content[name] or 0 for row in extract.rows if not row.findings)


def mends(extract):
    return [one.sentence for row in extract.rows for one in row.findings]


def open_document(rows):
    """An .ods file; days as date, numbers as float, the rest as text."""
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    cells = "".join(f"<table:table-row>{''.join(map(_open_cell, row))}</table:table-row>" for row in rows)
    body = f'<office:spreadsheet><table:table table:name="AP">{cells}</table:table></office:spreadsheet>'
    content = f"<office:document-content{names}><office:body>{body}</office:body></office:document-content>"
    return packed(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content.encode(),
            "META-INF/manifest.xml": b"<manifest/>",
        }
    )


def _open_cell(value):
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    elif hasattr(value, "isoformat"):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    else:
        kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"


def older_workbook(rows, *, from_1904=False):
    """An .xls file (BIFF8 in a compound file) of texts and numbers."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, int | float):
                sheet += _record(0x0203, struct.pack("<HHHd", y, x, 0, value))
            elif value:
                text = value.encode("utf-16-le")
                sheet += _record(0x0204, struct.pack("<HHHHB", y, x, 0, len(value), 1) + text)
    sheet += _record(0x000A, b"")
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    start += _record(0x0042, struct.pack("<H", 1200)) + _record(0x008D, b"\0\0")
    start += _record(0x0022, struct.pack("<H", int(from_1904))) + _record(0x000E, struct.pack("<H", 1))
    end = _record(0x000A, b"")
    at = len(start) + 4 + 10 + len(end)
    book = start + _record(0x0085, struct.pack("<IBBBB", at, 0, 0, 2, 0) + b"AP") + end + sheet
    return _compound(book)


def _record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def _compound(stream):
    """A compound file that holds one stream named "Workbook": header, its table of sectors, its folder, the stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    assert len(table) == 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0).ljust(436, b"\xff")
    folder = _entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + _entry("Workbook", 2, 2, len(stream), 0xFFFFFFFF)
    return header + table + folder.ljust(512, b"\0") + stream


def _entry(name, kind, first, size, child):
    written = (name + "\0").encode("utf-16-le")
    none = 0xFFFFFFFF
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(written), kind, 1, none, none, child)
        + bytes(36)
        + struct.pack("<IQ", first, size)
    )
