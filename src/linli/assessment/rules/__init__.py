"""What is assessed, of whom, by which rules. Pure."""
