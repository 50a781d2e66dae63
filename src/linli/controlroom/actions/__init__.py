"""What is decided about figures: definitions, and cases left out."""
