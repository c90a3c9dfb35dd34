"""Every table of facts in one place."""

from calloffs.figures import entries, lines, pivot
from calloffs.forecasting import burn_up_table, forecast_table
from calloffs.periods import accrual_table, late_changes
from calloffs.sharing import recharge_table
from calloffs.tables import call_offs
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
    burn_up_table.TABLE,
    forecast_table.TABLE,
)
