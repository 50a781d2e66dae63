"""What can be done with cases: each function one use-case, one transaction, five beats."""
