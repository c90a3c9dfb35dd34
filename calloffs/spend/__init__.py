"""Money as it happens: the ledger, invoices, payments and the imports that bring them."""
