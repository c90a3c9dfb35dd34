"""Why something is worth buying: the case, its decision and what it has left to spend."""
