"""A case begins, and what its client adds to it later."""
