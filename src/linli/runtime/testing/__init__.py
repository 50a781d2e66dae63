"""The test harness: one embedded server for all who test this checkout, one database a test process."""
