"""The columns of each table's CSV and feed. Somebody's workbook hangs on every name: add at will, rename or take away never."""

PROMISED = {
    "burn-up": "agreement lot basis kind month until committed total slow fast as_at",
    "call-offs": "call_off title agreement lot authority partner programme purchase_order cost_centre starts_on ends_on basis "
    "reserved committed invoiced paid left_to_invoice as_at",
    "forecast": "agreement lot name basis ceiling committed reserved left months slow_rate fast_rate earliest latest runs_out ends_on first "
    "start_by start as_at",
    "invoices": "invoice call_off lot authority partner purchase_order cost_centre description dated_on received_on due_on "
    "net vat gross paid_gross unpaid_gross basis as_at",
}
