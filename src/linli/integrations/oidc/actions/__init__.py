"""What is done: providers kept, people let in, accounts bound."""
