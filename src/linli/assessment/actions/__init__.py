"""What is done: schemes, runs, appeals, adjustments."""
