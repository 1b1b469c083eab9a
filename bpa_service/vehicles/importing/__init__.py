"""A file of a source becomes records in the store: once, wholly or not at all, however often it is begun."""
