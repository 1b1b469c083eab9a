"""What the experts answer."""
