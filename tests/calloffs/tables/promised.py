"""The columns of each table's CSV and feed. Somebody's workbook hangs on every name: add at will, rename or take away never."""

PROMISED = {
    "burn-up": "agreement lot basis kind month until committed total slow fast as_at",
    "call-offs": "call_off title agreement lot authority partner programme purchase_order cost_centre starts_on ends_on basis "
    "reserved committed invoiced paid left_to_invoice as_at",
    "forecast": "agreement lot name basis ceiling committed reserved left months slow_rate fast_rate earliest latest runs_out ends_on first "
    "start_by start as_at",
    "invoices": "invoice call_off lot authority partner purchase_order cost_centre description dated_on received_on due_on "
    "net vat gross paid_gross unpaid_gross basis as_at",
    "unpaid-invoices": "authority partner call_off invoice_number received_on due_on day state unpaid basis as_at",
    "disputes": "authority partner call_off invoice_number opened_on reason resolved_on outcome resolution disputed_days due_on gross basis as_at",
    "invoices-sent-back": "authority partner call_off invoice_number received_on sent_back_at sent_back_by faults words gross basis as_at",
    "payment-times": "authority partner call_off invoice_number source received_on due_on paid_on disputed_days days band in_time gross basis as_at",
    "late-payments": "authority partner call_off invoice_number source received_on due_on paid_on gross unpaid_then unpaid_now basis as_at",
    "payments-over-30000": "authority supplier company_number call_off title agreement commenced_on invoice_number paid_on gross basis as_at",
    "register": "reference title department description supplier sum_over_term irrecoverable_vat start_date end_date review_date invitation_or_tender sme_or_vcse",
    "spend-over-500": "date department beneficiary purpose amount basis irrecoverable_vat merchant_category as_at",
}
