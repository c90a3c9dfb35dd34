"""Whether the supplier that a line names can be the partner of a call-off."""

from rapidfuzz import fuzz

from calloffs.matching import folding

UNLIKE = 70
"""Below how alike two names are, in a hundred, one is not taken for the other: a word in common alone ("Design") stays below it."""


def same(name: str, partner: str) -> bool:
    """Whether two names are one but for legal form, signs and capitals."""
    return folding.company_name(name) == folding.company_name(partner)


def unlike(name: str, partner: str) -> bool:
    """Whether a name is wholly unlike the partner's. Legal forms, order and further words are let be; no name speaks against nobody."""
    said, own = folding.company_name(name), folding.company_name(partner)
    if not said or not own:
        return False
    short, long = sorted((said.replace(" ", ""), own.replace(" ", "")), key=len)
    if len(short) > 3 and short in long:
        return False
    return max(fuzz.token_set_ratio(said, own), fuzz.ratio(short, long)) < UNLIKE
