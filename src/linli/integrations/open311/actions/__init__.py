"""What is done: taking requests in, sending cases on, and the settings of both."""
