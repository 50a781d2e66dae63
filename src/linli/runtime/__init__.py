"""Starts and watches the processes; knows no domain."""
