"""Who takes part: authorities and suppliers, the people who act for them, and what each may do."""
