"""The permission words, which role holds which, and the visitor who holds them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from framework.definitions.money import Money
from framework.definitions.rules import NotFound


class Role(StrEnum):
    COMMISSIONING_MANAGER = "commissioning_manager"
    APPROVER = "approver"
    FINANCE_REVIEWER = "finance_reviewer"
    FRAMEWORK_OWNER = "framework_owner"
    AUDITOR = "auditor"
    AUTHORITY_ADMINISTRATOR = "authority_administrator"
    PARTNER_ADMINISTRATOR = "partner_administrator"
    PARTNER_USER = "partner_user"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


PARTNER_ROLES = frozenset({Role.PARTNER_ADMINISTRATOR, Role.PARTNER_USER})
"""Roles held at a supplier; every other is held at an authority."""


class Permission(StrEnum):
    AGREEMENT_CONFIRM = "agreement:confirm"
    AGREEMENT_OPEN = "agreement:open"
    AGREEMENT_READ = "agreement:read"
    AUDIT_READ = "audit:read"
    CALL_OFF_APPROVE = "call_off:approve"
    CALL_OFF_AWARD = "call_off:award"
    CALL_OFF_CLOSE = "call_off:close"
    CALL_OFF_RAISE = "call_off:raise"
    CALL_OFF_READ = "call_off:read"
    CALL_OFF_SIGN = "call_off:sign"
    CASE_DECIDE = "case:decide"
    CASE_READ = "case:read"
    CASE_WRITE = "case:write"
    COLLEAGUES_MANAGE = "colleagues:manage"
    COMPANY_KEEP = "company:keep"
    EXTRACT_READ = "extract:read"
    FORWARD_READ = "forward:read"
    FORWARD_WRITE = "forward:write"
    HOME_READ = "home:read"
    INSTALLATION_OPERATE = "installation:operate"
    INVOICE_RECORD = "invoice:record"
    OFFER_ANSWER = "offer:answer"
    OFFER_READ = "offer:read"
    OFFER_SIGN = "offer:sign"
    PEOPLE_MANAGE = "people:manage"
    PERIOD_CLOSE = "period:close"
    RATES_READ = "rates:read"
    REMINDERS_READ = "reminders:read"
    RETURN_GIVE = "return:give"
    SKILLSETS_READ = "skillsets:read"
    SPEND_READ = "spend:read"


_READS = frozenset(
    {
        Permission.AGREEMENT_READ,
        Permission.AUDIT_READ,
        Permission.CALL_OFF_READ,
        Permission.CASE_READ,
        Permission.FORWARD_READ,
        Permission.HOME_READ,
        Permission.RATES_READ,
        Permission.REMINDERS_READ,
        Permission.SPEND_READ,
    }
)
_PARTNER = frozenset(
    {
        Permission.COMPANY_KEEP,
        Permission.FORWARD_READ,
        Permission.HOME_READ,
        Permission.OFFER_READ,
        Permission.OFFER_ANSWER,
        Permission.OFFER_SIGN,
        Permission.REMINDERS_READ,
        Permission.RETURN_GIVE,
    }
)

# Which role holds which words. A new permission is one member above and its place here.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.COMMISSIONING_MANAGER: _READS
    | {
        Permission.CASE_WRITE,
        Permission.CALL_OFF_RAISE,
        Permission.CALL_OFF_AWARD,
        Permission.CALL_OFF_CLOSE,
        Permission.FORWARD_WRITE,
        Permission.SKILLSETS_READ,
    },
    Role.APPROVER: _READS
    | {
        Permission.CASE_DECIDE,
        Permission.CALL_OFF_APPROVE,
        Permission.CALL_OFF_SIGN,
        Permission.AGREEMENT_CONFIRM,
    },
    Role.FINANCE_REVIEWER: _READS
    | {
        Permission.INVOICE_RECORD,
        Permission.CALL_OFF_CLOSE,
        Permission.EXTRACT_READ,
        Permission.PERIOD_CLOSE,
    },
    Role.FRAMEWORK_OWNER: _READS
    | {
        Permission.AGREEMENT_OPEN,
        Permission.AGREEMENT_CONFIRM,
        Permission.EXTRACT_READ,
        Permission.FORWARD_WRITE,
        Permission.SKILLSETS_READ,
    },
    Role.AUDITOR: _READS | {Permission.EXTRACT_READ, Permission.SKILLSETS_READ},
    Role.AUTHORITY_ADMINISTRATOR: frozenset({Permission.HOME_READ, Permission.PEOPLE_MANAGE}),
    Role.PARTNER_ADMINISTRATOR: _PARTNER | {Permission.COLLEAGUES_MANAGE},
    Role.PARTNER_USER: _PARTNER,
}
OPERATOR_GRANTS = frozenset({Permission.HOME_READ, Permission.INSTALLATION_OPERATE})


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post in force today."""

    party_id: int
    role: Role
    limit: Money | None = None
    """Net of VAT."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is acting, and what they may do where. Every row is fetched through one of these."""

    person_id: int | None
    name: str
    email: str = ""
    posts: tuple[HeldPost, ...] = ()
    is_operator: bool = False

    def may(self, permission: Permission, party_id: int | None = None) -> bool:
        """Whether any post (at `party_id`, when given) carries the permission."""
        if self.is_operator and permission in OPERATOR_GRANTS and party_id is None:
            return True
        return any(
            permission in GRANTS[post.role]
            for post in self.posts
            if party_id is None or post.party_id == party_id
        )

    def parties_where(self, permission: Permission) -> frozenset[int]:
        """Ids of the parties at which this person holds the permission."""
        return frozenset(post.party_id for post in self.posts if permission in GRANTS[post.role])

    def limit_at(self, party_id: int, permission: Permission) -> Money | None:
        """The highest limit, net of VAT, among the posts at the party that carry the permission."""
        limits = [
            post.limit
            for post in self.posts
            if post.party_id == party_id and post.limit is not None and permission in GRANTS[post.role]
        ]
        return max(limits, default=None)

    def holds(self, role: Role, party_id: int | None = None) -> bool:
        """Whether this person holds the role (at `party_id`, when given)."""
        return any(
            post.role == role and (party_id is None or post.party_id == party_id) for post in self.posts
        )

    @property
    def is_partner(self) -> bool:
        """Whether this person acts for a supplier (and so sees that supplier's own rows and nothing else)."""
        return any(post.role in PARTNER_ROLES for post in self.posts)


CLOCK = Visitor(person_id=None, name="The clock")
"""The actor of whatever happens because a date has passed."""


def permitted(actor: Visitor, permission: Permission, party_ids: int | Iterable[int]) -> None:
    """Pass when the actor holds the permission at one of the parties.

    Raises `NotFound` and not a refusal: what a person may not touch does not exist for them.
    """
    wanted = {party_ids} if isinstance(party_ids, int) else set(party_ids)
    if not wanted & actor.parties_where(permission):
        raise NotFound
