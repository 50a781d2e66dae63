"""Measures the main paths on a database of its own, each against a floor in the same run: ratios hold, times are this machine's."""
