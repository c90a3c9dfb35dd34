"""Headings: which row of a file names its columns, and what each of them holds."""

import re
import unicodedata

LONGEST_HEADING = 120
_APART = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """A heading as it is compared and remembered: small letters and numbers, one space between words, at most 120 characters."""
    return _APART.sub(" ", unicodedata.normalize("NFKC", text[:1_000]).casefold()).strip()[:LONGEST_HEADING]
