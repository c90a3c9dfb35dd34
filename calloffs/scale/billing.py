"""From the first invoice to the close: invoices, credit notes, payments and what is given back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from calloffs.scale import moments
from calloffs.scale.life import VAT, Life
from calloffs.scale.varying import vary
from calloffs.spend.entry import EntryKind
from calloffs.spend.invoice import Invoice, Payment
from calloffs.spend.ledger import Amount
from framework.definitions.money import Money, half_up, vat_on
from framework.definitions.payments import is_late, payment_due
from framework.people.permissions import Role


@dataclass(slots=True, eq=False)
class Bill:
    """One invoice or credit note; its number among the invoices is known once it is written."""

    net: Money
    received_on: date
    paid: Money
    """Gross."""
    id: int = 0

    @property
    def gross(self) -> Money:
        return self.net + vat_on(self.net, VAT)


def run(life: Life, officer: int) -> None:
    """Plan everything after the last signature, as far as it has come by now."""
    row, today = life.row, life.today
    starts_on: date = row["starts_on"]
    if starts_on >= today:
        return
    number = row["id"]
    if number % 40 == 7 and starts_on + timedelta(days=60) < today:
        _terminate(life, officer, starts_on + timedelta(days=20))
    if number % 9 == 4:
        vary(life, moments.at(starts_on + timedelta(days=10), 11), officer)
    last: date = row["terminated_on"] if row.get("terminated_on") else row["ends_on"]
    over = last < today - timedelta(days=75)
    bills = _bills(life, min(last, today - timedelta(days=1)), settled=over)
    for place, bill in enumerate(bills, start=1):
        _bill(life, bill, f"{row['reference']}-{place:03}")
    if over and number % 8:
        _close(life, officer, last + timedelta(days=55))
    elif last >= today and number % 45 == 11:
        row["suspended_at"] = moments.at(starts_on + timedelta(days=1), 15)
        if row["suspended_at"] < life.now:
            life.tell(
                row["suspended_at"],
                officer,
                "call_off_suspended",
                reason="The present system is being moved.",
            )
        else:
            row["suspended_at"] = None


def _terminate(life: Life, officer: int, day: date) -> None:
    row, moment = life.row, moments.at(day, 12)
    last = moments.working(day + timedelta(days=35))
    if last >= row["ends_on"]:
        return
    facts = {"last_day": (row["ends_on"], last), "notice_days": 35, "agreed_notice_days": 30}
    life.tell(moment, officer, "call_off_terminated", facts, reason="The service is closing.")
    row["terminated_on"] = last


def _bills(life: Life, last: date, *, settled: bool) -> list[Bill]:
    """So many invoices as were asked for, spread evenly over the days so far; one in fifty call-offs ends with a credit note."""
    count, row = life.ask.invoices, life.row
    if not count:
        return []
    starts_on, ends_on = row["starts_on"], row["ends_on"]
    ran = max(0, (last - starts_on).days)
    price = row["value_net_pence"] - row["options_net_pence"] - row["expenses_net_pence"]
    due = max(count, price * min(97, 97 * (ran + 1) // max(1, (ends_on - starts_on).days)) // 100)
    found: list[Bill] = []
    for place in range(count):
        net = Money(due * (place + 1) // count - due * place // count)
        received_on = starts_on + timedelta(days=ran * (place + 1) // count)
        if place and place == count - 1 and row["id"] % 50 == 3:
            net = -Money(found[0].net.pence // 10 + 1)
        found.append(Bill(net, received_on, _paid(life, net, received_on, place, settled)))
    return found


def _paid(life: Life, net: Money, received_on: date, place: int, settled: bool) -> Money:
    gross = net + vat_on(net, VAT)
    if _paid_on(life, received_on, place) >= life.today:
        return Money.zero()
    if net.pence > 1 and (life.row["id"] + place) % 31 == 0 and not settled:
        return Money(gross.pence // 2)
    return gross


def _paid_on(life: Life, received_on: date, place: int) -> date:
    late = (life.row["id"] + place) % 13 == 0
    return moments.working(received_on + timedelta(days=38 if late else 20))


def _bill(life: Life, bill: Bill, number: str) -> None:
    finance = life.who(Role.FINANCE_REVIEWER)
    received = moments.at(bill.received_on, 14)
    if received >= life.now:
        received = life.now - timedelta(minutes=1)
    life.then(received, _receive, life, bill, number, received, finance)
    credit = bill.net.pence < 0
    billed = life.counted(bill.net, bill.gross)
    life.post(received, EntryKind.INVOICE, billed, "credit note" if credit else "invoice", finance, bill)
    if not bill.paid.pence:
        return
    place = int(number[-3:]) - 1
    paid_on = _paid_on(life, bill.received_on, place)
    moment = moments.at(paid_on, 16)
    if moment >= life.now:
        moment = life.now
    net = Money(half_up(bill.net.pence * bill.paid.pence, bill.gross.pence))
    life.then(moment, _pay, life, bill, net, moment, paid_on, finance, number)
    settled = life.counted(net, bill.paid)
    life.post(moment, EntryKind.PAYMENT, settled, "refund" if credit else "payment", finance, bill)


def _receive(life: Life, bill: Bill, number: str, moment: datetime, finance: int) -> None:
    assert life.place
    due_on = payment_due(bill.received_on)
    description = f"Work on {life.row['title']}"
    vat = bill.gross - bill.net
    bill.id = life.sheets.add(
        Invoice,
        {
            "call_off_id": life.row["id"],
            "authority_id": life.council.id,
            "supplier_id": life.place.supplier_id,
            "number": number,
            "description": description,
            "dated_on": bill.received_on,
            "received_on": bill.received_on,
            "due_on": due_on,
            "net_pence": bill.net.pence,
            "vat_pence": vat.pence,
            "gross_pence": bill.gross.pence,
            "paid_gross_pence": bill.paid.pence,
            "recorded_at": moment,
            "recorded_by_id": finance,
        },
    )
    facts = {
        "number": number,
        "net": bill.net,
        "vat": vat,
        "gross": bill.gross,
        "received_on": bill.received_on,
    }
    facts |= {"due_on": due_on, "without_purchase_order": False}
    action = "credit_note_recorded" if bill.net.pence < 0 else "invoice_recorded"
    life.said(moment, finance, action, facts, {"description": description})


def _pay(
    life: Life, bill: Bill, net: Money, moment: datetime, paid_on: date, finance: int, number: str
) -> None:
    row = {"invoice_id": bill.id, "paid_on": paid_on, "gross_pence": bill.paid.pence, "net_pence": net.pence}
    life.sheets.add(Payment, {**row, "recorded_at": moment, "recorded_by_id": finance})
    facts = {"number": number, "gross": bill.paid, "net": net, "paid_on": paid_on}
    life.said(moment, finance, "payment_recorded", {**facts, "late": is_late(bill.received_on, paid_on)}, {})


def _close(life: Life, officer: int, day: date) -> None:
    row, finance = life.row, life.who(Role.FINANCE_REVIEWER)
    agreed, closed = moments.at(day, 10), moments.at(day + timedelta(days=3), 10)
    committed, invoiced = life.held[EntryKind.COMMITMENT], life.held.get(EntryKind.INVOICE)
    nothing = Amount(Money.zero(), Money.zero())
    rest = committed - (invoiced or nothing)
    rest = Amount(rest.on_basis, max(rest.net, Money.zero()))
    paid = life.held.get(EntryKind.PAYMENT, nothing).on_basis
    facts = {"invoiced": (invoiced or nothing).on_basis, "paid": paid}
    life.tell(agreed, finance, "final_figures_agreed", facts)
    life.post(closed, EntryKind.COMMITMENT, -rest, "closed", officer)
    outcome, rating = "People can do it themselves, and calls have halved.", "good"
    row.update(finance_agreed_at=agreed, finance_agreed_by_id=finance, closed_at=closed)
    row.update(outcome=outcome, outcome_rating=rating)
    told = {"committed": (committed.on_basis, committed.on_basis - rest.on_basis), "released": rest.on_basis}
    life.tell(closed, officer, "call_off_closed", {**told, "rating": rating}, outcome=outcome)
