"""The test harness: one embedded server for all who test this checkout, one database for each test process."""
