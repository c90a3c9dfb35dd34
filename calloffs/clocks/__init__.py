"""The clocks of payment: disputes that stop them, invoices that never started one, and the figures published about both."""
