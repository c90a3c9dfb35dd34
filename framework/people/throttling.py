"""Throttling: how often one network address may fail to sign in or ask for links, and how many links one person is sent.

The lock of an account alone would not stop one password tried on many accounts. Counted in the database, so that all processes
count together; only wrong sign-ins count, because a whole council may come from one address.
"""

from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from sqlmodel import Session

from framework.definitions.rules import Refusal, Refused
from framework.records import tallies

WRONG_SIGN_INS = 100
"""Wrong sign-ins from one network address in a quarter of an hour."""
LINKS_ASKED_FOR = 30
"""Links to set a password asked for from one network address in an hour, whoever they are for."""
LINKS_SENT = 3
"""Links to set a password sent to one person in an hour because somebody asked for them."""
WRONG_INVITATIONS = 30
"""Links of invitations that are none, asked for from one network address in an hour."""
WRONG_FEEDS = 100
"""Feed addresses that were never made, asked for from one network address in an hour. Those that ended are not counted: a workbook
that still asks for one is no guess."""
INVITATIONS_SENT = 60
"""Invitations that one person may send in a day."""
COLLEAGUES_ADDED = 40
"""Colleagues that one partner's administrator may add in a day: each may be a mail to an address that nobody has proved."""
REFUSALS_BEFORE_NAMING = 60
"""Refusals of one person in a day after which they name no further addresses: what is refused tells whose address it is."""
REFUSED = "refused"
"""What each refusal of a form is counted as, by the visit."""
_SIGN_INS, _LINKS, _SENT = "wrong sign-ins", "links asked for", "links sent"
_WRONG_INVITATIONS, _INVITATIONS = "wrong invitations", "invitations sent"
_COLLEAGUES = "colleagues added"
_WRONG_FEEDS = "wrong feeds"
_QUARTER, _HOUR, _DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)


def from_address(secret: str, address: str | None) -> str:
    """A digest for the network address that a request comes from; all of an IPv6 line counts as one."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return tallies.who(secret, "unknown")
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64)
    return tallies.who(secret, str(found))


def too_many_sign_ins(session: Session, address: str) -> Refused | None:
    """Why nobody may sign in from this network address for now, or None."""
    if tallies.so_far(session, _SIGN_INS, address, _QUARTER) < WRONG_SIGN_INS:
        return None
    return Refused(
        Refusal(
            "There were too many wrong sign-ins from your network. Wait a quarter of an hour, then try again",
            field="password",
        )
    )


def count_wrong_sign_in(session: Session, address: str) -> None:
    """Count a wrong sign-in."""
    tallies.count(session, _SIGN_INS, address, _QUARTER)


def count_link_asked_for(session: Session, address: str) -> Refused | None:
    """Count a link asked for; why it is one too many from this network address, or None."""
    if tallies.count(session, _LINKS, address, _HOUR) <= LINKS_ASKED_FOR:
        return None
    return Refused(
        Refusal("Too many links were asked for from your network. Wait an hour, then try again", "email")
    )


def may_send_link(session: Session, person_id: int) -> bool:
    """Count a link that would be sent to this person; False for one too many."""
    return tallies.count(session, _SENT, f"person {person_id}", _HOUR) <= LINKS_SENT


def too_many_wrong_invitations(session: Session, address: str) -> bool:
    """Whether this network address has asked for so many invitations that are none that it is not answered for now."""
    return tallies.so_far(session, _WRONG_INVITATIONS, address, _HOUR) >= WRONG_INVITATIONS


def count_wrong_invitation(session: Session, address: str) -> None:
    """Count a link of an invitation that is none."""
    tallies.count(session, _WRONG_INVITATIONS, address, _HOUR)


def too_many_wrong_feeds(session: Session, address: str) -> bool:
    """Whether this network address has asked for so many feeds that are none that it is not answered for now."""
    return tallies.so_far(session, _WRONG_FEEDS, address, _HOUR) >= WRONG_FEEDS


def count_wrong_feed(session: Session, address: str) -> None:
    """Count an address of a feed that was never made."""
    tallies.count(session, _WRONG_FEEDS, address, _HOUR)


def may_send_invitation(session: Session, person_id: int | None) -> bool:
    """Count an invitation that this person sends; False for one too many in a day."""
    return tallies.count(session, _INVITATIONS, f"person {person_id}", _DAY) <= INVITATIONS_SENT


def may_add_colleague(session: Session, person_id: int | None) -> bool:
    """Count a colleague whom this person adds; False for one too many in a day."""
    return tallies.count(session, _COLLEAGUES, f"person {person_id}", _DAY) <= COLLEAGUES_ADDED


def refused_too_often(session: Session, person_id: int | None) -> bool:
    """Whether this person was refused so often today that they can only be trying out addresses."""
    return tallies.so_far(session, REFUSED, f"person {person_id}", _DAY) >= REFUSALS_BEFORE_NAMING
