"""W3: the list of call-offs, 50 rows: first page, filtered, deep."""

import sqlite3

from bench import floor
from bench.site import Site, get
from bench.timing import Goal, Work

BARE = "bare keyset query"


def works(site: Site) -> dict[str, Work]:
    """The bare keyset query, and the list as the first council's commissioning manager sees it."""
    with sqlite3.connect(site.file) as connection:
        deep = connection.execute(
            "SELECT id FROM call_off WHERE authority_id = 1 ORDER BY id LIMIT 1 OFFSET 51"
        ).fetchone()
    last = deep[0] if deep else 2**31 - 1
    officer, owner = site.council("commissioning manager"), site.council("framework owner")
    query = "SELECT id, reference, title, value_net_pence FROM call_off WHERE authority_id = ? ORDER BY id DESC LIMIT 50"
    return {
        BARE: floor.query(site.file, query, 1),
        "first": get(officer, "/call-offs/"),
        "filtered by lot": get(officer, "/call-offs/?lot=SC001-1"),
        "filtered by status": get(officer, "/call-offs/?status=ended"),
        "searched": get(officer, "/call-offs/?words=parking"),
        "deep": get(officer, f"/call-offs/?after={last}"),
        "first, framework owner": get(owner, "/call-offs/"),
    }


GOALS = (Goal("deep", 1.2, "first"),)
SAME = ("first", "first, framework owner")
"""Pages of 50 rows at every scale."""
