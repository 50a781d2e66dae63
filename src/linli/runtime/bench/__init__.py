"""Measures the main paths on a database of its own, each against a floor in the same run.

Ratios hold; times are this machine's.
"""
