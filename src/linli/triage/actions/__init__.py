"""What can be done with the machine help: one function a deed, one transaction."""
