"""Questions about what a community offers to other programs, and what came of it."""
