"""Reading a car's number from a photo, for the client to confirm."""
