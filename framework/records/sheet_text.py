"""Sheets that came as text: which letters they are written in, what stands between their cells, and their rows."""

import codecs
import contextlib
import csv
import io
import itertools
import re
from collections.abc import Callable, Iterator

from framework.definitions.rules import refuse
from framework.records.sheet import LONGEST_CELL
from framework.records.sheet_peek import too_many_rows

SEPARATORS = ",;\t|"
_TITLE_LINES = 20
_BLOCK = 1_000_000
_TOLD = re.compile(r'"?sep=([,;|\t])"?', re.I)


def decoded(content: bytes, beside: str) -> str:
    """Text of a CSV file: UTF-8, UTF-16 where it says so, or else Windows-1252; line ends as one newline. Raises `Refused`."""
    return _opened(content, _encoding(content, beside)).read()


def text_lines(
    content: bytes, beside: str, most_rows: int, choose: Callable[[str, str], str] | None = None
) -> tuple[list[tuple[int, list[str]]], str]:
    """The rows that hold anything, numbered as a spreadsheet numbers them, and what stands between their cells. Raises `Refused`.

    `choose` may say what stands between the cells: it is given the beginning of the text and what seems to be the answer.
    """
    encoding = _encoding(content, beside)
    head = _opened(content, encoding).read(_BLOCK // 10)
    first = next((line for line in io.StringIO(head) if line.strip()), "").strip("\n")
    says = _TOLD.fullmatch(first.strip())
    seems = _separator(head)
    between = says[1] if says else choose(head, seems) if choose else seems
    csv.field_size_limit(LONGEST_CELL * 4)
    reader = csv.reader(_opened(content, encoding), delimiter=between)
    found: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, start=1):
            if not any(cells) or (says and number == 1):
                continue
            found.append((number, cells))
            if len(found) > most_rows + 1:
                too_many_rows(most_rows, beside)
    except csv.Error:
        refuse(
            f"The file cannot be read near line {reader.line_num:,}: a cell is too long or a quotation mark is missing",
            beside,
        )
    return found, between


def parted(head: str, between: str) -> Iterator[list[str]]:
    """The first rows of a text as they would be with this between their cells, as far as they can be read."""
    with contextlib.suppress(csv.Error):
        yield from csv.reader(io.StringIO(head), delimiter=between)


def _encoding(content: bytes, beside: str) -> str:
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    if not utf16 and b"\x00" in content:
        refuse("This is not a CSV file. Save the sheet as CSV (UTF-8) and choose that file", beside)
    likely = ("utf-16",) if utf16 else ("utf-8-sig", "cp1252")
    found = next((one for one in likely if _is_written_in(content, one)), None)
    if not found:
        refuse(
            "The letters in this file cannot be read. Save the sheet as CSV (UTF-8) and choose that file",
            beside,
        )
    return found


def _is_written_in(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    blocks = range(0, len(content), _BLOCK)
    try:
        texts = (decoder.decode(content[at : at + _BLOCK], at + _BLOCK >= len(content)) for at in blocks)
        return not any("\x00" in text for text in texts)
    except UnicodeDecodeError:
        return False


def _opened(content: bytes, encoding: str) -> io.TextIOWrapper:
    # Read as a stream: a whole text of 40 MB, its copy for the reader and its rows would not fit into the memory there is.
    return io.TextIOWrapper(io.BytesIO(content), encoding, newline=None)


def _separator(text: str) -> str:
    # A title above the headings has no cells to part, so the first line that is parted at all tells.
    lines = (line for line in io.StringIO(text) if line.strip())
    head = [re.sub(r'"[^"]*"', "", line) for line in itertools.islice(lines, _TITLE_LINES)]
    parted_at = next((line for line in head if max(map(line.count, SEPARATORS))), "".join(head[:1]))
    return max(SEPARATORS, key=parted_at.count)
