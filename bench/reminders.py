"""W6: what falls due today among all dates, against the indexed queries alone."""

import sqlite3
from datetime import timedelta

from bench.site import Site
from bench.timing import Goal, Work
from framework import reminding
from framework.definitions import dates
from framework.definitions.dates import add_months

BARE = "indexed queries alone"
GOALS = (Goal("what is due", 3, BARE),)


def works(site: Site) -> dict[str, Work]:
    """One bare query for each offset of each kind over the same days, and the product's own look with its readers."""
    connection = sqlite3.connect(site.file)
    today = dates.today()
    spans = [(add_months(today, months).isoformat(), months) for months in (1, 2, 3, 6)]

    def bare() -> None:
        for day, _ in spans:
            connection.execute(
                "SELECT id, ends_on FROM call_off WHERE ends_on BETWEEN date(?, '-1 day') AND date(?, '+6 day') "
                "AND signed_at IS NOT NULL AND closed_at IS NULL AND terminated_on IS NULL",
                (day, day),
            ).fetchall()
        for days in (7, 30, 60):
            connection.execute(
                "SELECT id, expires_on FROM evidence WHERE expires_on BETWEEN date(?, ?) AND date(?, ?)",
                (today.isoformat(), f"+{days - 1} day", today.isoformat(), f"+{days + 6} day"),
            ).fetchall()
        connection.execute("SELECT id, ends_on FROM framework_agreement").fetchall()

    def due() -> None:
        with site.reading() as session:
            reminding.due_between(session, today - timedelta(days=1), today)

    return {BARE: bare, "what is due": due}
