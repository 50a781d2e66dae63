"""What is done in handbook and training, named by the verb."""
