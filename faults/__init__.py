"""Breaks a running Linli on purpose and counts what was lost: `python -m faults`, `make faults`.

The journal of what was accepted is a file outside the database, flushed to disk line by line; afterwards it is compared
with the database. Seeded; bounded in time and count; touches only servers it started itself on this machine.
"""
