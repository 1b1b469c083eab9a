"""Finding a client's own inspections by whatever they remember of them."""
