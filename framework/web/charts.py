"""Pictures of money made on the server: where each part of a bar begins and ends, and the sentence that says the same."""

from dataclasses import dataclass

from framework.definitions.money import Money, half_up, percent_of

WIDTH = 960
"""Width of a bar in the units of its own picture; the page scales it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a bar: its kind, its words and where it stands."""

    kind: str
    words: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Label:
    """Words under a part that has room for them; the sentence says every part."""

    words: str
    x: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of money: a key that is unique on its page, its parts, labels of the wider ones, and the whole of it in words."""

    key: str
    title: str
    sentence: str
    parts: tuple[Part, ...]
    labels: tuple[Label, ...] = ()

    @property
    def unlabelled(self) -> bool:
        """Whether a part was too narrow for its label, so that a list under the bar names every part."""
        return len(self.labels) < len(self.parts)


def spend_bar(
    key: str,
    title: str,
    *,
    ceiling: Money | None,
    reserved: Money,
    committed: Money,
    invoiced: Money,
    paid: Money,
    basis: str,
) -> Bar:
    """Paid, then what is invoiced on top, committed on top, reserved on top, and what is left under the ceiling.

    All amounts on one basis, whose words are `basis`. Without a ceiling the bar is as long as what is promised.
    """
    promised = committed + reserved
    none = Money.zero()
    billed = min(max(invoiced, none), committed)
    settled = min(max(paid, none), billed)
    over = max(promised - ceiling, none) if ceiling is not None else none
    left = max(ceiling - promised, none) if ceiling is not None else none
    steps = (
        ("paid", "paid", settled),
        ("invoiced", "invoiced, not paid", billed - settled),
        ("committed", "committed, not invoiced", committed - billed),
        ("reserved", "reserved", reserved),
        ("left", "left", left),
    )
    whole = max(promised + left, none)
    parts, named, before = [], [], none
    for kind, words, amount in steps:
        x, end = _place(before, whole), _place(before + amount, whole)
        before = before + amount
        if amount.pence > 0:
            parts.append(Part(kind, f"{amount} {words}", x, max(end - x, 1)))
            named.append((f"{amount.short} {words}", parts[-1]))
    if ceiling is not None and over.pence:
        # Drawn over the last of what is promised: from the ceiling on.
        x = _place(max(ceiling, none), whole)
        parts.append(Part("over", f"{over} over the ceiling", x, max(WIDTH - x, 1)))
        named = [(f"{over.short} over", parts[-1]), *((words, one) for words, one in named if one.x < x)]
    return Bar(
        key,
        title,
        _sentence(title, ceiling, reserved, committed, invoiced, paid, basis, over),
        tuple(parts),
        _labels(named),
    )


_LETTER = 8
"""Room that a letter of a label takes at most."""


def _labels(named: list[tuple[str, Part]]) -> tuple[Label, ...]:
    """Labels that neither touch each other nor leave the bar, each beginning under its own part."""
    found, free = [], 0
    for words, part in sorted(named, key=lambda one: one[1].x):
        x, length = max(part.x, free), _LETTER * len(words)
        if x + length > WIDTH:
            x = max(WIDTH - length, free)
        if part.x <= x + length and x <= part.x + part.width and x + length <= WIDTH:
            found.append(Label(words, x))
            free = x + length + 2 * _LETTER
    return tuple(found)


def _place(amount: Money, whole: Money) -> int:
    return half_up(amount.pence * WIDTH, whole.pence) if whole.pence else 0


def _sentence(
    title: str,
    ceiling: Money | None,
    reserved: Money,
    committed: Money,
    invoiced: Money,
    paid: Money,
    basis: str,
    over: Money,
) -> str:
    most = "" if ceiling is None else f" of {ceiling} ({percent_of(committed, ceiling)})"
    said = f"{title}: {committed}{most} committed, {reserved} reserved, {invoiced} invoiced, {paid} paid"
    if over.pence:
        said += f", {over} over its ceiling"
    elif ceiling is not None:
        said += f", {ceiling - committed - reserved} left"
    return f"{said}, {basis}"
