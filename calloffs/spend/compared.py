"""What verifying says: what was compared, and every difference in words."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Compared:
    """What was looked at, and how many there were."""

    what: str
    count: int


@dataclass(slots=True)
class Findings:
    """Everything that was compared, and every difference in words."""

    compared: list[Compared] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether everything agrees."""
        return not self.differences


Part = Callable[[Session], tuple[Compared, list[str]]]
