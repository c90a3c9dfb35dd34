"""Forecasting: how long ceilings last, and who is told as they fill."""
