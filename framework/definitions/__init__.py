"""The words every floor shares: money, dates, the legal regime, and how a rule says no."""
