"""What is true of places without a database: words, datums, geometry, addresses, sheets."""
