"""The columns of each table's CSV and feed. Somebody's workbook hangs on every name: add at will, rename or take away never."""

PROMISED = {
    "accruals": "day call_off title authority agreement lot partner programme cost_centre starts_on ends_on rule "
    "days_passed days_of_term committed earned invoiced ruled prepaid adjustment accrual reason paid "
    "creditors basis as_at",
    "burn-up": "agreement lot basis kind month until committed total slow fast as_at",
    "call-offs": "call_off title agreement lot authority partner programme purchase_order cost_centre starts_on "
    "ends_on basis reserved committed invoiced paid left_to_invoice as_at",
    "disputes": "authority partner call_off invoice_number opened_on reason resolved_on outcome resolution "
    "disputed_days due_on gross basis as_at",
    "entries": "posted counts_for kind reason agreement lot authority partner call_off programme invoice "
    "spend_line basis amount net who entry entries as_at",
    "figures": "agreement lot authority partner programme year period first_day last_day basis reserved "
    "committed invoiced paid reserved_net committed_net invoiced_net paid_net as_at",
    "forecast": "agreement lot name basis ceiling committed reserved left months slow_rate fast_rate earliest "
    "latest runs_out ends_on first start_by start as_at",
    "invoices": "invoice call_off lot authority partner purchase_order cost_centre description dated_on "
    "received_on due_on net vat gross paid_gross unpaid_gross basis as_at",
    "invoices-sent-back": "authority partner call_off invoice_number received_on sent_back_at sent_back_by faults words "
    "gross basis as_at",
    "late-changes": "authority period period_on closed_at posted_at counts_on agreement lot call_off title kind "
    "reason net basis amount as_at",
    "late-payments": "authority partner call_off invoice_number source received_on due_on paid_on gross unpaid_then "
    "unpaid_now basis as_at",
    "lines": "accounting_on authority source row transaction line occurrence invoice purchase_order "
    "supplier_name supplier_number company_number partner call_off matched invoice_on received_on "
    "due_on paid_on directorate cost_centre account_code narrative net vat gross flags basis as_at",
    "off-contract": "accounting_on authority partner supplier supplier_number cost_centre ask invoice_number "
    "purchase_order narrative net gross basis flags source as_at",
    "payment-times": "authority partner call_off invoice_number source received_on due_on paid_on disputed_days days "
    "band in_time gross basis as_at",
    "payments-over-30000": "authority supplier company_number call_off title agreement commenced_on invoice_number paid_on "
    "gross basis as_at",
    "recharges": "call_off title agreement lot pays receives year period first_day last_day share paid_net "
    "recharge_net raised_net left_net basis recharge statements as_at",
    "register": "reference title department description supplier sum_over_term irrecoverable_vat start_date "
    "end_date review_date invitation_or_tender sme_or_vcse",
    "returns-differ": "month call_off title lot authority partner returned recorded difference state basis as_at",
    "sme-share": "agreement year authority basis sme_value other_value unknown_value value share_by_value "
    "sme_number other_number unknown_number number share_by_number target as_at",
    "spend-over-500": "date department beneficiary purpose amount basis irrecoverable_vat merchant_category as_at",
    "unpaid-invoices": "authority partner call_off invoice_number received_on due_on day state unpaid basis as_at",
    "where-it-waits": "stage call_off title who since days as_at",
    "who-paid": "agreement lot name authority basis committed invoiced paid as_at",
    "without-invoice": "call_off title lot authority partner owner purchase_order starts_on ends_on since days basis "
    "committed invoiced left as_at",
}
