"""Extracts of the sample's two finance systems as acts: a file is taken, loaded, taken back, and its lines are matched."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, select

from calloffs.extracts import confirming, undoing
from calloffs.extracts.source import AmountBasis, SpendSource
from calloffs.extracts.sourcing import add_source, source_named
from calloffs.extracts.spend_import import SpendImport
from calloffs.extracts.spend_line import SpendLine
from calloffs.extracts.taking import read_and_check, take
from calloffs.matching import certain, matching
from calloffs.matching.setting_aside import set_aside
from calloffs.matching.spend_match import Why
from calloffs.sample.extract_files import PaidRow, accounts_payable, others, published
from calloffs.sample.extract_rows import loose, of_bills, row_of
from calloffs.sample.people import COUNCILS
from calloffs.sample.places import authority_id
from calloffs.sample.running import Bill, Way
from calloffs.sample.setting_up import by_name, in_role
from calloffs.sample.telling import Telling
from framework.definitions.money import Money
from framework.people.permissions import Role, Visitor
from framework.records.database import begin_writing

SYSTEMS = (
    ("Northmere accounts payable", AmountBasis.BOTH, accounts_payable),
    ("Eastwold published payments", AmountBasis.NET, published),
)
"""The finance system of each council: its name, what its amounts are, and how its files are written."""
CORRECTED_BY = Money.pounds(270)
_LINES = (92, 58)


def finance(session: Session, council: int) -> Visitor:
    """The finance reviewer of a council."""
    return by_name(session, in_role(COUNCILS[council], Role.FINANCE_REVIEWER))


class Extract:
    """One file of one council: the payments of some days, both included."""

    def __init__(
        self,
        council: int,
        name: str,
        first: date,
        last: date,
        tellings: Sequence[Telling],
        lines: int = 0,
    ) -> None:
        self.council, self.name, self.first, self.last, self.tellings = council, name, first, last, tellings
        self.system, _, self.write = SYSTEMS[council]
        self.many = lines or _LINES[council]
        self.file_name = f"{name}.csv"
        self.wrong_once = self.awry = False
        self.before: Extract | None = None
        """The file in which a row was wrong that this one has again, put right."""
        self.matched = True
        """Whether its certain lines are matched the day after."""
        self.more: list[Callable[[Session], PaidRow | None]] = []

    def bills(self) -> list[Bill]:
        """The bills that it pays."""
        found = [bill for one in self.tellings for bill in one.bills.values()]
        return [
            one
            for one in found
            if one.way in (Way.BY_LINE, Way.PAID_BY_LINE) and self.first <= one.paid_on <= self.last
        ]

    def mistaken(self) -> Bill | None:
        """The bill that finance typed wrongly, where it is one that nobody recorded here."""
        return next((one for one in self.bills() if one.way is Way.BY_LINE), None)

    def rows(self, session: Session) -> list[PaidRow]:
        wrong = self.mistaken() if self.wrong_once else None
        found = of_bills(session, self.bills())
        if wrong is not None:
            found = [
                replace(one, net=one.net + CORRECTED_BY, vat=None) if one.invoice == wrong.reference else one
                for one in found
            ]
        if self.before and (put_right := self.before.mistaken()):
            found.append(row_of(session, put_right))
        found += [one for make in self.more if (one := make(session)) is not None]
        found += loose(self.council, self.first, self.last)
        found += others(self.name, self.first, self.last, self.many)
        return sorted(found, key=lambda one: (one.paid_on, one.transaction))

    def content(self, session: Session) -> bytes:
        rows = self.rows(session)
        return accounts_payable(rows, awry=True) if self.awry else self.write(rows)

    def take(self, session: Session) -> SpendImport:
        """Have the file read and checked, as a person does who chooses it."""
        content = self.content(session)
        source = source_named(session, self.system)
        assert source is not None
        checked = read_and_check(session, source, content, self.file_name)
        session.rollback()
        begin_writing(session)
        return take(
            session,
            actor=finance(session, self.council),
            source=session.get_one(SpendSource, source.id),
            content=content,
            file_name=self.file_name,
            checked=checked,
        )

    def take_up(self, session: Session) -> None:
        """Take the file and leave it waiting to be confirmed."""
        self.take(session)

    def load(self, session: Session) -> None:
        """Take the file and confirm what was found in it."""
        imported = self.take(session)
        actor = finance(session, self.council)
        confirming.confirm(session, actor=actor, imported=imported, is_right=True, alike_seen=True)
        confirming.save_all(session, imported)

    def take_back(self, session: Session) -> None:
        imported = session.exec(select(SpendImport).where(SpendImport.file_name == self.file_name)).one()
        undoing.undo(session, actor=finance(session, self.council), imported=imported)
        undoing.take_back_all(session, imported)


def match_certain(session: Session, council: int) -> None:
    """Match all certain lines of a council, as they are shown."""
    actor, own_id = finance(session, council), authority_id(session, council)
    groups: dict[int, list[certain.Sure]] = {}
    for one in certain.plan(session, actor, own_id).sure:
        groups.setdefault(one.suggestion.candidate.agreement_id, []).append(one)
    for agreement_id, lines in groups.items():
        certain.match_block(session, actor=actor, authority_id=own_id, agreement_id=agreement_id, lines=lines)


def match_by_hand(session: Session, telling: Telling, invoice: str, over_why: str = "") -> None:
    """Match the line with an invoice's number to a call-off, if it is loaded and waits."""
    council = COUNCILS.index(telling.council)
    line = session.exec(select(SpendLine).where(SpendLine.invoice_number == invoice)).one_or_none()
    if line is not None and line.call_off_id is None:
        matching.match(
            session,
            actor=finance(session, council),
            line=line,
            call_off=telling.call_off(session),
            why=Why.BY_HAND,
            because="Chosen by hand, after a call to the service",
            over_why=over_why,
        )


def set_sponsor_aside(session: Session, council: int) -> None:
    """Say that what a partner was paid for a stand at a fair belongs to no call-off."""
    line = session.exec(
        select(SpendLine)
        .where(
            SpendLine.authority_id == authority_id(session, council),
            col(SpendLine.narrative).like("%sponsored%"),
        )
        .order_by(col(SpendLine.id))
        .limit(1)
    ).first()
    if line is not None:
        set_aside(
            session,
            actor=finance(session, council),
            line=line,
            why="A stand at the jobs fair, paid back by the firm: no work of ours",
        )


def open_source(session: Session, council: int) -> None:
    """Name the finance system from which a council's files come."""
    name, basis, _ = SYSTEMS[council]
    own_id = authority_id(session, council)
    add_source(session, actor=finance(session, council), authority_id=own_id, name=name, basis=basis)
