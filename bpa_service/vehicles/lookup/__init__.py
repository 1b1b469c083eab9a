"""Looking a vehicle up: what the store and the sources that were asked have of it, as one history."""
