"""What an import keeps as JSON: its headings, its sentences, and what a person said about single rows."""

import json
from dataclasses import dataclass, field
from typing import Any

from calloffs.extracts.extract import Heading, heading_of
from framework.records.sheet import Finding


@dataclass(slots=True)
class Mended:
    """What was said and found of single rows of a file, by their number."""

    cells: dict[int, list[str]] = field(default_factory=dict)
    """Cells that a person put right."""
    left_out: set[int] = field(default_factory=set)
    """Rows left out knowingly."""
    kept: set[int] = field(default_factory=set)
    """Rows kept though they look like others."""
    was: dict[int, list[str]] = field(default_factory=dict)
    """The cells of a row as they came, before a person put them right; kept with a loaded import."""
    lines: dict[int, int] = field(default_factory=dict)
    """The lines that such rows changed, once they did."""
    left: dict[str, tuple[int | None, int]] = field(default_factory=dict)
    """What the rows that are not kept come to (see `left_out.py`)."""

    @classmethod
    def read(cls, text: str) -> "Mended":
        plain: dict[str, Any] = json.loads(text or "{}")
        return cls(
            {int(number): cells for number, cells in plain.get("cells", {}).items()},
            set(plain.get("left_out", ())),
            set(plain.get("kept", ())),
            {int(number): cells for number, cells in plain.get("was", {}).items()},
            {int(number): line_id for number, line_id in plain.get("lines", {}).items()},
            {name: (pence, unread) for name, (pence, unread) in plain.get("left", {}).items()},
        )

    def written(self) -> str:
        said = {
            "cells": self.cells,
            "left_out": sorted(self.left_out),
            "kept": sorted(self.kept),
            "was": self.was,
            "lines": self.lines,
            "left": self.left,
        }
        said = {name: value for name, value in said.items() if value}
        return written(said) if said else ""


def written(plain: Any) -> str:
    """As it is kept."""
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Any:
    """As it was before it was kept; an empty list for nothing."""
    return json.loads(text) if text else []


def headings_written(headings: tuple[Heading, ...]) -> str:
    return written([one.as_plain() for one in headings])


def headings_from(text: str) -> tuple[Heading, ...]:
    return tuple(heading_of(one) for one in read(text))


def findings_written(findings: tuple[Finding, ...]) -> str:
    return written([[one.row, one.column, one.value, one.mend] for one in findings]) if findings else ""


def findings_from(text: str) -> tuple[Finding, ...]:
    return tuple(Finding(*one) for one in read(text))
