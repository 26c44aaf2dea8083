"""Facts: what happened, told once, and what follows by itself, done once."""
