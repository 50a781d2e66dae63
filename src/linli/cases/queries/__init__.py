"""Questions about cases, named by their answer."""
