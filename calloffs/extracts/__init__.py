"""Extracts of councils' own finance systems: read, checked, loaded and taken back."""
