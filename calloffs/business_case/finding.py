"""Finding business cases: always through what this visitor may see. Every list is bounded."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from calloffs.business_case.case import BusinessCase, CaseDecision, CaseStatus
from calloffs.business_case.lines import CaseFacts, facts_of
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import NotFound
from framework.people import finding as people
from framework.people.party import Party
from framework.people.permissions import Permission, Visitor
from framework.people.person import Person

PAGE = 50
SEARCHED = 5_000
"""How far back, in cases, words are looked for; a whole reference is found however old it is."""
_PICKED = 500
_WAITING = 20


def case(session: Session, visitor: Visitor, reference: str) -> BusinessCase:
    """The case with this reference. Raises `NotFound` unless the visitor reads cases at its authority."""
    found = session.exec(select(BusinessCase).where(BusinessCase.reference == reference)).one_or_none()
    if found is None or found.authority_id not in visitor.parties_where(Permission.CASE_READ):
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of cases is narrowed to."""

    status: CaseStatus | None = None
    mine: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One case in a list, with its author and its status today."""

    case: BusinessCase
    author: str
    status: CaseStatus


@dataclass(frozen=True, slots=True)
class Found:
    """One page of cases, the newest first, and the id after which the next begins."""

    rows: tuple[Row, ...]
    next_after: int | None


def cases(
    session: Session, visitor: Visitor, filters: Filters | None = None, after: int | None = None
) -> Found:
    """Fifty cases of the visitor's authorities, the newest first, beginning below the id `after`. One statement."""
    filters = filters or Filters()
    today = dates.today()
    query = (
        select(BusinessCase, Person.name)
        .join(Person, col(Person.id) == col(BusinessCase.author_id))
        .where(_readable(visitor))
    )
    if filters.mine:
        query = query.where(BusinessCase.author_id == visitor.person_id)
    if filters.status is not None:
        query = query.where(status_is(filters.status, today))
    if filters.words:
        query = query.where(_says(visitor, filters.words))
    if after is not None:
        query = query.where(col(BusinessCase.id) < after)
    rows = session.exec(query.order_by(col(BusinessCase.id).desc()).limit(PAGE + 1)).all()
    shown = tuple(Row(one, author, one.status_on(today)) for one, author in rows[:PAGE])
    return Found(shown, shown[-1].case.id if len(rows) > PAGE else None)


def _readable(visitor: Visitor) -> ColumnElement[bool]:
    return col(BusinessCase.authority_id).in_(visitor.parties_where(Permission.CASE_READ))


def _says(visitor: Visitor, words: str) -> ColumnElement[bool]:
    # Words inside a title cannot be looked up in an index, so only the newest cases are read for them.
    newest = select(BusinessCase.id).where(_readable(visitor)).order_by(col(BusinessCase.id).desc())
    reference, title = col(BusinessCase.reference), col(BusinessCase.title)
    inside = or_(title.icontains(words, autoescape=True), reference.icontains(words, autoescape=True))
    return or_(reference == words.upper(), and_(col(BusinessCase.id).in_(newest.limit(SEARCHED)), inside))


def status_is(status: CaseStatus, day: date) -> ColumnElement[bool]:
    """`BusinessCase.status_on` as a condition of a select; a test holds the two together."""
    withdrawn, submitted = col(BusinessCase.withdrawn_at), col(BusinessCase.submitted_at)
    outcome, until = col(BusinessCase.outcome), col(BusinessCase.valid_until)
    if status is CaseStatus.WITHDRAWN:
        return withdrawn.is_not(None)
    if status is CaseStatus.DRAFT:
        return and_(withdrawn.is_(None), submitted.is_(None), outcome.is_(None))
    decided = and_(withdrawn.is_(None), submitted.is_not(None))
    if status is CaseStatus.SUBMITTED:
        return and_(decided, outcome.is_(None))
    if status in (CaseStatus.RETURNED, CaseStatus.REJECTED):
        return and_(decided, outcome == status.value)
    lapsed = and_(until.is_not(None), until < day, col(BusinessCase.used_net_pence) == 0)
    approved = and_(decided, outcome == "approved")
    if status is CaseStatus.LAPSED:
        return and_(approved, lapsed)
    return and_(approved, or_(until.is_(None), until >= day, col(BusinessCase.used_net_pence) > 0))


def usable_cases(session: Session, visitor: Visitor, authority_id: int) -> list[BusinessCase]:
    """Cases of the authority that a call-off may rest on today: approved, not lapsed, with something left; newest first.

    At most 500. Raises `NotFound` unless the visitor reads cases there.
    """
    if authority_id not in visitor.parties_where(Permission.CASE_READ):
        raise NotFound
    return list(
        session.exec(
            select(BusinessCase)
            .where(
                BusinessCase.authority_id == authority_id,
                status_is(CaseStatus.APPROVED, dates.today()),
                col(BusinessCase.used_net_pence) < col(BusinessCase.approved_net_pence),
            )
            .order_by(col(BusinessCase.id).desc())
            .limit(_PICKED)
        )
    )


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision as it is shown: by whom, within which limit as it was then."""

    decision: CaseDecision
    by: str

    @property
    def amount(self) -> Money:
        return Money(self.decision.amount_net_pence)

    @property
    def limit(self) -> Money | None:
        pence = self.decision.limit_net_pence
        return None if pence is None else Money(pence)


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything a case says, who is behind it and what was decided, the newest decision first."""

    facts: CaseFacts
    authority: Party
    author: str
    submitted_by: str | None
    decisions: tuple[Decided, ...]

    @property
    def sent_back(self) -> Decided | None:
        """The decision that returned the case, when that was the last one."""
        last = self.decisions[0] if self.decisions else None
        return last if last and last.decision.outcome == "returned" else None


def whole(session: Session, case: BusinessCase) -> Whole:
    """All that a case's page shows; six statements. The caller has already fetched the case through the visitor."""
    authority = session.exec(select(Party).where(Party.id == case.authority_id)).one()
    decisions = session.exec(
        select(CaseDecision).where(CaseDecision.case_id == case.id).order_by(col(CaseDecision.id).desc())
    ).all()
    ids = {case.author_id, case.submitted_by_id, *(one.decided_by_id for one in decisions)}
    names = people.names(session, {one for one in ids if one is not None})
    return Whole(
        facts=facts_of(session, case),
        authority=authority,
        author=names[case.author_id],
        submitted_by=names[case.submitted_by_id] if case.submitted_by_id else None,
        decisions=tuple(Decided(one, names[one.decided_by_id]) for one in decisions),
    )


@dataclass(frozen=True, slots=True)
class Approver:
    """Someone who may decide a case; the limit is net of VAT, and None means that nothing was delegated."""

    name: str
    limit: Money | None
    reaches: bool
    """Whether the limit covers all that is asked for."""


def approvers(session: Session, case: BusinessCase, submitter_id: int | None) -> list[Approver]:
    """Who at the authority could decide the case once this person submits it, by name."""
    own = {case.author_id, case.changed_by_id, submitter_id}
    return [
        Approver(person.name, limit, limit is not None and limit >= case.requested)
        for person, limit in people.holders(session, case.authority_id, Permission.CASE_DECIDE)
        if person.id not in own
    ]


def to_decide(session: Session, visitor: Visitor) -> list[Row]:
    """Up to twenty cases that wait for this approver, the oldest submission first; their own are not theirs to decide."""
    parties = visitor.parties_where(Permission.CASE_DECIDE)
    me = visitor.person_id
    rows = session.exec(
        select(BusinessCase, Person.name)
        .join(Person, col(Person.id) == col(BusinessCase.author_id))
        .where(
            col(BusinessCase.authority_id).in_(parties),
            status_is(CaseStatus.SUBMITTED, dates.today()),
            BusinessCase.author_id != me,
            or_(col(BusinessCase.submitted_by_id).is_(None), col(BusinessCase.submitted_by_id) != me),
            or_(col(BusinessCase.changed_by_id).is_(None), col(BusinessCase.changed_by_id) != me),
        )
        .order_by(col(BusinessCase.submitted_at), col(BusinessCase.id))
        .limit(_WAITING)
    )
    return [Row(one, author, CaseStatus.SUBMITTED) for one, author in rows]


def to_write(session: Session, visitor: Visitor) -> list[tuple[BusinessCase, str]]:
    """Up to twenty returned cases of the visitor's own, each with the approver's reason, then up to twenty drafts."""
    returned = _own(session, visitor, CaseStatus.RETURNED)
    reasons: dict[int, str] = {}
    if returned:
        ids = [one.id for one in returned]
        for one in session.exec(
            select(CaseDecision).where(col(CaseDecision.case_id).in_(ids)).order_by(col(CaseDecision.id))
        ):
            reasons[one.case_id] = one.reason
    drafts = _own(session, visitor, CaseStatus.DRAFT)
    return [(one, reasons[one.id]) for one in returned] + [(one, "") for one in drafts]


def _own(session: Session, visitor: Visitor, status: CaseStatus) -> list[BusinessCase]:
    return list(
        session.exec(
            select(BusinessCase)
            .where(
                BusinessCase.author_id == visitor.person_id,
                _readable(visitor),
                status_is(status, dates.today()),
            )
            .order_by(col(BusinessCase.id).desc())
            .limit(_WAITING)
        )
    )
