"""`python -m bench WORKLOAD --scale M`: medians, and ratios to a bare baseline measured in the same run.

The application is driven through its WSGI door by the test client (no network), signed in, with its audit on, on SQLite.
"""

import argparse
import tempfile
from pathlib import Path

from bench import dashboard, export, extracts, first_load, listing, order_form, raise_and_award, reminders
from bench.site import Site
from bench.timing import Goal, Work, medians, told

WORKLOADS = (
    "dashboard",
    "list",
    "raise_and_award",
    "reminders",
    "order_form",
    "first_load",
    "export",
    "import",
)


def main() -> None:
    """Read the command line, make what is missing, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("workload", choices=(*WORKLOADS, "all"))
    parser.add_argument("--scale", choices=("S", "M", "L"), default="S")
    parser.add_argument(
        "--against", choices=("S", "M", "L"), help="a second scale: the same pages at both, taking turns"
    )
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--folder", type=Path, help="keep the databases here; otherwise they are thrown away")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as throwaway:
        folder = asked.folder or Path(throwaway)
        folder.mkdir(parents=True, exist_ok=True)
        site = Site(folder, asked.scale)
        for name in WORKLOADS if asked.workload == "all" else (asked.workload,):
            _one(name, site, asked.rounds)
        if asked.against:
            _both(site, Site(folder, asked.against), asked.rounds)


def _one(name: str, site: Site, rounds: int) -> None:
    title = f"{name}, scale {site.size}, medians of {rounds}"
    if name == "dashboard":
        told(title, medians(dashboard.works(site), rounds), dashboard.BARE)
    elif name == "list":
        told(title, medians(listing.works(site), rounds), listing.BARE, listing.GOALS)
    elif name == "raise_and_award":
        works = raise_and_award.works(site, rounds + 3)
        told(title, medians(works, rounds), raise_and_award.BARE, raise_and_award.GOALS)
    elif name == "reminders":
        told(title, medians(reminders.works(site), rounds), reminders.BARE, reminders.GOALS)
    elif name == "import":
        few = max(3, rounds // 20)
        print(f"\n{name}, {extracts.LINES:,} lines")
        told(f"{name}, medians of {few}", extracts.measure(site, few), extracts.BARE, extracts.GOALS)
    elif name == "order_form":
        few = max(3, rounds // 10)
        told(
            f"{name}, medians of {few}",
            medians(order_form.works(site), few, 2),
            order_form.BARE,
            order_form.GOALS,
        )
    elif name == "export":
        few, large = max(3, rounds // 10), export.made(site)
        told(f"{name}, medians of {few}", medians(export.works(large), few, 1), export.BARE, export.GOALS)
        export.memory(large)
    else:
        few = max(3, rounds // 10)
        told(f"{name}, medians of {few}", medians(first_load.works(site), few, 1), first_load.BARE)
        first_load.weigh(site)


def _both(one: Site, other: Site, rounds: int) -> None:
    """The same pages at two scales. A page of as many rows may cost at most 1.2 times as much at the larger."""
    works: dict[str, Work] = {}
    goals = []
    for name, found in ((one.size, one), (other.size, other)):
        pages = {**dashboard.works(found), **listing.works(found)}
        works |= {f"{page}, {name}": work for page, work in pages.items()}
    small, large = sorted((one.size, other.size), key="SML".index)
    for page in (*dashboard.SAME, *listing.SAME):
        goals.append(Goal(f"{page}, {large}", 1.2, f"{page}, {small}"))
    baseline = f"{dashboard.BARE}, {one.size}"
    told(
        f"{one.size} against {other.size}, medians of {rounds}",
        medians(works, rounds),
        baseline,
        tuple(goals),
    )


if __name__ == "__main__":
    main()
