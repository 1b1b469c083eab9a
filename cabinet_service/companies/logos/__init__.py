"""A company's logo: how its reports look, and nothing that they say."""
