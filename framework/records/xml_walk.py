"""Walking through XML that a stranger wrote: start by start, without entities, document types or anything from elsewhere."""

from collections.abc import Callable
from typing import Any
from xml.parsers import expat

Started = Callable[[str, dict[str, str]], None]


class UnsafeXml(Exception):
    """XML with a document type, or that cannot be read. Office files never have one; attacks do."""


def walk(content: bytes, started: Started, ended: Callable[[str], None], said: Callable[[str], None]) -> None:
    """Call `started` with each element's name (without its prefix) and attributes, `said` with its text and `ended` with its name.

    Raises UnsafeXml.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _unsafe
    parser.EntityDeclHandler = _unsafe
    parser.ExternalEntityRefHandler = None
    parser.StartElementHandler = lambda name, attributes: started(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: ended(name.rpartition(":")[2])
    parser.CharacterDataHandler = said
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise UnsafeXml from error


def starts(content: bytes) -> list[tuple[str, dict[str, str]]]:
    """Every element's name and attributes, in order; for small files. Raises UnsafeXml."""
    found: list[tuple[str, dict[str, str]]] = []
    walk(
        content,
        lambda name, attributes: found.append((name, attributes)),
        lambda _name: None,
        lambda _text: None,
    )
    return found


def _unsafe(*_told: Any) -> None:
    raise UnsafeXml
