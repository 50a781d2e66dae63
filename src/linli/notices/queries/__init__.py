"""Questions about what was told, to whom and how."""
