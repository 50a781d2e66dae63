"""Pages for staff, and one for whoever wants to connect."""
