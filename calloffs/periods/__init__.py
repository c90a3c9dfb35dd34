"""Accounting periods of an authority: its calendar, closing a period, what came later, and accruals."""
