"""What the handbook and the courses go by. Pure."""
