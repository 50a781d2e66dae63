"""The pure part: what the standard says, without Django, clock or network."""
