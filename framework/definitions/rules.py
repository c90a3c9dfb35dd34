"""How a rule says no: refusals in the reader's words, all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from framework.definitions.money import Money

Intent = TypeVar("Intent")


@dataclass(frozen=True)
class Refusal:
    """One reason why something may not be done.

    `sentence` is shown to the person as it stands. `field` is the name of the form field it belongs
    beside (None: the whole form). `rule` is the number of the rule, such as "RULE-05". `left` is the
    money that is still available when the refusal is about money, on the agreement's own VAT basis.
    """

    sentence: str
    field: str | None = None
    rule: str | None = None
    left: Money | None = None


class Refused(Exception):
    """An action that was not done, with every reason why; nothing was changed."""

    def __init__(self, *refusals: Refusal) -> None:
        if not refusals:
            raise ValueError("A refusal needs at least one reason")
        super().__init__(*refusals)
        self.refusals: tuple[Refusal, ...] = refusals

    def __str__(self) -> str:
        return " ".join(refusal.sentence for refusal in self.refusals)


class ChangedMeanwhile(Refused):
    """Somebody else acted first, so what this person saw is out of date; they must look again."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__(*(refusals or (Refusal(CHANGED_MEANWHILE),)))


CHANGED_MEANWHILE = (
    "Someone else changed this while you were looking at it. Check what it says now, then try again"
)


class NotFound(Exception):
    """There is no such record, or this person may not see it; the two are never told apart."""


def refuse(
    sentence: str,
    field: str | None = None,
    rule: str | None = None,
    left: Money | None = None,
) -> NoReturn:
    """Raise `Refused` with one reason, at once."""
    raise Refused(Refusal(sentence, field, rule, left))


def require(
    intent: Intent,
    rules: Iterable[Callable[[Intent], Refusal | Iterable[Refusal] | None]],
) -> None:
    """Ask every rule about `intent` and raise one `Refused` holding every reason given, in order.

    A rule answers None (it has nothing against it), one `Refusal`, or several.
    """
    refusals: list[Refusal] = []
    for rule in rules:
        answer = rule(intent)
        if isinstance(answer, Refusal):
            refusals.append(answer)
        elif answer is not None:
            refusals.extend(answer)
    if refusals:
        raise Refused(*refusals)
