"""The first floor's doors."""
