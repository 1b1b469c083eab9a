"""What is a client's own: taken along, and erased."""
