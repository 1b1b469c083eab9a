"""Personal tokens: by which a tool on an expert's own computer reads in their name."""
