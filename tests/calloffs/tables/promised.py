"""The columns of each table's CSV and feed. Somebody's workbook hangs on every name: add at will, rename or take away never."""

PROMISED = {
    "burn-up": "agreement lot basis kind month until committed total slow fast as_at",
    "call-offs": "call_off title agreement lot authority partner programme purchase_order cost_centre starts_on ends_on basis "
    "reserved committed invoiced paid left_to_invoice as_at",
    "forecast": "agreement lot name basis ceiling committed reserved left months slow_rate fast_rate earliest latest runs_out ends_on first "
    "start_by start as_at",
}
