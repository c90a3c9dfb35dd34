"""The menu: where each role goes most, and whose page this is."""

from dataclasses import dataclass

from flask import Flask, g, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from framework.people.finding import holds_sample
from framework.people.party import Party
from framework.people.permissions import Permission
from framework.records.database import current


@dataclass(frozen=True, slots=True)
class Item:
    words: str
    address: str
    current: bool


# (words, endpoint, permission): shown to whoever holds the permission, where the door exists. Filled by app.py.
MENU: list[tuple[str, str, Permission]] = []


def items() -> list[Item]:
    """The menu of this visitor."""
    found = []
    for words, endpoint, permission in MENU:
        if g.visitor.may(permission):
            address = url_for(endpoint)
            # A page below an item's own address belongs to it: /spend/agreements/DPF2/lots is under /spend/.
            here = request.path == address or (address != "/" and request.path.startswith(address))
            found.append(Item(words, address, here))
    return found


def parties() -> list[Party]:
    """The organisations this visitor acts for."""
    if "parties" not in g:
        ids = list(dict.fromkeys(post.party_id for post in g.visitor.posts))
        rows = (
            {party.id: party for party in current().exec(select(Party).where(col(Party.id).in_(ids)))}
            if ids
            else {}
        )
        g.parties = [rows[one] for one in ids if one in rows]
    found: list[Party] = g.parties
    return found


def whose_page() -> str:
    """Names of the organisations this visitor acts for."""
    named = " and ".join(party.name for party in parties())
    return named or ("Installation operator" if g.visitor.is_operator else "No organisation")


def is_sample() -> bool:
    """Whether this page shows the sample: known from the visitor's own organisations, else from the database itself."""
    if g.get("visitor") is not None and parties():
        return any(party.is_sample for party in parties())
    try:
        return holds_sample(current())
    except SQLAlchemyError:
        # The page that says that something is wrong must not fail over a banner.
        return False


def add_menu(app: Flask) -> None:
    """Give templates the menu."""
    app.jinja_env.globals.update(menu=items, whose_page=whose_page, is_sample=is_sample)
