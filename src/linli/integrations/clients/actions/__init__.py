"""What is done: programs connected, keys exchanged, use written down."""
