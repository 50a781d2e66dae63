"""What is decided without a database: signatures, times of tries, the shape of events."""
