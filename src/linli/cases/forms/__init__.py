"""Forms of the cases' pages: they read what was typed; what is wrong with it is said by the rules."""
