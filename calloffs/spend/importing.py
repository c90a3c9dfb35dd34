"""Importing a checked file of invoices: kept for its owner, and saved only on confirmation."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from calloffs.spend import invoicing, ledger, paying
from calloffs.spend.checked_file import CheckedFile
from calloffs.spend.checking import Checked, Line, check_file
from calloffs.spend.entry import EntryKind
from calloffs.spend.invoice import Invoice, InvoiceImport
from calloffs.spend.invoicing import Claim, counted
from calloffs.spend.ledger import Posting
from framework.agreement import FrameworkAgreement
from framework.definitions import dates
from framework.definitions.money import Money
from framework.definitions.rules import ChangedMeanwhile, NotFound, Refusal, refuse
from framework.people.permissions import Visitor
from framework.records import audit
from framework.records.columns import table_of

_KEPT_FOR = timedelta(hours=24)


def keep(session: Session, *, actor: Visitor, checked: Checked, data: bytes) -> CheckedFile:
    """Keep a checked file for its owner for 24 hours, so that it can be confirmed; forgets those whose day has passed."""
    files = table_of(CheckedFile)
    session.connection().execute(
        files.delete().where(files.c.expires_at < dates.now(), files.c.confirmed_at.is_(None))
    )
    assert actor.person_id is not None
    kept = CheckedFile(
        owner_id=actor.person_id,
        file_name=checked.name,
        sha256=checked.sha256,
        content=data,
        good_rows=checked.totals.rows,
        good_net_pence=checked.totals.net.pence,
        checked_at=dates.now(),
        expires_at=dates.now() + _KEPT_FOR,
    )
    session.add(kept)
    session.flush()
    return kept


def kept_file(session: Session, visitor: Visitor, file_id: int) -> CheckedFile:
    """The visitor's own checked file. Raises `NotFound` for anybody else's, and when its day has passed."""
    found = session.exec(
        select(CheckedFile).where(CheckedFile.id == file_id, CheckedFile.owner_id == visitor.person_id)
    ).one_or_none()
    if found is None or (found.confirmed_at is None and found.expires_at < dates.now()):
        raise NotFound
    return found


def imports_of(session: Session, kept: CheckedFile) -> list[InvoiceImport]:
    """What a confirmed file became: one import for each authority in it."""
    return list(
        session.exec(
            select(InvoiceImport)
            .where(
                InvoiceImport.sha256 == kept.sha256,
                InvoiceImport.imported_by_id == kept.owner_id,
                InvoiceImport.imported_at == kept.confirmed_at,
            )
            .order_by(col(InvoiceImport.id))
        )
    )


def confirm_file(session: Session, *, actor: Visitor, kept: CheckedFile) -> list[InvoiceImport]:
    """Save the good rows of a checked file, all or none, and their payments where a day of payment is given.

    The rows are checked again under the hold. Raises `ChangedMeanwhile` when they are no longer what the owner was shown, and
    `Refused` when there is nothing to keep or the file was confirmed before.
    """
    if kept.owner_id != actor.person_id:
        raise NotFound
    if kept.confirmed_at:
        refuse("This file was confirmed already. Nothing was added a second time")
    first = check_file(session, actor, kept.content, kept.file_name)
    for agreement_id in sorted({line.call_off.agreement_id for line in first.good if line.call_off}):
        ledger.hold(session, agreement_id)
    checked = check_file(session, actor, kept.content, kept.file_name)
    totals = checked.totals
    if (totals.rows, totals.net.pence) != (kept.good_rows, kept.good_net_pence):
        raise ChangedMeanwhile(
            Refusal(
                f"Since you checked this file something changed: {totals.rows:,} rows with {totals.net} net of VAT could be kept now, "
                f"{kept.good_rows:,} with {Money(kept.good_net_pence)} before. Look at it again, then confirm"
            )
        )
    if not totals.rows:
        refuse("No row of this file can be kept. Nothing was saved")
    kept.confirmed_at, kept.content = dates.now(), b""
    return [
        _save(session, actor, kept, checked, authority_id)
        for authority_id in sorted({line.call_off.authority_id for line in checked.good if line.call_off})
    ]


def _save(
    session: Session, actor: Visitor, kept: CheckedFile, checked: Checked, authority_id: int
) -> InvoiceImport:
    lines = [line for line in checked.good if line.call_off and line.call_off.authority_id == authority_id]
    totals = Checked(checked.name, checked.sha256, tuple(lines)).totals
    confirmed = InvoiceImport(
        authority_id=authority_id,
        file_name=kept.file_name,
        sha256=kept.sha256,
        rows_read=len(checked.lines),
        rows_kept=totals.rows,
        net_pence=totals.net.pence,
        imported_at=kept.confirmed_at or dates.now(),
        imported_by_id=actor.person_id,
    )
    session.add(confirmed)
    session.flush()
    _write_down(session, actor, lines, confirmed.id)
    audit.record(
        session,
        actor=actor,
        action="invoices_imported",
        subject=audit.Subject("invoice_import", confirmed.id, f"import {confirmed.id}", authority_id),
        facts={
            "kept": totals.rows,
            "read": len(checked.lines),
            "net": totals.net,
            "gross": totals.gross,
            "sha256": kept.sha256,
        },
        words={"file_name": kept.file_name},
    )
    return confirmed


def _write_down(session: Session, actor: Visitor, lines: list[Line], import_id: int) -> None:
    """Invoices and payments of many rows: the rows in two bulk inserts, each call-off's balances moved once for each kind."""
    agreement_ids = {line.call_off.agreement_id for line in lines if line.call_off}
    agreements = {
        one.id: one
        for one in session.exec(
            select(FrameworkAgreement).where(col(FrameworkAgreement.id).in_(agreement_ids))
        )
    }
    rows: list[tuple[Line, Claim, Invoice]] = []
    for line in lines:
        assert line.call_off
        assert line.facts
        assert line.supplier_id
        claim = Claim(line.call_off, agreements[line.call_off.agreement_id], line.facts, Money.zero())
        invoice = invoicing.invoice_of(claim, actor=actor, supplier_id=line.supplier_id, import_id=import_id)
        rows.append((line, claim, invoice))
    session.add_all(invoice for _, _, invoice in rows)
    try:
        session.flush()
    except IntegrityError:
        # One of the numbers was recorded under another agreement in the same moment.
        raise ChangedMeanwhile from None
    billed: dict[int, list[Posting]] = {}
    settled: dict[int, list[Posting]] = {}
    call_offs = {claim.call_off.id: claim.call_off for _, claim, _ in rows}
    for line, claim, invoice in rows:
        call_off = claim.call_off
        call_off.finance_agreed_at = call_off.finance_agreed_by_id = None
        billed.setdefault(call_off.id, []).append(
            Posting(claim.amount, invoicing.reason_of(invoice), invoice.dated_on, invoice.id)
        )
        invoicing.tell(session, actor=actor, call_off=call_off, invoice=invoice)
        if line.paid_on:
            payment = paying.payment_of(invoice, line.paid_on, invoice.gross, actor=actor)
            session.add(payment)
            amount = counted(claim.agreement, Money(payment.net_pence), invoice.gross)
            settled.setdefault(call_off.id, []).append(
                Posting(amount, paying.reason_of(payment), line.paid_on, invoice.id)
            )
            paying.tell(session, actor=actor, call_off=call_off, invoice=invoice, payment=payment)
    for kind, by_call_off in ((EntryKind.INVOICE, billed), (EntryKind.PAYMENT, settled)):
        for call_off_id, entries in by_call_off.items():
            ledger.post_lines(session, call_offs[call_off_id], kind, entries, actor=actor)
