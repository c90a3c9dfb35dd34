"""The top floor's doors."""
