"""Questions, named by their answer."""
