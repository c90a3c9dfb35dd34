"""The sample: invented councils, partners and a year and a half of their work, made through the same actions as real work."""

from calloffs.sample.loading import load

__all__ = ["load"]
