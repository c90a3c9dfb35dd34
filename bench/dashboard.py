"""W2: spend against ceiling, one agreement; and the pages around it."""

from bench import floor
from bench.site import Site, get
from bench.timing import Work

BARE = "bare query"
_QUERY = (
    "SELECT a.ceiling_pence, a.reserved_pence, a.committed_pence, a.invoiced_pence, a.paid_pence, l.number, l.ceiling_pence, "
    "l.reserved_pence, l.committed_pence, l.invoiced_pence, l.paid_pence FROM framework_agreement a "
    "JOIN lot l ON l.agreement_id = a.id WHERE a.reference = ?"
)


def works(site: Site) -> dict[str, Work]:
    """The bare query of balances, and each page as the first council's framework owner sees it."""
    owner = site.council("framework owner")
    return {
        BARE: floor.query(site.file, _QUERY, "SC001"),
        "hello": floor.hello(),
        "agreement": get(owner, "/agreements/SC001"),
        "spend by lot": get(owner, "/spend/agreements/SC001/lots"),
        "spend overview": get(owner, "/spend/"),
        "home": get(owner, "/"),
    }


SAME = ("agreement", "spend by lot")
"""Pages that show as many rows at every scale."""
