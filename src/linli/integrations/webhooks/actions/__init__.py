"""What is done: endpoints kept, deliveries sent."""
