"""What the league leaves the screen on: a picture for a group, a paper of an assessment, a certificate."""
