"""Monthly returns: what each partner says it delivered and invoiced, beside what the council recorded."""
