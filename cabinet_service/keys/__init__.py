"""Keys by which programs of a company call, and tokens for these: who makes them, and how they end."""
