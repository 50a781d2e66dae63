"""A day in the room, played: simulated residents and staff who report, send, delay, bounce and settle through the real API.

Each played person does what the case, as it then stands, asks of their role. Real people may act beside them: whatever
they do to a case, the play goes on from there.
"""
