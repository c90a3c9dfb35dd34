"""Timing: work and baseline take turns, medians are compared, and a missed goal is said."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Goal:
    """At most so many times another work of the same run."""

    work: str
    times: float
    of: str


def medians(works: dict[str, Work], rounds: int, warm: int = 3) -> dict[str, float]:
    """Median seconds of each work. They take turns, so that whatever else the machine does falls on all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(warm + rounds):
        gc.collect()
        for name, work in works.items():
            begun = perf_counter()
            work()
            if turn >= warm:
                taken[name].append(perf_counter() - begun)
    return {name: median(times) for name, times in taken.items()}


def told(title: str, found: dict[str, float], baseline: str, goals: tuple[Goal, ...] = ()) -> None:
    """Print the medians, their ratios to the baseline, and each goal with what was reached."""
    print(f"\n{title}")
    for name, seconds in found.items():
        print(f"  {name:<44} {seconds * 1000:>10.3f} ms {seconds / found[baseline]:>9.1f} x {baseline}")
    for goal in goals:
        reached = found[goal.work] / found[goal.of]
        verdict = "met" if reached <= goal.times else "MISSED"
        print(f"  goal: {goal.work} <= {goal.times} x {goal.of}: {reached:.2f}, {verdict}")
