"""Doors for people: a worker's own score, the leader's desk, settings, what is published."""
