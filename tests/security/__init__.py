"""Attacks, each written down as a test: by a rival partner, a curious council, a disgruntled officer and an outsider."""
