"""Titles: which authorities the words above the headings of a file name."""

import re
from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col

from calloffs.extracts.whose import folded, telling
from framework.people.party import Party, PartyKind

_MOST = 5
_NAMED = r"(?:[A-Z][\w'’&.-]{0,40}|of|and|the|upon|on|in|under|with|&)"
_KIND = r"(?:Council|Borough|Authority|COUNCIL|BOROUGH|AUTHORITY)"
_BEFORE = re.compile(rf"\b((?:{_NAMED} ){{1,8}}?{_KIND}(?: {_KIND})*)\b(?! [Oo][Ff] )")
_AFTER = re.compile(
    rf"\b((?:(?:London|Royal|LONDON|ROYAL) )?(?:{_KIND}|City|CITY|County|COUNTY) (?:of|OF) (?:the |THE )?(?:{_NAMED} ?){{1,6}})"
)
_PLAIN = """
    a all amount an at by data expenditure extract file finance for from in invoices is list local made monthly name of on organisation our
    over paid payment payments published purchase report spend spending supplier suppliers this to transactions transparency with your
    january february march april may june july august september october november december
"""
_NO_NAME = frozenset(_PLAIN.split())
"""Words of a title that tell nobody apart."""


def authorities_in(session: Session | None, titles: Iterable[str]) -> tuple[str, ...]:
    """The authorities that titles name, 5 at most: "… Council" and the like, and those that this installation knows by name."""
    known = _known(session)
    found: dict[str, str] = {}
    for title in titles:
        phrases = [one[1].strip() for rule in (_BEFORE, _AFTER) for one in rule.finditer(title)]
        for phrase in phrases:
            if telling(phrase) - _NO_NAME:
                found.setdefault(folded(phrase), _without_lead(phrase))
        said = f" {folded(title)} "
        for name, own in known:
            if f" {folded(name)} " in said and not any(telling(name) <= telling(one) for one in phrases):
                found.setdefault(folded(own), own)
    return tuple(found.values())[:_MOST]


def _without_lead(phrase: str) -> str:
    """The name alone, where words such as "Payments by" stand before it."""
    words = phrase.split()
    while len(words) > 2 and words[0].casefold() in _NO_NAME | {"the", "and"}:
        words.pop(0)
    return " ".join(words)


def _known(session: Session | None) -> list[tuple[str, str]]:
    """Each name and short name of an authority that tells it apart, with its name."""
    if session is None:
        return []
    query = sa.select(col(Party.name), col(Party.short_name)).where(col(Party.kind) == PartyKind.AUTHORITY)
    return [
        (one, name)
        for name, short in session.connection().execute(query)
        for one in {name, short or name}
        if telling(one) and len(one) > 2
    ]
