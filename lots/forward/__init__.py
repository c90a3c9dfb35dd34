"""The forward view: what councils are aiming at, what work is coming, and what partners propose and promise."""
