"""Verifying the books: every balance recomputed from its entries, every ceiling, the audit chain and every stored file.

Reads everything and writes nothing. Sums are made by the database, one grouped statement for each kind of scope.
"""

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session

from calloffs.business_case.case import BusinessCase
from calloffs.call_off import CallOff
from calloffs.clocks import proving as clock_proving
from calloffs.matching import proving
from calloffs.matching.accepted import accepted_overs
from calloffs.spend.compared import Compared, Findings, Part
from calloffs.spend.entry import EntryKind, LedgerEntry
from calloffs.spend.invoice import Invoice, Payment
from calloffs.spend.verifying_figures import lines_belong, period_figures
from framework.agreement import FrameworkAgreement, MemberAuthority
from framework.definitions.money import Basis, Money
from framework.people.party import Party
from framework.records import chain
from framework.records.columns import table_of
from framework.records.stored_document import StoredDocument
from lots.appointment import Appointment
from lots.lot import Lot

_entry, _agreement, _member, _lot, _appointment, _call_off, _case, _invoice, _payment, _party = (
    table_of(model)
    for model in (
        LedgerEntry,
        FrameworkAgreement,
        MemberAuthority,
        Lot,
        Appointment,
        CallOff,
        BusinessCase,
        Invoice,
        Payment,
        Party,
    )
)
_BALANCES = {
    EntryKind.RESERVATION: "reserved",
    EntryKind.COMMITMENT: "committed",
    EntryKind.INVOICE: "invoiced",
    EntryKind.PAYMENT: "paid",
}


def snapshot(session: Session) -> Session:
    """Make the session see one moment throughout, so that work going on meanwhile looks like no difference.

    Call it before the session's first statement. SQLite's transactions see one moment by themselves.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    return session


def verify(session: Session) -> Findings:
    """Compare everything in PARTS."""
    found = Findings()
    for part in PARTS:
        try:
            compared, differences = part(session)
        except (ValueError, TypeError, sa.exc.SQLAlchemyError) as why:
            # Something so damaged that it cannot even be read differs too, and the other parts are still compared.
            name = part.__name__.replace("_", " ")
            compared, differences = (
                Compared(name, 0),
                [f"{name.capitalize()}: something cannot be read ({why})"],
            )
        found.compared.append(compared)
        found.differences.extend(differences)
    return found


def report(found: Findings) -> Iterator[str]:
    """The findings as lines for a person: what was compared, each difference, and the verdict."""
    for one in found.compared:
        yield f"{one.count:>9,}  {one.what}"
    for sentence in found.differences:
        yield f"DIFFERS: {sentence}"
    total = len(found.differences)
    yield (
        "Everything agrees."
        if found.whole
        else f"{total:,} {'thing differs' if total == 1 else 'things differ'}."
    )


def _sum_of(kind: EntryKind, column: str = "amount_pence") -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((_entry.c.kind == kind, _entry.c[column]), else_=0))


def _scope(
    session: Session,
    what: str,
    table: sa.Table,
    name: sa.ColumnElement[str],
    keys: dict[str, str],
    *,
    source: sa.FromClause | None = None,
    without: tuple[EntryKind, ...] = (),
) -> tuple[Compared, list[str]]:
    """The balances of one kind of scope against the entries that name it; `keys` pairs its columns with the entries'."""
    kinds = {kind: word for kind, word in _BALANCES.items() if kind not in without}
    entries = [_entry.c[theirs] for theirs in keys.values()]
    sums = (
        sa.select(*entries, *(_sum_of(kind).label(word) for kind, word in kinds.items()))
        .group_by(*entries)
        .subquery()
    )
    joined = sa.and_(*(table.c[own] == sums.c[theirs] for own, theirs in keys.items()))
    kept = [table.c[f"{word}_pence"] for word in _BALANCES.values()]
    true = [
        sa.func.coalesce(sums.c[word], 0) if kind in kinds else sa.literal(0)
        for kind, word in _BALANCES.items()
    ]
    differs = sa.or_(*(one != other for one, other in zip(kept, true, strict=True)))
    rows = session.connection().execute(
        sa.select(name, *kept, *true)
        .select_from((source if source is not None else table).outerjoin(sums, joined))
        .where(differs)
        .order_by(table.c.id)
    )
    differences = []
    for said, *figures in rows:
        for word, stored, summed in zip(_BALANCES.values(), figures[:4], figures[4:], strict=True):
            if stored != summed:
                differences.append(
                    f"{what.capitalize()} {said}: {word} is {Money(stored)}, its entries add up to {Money(int(summed))}"
                )
    return Compared(f"{what} balances", _count(session, table) * len(_BALANCES)), differences


def _count(session: Session, table: sa.Table) -> int:
    return int(session.connection().execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def agreements(session: Session) -> tuple[Compared, list[str]]:
    return _scope(session, "agreement", _agreement, _agreement.c.reference, {"id": "agreement_id"})


def authority_shares(session: Session) -> tuple[Compared, list[str]]:
    name = _party.c.name + " in agreement " + _agreement.c.reference
    source = _member.join(_party, _party.c.id == _member.c.authority_id).join(
        _agreement, _agreement.c.id == _member.c.agreement_id
    )
    keys = {"agreement_id": "agreement_id", "authority_id": "authority_id"}
    return _scope(session, "authority share", _member, name, keys, source=source)


def lots(session: Session) -> tuple[Compared, list[str]]:
    return _scope(session, "lot", _lot, _lot.c.reference, {"id": "lot_id"})


def partners(session: Session) -> tuple[Compared, list[str]]:
    # Nothing is reserved for a partner before award, so reservations do not count here.
    name = _party.c.name + " on lot " + _lot.c.reference
    source = _appointment.join(_party, _party.c.id == _appointment.c.supplier_id).join(
        _lot, _lot.c.id == _appointment.c.lot_id
    )
    keys = {"id": "appointment_id"}
    return _scope(
        session, "partner", _appointment, name, keys, source=source, without=(EntryKind.RESERVATION,)
    )


def call_offs(session: Session) -> tuple[Compared, list[str]]:
    return _scope(session, "call-off", _call_off, _call_off.c.reference, {"id": "call_off_id"})


def cases(session: Session) -> tuple[Compared, list[str]]:
    """What each business case has used, net of VAT, against reservations and commitments that name it."""
    used = (
        sa.select(_entry.c.case_id, sa.func.sum(_entry.c.net_pence).label("used"))
        .where(_entry.c.kind.in_((EntryKind.RESERVATION, EntryKind.COMMITMENT)))
        .group_by(_entry.c.case_id)
        .subquery()
    )
    true = sa.func.coalesce(used.c.used, 0)
    rows = session.connection().execute(
        sa.select(_case.c.reference, _case.c.used_net_pence, true)
        .select_from(_case.outerjoin(used, used.c.case_id == _case.c.id))
        .where(_case.c.used_net_pence != true)
        .order_by(_case.c.id)
    )
    return Compared("business case uses", _count(session, _case)), [
        f"Business case {name}: used is {Money(stored)}, its entries add up to {Money(int(summed))}"
        for name, stored, summed in rows
    ]


def invoices(session: Session) -> tuple[Compared, list[str]]:
    """Each invoice against its own entry, and what is paid of it against its payments and their entries."""
    posted = (
        sa.select(
            _entry.c.invoice_id,
            _sum_of(EntryKind.INVOICE).label("billed"),
            _sum_of(EntryKind.PAYMENT).label("settled"),
        )
        .group_by(_entry.c.invoice_id)
        .subquery()
    )
    paid = (
        sa.select(
            _payment.c.invoice_id,
            sa.func.sum(_payment.c.gross_pence).label("gross"),
            sa.func.sum(_payment.c.net_pence).label("net"),
        )
        .group_by(_payment.c.invoice_id)
        .subquery()
    )
    net_basis = _agreement.c.basis == Basis.NET

    def zero(column: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(column, 0)

    pairs = {
        "its amount and its entry": (
            sa.case((net_basis, _invoice.c.net_pence), else_=_invoice.c.gross_pence),
            zero(posted.c.billed),
        ),
        "what is paid of it and its payments": (_invoice.c.paid_gross_pence, zero(paid.c.gross)),
        "its payments and their entries": (
            sa.case((net_basis, zero(paid.c.net)), else_=zero(paid.c.gross)),
            zero(posted.c.settled),
        ),
    }
    columns = [column for pair in pairs.values() for column in pair]
    rows = session.connection().execute(
        sa.select(_invoice.c.number, _call_off.c.reference, *columns)
        .select_from(
            _invoice.join(_call_off, _call_off.c.id == _invoice.c.call_off_id)
            .join(_agreement, _agreement.c.id == _call_off.c.agreement_id)
            .outerjoin(posted, posted.c.invoice_id == _invoice.c.id)
            .outerjoin(paid, paid.c.invoice_id == _invoice.c.id)
        )
        .where(sa.or_(*(one != other for one, other in pairs.values())))
        .order_by(_invoice.c.id)
    )
    differences = []
    for number, reference, *figures in rows:
        for place, words in enumerate(pairs):
            one, other = int(figures[2 * place]), int(figures[2 * place + 1])
            if one != other:
                differences.append(
                    f"Invoice {number} of {reference}: {words} differ, {Money(one)} and {Money(other)}"
                )
    return Compared("invoices and their payments", _count(session, _invoice)), differences


def entries_belong(session: Session) -> tuple[Compared, list[str]]:
    """Each entry names the agreement, lot and authority of its own call-off."""
    rows = session.connection().execute(
        sa.select(_entry.c.id, _call_off.c.reference)
        .join(_call_off, _call_off.c.id == _entry.c.call_off_id)
        .where(
            sa.or_(
                _entry.c.agreement_id != _call_off.c.agreement_id,
                _entry.c.lot_id != _call_off.c.lot_id,
                _entry.c.authority_id != _call_off.c.authority_id,
            )
        )
        .order_by(_entry.c.id)
    )
    return Compared("ledger entries", _count(session, _entry)), [
        f"Entry {number}: it names another agreement, lot or authority than its call-off {reference}"
        for number, reference in rows
    ]


def ceilings(session: Session) -> tuple[Compared, list[str]]:
    """Nothing promised above a ceiling, an allocation or an approval; nothing invoiced above what is committed,
    but by as much as somebody accepted on a match, with a reason (RULE-33)."""
    promised = {
        table: table.c.reserved_pence + table.c.committed_pence for table in (_agreement, _lot, _member)
    }
    held = (
        (
            "Agreement",
            _agreement.c.reference,
            promised[_agreement],
            sa.func.coalesce(_agreement.c.ceiling_pence, 0),
        ),
        ("Lot", _lot.c.reference, promised[_lot], sa.func.coalesce(_lot.c.ceiling_pence, 0)),
        ("Authority share", sa.cast(_member.c.id, sa.String), promised[_member], _member.c.allocation_pence),
        ("Business case", _case.c.reference, _case.c.used_net_pence, _case.c.approved_net_pence),
    )
    count, differences = 0, []
    for what, name, figure, most in held:
        count += int(session.connection().execute(sa.select(sa.func.count(figure))).scalar_one())
        rows = session.connection().execute(sa.select(name, figure, most).where(figure > most))
        differences += [
            f"{what} {said}: {Money(one)} is above its limit of {Money(top)}" for said, one, top in rows
        ]
    return Compared("ceilings, allocations, approvals and commitments", count + _count(session, _call_off)), [
        *differences,
        *_past_committed(session),
    ]


def _past_committed(session: Session) -> list[str]:
    columns = (_call_off.c.id, _call_off.c.reference, _call_off.c.invoiced_pence, _call_off.c.committed_pence)
    past = session.connection().execute(
        sa.select(*columns)
        .where(_call_off.c.invoiced_pence > _call_off.c.committed_pence)
        .order_by(_call_off.c.id)
    )
    rows = past.all()
    accepted = accepted_overs(session, [one.id for one in rows])
    return [
        f"Call-off {one.reference}: {Money(one.invoiced_pence)} is above its limit of {Money(most)}"
        for one in rows
        if one.invoiced_pence > (most := one.committed_pence + accepted.get(one.id, 0))
    ]


def clocks(session: Session) -> tuple[Compared, list[str]]:
    """Each invoice's due day and dispute against its receipt and the events of its disputes."""
    what, count, differences = clock_proving.clocks(session)
    return Compared(what, count), differences


def matches(session: Session) -> tuple[Compared, list[str]]:
    """Each match of a line against the entries that name the line."""
    what, count, differences = proving.matches(session)
    return Compared(what, count), differences


def audit_chain(session: Session) -> tuple[Compared, list[str]]:
    count, faults = chain.verify(session)
    return Compared("audit records, each chained to the one before", count), [
        f"Audit chain: {fault.sentence}" for fault in faults
    ]


def documents(session: Session) -> tuple[Compared, list[str]]:
    """Every stored file against the hash it was stored with, one file in memory at a time."""
    table = table_of(StoredDocument)
    differences: list[str] = []
    last = count = 0
    while True:
        row = (
            session.connection()
            .execute(
                sa.select(table.c.id, table.c.reference, table.c.sha256, table.c.size, table.c.content)
                .where(table.c.id > last)
                .order_by(table.c.id)
                .limit(1)
            )
            .one_or_none()
        )
        if row is None:
            return Compared("stored documents", count), differences
        last, count = row.id, count + 1
        # SQLite keeps whatever somebody wrote by hand, even text in a column of bytes.
        content = row.content.encode() if isinstance(row.content, str) else bytes(row.content)
        if hashlib.sha256(content).hexdigest() != row.sha256 or len(content) != row.size:
            differences.append(f"Document {row.reference}: its bytes are not those that were stored")


# What is compared, in the order in which it is told. A new part is one function and its name here.
PARTS: tuple[Part, ...] = (
    agreements,
    authority_shares,
    lots,
    partners,
    call_offs,
    cases,
    invoices,
    clocks,
    entries_belong,
    lines_belong,
    period_figures,
    ceilings,
    matches,
    audit_chain,
    documents,
)
