"""Pages: what a person was told and how they want it; deliveries, kinds, words and robots for those who look after them."""
