"""Sample input that the project makes itself: rendered photos, generated orders. No real person, no real goods."""
