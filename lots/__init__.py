"""First floor: what can be bought under an agreement, and from whom."""
