"""Every table of facts in one place."""

from calloffs.clocks.tables import (
    disputes,
    invoices_sent_back,
    late_payments,
    payment_times,
    payments_over_30000,
    unpaid_invoices,
)
from calloffs.figures import entries, lines, pivot
from calloffs.forecasting import burn_up_table, forecast_table
from calloffs.matching import off_contract, returns_differ, without_invoice
from calloffs.opendata import register, spend_over_500
from calloffs.periods import accrual_table, late_changes
from calloffs.pictures import sme_table, waiting_table, who_paid_table
from calloffs.sharing import recharge_table
from calloffs.tables import call_offs, invoices
from calloffs.tables.fact_table import FactTable

# A new table is one file with a TABLE and its name here: page, CSV, workbook and feed follow.
TABLES: tuple[FactTable, ...] = (
    entries.TABLE,
    lines.TABLE,
    pivot.TABLE,
    accrual_table.TABLE,
    late_changes.TABLE,
    recharge_table.TABLE,
    call_offs.TABLE,
    invoices.TABLE,
    burn_up_table.TABLE,
    forecast_table.TABLE,
    sme_table.TABLE,
    who_paid_table.TABLE,
    waiting_table.TABLE,
    off_contract.TABLE,
    without_invoice.TABLE,
    returns_differ.TABLE,
    unpaid_invoices.TABLE,
    disputes.TABLE,
    invoices_sent_back.TABLE,
    payment_times.TABLE,
    late_payments.TABLE,
    payments_over_30000.TABLE,
    register.TABLE,
    spend_over_500.TABLE,
)
