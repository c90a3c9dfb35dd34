"""Figures by any dimension, what they are made of, and how complete they are."""
