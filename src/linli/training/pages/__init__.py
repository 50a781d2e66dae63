"""Doors of handbook and training."""
