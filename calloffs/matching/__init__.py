"""Which call-off each line of an extract belongs to, and what follows for the ledger."""
