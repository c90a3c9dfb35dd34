"""Pictures: what is drawn of the money, each with the same figures as a table."""
