"""Matching lines of extracts to call-offs."""
