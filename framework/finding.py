"""Finding agreements: every row is fetched through what this person may see."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from framework.agreement import ExtensionDecision, ExtensionOption, FrameworkAgreement, MemberAuthority
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people import finding as people
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.records.stored_document import StoredDocument

PAGE = 50


def _seen_by(visitor: Visitor) -> Any:
    # Members see an agreement once it is confirmed (also after they have left); until then it is the lead authority's alone.
    mine = visitor.parties_where(Permission.AGREEMENT_READ)
    member_of = select(MemberAuthority.agreement_id).where(col(MemberAuthority.authority_id).in_(mine))
    is_public = sa.or_(
        col(FrameworkAgreement.confirmed_at).is_not(None), col(FrameworkAgreement.recorded_as_past)
    )
    # The record of a past agreement holds published facts alone and no money, so every council here may read it.
    is_history = sa.and_(col(FrameworkAgreement.recorded_as_past), sa.literal(bool(mine)))
    return sa.or_(
        col(FrameworkAgreement.lead_authority_id).in_(mine),
        sa.and_(is_public, col(FrameworkAgreement.id).in_(member_of)),
        is_history,
    )


def agreement(session: Session, visitor: Visitor, reference: str) -> FrameworkAgreement:
    """The agreement with this reference. Raises `NotFound` when there is none that this visitor may see."""
    found = session.exec(
        select(FrameworkAgreement).where(FrameworkAgreement.reference == reference, _seen_by(visitor))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def agreements(
    session: Session, visitor: Visitor, *, ended: bool = False, words: str = "", after: str = ""
) -> list[FrameworkAgreement]:
    """At most `PAGE` agreements that this visitor may see, and one more when there is a further page.

    The first to end comes first; with `ended`, those whose last day has passed, were closed or were cancelled, the latest first.
    `words` looks in title and reference; `after` is the reference of the last one on the page before.
    """
    query = select(FrameworkAgreement).where(_seen_by(visitor), _is_over() if ended else ~_is_over())
    for word in words.split()[:6]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(
            sa.or_(
                col(FrameworkAgreement.title).ilike(pattern, escape="\\"),
                col(FrameworkAgreement.reference).ilike(pattern, escape="\\"),
            )
        )
    last, number = col(FrameworkAgreement.ends_on), col(FrameworkAgreement.id)
    if after:
        known = agreement(session, visitor, after)
        here = sa.tuple_(sa.literal(known.ends_on), sa.literal(known.id))
        query = query.where(sa.tuple_(last, number) < here if ended else sa.tuple_(last, number) > here)
    order = (last.desc(), number.desc()) if ended else (last, number)
    return list(session.exec(query.order_by(*order).limit(PAGE + 1)))


def _is_over() -> Any:
    return sa.or_(
        col(FrameworkAgreement.recorded_as_past),
        col(FrameworkAgreement.cancelled_at).is_not(None),
        col(FrameworkAgreement.closed_at).is_not(None),
        sa.and_(
            col(FrameworkAgreement.confirmed_at).is_not(None), col(FrameworkAgreement.ends_on) < dates.today()
        ),
    )


def lead_authorities(session: Session, visitor: Visitor) -> list[Party]:
    """Authorities at which this visitor may open an agreement, by name."""
    mine = visitor.parties_where(Permission.AGREEMENT_OPEN)
    return list(session.exec(select(Party).where(col(Party.id).in_(mine)).order_by(Party.name)))


def members(session: Session, agreement: FrameworkAgreement) -> list[tuple[MemberAuthority, Party]]:
    """Member authorities with their parties, the lead authority first and then by name."""
    rows = session.exec(
        select(MemberAuthority, Party)
        .join(Party, col(Party.id) == col(MemberAuthority.authority_id))
        .where(MemberAuthority.agreement_id == agreement.id)
        .order_by(
            sa.case((col(MemberAuthority.authority_id) == agreement.lead_authority_id, 0), else_=1),
            col(Party.name),
        )
    )
    return list(rows)


def sees_share(visitor: Visitor, agreement: FrameworkAgreement, authority_id: int) -> bool:
    """Whether this visitor sees what one member has called off: its own people do, and the lead authority's framework owner."""
    mine = visitor.parties_where(Permission.AGREEMENT_READ)
    return authority_id in mine or visitor.may(Permission.AGREEMENT_OPEN, agreement.lead_authority_id)


def still_members(session: Session, agreement: FrameworkAgreement, day: date) -> list[Party]:
    """The authorities that have not left by a London day, the lead authority first."""
    return [
        party
        for member, party in members(session, agreement)
        if member.leaves_on is None or day <= member.leaves_on
    ]


def not_yet_members(session: Session, agreement: FrameworkAgreement) -> list[Party]:
    """Contracting authorities that have no place in the agreement, by name."""
    known = {member.authority_id for member, _ in members(session, agreement)}
    return [party for party in people.authorities(session) if party.id not in known]


def options(session: Session, agreement: FrameworkAgreement) -> list[ExtensionOption]:
    """The agreement's extension options, in order."""
    return list(
        session.exec(
            select(ExtensionOption)
            .where(ExtensionOption.agreement_id == agreement.id)
            .order_by(col(ExtensionOption.number))
        )
    )


def options_of(
    session: Session, agreements: Sequence[FrameworkAgreement]
) -> dict[int, list[ExtensionOption]]:
    """Options of many agreements by agreement id, in order; one statement."""
    found: dict[int, list[ExtensionOption]] = {one.id: [] for one in agreements}
    rows = session.exec(
        select(ExtensionOption)
        .where(col(ExtensionOption.agreement_id).in_(list(found)))
        .order_by(col(ExtensionOption.number))
    )
    for row in rows:
        found[row.agreement_id].append(row)
    return found


def option(session: Session, agreement: FrameworkAgreement, number: int) -> ExtensionOption:
    """One option of an agreement already fetched through the visitor. Raises `NotFound`."""
    for one in options(session, agreement):
        if one.number == number:
            return one
    raise NotFound


def approvals(session: Session, option_ids: Sequence[int]) -> dict[int, set[int]]:
    """Ids of the authorities that have approved the use of each option, by option id."""
    found: dict[int, set[int]] = {one: set() for one in option_ids}
    for row in session.exec(
        select(ExtensionDecision).where(col(ExtensionDecision.option_id).in_(list(option_ids)))
    ):
        found[row.option_id].add(row.authority_id)
    return found


def decisions(session: Session, option: ExtensionOption) -> list[ExtensionDecision]:
    """Every approval of the use of one option, the first given first."""
    return list(
        session.exec(
            select(ExtensionDecision)
            .where(ExtensionDecision.option_id == option.id)
            .order_by(col(ExtensionDecision.id))
        )
    )


def document(session: Session, agreement: FrameworkAgreement) -> StoredDocument:
    """The agreement document as it was received. Raises `NotFound` where none is attached."""
    found = session.get(StoredDocument, agreement.document_id) if agreement.document_id else None
    if found is None:
        raise NotFound
    return found


def document_facts(session: Session, agreement: FrameworkAgreement) -> dict[str, Any] | None:
    """Name, size in bytes, SHA-256 and time of the agreement document, without its bytes; None where none is attached."""
    row = (
        session.connection()
        .execute(
            sa.select(
                col(StoredDocument.file_name),
                col(StoredDocument.size),
                col(StoredDocument.sha256),
                col(StoredDocument.created_at),
            ).where(col(StoredDocument.id) == agreement.document_id)
        )
        .one_or_none()
    )
    return None if row is None else dict(row._mapping)


def allocated(agreement_members: Sequence[tuple[MemberAuthority, Party]]) -> Money:
    """All allocations together, on the agreement's basis."""
    return Money(sum(member.allocation_pence or 0 for member, _ in agreement_members))


def awaiting_confirmation(session: Session, visitor: Visitor) -> list[FrameworkAgreement]:
    """Agreements sent by somebody else that this visitor may confirm, the longest waiting first; at most `PAGE`."""
    mine = visitor.parties_where(Permission.AGREEMENT_CONFIRM)
    query = select(FrameworkAgreement).where(
        col(FrameworkAgreement.lead_authority_id).in_(mine),
        col(FrameworkAgreement.submitted_at).is_not(None),
        col(FrameworkAgreement.confirmed_at).is_(None),
        col(FrameworkAgreement.cancelled_at).is_(None),
        col(FrameworkAgreement.submitted_by_id).is_distinct_from(visitor.person_id),
        col(FrameworkAgreement.created_by_id).is_distinct_from(visitor.person_id),
    )
    return list(session.exec(query.order_by(col(FrameworkAgreement.submitted_at)).limit(PAGE)))


def awaiting_extension(
    session: Session, visitor: Visitor
) -> list[tuple[FrameworkAgreement, ExtensionOption]]:
    """Proposed extensions that an authority of this visitor's has not yet approved, the longest waiting first; at most `PAGE`."""
    mine = visitor.parties_where(Permission.AGREEMENT_CONFIRM)
    approved = (
        select(ExtensionDecision.id)
        .where(
            ExtensionDecision.option_id == ExtensionOption.id,
            ExtensionDecision.authority_id == MemberAuthority.authority_id,
        )
        .exists()
    )
    waiting = (
        select(MemberAuthority.agreement_id)
        .where(
            MemberAuthority.agreement_id == FrameworkAgreement.id,
            col(MemberAuthority.authority_id).in_(mine),
            sa.or_(col(MemberAuthority.leaves_on).is_(None), col(MemberAuthority.leaves_on) >= dates.today()),
            ~approved,
        )
        .exists()
    )
    query = (
        select(FrameworkAgreement, ExtensionOption)
        .join(ExtensionOption, col(ExtensionOption.agreement_id) == col(FrameworkAgreement.id))
        .where(
            col(ExtensionOption.proposed_at).is_not(None),
            col(ExtensionOption.used_at).is_(None),
            col(ExtensionOption.proposed_by_id).is_distinct_from(visitor.person_id),
            col(FrameworkAgreement.ends_on) >= dates.today(),
            waiting,
        )
    )
    return list(session.exec(query.order_by(col(ExtensionOption.proposed_at)).limit(PAGE)))
