"""What an import keeps as JSON: its headings, its sentences, and what a person said about single rows."""

import json
from dataclasses import dataclass, field
from typing import Any

from calloffs.extracts.extract import Heading, heading_of
from framework.records.sheet import Finding


@dataclass(slots=True)
class Mended:
    """Rows of a file by their number: cells that a person put right, rows left out knowingly, rows kept though they look like others."""

    cells: dict[int, list[str]] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)

    @classmethod
    def read(cls, text: str) -> "Mended":
        plain: dict[str, Any] = json.loads(text or "{}")
        return cls(
            {int(number): cells for number, cells in plain.get("cells", {}).items()},
            set(plain.get("left_out", ())),
            set(plain.get("kept", ())),
        )

    def written(self) -> str:
        if not (self.cells or self.left_out or self.kept):
            return ""
        return written({"cells": self.cells, "left_out": sorted(self.left_out), "kept": sorted(self.kept)})


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
