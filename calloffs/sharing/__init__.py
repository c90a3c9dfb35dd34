"""Sharing a call-off between member authorities: agreed shares, what each bears, and what each owes the other."""
